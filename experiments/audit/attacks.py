"""What a party gains where it alone does not bid the truth."""

from dataclasses import dataclass

import numpy as np

from experiments.audit.contenders import PIVOTAL, Contender
from experiments.audit.outcomes import outcome
from experiments.audit.world import TOLERANCE, World
from market import money
from market.games.benchmarks import Plan
from market.games.best_response import BestResponse, best_response
from market.games.vcg import best_pivotal_response
from market.types import Bids, Floats, Mask, Seats


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
class Table:
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


def attack(table: Table, truthful: Plan, seat: int) -> Attack:
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


def is_pivotal(table: Table, truthful: Plan, seat: int) -> Mask:
    """Return in which windows the outcome is another without a party's bid."""
    present = np.arange(table.bids.shape[-2]) != seat
    without = table.plan(table.bids, present).chances
    return np.abs(without - truthful.chances).max(-1) > TOLERANCE


def _blocking(
    table: Table, seat: int, honest: Floats, best: Floats
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
