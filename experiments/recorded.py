"""A venue that remembers what was sent to it, so that a run can be told from its files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from market.bids import Bid
from market.errors import DepositTooSmall
from market.terms import Terms
from market.venue import Award, Call, Venue


@dataclass(frozen=True)
class SentBid:
    """A bid, and whether the deposit covered it."""

    window: int
    seat: int
    bid: Bid
    covered: bool


class RecordedVenue:
    """Pass every call on to a venue, and keep what it does not show: bids and money moved."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.terms: Terms = venue.terms
        self.bids: list[SentBid] = []
        self.awards: list[Award] = []
        self.settled: set[int] = set()
        self.paid_in = [0] * venue.terms.parties
        """What each seat paid in, in ticks."""
        self.withdrawn = [0] * venue.terms.parties
        """What each seat took out, in ticks."""

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

    def submit(self, window: int, seat: int, bid: Bid) -> None:
        """Bid, and keep the bid, covered or not."""
        try:
            self.venue.submit(window, seat, bid)
        except DepositTooSmall:
            self.bids.append(SentBid(window, seat, bid, covered=False))
            raise
        self.bids.append(SentBid(window, seat, bid, covered=True))

    def wait_until(self, seconds: int) -> None:
        """Let time pass."""
        self.venue.wait_until(seconds)

    def decide(self, window: int) -> Award:
        """Decide, and keep the award."""
        self.awards.append(self.venue.decide(window))
        return self.awards[-1]

    def report(self, window: int, flow: int, blocked: Collection[int] = ()) -> None:
        """Settle by the meter."""
        self.venue.report(window, flow, blocked)
        self.settled.add(window)

    def settle(self, window: int) -> None:
        """Settle without the meter."""
        self.venue.settle(window)
        self.settled.add(window)

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take out, and count it."""
        self.venue.withdraw(seat, ticks)
        self.withdrawn[seat] += ticks
