"""The floor in memory: the rules of `LocalVenue` on arrays, for many markets at once.

Both call the same functions for what is locked, decided, paid and forfeited; this one has
no calls and no clock, because on a floor nobody acts between the stages.
"""

import numpy as np
from numpy.typing import NDArray

from market.accounts import excess, locks, penalties, top_up
from market.decision import Decision, decide
from market.floor import Acts, Negotiated, Salts
from market.mechanisms.rps_random import draw_lot
from market.terms import Terms
from market.types import Bids, Mask, Seats, Ticks


class LocalFloor:
    """Hold the sessions of many like markets in memory.

    Parameters
    ----------
    terms : Terms
        What the parties of every market agreed.
    salts : Salts
        Of every party of every match; they also say how many matches there are.

    Examples
    --------
    Two parties who open and reveal, in two markets; in the second, one of them is late:

    >>> terms = Terms(parties=2, options=((-5000, 0), (0, 0), (0, 5000)), default=1)
    >>> floor = LocalFloor(terms, Salts([[b"a", b"b"], [b"c", b"d"]]))
    >>> bids = np.array([[[[10, 4, 0]], [[0, 7, 8]]]] * 2)
    >>> in_time = np.array([[True, True], [True, False]])
    >>> everybody = np.ones((2, 2), bool)
    >>> acts = Acts(bids, in_time, ~in_time, everybody, keeps=np.full((2, 2), 1000))
    >>> held = floor.negotiate(0, acts)
    >>> held.option.tolist(), held.payments[..., 0].tolist()
    ([[1], [0]], [[-3, 3], [0, 0]])
    >>> floor.settle(np.zeros((2, 2, 1), bool)).tolist(), floor.free.tolist()
    ([[0, 0], [0, 0]], [[1003, 997], [1000, 1000]])
    """

    def __init__(self, terms: Terms, salts: Salts) -> None:
        self.terms = terms
        self._rule = terms.rule
        self._salts = salts
        shape = len(salts.secrets), terms.parties
        self._free = np.zeros(shape, np.int64)
        self._keeps = np.zeros(shape, np.int64)
        self._authority = np.full(shape[0], terms.authority)
        self._dues = np.zeros(shape, np.int64)
        self._forfeits = np.zeros(shape, np.int64)
        self._present = np.zeros((*shape, 0), bool)
        self._middles = np.array([terms.middle(o) for o in range(len(terms.options))])

    @property
    def matches(self) -> int:
        """How many markets there are."""
        return len(self._free)

    @property
    def free(self) -> Ticks:
        """What each seat could withdraw now, in ticks, shape (match, party)."""
        return self._free

    @property
    def authority(self) -> Seats:
        """The seat that breaks the next tie, shape (match,)."""
        return self._authority

    def negotiate(self, session: int, acts: Acts) -> Negotiated:
        """Take deposits and bids, decide every window, and instruct."""
        self._keeps = acts.keeps
        free = self._free + top_up(self._free, acts.keeps)
        locked = locks(self._rule, acts.bids, self.terms.bond).sum(-1)
        bidders = acts.sends & ~acts.late & (locked <= free)
        present = bidders & (acts.reveals | (not self.terms.sealed))
        decided = self._decide(session, acts.bids, present)
        windows = acts.bids.shape[2]
        forfeits = penalties(bidders & ~present, present, self.terms.bond)
        payments = np.stack([window.payments for window in decided], -1)
        self._free = free - locked * bidders
        self._forfeits = forfeits * windows
        self._dues = locked * bidders - payments.sum(-1)
        self._present = np.repeat(present[..., np.newaxis], windows, -1)
        held = [window.authority for window in decided]
        before, self._authority = [self._authority, *held[:-1]], held[-1]
        option = np.stack([window.option for window in decided], -1)
        return Negotiated(
            option=option,
            set_point=self._middles[option],
            payments=payments,
            present=self._present,
            authority=np.stack(before, -1),
            used=np.stack([window.used for window in decided], -1),
        )

    def settle(self, blocked: Mask) -> Ticks:
        """Free what was locked, less payments and bonds lost; let parties withdraw."""
        losers = np.moveaxis(blocked & self._present, -1, 0)
        present = np.moveaxis(self._present, -1, 0)
        lost = self._forfeits + penalties(losers, present, self.terms.bond).sum(0)
        free = self._free + self._dues - lost
        self._free = free - excess(free, self._keeps)
        return lost

    def _decide(self, session: int, bids: Bids, present: Mask) -> list[Decision]:
        """Negotiate window after window: authority passes from one to the next."""
        decided, authority = [], self._authority
        for place in range(bids.shape[2]):
            lots = self._lots(session, place, present) if self._rule.lottery else None
            table = bids[:, :, place]
            found = decide(self._rule, table, present, authority, self.terms.default, lots)
            authority = found.authority
            decided.append(found)
        return decided

    def _lots(self, session: int, place: int, present: Mask) -> NDArray[np.object_]:
        """Return the lot of every match for a window, from its participants' salts."""
        window = session * self.terms.horizon + place
        lots = np.empty(self.matches, object)
        for match, seats in enumerate(present):
            parties = np.flatnonzero(seats).tolist()
            salts = [self._salts.of(match, seat, session) for seat in parties]
            lots[match] = draw_lot(window, salts)
        return lots
