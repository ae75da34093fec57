"""How manipulable each mechanism is on a grid: exact misreports against truthful bids.

The base is truth: every party bids worst cost less cost, and authority passes on in sequence,
as `market.decision.decide` has it, from seat 0 in the first window through all days of a pair.
In each window on its own, one party then departs from truth, the others' bids and who holds
authority in that window being as they are. Worth is counted in whole ticks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from experiments.errors import chosen
from experiments.scenario import PAPER_PAIRS, Scenario
from experiments.scores import WINDOW_HOURS
from experiments.wiring import Progress, Study
from market import money
from market.decision import decide
from market.games import benchmarks
from market.games.benchmarks import Plan
from market.games.best_response import BestResponse, best_response
from market.games.vcg import best_pivotal_response, pivotal
from market.mechanisms import MECHANISMS
from market.mechanisms.base import Mechanism
from market.payments import PAYMENT_RULES
from market.terms import middle_option
from market.types import Bids, Floats, Mask, Seats

PIVOTAL: Final = "vcg"
"""The benchmark that nobody can manipulate alone."""

AUDITED: Final = (*MECHANISMS, PIVOTAL)
"""What can be audited."""

TOLERANCE: Final = 1e-6
"""Gains up to so many ticks are none: means over lots differ in their last digits."""

TWO: Final = 2
"""Best responses under a lottery are known for two parties."""


@dataclass(frozen=True)
class Contender:
    """A choice rule and a payment rule."""

    mechanism: str
    """One of `AUDITED`."""

    payment: str
    """Key into `PAYMENT_RULES`, or ``pivotal``."""

    @property
    def name(self) -> str:
        """What it is called in tables.

        >>> Contender("hco", "none").name, Contender("rps", "none").name
        ('hco, none', 'rps')
        """
        return f"hco, {self.payment}" if self.mechanism == "hco" else self.mechanism

    @property
    def rule(self) -> Mechanism:
        """How it chooses, and what it charges unless it is pivotal."""
        if self.mechanism == PIVOTAL:
            return MECHANISMS["hco"]("none")
        return MECHANISMS[self.mechanism](self.payment)


@dataclass(frozen=True, eq=False)
class World:
    """A pair of loadings over all days: what every option costs, and does to the grid."""

    pair: tuple[str, ...]

    costs_gbp: Floats
    """Shape (party, window, option)."""

    no_link_gbp: Floats | None
    """Shape (party, window); None where not known."""

    effects: Mapping[str, tuple[Floats, Floats]]
    """By name, at each option and without the link; empty where there is no physics."""

    moved_mwh: Floats
    """Absolute middle of each option over a window, shape (option,)."""

    middle: int
    """The option nearest no transfer."""

    def effects_of(self, plan: Plan) -> dict[str, Floats]:
        """Return what a plan means in expectation, each of shape (party, window)."""
        found = {"cost_gbp": _expected(self.costs_gbp, self.no_link_gbp, plan.chances)}
        for name, (at_option, without) in self.effects.items():
            found[name] = _expected(at_option, without, plan.chances)
        return found

    def worse_gbp(self, chances: Floats) -> tuple[Floats, Floats] | None:
        """Return by how much options are worse than no link, in the mean and at the worst.

        That is what blocking saves a party, each of shape (party, window); None if not known.
        """
        if self.no_link_gbp is None:
            return None
        worse = np.maximum(self.costs_gbp - self.no_link_gbp[..., np.newaxis], 0.0)
        return (worse * chances).sum(-1), np.where(chances > 0, worse, 0.0).max(-1)

    def isolated(self, tick_gbp: float) -> Floats | None:
        """Return what no link is worth to each party, whole ticks, shape (party, window)."""
        if self.no_link_gbp is None:
            return None
        return np.rint((self.costs_gbp.max(-1) - self.no_link_gbp) / tick_gbp)


@dataclass(frozen=True, eq=False)
class Attack:
    """What a party gains where it does not bid the truth; arrays end with windows."""

    plan: Plan
    """What becomes of the windows if it makes its best bid, knowing the others'."""

    gain_gbp: Floats
    """By that bid over truth, shape (window,); never negative."""

    sealed_gain_gbp: Floats
    """By its best bid against the others' bids of the window before, shape (window,)."""

    block_gain_gbp: Floats | None
    """By its best bid if it may also block at no penalty; None where not known."""

    block_bond_gbp: Floats | None
    """The bond from which on such a bid and block brings less than the best bid alone."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A contender in a world."""

    contender: Contender
    world: World

    authority: Seats
    """Who holds it in each window, shape (window,)."""

    truthful: Plan
    """What becomes of the windows if all bid the truth."""

    pivotal: Mask
    """Where the outcome is another without a party's bid, shape (party, window)."""

    attacks: tuple[Attack, ...]
    """One for each party; none where no exact best response is known."""


