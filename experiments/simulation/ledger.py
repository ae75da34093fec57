"""Conservation of money: what went in and did not come out is still there, to the tick."""

from dataclasses import dataclass

from experiments.errors import CheckFailed
from experiments.simulation.recorded import RecordedVenue, SentBids
from market.session import stakes
from market.terms import Terms


@dataclass(frozen=True)
class Ledger:
    """The money at a venue, in ticks unless a name says wei."""

    paid_in: int
    withdrawn: int
    free: int
    locked: int
    """Of bids whose windows are not settled."""

    balance_wei: int | None = None
    """What the contract holds; None in memory."""

    tick_wei: int | None = None

    def check(self) -> None:
        """Refuse money that appeared or got lost.

        Raises
        ------
        CheckFailed
            With both numbers.
        """
        moved, there = self.paid_in - self.withdrawn, self.free + self.locked
        if moved != there:
            raise CheckFailed(
                f"money is not conserved: {moved} ticks went in and stayed, {there} are there"
            )
        if self.tick_wei is not None and self.balance_wei != there * self.tick_wei:
            raise CheckFailed(
                f"money is not conserved: the contract owes {there * self.tick_wei} wei, "
                f"and holds {self.balance_wei}"
            )


def ledger(venue: RecordedVenue) -> Ledger:
    """Return the money at a venue, as recorded and as found."""
    inner = venue.venue
    return Ledger(
        paid_in=sum(venue.paid_in),
        withdrawn=sum(venue.withdrawn),
        free=sum(venue.free),
        locked=sum(
            _locked(venue.terms, sent)
            for sent in venue.sent
            if sent.covered and sent.session not in venue.settled
        ),
        balance_wei=getattr(inner, "balance_wei", None),
        tick_wei=getattr(inner, "tick_wei", None),
    )


def _locked(terms: Terms, sent: SentBids) -> int:
    staked = stakes(terms, sent.bids, sent.caps)
    return sum(staked.values()) + len(staked) * terms.bond
