"""What one household plans for all days of a scenario, as its process does ahead of them.

It knows its own strategy and its forecast. What the others have in their houses, and by which
strategies they go, the scenario tells: that world is public here, as in the simulator, and the
household anticipates the others by playing the day-ahead game for all of them. It never sees
their orders before they are on the chain.
"""

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from agents.prosumers.community import Names, Placed, Prosumers
from agents.prosumers.manners import NotForProsumers
from chain.market_agreement import MarketAgreement
from chain.trades import pack_orders, unpack_orders
from experiments import plugins
from experiments.errors import InputRefused, ScenarioRefused
from experiments.operator.journal import Entry
from market.trading.base import Cleared
from market.trading.orders import Order, book
from market.trading.settlement import locks
from market.trading.terms import MarketTerms
from market.types import WattHours

if TYPE_CHECKING:
    from experiments.community.world import World
    from experiments.scenario import Scenario
    from grid.feeder.feeder import Feeder

SALT: Final = bytes(32).hex()
"""Orders are open, so that nothing hides them."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """A day as it stands when all have ordered in the household's mind; one community."""

    prosumers: Prosumers
    placed: Placed

    taken_wh: WattHours
    """What each takes if it does as planned, ``(household, window)``; real, not forecast."""


@dataclass(frozen=True, eq=False)
class DaysAhead:
    """All days of one household, as it plans them."""

    terms: MarketTerms
    """Of the contract, whose sessions are parts of days."""

    seat: int
    days: tuple[Ahead, ...]

    @property
    def sessions(self) -> int:
        """How many sessions it has plans for."""
        return len(self.days) * self._a_day

    def orders(self, session: int) -> tuple[Order | None, ...]:
        """Return its orders for a session; none for one after its last day."""
        if session >= self.sessions:
            return (None,) * self.terms.horizon
        day, part = self._place(session)
        quantities = day.placed.orders.quantity_wh[0, self.seat, part].tolist()
        limits = day.placed.orders.limit[0, self.seat, part].tolist()
        return tuple(
            Order(quantity, limit) if quantity else None
            for quantity, limit in zip(quantities, limits, strict=True)
        )

    def metered_wh(self, session: int, presented: bytes) -> list[int]:
        """Return what its meter shows of a session, window by window.

        Parameters
        ----------
        session : int
            One that was cleared.
        presented : bytes
            The orders of all seats by which it was; they tell what it traded, and so whether
            it delivers.
        """
        day, part = self._place(session)
        orders = unpack_orders(self.terms.parties, self.terms.horizon, presented)
        found = self.terms.rule.clear(orders, self.terms.tariff)
        cleared = Cleared(*(np.zeros_like(day.placed.net_wh) for _ in range(3)))
        cleared.traded_wh[0, :, part] = found.traded_wh
        cleared.payments[0, :, part] = found.payments
        blocked = day.prosumers.blocks(day.placed, cleared)[0, self.seat, part]
        taken = np.where(blocked, 0, day.taken_wh[self.seat, part])
        return [int(energy) for energy in taken]

    @property
    def _a_day(self) -> int:
        return self.days[0].taken_wh.shape[1] // self.terms.horizon

    def _place(self, session: int) -> tuple[Ahead, slice]:
        day, first = divmod(session, self._a_day)
        start = first * self.terms.horizon
        return self.days[day], slice(start, start + self.terms.horizon)


