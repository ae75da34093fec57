"""A venue that also remembers, in words, what every call said."""

from collections.abc import Collection, Sequence
from typing import Final

from experiments.simulation.recorded import RecordedVenue
from experiments.visualiser.record import Told
from market.bids import Bids
from market.venue import Award, Venue

SHOWN: Final = 16
"""How many numbers of a bid are written out."""


class ToldVenue(RecordedVenue):
    """Pass every call on, and keep what it said beside what the venue keeps of it."""

    def __init__(self, venue: Venue, parties: Sequence[str], tick_gbp: float) -> None:
        super().__init__(venue)
        self.told: list[Told] = []
        self._parties, self._tick_gbp = parties, tick_gbp
        self._window = 0
        terms = venue.terms
        self._tell(f"{terms.mechanism}, {terms.payment}, {len(terms.options)} options")

    def deposit(self, seat: int, ticks: int) -> None:
        """Pay in."""
        super().deposit(seat, ticks)
        self._tell(self._pounds(ticks))

    def open(self, session: int) -> None:
        """Compare the fee with its cap."""
        super().open(session)
        self._tell("")

    def submit(
        self,
        session: int,
        seat: int,
        bids: Bids,
        salt: bytes = bytes(32),
        caps: Sequence[int] | None = None,
    ) -> None:
        """Bid; what is sealed is told when it is revealed."""
        super().submit(session, seat, bids, salt, caps)
        self._window = session * self.terms.horizon
        self._tell("sealed" if self.terms.sealed else bids_words(bids))

    def reveal(self, session: int, seat: int) -> None:
        """Reveal what was sealed."""
        super().reveal(session, seat)
        found = next(s for s in reversed(self.sent) if (s.session, s.seat) == (session, seat))
        self._tell(bids_words(found.bids))

    def decide(self, session: int) -> tuple[Award, ...]:
        """Decide, and tell the awards."""
        awards = super().decide(session)
        self._window = session * self.terms.horizon
        self._tell(self.award_words(awards[0]) + more(len(awards)))
        return awards

    def report(
        self, session: int, flows: Sequence[int], blocked: Sequence[Collection[int]] = ()
    ) -> None:
        """Settle by the meter."""
        super().report(session, flows, blocked)
        names = sorted({self._parties[seat] for seats in blocked for seat in seats})
        stopped = f", isolated by {', '.join(names)}" if names else ""
        self._tell(f"{signed_mw(flows[0] / 1000)}{more(len(flows))}{stopped}")

    def settle(self, session: int) -> None:
        """Settle without the meter."""
        super().settle(session)
        self._tell("as instructed")

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take out."""
        super().withdraw(seat, ticks)
        self._tell(self._pounds(ticks))

    def award_words(self, award: Award) -> str:
        """Return an award in words: what was chosen, and who pays."""
        paid = [
            f"{self._parties[seat]} pays {self._pounds(ticks)}"
            for seat, ticks in enumerate(award.payments)
            if ticks > 0
        ]
        tie = [f"authority {self._parties[award.authority]}"] if award.authority_used else []
        return ", ".join([signed_mw(award.set_point / 1000), *paid, *tie])

    def _pounds(self, ticks: int) -> str:
        return pounds(ticks * self._tick_gbp)

    def _tell(self, arguments: str) -> None:
        """Keep the words of the newest call; others without words may have come before."""
        for call in self.calls[len(self.told) :]:
            self.told.append(
                Told(
                    self._window if call.session is None else call.session * self.terms.horizon,
                    call.stage,
                    call.seat,
                    "",
                    call.gas,
                    call.transaction,
                    call.block,
                )
            )
        if self.told:
            self.told[-1] = self.told[-1]._replace(arguments=arguments)


def bids_words(bids: Bids) -> str:
    """Return bids as the ledger shows them.

    >>> from market.bids import Bid
    >>> bids_words([Bid((3, 1, 2)), Bid((1, 2, 3))])
    '3 1 2, and 1 more windows'
    """
    first = next((bid.numbers for bid in bids if bid is not None), ())
    numbers = " ".join(map(str, first[:SHOWN])) + (" …" if len(first) > SHOWN else "")
    return numbers + more(len(bids))


def pounds(gbp: float) -> str:
    """Return money in words.

    >>> pounds(1234.5)
    '£1,234.50'
    """
    return f"£{gbp:,.2f}"


def signed_mw(mw: float) -> str:
    """Return a set-point in words.

    >>> signed_mw(-2.5), signed_mw(0.0)
    ('-2.5 MW', '0 MW')
    """
    return f"{mw:+g} MW" if mw else "0 MW"


def more(windows: int) -> str:
    """Return how many windows are left out.

    >>> more(1), more(48)
    ('', ', and 47 more windows')
    """
    return f", and {windows - 1} more windows" if windows > 1 else ""