@dataclass(frozen=True, eq=False)
class Audit:
    """Every contender in every world, and what could be in their place."""

    scenario: Scenario
    seen: Study
    worlds: tuple[World, ...]
    trials: tuple[Trial, ...]

    plans: tuple[tuple[str, Plan, World], ...]
    """The benchmarks of each world."""


def contenders(names: Sequence[str]) -> tuple[Contender, ...]:
    """Return what to audit: `hco` with each of its payment rules.

    Raises
    ------
    Unknown
        If a name is none of `AUDITED`.

    Examples
    --------
    >>> [one.name for one in contenders(("rps", "hco"))]
    ['rps', 'hco, difference', 'hco, equal-split', 'hco, none']
    """
    found: list[Contender] = []
    for name in dict.fromkeys(names):
        chosen("mechanism", name, dict.fromkeys(AUDITED))
        rules = {"hco": tuple(PAYMENT_RULES), PIVOTAL: ("pivotal",)}.get(name, ("none",))
        found += [Contender(name, payment) for payment in rules]
    return tuple(found)


def pairs_of(scenario: Scenario, seen: Study) -> tuple[tuple[str, ...], ...]:
    """Return the loadings to audit: the scenario's, or all where it names none."""
    if scenario.grid.pairs == PAPER_PAIRS:
        return tuple(product(seen.scenarios, repeat=len(seen.parties)))
    return scenario.grid.pairs


def world(seen: Study, pair: tuple[str, ...]) -> World:
    """Return a pair of loadings, its days one after another."""
    place = seen.seats, seen.places(pair)
    without = None if seen.no_link_gbp is None else _by_window(seen.no_link_gbp[place])
    middles_mw = np.array([(low + high) / 2000 for low, high in seen.options])
    return World(
        pair=pair,
        costs_gbp=_by_window(seen.cost_gbp[place]),
        no_link_gbp=without,
        effects=_effects(seen, place),
        moved_mwh=np.abs(middles_mw) * WINDOW_HOURS,
        middle=middle_option(seen.options),
    )


def audit(
    scenario: Scenario,
    seen: Study,
    names: Sequence[str] = AUDITED,
    told: Progress | None = None,
) -> Audit:
    """Try every contender in every world.

    Parameters
    ----------
    scenario : Scenario
        For its pairs and its tick.
    seen : Study
        What the grid says.
    names : sequence of str
        Some of `AUDITED`.
    told : callable, optional
        Told how many trials are done, and how many there are.
    """
    worlds = tuple(world(seen, pair) for pair in pairs_of(scenario, seen))
    places = list(product(contenders(names), worlds))
    trials = []
    for contender, where in places:
        trials.append(trial(contender, where, scenario.market.tick_gbp))
        if told is not None:
            told(len(trials), len(places))
    plans = tuple((name, plan, where) for where in worlds for name, plan in _plans(where))
    return Audit(scenario, seen, worlds, tuple(trials), plans)


def trial(contender: Contender, where: World, tick_gbp: float) -> Trial:
    """Let all bid the truth in every window, and then let each party depart from it."""
    bids = truthful_bids(contender, where, tick_gbp)
    authority = holders(contender.rule, bids)
    truthful = outcome(contender, bids, authority, tick_gbp)
    parties = range(bids.shape[-2])
    seats = () if contender.rule.lottery and len(parties) > TWO else parties
    table = _Table(contender, where, tick_gbp, bids, authority)
    return Trial(
        contender=contender,
        world=where,
        authority=authority,
        truthful=truthful,
        pivotal=np.stack([_changes(table, truthful, seat) for seat in parties]),
        attacks=tuple(_attack(table, truthful, seat) for seat in seats),
    )


