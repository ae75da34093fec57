"""The venue in memory: the contract's rules without its chain."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from market import errors
from market.accounts import check_deposit, locks, penalties
from market.bids import Bid, check_bid
from market.decision import Decision, decide
from market.terms import Terms
from market.types import Mask, Ticks
from market.venue import Award, Call, Stage


@dataclass
class _Window:
    """What a window holds between its first bid and its settlement."""

    bids: dict[int, Bid] = field(default_factory=dict)
    dues: Ticks | None = None
    settled: bool = False


class LocalVenue:
    """Hold windows in memory; the twin of ``SharedControl.sol``.

    Examples
    --------
    >>> venue = LocalVenue(Terms(parties=2, options=((-5000, 0), (0, 0), (0, 5000)), default=1))
    >>> for seat, offers in enumerate([(10, 4, 0), (0, 7, 8)]):
    ...     venue.deposit(seat, 1000)
    ...     venue.submit(0, seat, Bid(offers))
    >>> award = venue.decide(0)
    >>> award.option, award.payments
    (1, (-3, 3))
    >>> venue.report(0, flow=award.set_point)
    >>> venue.free
    (1003, 997)
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._free = np.zeros(terms.parties, np.int64)
        self._authority = np.array(terms.authority)
        self._windows: dict[int, _Window] = {}
        self._next = 0
        self._now = 0
        self._calls: list[Call] = []

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw now, in ticks."""
        return tuple(self._free.tolist())

    @property
    def authority(self) -> int:
        """The seat that breaks the next tie."""
        return int(self._authority)

    @property
    def calls(self) -> Sequence[Call]:
        """Every call that was accepted, oldest first."""
        return self._calls

    def deposit(self, seat: int, ticks: int) -> None:
        """Pay into an account."""
        check_deposit(ticks)
        self._check_seat(seat)
        self._free[seat] += ticks
        self._record("deposit", None, seat)

    def submit(self, window: int, seat: int, bid: Bid) -> None:
        """Record an open bid, and lock its highest offer and the bond."""
        check_bid(self.terms, seat, bid)
        self._check_seat(seat)
        if window < self._next or self._now >= self.terms.bids_close(window):
            raise errors.WindowClosed(window)
        held = self._windows.setdefault(window, _Window())
        if seat in held.bids:
            raise errors.AlreadyBid(window, seat)
        needed = int(locks(self.terms.rule, np.array(bid.numbers), self.terms.bond))
        if self._free[seat] < needed:
            raise errors.DepositTooSmall(seat, int(self._free[seat]), needed)
        self._free[seat] -= needed
        held.bids[seat] = bid
        self._record("submit", window, seat)

    def wait_until(self, seconds: int) -> None:
        """Let time pass."""
        self._now = max(self._now, seconds)

    def decide(self, window: int) -> Award:
        """Run the mechanism on the recorded bids, and instruct."""
        if window != self._next:
            raise errors.WindowOutOfOrder(window, self._next)
        held = self._windows.setdefault(window, _Window())
        if len(held.bids) < self.terms.parties and self._now < self.terms.bids_close(window):
            raise errors.WindowNotReady(window)
        table, present = self._table(held)
        decision = decide(self.terms.rule, table, present, self._authority, self.terms.default)
        staked = locks(self.terms.rule, table, self.terms.bond) * present
        held.dues = staked - decision.payments
        award = self._award(window, held, decision)
        self._authority = decision.authority
        self._next += 1
        self._record("decide", window, None)
        return award

    def report(self, window: int, flow: int, blocked: Collection[int] = ()) -> None:
        """Settle a window by what the meter saw."""
        self._settle(window, blocked)
        self._record("report", window, None)

    def settle(self, window: int) -> None:
        """Settle a window as instructed, once the meter's deadline has passed."""
        if self._now < self.terms.meter_deadline(window):
            raise errors.WindowNotReady(window)
        self._settle(window, ())
        self._record("settle", window, None)

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take money out of an account."""
        self._check_seat(seat)
        if not 0 <= ticks <= self._free[seat]:
            raise errors.BalanceTooSmall(seat, int(self._free[seat]), ticks)
        self._free[seat] -= ticks
        self._record("withdraw", None, seat)

    def _settle(self, window: int, blocked: Collection[int]) -> None:
        held = self._windows.get(window, _Window())
        if held.settled:
            raise errors.WindowSettled(window)
        if held.dues is None:
            raise errors.WindowNotReady(window)
        present = self._seats(held.bids)
        self._free += held.dues - penalties(self._seats(blocked), present, self.terms.bond)
        held.settled = True

    def _table(self, held: _Window) -> tuple[Ticks, Mask]:
        """Return the bids, with zeros for parties that take no part, and who does."""
        table = np.zeros((self.terms.parties, len(self.terms.options)), np.int64)
        for seat, bid in held.bids.items():
            table[seat] = bid.numbers
        return table, self._seats(held.bids)

    def _seats(self, seats: Collection[int]) -> Mask:
        return np.isin(np.arange(self.terms.parties), list(seats))

    def _award(self, window: int, held: _Window, decision: Decision) -> Award:
        option = int(decision.option)
        bid = held.bids.get(int(decision.instructor))
        points = bid.points if bid else None
        return Award(
            window=window,
            option=option,
            set_point=points[option] if points else self.terms.middle(option),
            payments=tuple(decision.payments.tolist()),
            candidates=tuple(np.flatnonzero(decision.candidates).tolist()),
            authority=int(self._authority),
        )

    def _check_seat(self, seat: int) -> None:
        if not 0 <= seat < self.terms.parties:
            raise errors.NotAParty(seat)

    def _record(self, stage: Stage, window: int | None, seat: int | None) -> None:
        self._calls.append(Call(stage, window, seat))
