"""The paper's experiment: truthful operators negotiate every pair of loadings for a day.

Arrays have the axes ``(pair, party, window, option)``; a pair is the loading of network 1
and that of network 2, in the order of `Reproduction.pairs`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import product
from typing import Final

import numpy as np

from experiments.errors import InputRefused
from experiments.scenario import Scenario
from experiments.wiring import Progress, Study, open_venue, terms
from market import money
from market.accounts import locks
from market.bids import Bid
from market.decision import decide
from market.terms import Terms
from market.types import Bids, Floats, Mask, Options, Seats, Ticks
from market.venue import Award, Venue

REPRODUCED: Final = ("hco", "rps", "rps-pareto")
"""What is reproduced: the paper's two, and its other reading of ranked preferences."""

LOADINGS: Final = ("N", "D", "G")
"""Normal, high demand, high generation: the paper's order of panels."""

TRANSACTIONS: Final = ("bid of network 1", "bid of network 2", "decision", "meter's report")
"""What a window sends to the contract, in the order of the last axis of `gas`."""

PAPER: Final = 13
"""The paper's number of options."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """What one mechanism decided in every window of every pair."""

    option: Options
    """The chosen option, shape (pair, window)."""

    candidates: Mask
    """Between which options authority chose, shape (pair, window, option)."""

    payments: Ticks
    """What each party pays, shape (pair, window, party)."""

    authority: Seats
    """Who held authority when the window was decided, shape (pair, window)."""

    gas: Ticks
    """Of each of the `TRANSACTIONS`, shape (pair, window, transaction); 0 in memory."""


@dataclass(frozen=True, eq=False)
class Reproduction:
    """Costs, and what each mechanism made of them."""

    scenario: Scenario
    seen: Study
    decisions: Mapping[str, Decisions]
    """By mechanism."""

    @property
    def pairs(self) -> tuple[tuple[str, ...], ...]:
        """The loadings of network 1 and network 2 for each index of the first axis."""
        return pairs()

    @cached_property
    def cost_gbp(self) -> Floats:
        """What each option costs, shape (pair, party, window, option)."""
        return pair_costs_gbp(self.seen)

    @cached_property
    def no_link_gbp(self) -> Floats:
        """What each window costs without the link, shape (pair, party, window)."""
        table = self.seen.no_link_gbp
        if table is None:
            raise AssertionError("a study without the no-link case")
        places = [self.seen.places(pair) for pair in self.pairs]
        return np.stack([table[self.seen.seats, place, 0] for place in places])

    def chosen_gbp(self, mechanism: str) -> Floats:
        """Return what the chosen option costs, shape (pair, party, window)."""
        option = self.decisions[mechanism].option[:, None, :, None]
        return np.take_along_axis(self.cost_gbp, option, -1)[..., 0]

    def paid_gbp(self, mechanism: str) -> Floats:
        """Return what each party pays the other, shape (pair, party, window)."""
        ticks = np.moveaxis(self.decisions[mechanism].payments, -1, 1)
        return ticks.astype(float) * self.scenario.market.tick_gbp

    def net_gbp(self, mechanism: str) -> Floats:
        """Return cost and payment together, shape (pair, party, window)."""
        return self.chosen_gbp(mechanism) + self.paid_gbp(mechanism)

    def middles_mw(self) -> Floats:
        """Return the middle of each option in MW, shape (option,)."""
        return np.array([(low + high) / 2000 for low, high in self.seen.options])

    def set_point_mw(self, mechanism: str) -> Floats:
        """Return the middle of the chosen option in MW, shape (pair, window)."""
        return self.middles_mw()[self.decisions[mechanism].option]

    def ratio(self, mechanism: str) -> Floats:
        """Return the day's total cost over that without the link, shape (pair,)."""
        return self.chosen_gbp(mechanism).sum((1, 2)) / self.no_link_gbp.sum((1, 2))


def pairs() -> tuple[tuple[str, ...], ...]:
    """Return the nine combinations, N-N to G-G.

    >>> pairs()[:4]
    (('N', 'N'), ('N', 'D'), ('N', 'G'), ('D', 'N'))
    """
    return tuple(product(LOADINGS, repeat=2))


def check_paper_like(seen: Study, source: str) -> None:
    """Refuse costs that do not have the shape of the paper's experiment.

    Raises
    ------
    InputRefused
        Unless there are two networks, scenarios N, D and G, and one day.
    """
    facts = {
        "networks": (len(seen.parties), 2),
        "scenarios": (sorted(seen.scenarios), sorted(LOADINGS)),
        "days": (seen.days, 1),
    }
    for name, (given, wanted) in facts.items():
        if given != wanted:
            raise InputRefused(source, f"{name} {given}, wanted {wanted}")


def pair_costs_gbp(seen: Study) -> Floats:
    """Return what each option costs, shape (pair, party, window, option)."""
    return np.stack([seen.costs_gbp(pair, 0) for pair in pairs()])


