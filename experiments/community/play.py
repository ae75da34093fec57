"""Days of communities that trade: plan, order, clear, deliver, settle, flow, learn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.prosumers.community import Names, Placed, Prosumers
from agents.prosumers.scheduling import Schedule
from experiments.community.baselines import Baseline, alone
from experiments.community.world import World
from experiments.plugins import outside
from grid.feeder.scores import Scores
from market.trading.base import Cleared
from market.trading.settlement import charges
from market.trading.tariff import TICK_GBP
from market.trading.terms import MarketTerms
from market.types import Floats, Mask, Options, Ticks, WattHours

SWEEPS: Final = 20
"""After how many rounds of best responses households keep the plans they have."""


@dataclass(frozen=True, eq=False)
class Day:
    """A day of a batch of communities under one rule; every array begins with the place."""

    day: int
    schedule: Schedule
    placed: Placed
    cleared: Cleared

    blocked: Mask
    """Who cut itself off, (place, household, window)."""

    metered_wh: WattHours
    """What each took, negative if it gave, (place, household, window)."""

    charges: Ticks
    """What each was charged for not delivering, or was given for it, the same shape."""

    grid: Ticks
    """What each paid the grid for what it did not trade, the same shape."""

    scores: Scores
    """What the feeder saw, (place,)."""

    @property
    def bill(self) -> Ticks:
        """What each half-hour cost each household in all, (place, household, window)."""
        return self.grid + self.cleared.payments + self.charges

    @property
    def bill_gbp(self) -> Floats:
        """What the day cost each household in all, shape (place, household)."""
        return self.bill.sum(-1) * TICK_GBP


def market_terms(world: World, trading: str) -> MarketTerms:
    """Return what a community of the world agrees under a rule."""
    return MarketTerms(
        parties=world.present.shape[1],
        tariff=world.tariff,
        trading=trading,
        penalty=world.penalty,
        horizon=world.windows,
    )


def prosumers_of(world: World, agreed: MarketTerms, names: Names, seed: int) -> Prosumers:
    """Return households that follow strategies under terms; arguments as of `play_days`."""
    charge = world.billing(None).charge
    return Prosumers(names, agreed, charge=charge, seed=seed, elsewhere=outside)


def play_days(
    world: World, trading: str, names: Names, rows: Options, seed: int = 0
) -> Iterator[Day]:
    """Yield the days of communities, one after another.

    Parameters
    ----------
    world : World
        Feeders and households.
    trading : str
        A key into `TRADING_RULES`.
    names : ndarray of str, shape (place, household)
        The strategy of each.
    rows : ndarray of int64, shape (place,)
        The community of each place; one may stand at several.
    seed : int
        Of the households' chances.

    Raises
    ------
    NotForProsumers
        If a strategy needs what a prosumer cannot know.
    """
    agreed = market_terms(world, trading)
    prosumers = prosumers_of(world, agreed, names, seed)
    for day in range(world.days):
        planning = world.planning(day, rows)
        schedule = prosumers.plan(planning, sweeps=SWEEPS)
        placed = prosumers.order(schedule.net_wh)
        cleared = agreed.rule.clear(placed.orders, agreed.tariff)
        blocked = prosumers.blocks(placed, cleared)
        shifted = schedule.net_wh - planning.base_wh
        metered = np.where(blocked, 0, world.base_wh(day)[rows] + shifted)
        prosumers.learn(placed, cleared, blocked, metered)
        yield Day(
            day=day,
            schedule=schedule,
            placed=placed,
            cleared=cleared,
            blocked=blocked,
            metered_wh=metered,
            charges=charges(cleared.traded_wh, metered, agreed.penalty),
            grid=agreed.tariff.bill(metered - cleared.traded_wh),
            scores=world.scores(metered.astype(float), np.full(len(rows), day), rows),
        )


def alone_days(world: World) -> list[Baseline]:
    """Return every day as it goes if each household plans and pays for itself."""
    return [alone(world, day, rows_of(world, 1)) for day in range(world.days)]


def alone_bills_gbp(world: World, days: Sequence[Baseline] | None = None) -> list[Floats]:
    """Return what each day costs each household that plans and pays for itself.

    A list of days, each of shape (community, household); of days that are known, if given.
    """
    known = alone_days(world) if days is None else days
    return [world.tariff.bill(day.net_wh).sum(-1) * TICK_GBP for day in known]


def mixed(world: World, shares: Mapping[str, float], copies: int, seed: int) -> Names:
    """Return who follows which strategy, in given shares, (copies x community, household).

    Which households follow which is drawn by the seed; copies of a community differ in that.
    Shares are those of the households there are, the rest rounded to the first strategies.

    Examples
    --------
    >>> from experiments.scenario import CommunityPart, Scenario
    >>> from experiments.community.world import world
    >>> ten = world(Scenario(community=CommunityPart(prosumers=10)))
    >>> names = mixed(ten, {"truthful": 0.7, "adversarial": 0.3}, copies=1, seed=0)
    >>> names.shape, int((names == "adversarial").sum())
    ((1, 10), 3)
    """
    present = np.tile(world.present, (copies, 1))
    strategies, parts = list(shares), np.array(list(shares.values()), float)
    edges = np.cumsum(parts / parts.sum())
    names = np.full(present.shape, strategies[0], dtype=f"<U{max(map(len, strategies))}")
    for place, there in enumerate(present):
        rng = np.random.default_rng([seed, place])
        order = rng.permutation(np.flatnonzero(there))
        which = np.searchsorted(edges - 1e-9, (np.arange(len(order)) + 0.5) / len(order))
        names[place, order] = np.array(strategies)[which]
    return names


def rows_of(world: World, copies: int) -> Options:
    """Return the community of each place, if all stand so many times."""
    return np.tile(np.arange(world.communities), copies)
