"""Iterated play: sessions one after another, in any number of like matches at once.

The one loop of the product: the Mesa model steps it with one match on a venue, a tournament
with thousands in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from agents.player import Player
from agents.strategies.base import Experience, Knowledge
from market import money
from market.floor import Acts, Floor, Negotiated
from market.terms import middle_option
from market.types import Bids, Floats, Mask, Options, Ticks

_Kind = TypeVar("_Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Costs:
    """What windows cost, for all cases that matches are played on."""

    gbp: Floats
    """GBP at each option, shape ``(case, party, window, option)``."""

    isolated_gbp: Floats | None = None
    """GBP with the element out of service, shape ``(case, party, window)``.

    That of the set-point nearest zero unless given.
    """

    case: Options | None = None
    """The case of each match, shape ``(match,)``; the only one unless given."""


@dataclass(frozen=True, eq=False)
class Session:
    """A session that was held: what was sent, chosen, paid, and what it cost."""

    windows: Options
    """Counted over the match, shape ``(window,)``."""

    bids: Bids
    """Shape ``(match, party, window, option)``."""

    outcome: Negotiated

    blocked: Mask
    """Who isolated its busbar, shape ``(match, party, window)``."""

    cost_gbp: Floats
    """What the windows cost each party, shape ``(match, party, window)``."""

    penalties: Ticks
    """What each party lost, shape ``(match, party)``."""

    @property
    def paid(self) -> Ticks:
        """Payments, and penalties with the last window, shape ``(match, party, window)``."""
        paid = self.outcome.payments.copy()
        paid[..., -1] += self.penalties
        return paid


class Play:
    """Take matches through their sessions.

    Parameters
    ----------
    floor : Floor
        Where sessions are held.
    costs : Costs
        What each window costs each party at each option.
    players : sequence of Player
        Together they take every seat of every match, each once.
    working_ticks : int
        What a party usually keeps in its account.
    """

    def __init__(
        self, floor: Floor, costs: Costs, players: Sequence[Player], working_ticks: int
    ) -> None:
        self.floor, self.players = floor, players
        self.windows = costs.gbp.shape[2]
        self.window = 0
        """The first window of the next session."""
        self.case = np.zeros(floor.matches, np.int64) if costs.case is None else costs.case
        """The case of each match: where it has a state, such as the level of a battery, to be
        set before each session."""
        self._cost = costs.gbp
        self._value = money.values(costs.gbp)
        self._worst = costs.gbp.max(-1)
        zero = middle_option(floor.terms.options)
        isolated = costs.isolated_gbp
        self._isolated = costs.gbp[..., zero] if isolated is None else isolated
        self._conduct = self._conducts(working_ticks)

    def hold(self) -> Session:
        """Hold the next session: bids, decision, delivery, settlement, experience."""
        terms = self.floor.terms
        last = min(self.window + terms.horizon, self.windows)
        windows = np.arange(self.window, last)
        bids = self._bids(windows)
        sends, late, reveals, keeps = self._conduct
        acts = Acts(bids, sends, late, reveals, keeps)
        outcome = self.floor.negotiate(self.window // terms.horizon, acts)
        blocked = self._blocked(outcome)
        penalties = self.floor.settle(blocked)
        cost = self._delivered_gbp(windows, outcome.option, blocked)
        held = Session(windows, bids, outcome, blocked, cost, penalties)
        self._learn(held)
        self.window = last
        return held

    def _conducts(self, working_ticks: int) -> tuple[Mask, Mask, Mask, Ticks]:
        """Return who sends, sends late, reveals, and what it keeps, all (match, party)."""
        shape = self.floor.matches, self.floor.terms.parties
        sends, late, reveals = (np.zeros(shape, bool) for _ in range(3))
        keeps, seated = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for player in self.players:
            seat, conduct = (player.where, player.seat), player.strategy.conduct
            sends[seat], late[seat] = conduct.sends == "in time", conduct.sends == "late"
            reveals[seat] = conduct.reveals
            keeps[seat] = round(conduct.deposit * working_ticks)
            seated[seat] += 1
        if (seated != 1).any():
            raise ValueError("wanted one player in every seat of every match")
        return sends, late, reveals, keeps

    def _bids(self, windows: Options) -> Bids:
        """Return all bids; oracles come last, and see an oracle as if it told the truth."""
        parties, options = self._cost.shape[1], self._cost.shape[3]
        bids = np.empty((self.floor.matches, parties, len(windows), options), np.int64)
        oracles = []
        for player in self.players:
            knowledge = self._knowledge(player, windows)
            if player.strategy.oracle:
                bids[player.where, player.seat] = knowledge.bid(knowledge.values_gbp)
                oracles.append(player)
            else:
                bids[player.where, player.seat] = player.bid(knowledge)
        if oracles:
            seen = bids.copy()
            for player in oracles:
                knowledge = self._knowledge(player, windows, seen[player.where])
                bids[player.where, player.seat] = player.bid(knowledge)
        return bids

    def _knowledge(
        self, player: Player, windows: Options, present_bids: Bids | None = None
    ) -> Knowledge:
        case = _own(player, self.case)
        authority = np.full((len(case), len(windows)), -1)
        authority[:, 0] = _own(player, self.floor.authority)
        return Knowledge(
            setting=player.setting,
            windows=windows,
            values_gbp=self._value[:, player.seat, windows[0] : windows[-1] + 1].take(case, 0),
            authority=authority,
            free=_own(player, self.floor.free)[:, player.seat],
            present_bids=present_bids,
        )

    def _blocked(self, outcome: Negotiated) -> Mask:
        """Return who isolates its busbar, now that it knows what was chosen."""
        blocked = np.zeros_like(outcome.present)
        for player in self.players:
            if player.may_block:
                where = player.where
                blocked[where, player.seat] = player.blocks(outcome.option[where])
        return blocked & outcome.present

    def _delivered_gbp(self, windows: Options, option: Options, blocked: Mask) -> Floats:
        """Return what the windows cost, with the element as it was, (match, party, window)."""
        case = self.case[:, np.newaxis, np.newaxis]
        party = np.arange(self._cost.shape[1])[:, np.newaxis]
        cost = self._cost[case, party, windows, option[:, np.newaxis]]
        stopped = blocked.any(1, keepdims=True)
        if stopped.any():
            cost = np.where(stopped, self._isolated[case, party, windows], cost)
        return cost

    def _learn(self, held: Session) -> None:
        present, paid = held.outcome.present, held.paid
        shown = held.bids if present.all() else held.bids * present[..., np.newaxis]
        for player in self.players:
            if player.learns and player.knowledge is not None:
                player.learn(self._experience(player, player.knowledge, held, shown, paid))

    def _experience(
        self, player: Player, knowledge: Knowledge, held: Session, shown: Bids, paid: Ticks
    ) -> Experience:
        seat, outcome = player.seat, held.outcome
        windows = slice(held.windows[0], held.windows[-1] + 1)
        worst = self._worst[:, seat, windows].take(_own(player, self.case), 0)
        return Experience(
            knowledge=knowledge,
            bids=_own(player, shown),
            present=_own(player, outcome.present),
            blocked=_own(player, held.blocked),
            option=_own(player, outcome.option),
            authority=_own(player, outcome.authority),
            payments=_own(player, outcome.payments),
            penalties=_own(player, held.penalties),
            earned_gbp=worst
            - _own(player, held.cost_gbp)[:, seat]
            - _own(player, paid)[:, seat] * player.setting.tick_gbp,
        )


def _own(player: Player, of_all: NDArray[_Kind]) -> NDArray[_Kind]:
    """Return what is about the matches of a player, from the first axis of an array."""
    where = player.where
    return of_all[where] if isinstance(where, slice) else of_all.take(where, 0)