def truthful_bids(cost_gbp: Floats, agreed: Terms, tick_gbp: float) -> Bids:
    """Return what truthful parties bid, shape of `cost_gbp`."""
    return money.bids(money.values(cost_gbp), agreed.rule.form, tick_gbp)


def decide_in_memory(agreed: Terms, bids: Bids) -> Decisions:
    """Decide every pair at once, window after window.

    Parameters
    ----------
    agreed : Terms
        The rules.
    bids : ndarray of int64, shape (pair, party, window, option)
        Offers in ticks, or ranks.
    """
    count, parties, windows, _ = bids.shape
    authority = np.full(count, agreed.authority)
    present = np.ones((count, parties), bool)
    held, decided = [], []
    for window in range(windows):
        held.append(authority)
        decided.append(decide(agreed.rule, bids[:, :, window], present, authority))
        authority = decided[-1].authority
    return Decisions(
        option=np.stack([one.option for one in decided], 1),
        candidates=np.stack([one.candidates for one in decided], 1),
        payments=np.stack([one.payments for one in decided], 1),
        authority=np.stack(held, 1),
        gas=np.zeros((count, windows, len(TRANSACTIONS)), np.int64),
    )


def decide_on_venue(
    opened: Callable[[], Venue], bids: Bids, told: Callable[[], None]
) -> Decisions:
    """Decide each pair in a venue of its own, all six stages for each window.

    Parameters
    ----------
    opened : callable
        Returns a fresh venue.
    bids : ndarray of int64, shape (pair, party, window, option)
        Offers in ticks, or ranks.
    told : callable
        Called after each window.
    """
    days = [_day_on_venue(opened(), of_pair, told) for of_pair in bids]
    return Decisions(
        **{f.name: np.stack([getattr(day, f.name) for day in days]) for f in fields(Decisions)}
    )


def _day_on_venue(venue: Venue, bids: Bids, told: Callable[[], None]) -> Decisions:
    """Return the decisions of one pair, without the pair axis."""
    rule, bond = venue.terms.rule, venue.terms.bond
    for seat, staked in enumerate(locks(rule, bids, bond).sum(-1).tolist()):
        venue.deposit(seat, staked + 1)  # so that no bid of the day stays uncovered
    awards: list[Award] = []
    for window in range(bids.shape[1]):
        for seat, numbers in enumerate(bids[:, window].tolist()):
            venue.submit(window, seat, [Bid(tuple(numbers))])
        awards += venue.decide(window)
        venue.report(window, flows=[awards[-1].set_point])
        told()
    gas = [call.gas for call in venue.calls if call.session is not None]
    options = range(bids.shape[-1])
    return Decisions(
        option=np.array([award.option for award in awards]),
        candidates=np.array([[o in award.candidates for o in options] for award in awards]),
        payments=np.array([award.payments for award in awards]),
        authority=np.array([award.authority for award in awards]),
        gas=np.array(gas, np.int64).reshape(len(awards), -1),
    )


def differences(one: Decisions, other: Decisions) -> tuple[str, ...]:
    """Return in what two sets of decisions differ, gas apart."""
    names = [f.name for f in fields(Decisions) if f.name != "gas"]
    return tuple(n for n in names if not np.array_equal(getattr(one, n), getattr(other, n)))


def decide_checked(
    scenario: Scenario, seen: Study, mechanism: str, told: Callable[[], None], every: int = 1
) -> Decisions:
    """Decide on the scenario's venue, and make sure that memory says the same.

    Only every so many windows of a day are negotiated, from the first on.
    """
    agreed = terms(scenario, seen, mechanism)
    bids = truthful_bids(pair_costs_gbp(seen), agreed, scenario.market.tick_gbp)[:, :, ::every]
    held = decide_on_venue(lambda: open_venue(scenario.chain.venue, agreed), bids, told)
    if differ := differences(decide_in_memory(agreed, bids), held):
        raise AssertionError(
            f"{mechanism}: {scenario.chain.venue} and memory differ in {differ}"
        )
    return held


def reproduce(
    scenario: Scenario, seen: Study, progress: Progress | None = None
) -> Reproduction:
    """Let truthful parties negotiate every pair by every mechanism.

    Parameters
    ----------
    scenario : Scenario
        For its market and its venue.
    seen : Study
        Costs of the paper's shape (`check_paper_like`).
    progress : callable, optional
        Told how many negotiations are done, and how many there are.
    """
    total = len(REPRODUCED) * len(pairs()) * seen.cost_gbp.shape[3]
    told = counted(progress, total)
    decided = {name: decide_checked(scenario, seen, name, told) for name in REPRODUCED}
    return Reproduction(scenario, seen, decided)


def counted(progress: Progress | None, total: int) -> Callable[[], None]:
    """Return what to call after each step, so that `progress` hears how many are done."""
    done = 0

    def told() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    return told
