"""The floor on a venue: every stage of a session is a call, as its parties would make it."""

from collections.abc import Collection

import numpy as np

from market.accounts import excess, top_up
from market.bids import Bid
from market.errors import DepositTooSmall, WindowClosed
from market.floor import Acts, Negotiated, Salts
from market.types import Mask, Seats, Ticks
from market.venue import Award, Venue


class VenueFloor:
    """Hold the sessions of one market on a venue, in memory or on a chain.

    Parameters
    ----------
    venue : Venue
        Where they are held; the only match.
    salts : Salts
        Of its parties.
    """

    matches = 1

    def __init__(self, venue: Venue, salts: Salts) -> None:
        self.venue = venue
        self.terms = venue.terms
        self._salts = salts
        self._session = 0
        self._keeps = np.zeros(venue.terms.parties, np.int64)
        self._funded = self.free[0]
        self.awards: tuple[Award, ...] = ()
        """Those of the last session."""

    @property
    def free(self) -> Ticks:
        """What each seat could withdraw now, in ticks, shape (1, party)."""
        return np.array([self.venue.free])

    @property
    def authority(self) -> Seats:
        """The seat that breaks the next tie, shape (1,)."""
        return np.array([self.venue.authority])

    def negotiate(self, session: int, acts: Acts) -> Negotiated:
        """Make every call up to the decision."""
        self._session, self._keeps = session, acts.keeps[0]
        self._fund()
        late = acts.late[0]
        in_time = np.flatnonzero(acts.sends[0] & ~late).tolist()
        sent = [seat for seat in in_time if self._submit(seat, acts)]
        self._close(len(sent), np.flatnonzero(late).tolist(), acts)
        self._reveal(sent, acts.reveals[0])
        self.awards = self.venue.decide(session)
        return _negotiated(self.awards[: acts.bids.shape[2]], self.terms.parties)

    def settle(self, blocked: Mask) -> Ticks:
        """Report what the meter saw; then parties withdraw."""
        seats = [tuple(np.flatnonzero(window).tolist()) for window in blocked[0].T]
        seats += [()] * (self.terms.horizon - len(seats))
        stopped = [
            set(window) & set(award.participants)
            for window, award in zip(seats, self.awards, strict=True)
        ]
        flows = [
            0 if stop else award.set_point
            for stop, award in zip(stopped, self.awards, strict=True)
        ]
        self._report(flows, stopped)
        after = self.free[0]
        lost = self._funded - after - np.sum([award.payments for award in self.awards], axis=0)
        for seat, ticks in enumerate(excess(after, self._keeps).tolist()):
            if ticks:
                self.venue.withdraw(seat, ticks)
        return lost[np.newaxis]

    def _fund(self) -> None:
        for seat, ticks in enumerate(top_up(self.free[0], self._keeps).tolist()):
            if ticks:
                self.venue.deposit(seat, ticks)
        self._funded = self.free[0]

    def _submit(self, seat: int, acts: Acts) -> bool:
        """Send a party's bids; those that its deposit does not cover, or late, stay out."""
        bids = [Bid(tuple(numbers)) for numbers in acts.bids[0, seat].tolist()]
        salt = self._salts.of(0, seat, self._session)
        try:
            self.venue.submit(self._session, seat, bids, salt)
        except (DepositTooSmall, WindowClosed):
            return False
        return True

    def _close(self, sent: int, late: list[int], acts: Acts) -> None:
        """Wait until bids close, unless all are there; only then do the late ones come."""
        if sent < self.terms.parties:
            self.venue.wait_until(self.terms.bids_close(self._session))
        for seat in late:
            self._submit(seat, acts)

    def _reveal(self, sent: list[int], reveals: Mask) -> None:
        """Reveal what was sealed, and wait for what is not."""
        if not self.terms.sealed:
            return
        for seat in sent:
            if reveals[seat]:
                self.venue.reveal(self._session, seat)
        if not reveals[sent].all():
            self.venue.wait_until(self.terms.reveals_close(self._session))

    def _report(self, flows: list[int], blocked: list[set[int]]) -> None:
        told: list[Collection[int]] = list(blocked) if any(blocked) else []
        self.venue.report(self._session, flows, told)


def _negotiated(awards: tuple[Award, ...], parties: int) -> Negotiated:
    """Return awards as arrays of one match."""
    present = [np.isin(np.arange(parties), award.participants) for award in awards]
    return Negotiated(
        option=np.array([[award.option for award in awards]]),
        set_point=np.array([[award.set_point for award in awards]]),
        payments=np.array([award.payments for award in awards]).T[np.newaxis],
        present=np.array(present).T[np.newaxis],
        authority=np.array([[award.authority for award in awards]]),
        used=np.array([[award.authority_used for award in awards]]),
    )
