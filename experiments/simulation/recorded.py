"""A venue that remembers what was sent to it, so that a run can be told from its files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from market.bids import Bids
from market.errors import DepositTooSmall
from market.terms import Terms
from market.venue import Award, Call, Venue


@dataclass(frozen=True)
class SentBids:
    """What a party sent for a session, and whether the deposit covered it."""

    session: int
    seat: int
    bids: Bids
    caps: Sequence[int] | None
    covered: bool


class RecordedVenue:
    """Pass every call on to a venue, and keep what it does not show: bids and money moved."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.terms: Terms = venue.terms
        self.sent: list[SentBids] = []
        self.awards: list[Award] = []
        self.settled: set[int] = set()
        self.paid_in = [0] * venue.terms.parties
        """What each seat paid in, in ticks."""
        self.withdrawn = [0] * venue.terms.parties
        """What each seat took out, in ticks."""
        self.moved: dict[int, int] = {}
        """What a call paid in or took out, in ticks, by its place among all."""

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw now, in ticks."""
        return self.venue.free

    @property
    def authority(self) -> int:
        """The seat that breaks the next tie."""
        return self.venue.authority

    @property
    def calls(self) -> Sequence[Call]:
        """Every call that was accepted, oldest first."""
        return self.venue.calls

    def deposit(self, seat: int, ticks: int) -> None:
        """Pay in, and count it."""
        self.venue.deposit(seat, ticks)
        self.paid_in[seat] += ticks
        self.moved[len(self.calls) - 1] = ticks

    def open(self, session: int) -> None:
        """Compare the fee with its cap."""
        self.venue.open(session)

    def submit(
        self,
        session: int,
        seat: int,
        bids: Bids,
        salt: bytes = bytes(32),
        caps: Sequence[int] | None = None,
    ) -> None:
        """Bid, and keep the bids, covered or not."""
        try:
            self.venue.submit(session, seat, bids, salt, caps)
        except DepositTooSmall:
            self.sent.append(SentBids(session, seat, bids, caps, covered=False))
            raise
        self.sent.append(SentBids(session, seat, bids, caps, covered=True))

    def reveal(self, session: int, seat: int) -> None:
        """Reveal what was sealed."""
        self.venue.reveal(session, seat)

    def wait_until(self, seconds: int) -> None:
        """Let time pass."""
        self.venue.wait_until(seconds)

    def decide(self, session: int) -> tuple[Award, ...]:
        """Decide, and keep the awards."""
        awards = self.venue.decide(session)
        self.awards += awards
        return awards

    def report(
        self, session: int, flows: Sequence[int], blocked: Sequence[Collection[int]] = ()
    ) -> None:
        """Settle by the meter."""
        self.venue.report(session, flows, blocked)
        self.settled.add(session)

    def settle(self, session: int) -> None:
        """Settle without the meter."""
        self.venue.settle(session)
        self.settled.add(session)

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take out, and count it."""
        self.venue.withdraw(seat, ticks)
        self.withdrawn[seat] += ticks
        self.moved[len(self.calls) - 1] = ticks