def days_ahead(
    scenario: "Scenario", strategy: str | None, terms: MarketTerms, seat: int, deposit: int
) -> DaysAhead:
    """Return what a household plans.

    Parameters
    ----------
    scenario : Scenario
        Of one community.
    strategy : str, optional
        Its own; that of the scenario's mix unless given, as is that of all others.
    terms : MarketTerms
        Of the contract.
    seat : int
        Which household it is.
    deposit : int
        What it keeps in its account, in ticks.

    Raises
    ------
    ScenarioRefused, InputRefused
        If the scenario is not about what was agreed, or the strategy needs to see what
        becomes of its orders, or what a household cannot know.
    """
    from experiments.community.play import SWEEPS, mixed

    seen = community_world(scenario)
    check_same(scenario, seen, terms)
    names = mixed(seen, scenario.community.mix, 1, scenario.seed)
    if strategy is not None:
        plugins.strategy(strategy)  # or it is unknown
        names = np.where(np.arange(terms.parties) == seat, strategy, names)
    prosumers = _prosumers(
        names,
        replace(terms, horizon=seen.windows),
        charge=seen.billing(None).charge,
        seed=scenario.seed,
        working_ticks=deposit,
        elsewhere=plugins.outside,
    )
    seats = np.arange(terms.parties)
    own = next(player for player in prosumers.players if seat in seats[player.where])
    if own.learns:
        reason = "learns from what happens, wanted one that can order ahead of it"
        raise InputRefused(str(names[0, seat]), reason)
    days, rows = [], np.zeros(1, np.int64)
    for day in range(seen.days):
        planning = seen.planning(day, rows)
        schedule = prosumers.plan(planning, sweeps=SWEEPS)
        placed = prosumers.order(schedule.net_wh)
        shifted = schedule.net_wh - planning.base_wh
        taken = (seen.base_wh(day)[rows] + shifted)[0]
        days.append(Ahead(deepcopy(prosumers), placed, taken))
        prosumers.day += 1
    return DaysAhead(terms, seat, tuple(days))


def community_world(scenario: "Scenario") -> "World":
    """Return the households of a scenario, one community of them, but not their feeder.

    No household sees the feeder, and to read one takes a process seconds.

    Raises
    ------
    ScenarioRefused
        If there are none, or more than one market holds.
    """
    from experiments.community.world import World, homes_of
    from experiments.validation import check_community
    from experiments.wiring import VENUES

    if scenario.grid.case != "community":
        wanted = "has no community that trades by itself, wanted grid.case 'community'"
        raise ScenarioRefused(scenario.source, wanted)
    check_community(scenario, VENUES)
    homes = homes_of(scenario, points=1)  # where they connect matters to no household
    seen = World(scenario.community, cast("Feeder", None), homes)
    if seen.communities > 1:
        wanted = "wanted as many prosumers as community.per_feeder, or fewer"
        raise ScenarioRefused(
            scenario.source, f"has {seen.communities} communities, {wanted}: one a contract"
        )
    return seen


def check_same(scenario: "Scenario", seen: "World", terms: MarketTerms) -> None:
    """Refuse a scenario that is about another community than the contract.

    Raises
    ------
    InputRefused
        Saying what both have.
    """
    parties = seen.present.shape[1]
    if parties != terms.parties or seen.tariff != terms.tariff:
        there = f"{terms.parties} parties at {terms.tariff.buy} and {terms.tariff.sell} ticks"
        here = f"{parties} at {seen.tariff.buy} and {seen.tariff.sell}"
        raise InputRefused(scenario.source, f"has {here}, and the contract {there}")
    if seen.windows % terms.horizon:
        parts = f"days of {seen.windows} windows, which sessions of {terms.horizon} do not make"
        raise InputRefused(scenario.source, f"has {parts} up")


def planned_orders(agreed: MarketAgreement, ahead: DaysAhead, session: int) -> Entry:
    """Return what the journal keeps of a household's orders for a session."""
    orders, terms = ahead.orders(session), agreed.terms
    needed = locks(terms.rule, terms.tariff, book([orders]), terms.penalty)
    return Entry(
        chain_id=agreed.chain_id,
        contract=agreed.address,
        seat=ahead.seat,
        session=session,
        covered=sum(1 << window for window, order in enumerate(orders) if order),
        caps="",
        bids=pack_orders(orders).hex(),
        salt=SALT,
        locks=int(needed.sum()),
    )


def _prosumers(names: Names, terms: MarketTerms, **options: object) -> Prosumers:
    """Return the households of a community, or refuse a strategy in one line."""
    try:
        return Prosumers(names, terms, **options)  # type: ignore[arg-type]
    except NotForProsumers as error:
        raise InputRefused("--strategy", str(error)) from error