def truthful_bids(contender: Contender, where: World, tick_gbp: float) -> Bids:
    """Return what truthful parties bid, shape (window, party, option)."""
    values = money.values(where.costs_gbp)
    return np.moveaxis(money.bids(values, contender.rule.form, tick_gbp), 0, -2)


def holders(rule: Mechanism, bids: Bids) -> Seats:
    """Return who holds authority in each window, seat 0 first.

    Whether it is used does not depend on who holds it, so every window is decided at once.

    Parameters
    ----------
    rule : Mechanism
        The mechanism.
    bids : ndarray of int64, shape (window, party, option)
        Offers in ticks, or ranks; all take part.

    Examples
    --------
    Three ties, and a window without one:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> tie, clear = [[6, 2], [0, 4]], [[6, 2], [0, 0]]
    >>> holders(HighestCombinedOffer(), np.array([tie, clear, tie, tie])).tolist()
    [0, 1, 1, 0]
    """
    first = np.zeros(len(bids), np.int64)
    if rule.lottery:
        return first
    used = decide(rule, bids, np.ones(bids.shape[:-1], np.bool_), first).used
    return (used.cumsum() - used) % bids.shape[-2]


def outcome(
    contender: Contender,
    bids: Bids,
    authority: Seats,
    tick_gbp: float,
    present: Mask | None = None,
) -> Plan:
    """Return what becomes of bids; in a lottery, before the lot is drawn.

    Parameters
    ----------
    contender : Contender
        The rules.
    bids : ndarray of int64, shape (window, party, option)
        Offers in ticks, or ranks.
    authority : ndarray of int64, shape (window,)
        Who breaks ties.
    tick_gbp : float
        What a tick is worth.
    present : ndarray of bool, shape (party,), optional
        Who takes part; all unless given. A pivotal payment is of all alone.
    """
    rule, (windows, parties, options) = contender.rule, bids.shape
    there = np.broadcast_to(True if present is None else present, (windows, parties))
    if rule.lottery:
        drawn = rule.candidates(bids, there)
        chances = drawn / drawn.sum(-1, keepdims=True)
        return Plan(chances, np.zeros((parties, windows)))
    found = decide(rule, bids, there, authority)
    paid = found.payments
    if contender.mechanism == PIVOTAL:
        paid = pivotal(bids, authority).payments
    only = np.equal(found.option[:, np.newaxis], np.arange(options)).astype(float)
    return Plan(only, paid.T.astype(float) * tick_gbp)


@dataclass(frozen=True, eq=False)
class _Table:
    """Truthful bids on the table, and by which rules they count."""

    contender: Contender
    world: World
    tick_gbp: float

    bids: Bids
    """Shape (window, party, option)."""

    authority: Seats

    def values(self, seat: int) -> Floats:
        """Return what each option is worth, whole ticks, shape (window, option)."""
        values = money.values(self.world.costs_gbp[seat])
        return money.offers(values, self.tick_gbp).astype(float)

    def with_bid(self, seat: int, own: Bids) -> Bids:
        """Return all bids, one party's replaced."""
        bids = self.bids.copy()
        bids[:, seat] = own
        return bids

    def respond(self, values: Floats, bids: Bids, seat: int) -> BestResponse:
        """Return the best bid against some bids."""
        if self.contender.mechanism == PIVOTAL:
            return best_pivotal_response(values, bids, seat, self.authority)
        return best_response(self.contender.rule, values, bids, seat, self.authority)

    def plan(self, bids: Bids, present: Mask | None = None) -> Plan:
        """Return what becomes of bids."""
        return outcome(self.contender, bids, self.authority, self.tick_gbp, present)

    def worth(self, seat: int, plan: Plan) -> Floats:
        """Return what a plan is worth to a party in ticks, shape (window,)."""
        paid = np.rint(plan.payments_gbp[seat] / self.tick_gbp)
        return (self.values(seat) * plan.chances).sum(-1) - paid

    def misreport(self, seat: int, known: Bids) -> Bids:
        """Return the best bid against bids that a party knows of; the truth if as good."""
        truth = known.copy()
        truth[:, seat] = self.bids[:, seat]
        best = self.respond(self.values(seat), truth, seat)
        better = best.worth > self.worth(seat, self.plan(truth)) + TOLERANCE
        return np.where(better[:, np.newaxis], best.bids, self.bids[:, seat])


