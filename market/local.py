"""The venue in memory: the contract's rules without its chain."""

from collections.abc import Collection, Sequence

import numpy as np

from market import errors
from market.accounts import check_deposit, penalties
from market.bids import Bids, check_bids
from market.decision import decide
from market.mechanisms.rps_random import draw_lot
from market.session import Sent, Session, locked, seat_mask, stakes, table
from market.terms import Terms
from market.venue import Award, Call, Stage

IN_FLIGHT = 8
"""How many sessions can be in flight: from the first bid to the settlement."""


class LocalVenue:
    """Hold windows in memory; the twin of ``SharedControl.sol``.

    Parameters
    ----------
    terms : Terms
        What the parties agreed.
    fee_wei : int
        The base fee that sessions open at.

    Examples
    --------
    >>> from market.bids import Bid
    >>> venue = LocalVenue(Terms(parties=2, options=((-5000, 0), (0, 0), (0, 5000)), default=1))
    >>> for seat, offers in enumerate([(10, 4, 0), (0, 7, 8)]):
    ...     venue.deposit(seat, 1000)
    ...     venue.submit(0, seat, [Bid(offers)])
    >>> (award,) = venue.decide(0)
    >>> award.option, award.payments
    (1, (-3, 3))
    >>> venue.report(0, flows=[award.set_point])
    >>> venue.free
    (1003, 997)
    """

    def __init__(self, terms: Terms, fee_wei: int = 0) -> None:
        self.terms = terms
        self.fee_wei = fee_wei
        self._free = np.zeros(terms.parties, np.int64)
        self._authority = np.array(terms.authority)
        self._sessions: dict[int, Session] = {}
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

    def open(self, session: int) -> None:
        """Compare the fee with its cap, once for a session."""
        held = self._held(session)
        if not self.terms.fee_cap or held.fee is not None:
            raise errors.WindowNotReady(session)
        early = self._next <= session < self._next + IN_FLIGHT
        if not early or self._now >= self.terms.bids_close(session):
            raise errors.WindowClosed(session)
        self._sessions[session] = held
        held.fee = self.fee_wei
        self._record("open", session, None)

    def submit(
        self,
        session: int,
        seat: int,
        bids: Bids,
        salt: bytes = bytes(32),
        caps: Sequence[int] | None = None,
    ) -> None:
        """Record bids, and lock what they stake and the bonds."""
        check_bids(self.terms, seat, bids, caps)
        staked = stakes(self.terms, bids, caps)
        held = self._taking_bids(session, seat)
        needed = sum(staked.values()) + len(staked) * self.terms.bond
        if self._free[seat] < needed:
            raise errors.DepositTooSmall(seat, int(self._free[seat]), needed)
        self._free[seat] -= needed
        sent = {window: bid for window, bid in enumerate(bids) if bid is not None}
        held.sent[seat] = Sent(sent, staked, salt, revealed=not self.terms.sealed)
        self._sessions[session] = held
        self._record("commit" if self.terms.sealed else "submit", session, seat)

    def reveal(self, session: int, seat: int) -> None:
        """Put sealed bids in the open, between the closing of bids and the end of revealing."""
        if not self.terms.sealed:
            return
        if not self._closed(session) or self._now >= self.terms.reveals_close(session):
            raise errors.WindowNotReady(session)
        sent = self._held(session).sent.get(seat)
        if sent is None or sent.revealed:
            raise errors.BidMismatch(session, seat)
        sent.revealed = True
        self._record("reveal", session, seat)

    def wait_until(self, seconds: int) -> None:
        """Let time pass."""
        self._now = max(self._now, seconds)

    def decide(self, session: int) -> tuple[Award, ...]:
        """Run the mechanism on the bids for each window, and instruct."""
        if session != self._next:
            raise errors.WindowOutOfOrder(session, self._next)
        held = self._held(session)
        oldest = self._sessions.get(session - IN_FLIGHT)
        if not self._ready(session, held) or (oldest and not oldest.settled):
            raise errors.WindowNotReady(session)
        self._sessions[session] = held
        awards = tuple(self._decide(session, held, w) for w in range(self.terms.horizon))
        self._next += 1
        self._record("decide", session, None)
        return awards

    def report(
        self, session: int, flows: Sequence[int], blocked: Sequence[Collection[int]] = ()
    ) -> None:
        """Settle a session by what the meter saw."""
        blocked = blocked or [()] * self.terms.horizon
        if {len(flows), len(blocked)} != {self.terms.horizon}:
            raise errors.OutcomeMismatch(session)
        self._settle(session, blocked)
        self._record("report", session, None)

    def settle(self, session: int) -> None:
        """Settle a session as instructed, once the meter's deadline has passed."""
        if self._now < self.terms.meter_deadline(session):
            raise errors.WindowNotReady(session)
        self._settle(session, [()] * self.terms.horizon)
        self._record("settle", session, None)

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take money out of an account."""
        self._check_seat(seat)
        if not 0 <= ticks <= self._free[seat]:
            raise errors.BalanceTooSmall(seat, int(self._free[seat]), ticks)
        self._free[seat] -= ticks
        self._record("withdraw", None, seat)

    # What may be sent when.

    def _taking_bids(self, session: int, seat: int) -> Session:
        self._check_seat(seat)
        early = self._next <= session < self._next + IN_FLIGHT
        if not early or self._now >= self.terms.bids_close(session):
            raise errors.WindowClosed(session)
        held = self._held(session)
        if self.terms.fee_cap:
            if held.fee is None:
                raise errors.WindowNotReady(session)
            if held.fee > self.terms.fee_cap:
                raise errors.FeeTooHigh(session, held.fee, self.terms.fee_cap)
        if seat in held.sent:
            raise errors.AlreadyBid(session, seat)
        return held

    def _closed(self, session: int) -> bool:
        everyone = len(self._held(session).sent) == self.terms.parties
        taken = self._held(session + IN_FLIGHT).sent  # stands where these bids stood
        return (everyone and not taken) or self._now >= self.terms.bids_close(session)

    def _ready(self, session: int, held: Session) -> bool:
        dear = held.fee is not None and held.fee > self.terms.fee_cap
        in_the_open = all(sent.revealed for sent in held.sent.values())
        over = self._now >= self.terms.reveals_close(session)
        return (dear or self._closed(session)) and (in_the_open or over)

    def _decide(self, session: int, held: Session, window: int) -> Award:
        """Negotiate one window, and note what its settlement frees."""
        numbers, present = table(self.terms, held, window)
        count = session * self.terms.horizon + window
        salts = [held.sent[seat].salt for seat in np.flatnonzero(present).tolist()]
        lots = np.array(draw_lot(count, salts), dtype=object)
        decision = decide(
            self.terms.rule, numbers, present, self._authority, self.terms.default, lots
        )
        ticks, bidders = locked(self.terms, held, window)
        forfeited = penalties(bidders & ~present, present, self.terms.bond)
        held.dues.append(ticks - forfeited - decision.payments)
        held.present.append(present)
        option = int(decision.option)
        award = Award(
            window=count,
            option=option,
            set_point=self._set_point(held, window, int(decision.instructor), option),
            payments=tuple(decision.payments.tolist()),
            candidates=tuple(np.flatnonzero(decision.candidates).tolist()),
            authority=int(self._authority),
            authority_used=bool(decision.used),
            participants=tuple(np.flatnonzero(present).tolist()),
        )
        self._authority = decision.authority
        return award

    def _set_point(self, held: Session, window: int, instructor: int, option: int) -> int:
        if instructor >= 0:
            points = held.sent[instructor].bids[window].points
            if points is not None:
                return points[option]
        return self.terms.middle(option)

    def _settle(self, session: int, blocked: Sequence[Collection[int]]) -> None:
        held = self._held(session)
        if not held.dues:
            raise errors.WindowNotReady(session)
        if held.settled:
            raise errors.WindowSettled(session)
        for dues, present, seats in zip(held.dues, held.present, blocked, strict=True):
            losers = seat_mask(self.terms, seats) & present
            self._free += dues - penalties(losers, present, self.terms.bond)
        held.settled = True

    def _held(self, session: int) -> Session:
        return self._sessions.get(session, Session())

    def _check_seat(self, seat: int) -> None:
        if not 0 <= seat < self.terms.parties:
            raise errors.NotAParty(seat)

    def _record(self, stage: Stage, session: int | None, seat: int | None) -> None:
        self._calls.append(Call(stage, session, seat))