def _attack(table: _Table, truthful: Plan, seat: int) -> Attack:
    """Return what a party gains by bids other than the truth."""
    honest = table.worth(seat, truthful)
    plan = table.plan(table.with_bid(seat, table.misreport(seat, table.bids)))
    before = np.concatenate([table.bids[:1], table.bids[:-1]])
    guess = table.misreport(seat, before)
    guess[0] = table.bids[0, seat]  # nothing is known yet
    guessed = table.plan(table.with_bid(seat, guess))
    gain = table.worth(seat, plan) - honest
    blocking = _blocking(table, seat, honest, honest + gain)
    return Attack(
        plan=plan,
        gain_gbp=gain * table.tick_gbp,
        sealed_gain_gbp=(table.worth(seat, guessed) - honest) * table.tick_gbp,
        block_gain_gbp=None if blocking is None else blocking[0] * table.tick_gbp,
        block_bond_gbp=None if blocking is None else blocking[1] * table.tick_gbp,
    )


def _blocking(
    table: _Table, seat: int, honest: Floats, best: Floats
) -> tuple[Floats, Floats] | None:
    """Return the gain over truth of bidding to block, and the bond that ends it; in ticks.

    Whoever blocks has no link, and pays or keeps what the mechanism said (RULES §4.5).
    """
    isolated = table.world.isolated(table.tick_gbp)
    if isolated is None or table.contender.rule.lottery:
        return None
    alone, values = isolated[seat][:, np.newaxis], table.values(seat)
    free = table.respond(np.maximum(values, alone), table.bids, seat).worth
    blocked = table.respond(np.broadcast_to(alone, values.shape), table.bids, seat).worth
    return free - honest, np.maximum(blocked - best, 0.0)


def _changes(table: _Table, truthful: Plan, seat: int) -> Mask:
    """Return in which windows the outcome is another without a party's bid."""
    present = np.arange(table.bids.shape[-2]) != seat
    without = table.plan(table.bids, present).chances
    return np.abs(without - truthful.chances).max(-1) > TOLERANCE


def _plans(where: World) -> Iterator[tuple[str, Plan]]:
    """Yield the benchmarks that the costs of a world allow."""
    costs = where.costs_gbp
    yield "central_optimum", benchmarks.central_optimum(costs)
    yield "best_fixed", benchmarks.best_fixed(costs)
    yield "middle", benchmarks.fixed(costs, where.middle)
    yield "random", benchmarks.random_option(costs)
    if where.no_link_gbp is not None:
        alone = where.no_link_gbp
        yield "nash_bargaining", benchmarks.bargain_with_money(costs, alone)
        yield "nash_bargaining_no_money", benchmarks.bargain_without_money(costs, alone)
        yield "no_link", benchmarks.no_link(costs)


def _effects(
    seen: Study, place: tuple[list[int], list[int]]
) -> dict[str, tuple[Floats, Floats]]:
    """Return what options do to the grid, if it is known."""
    if seen.appraisal is None:
        return {}
    days = slice(None, seen.days)
    both = (seen.appraisal, seen.appraisal.no_link)

    def of(name: str, scale: float) -> tuple[Floats, Floats]:
        here, there = (np.abs(getattr(s, name)[place][:, days] * scale) for s in both)
        return _by_window(here), _by_window(there)

    return {
        "losses_mwh": of("losses_mw", WINDOW_HOURS),
        "exchange_mwh": of("exchange_mw", WINDOW_HOURS),
        "breaches": of("breaches", 1.0),
    }


def _by_window(table: Floats) -> Floats:
    """Join the axes of days and windows, which follow that of parties."""
    return table.reshape(len(table), -1, *table.shape[3:])


def _expected(at_option: Floats, without: Floats | None, chances: Floats) -> Floats:
    """Return means over chances, shape (party, window); what is not likely is not read."""
    found = np.where(chances > 0, at_option * chances, 0.0).sum(-1)
    rest = 1.0 - chances.sum(-1)
    if without is None:
        return found
    return found + np.where(rest > TOLERANCE, rest * without, 0.0)
