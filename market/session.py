"""What a session holds between its first bid and its settlement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from market.bids import Bid, Bids, highest_offer, is_well_formed
from market.terms import Terms
from market.types import Mask, Ticks


@dataclass
class Sent:
    """What a party sent for a session."""

    bids: dict[int, Bid]
    """By window; windows that it does not bid for are not there."""

    stakes: dict[int, int]
    """What is locked besides the bond, by window: the highest offer, or the public cap."""

    salt: bytes
    revealed: bool

    def counts(self, terms: Terms, window: int) -> bool:
        """Return whether the party takes part in a window."""
        bid = self.bids.get(window)
        return (
            bid is not None
            and self.revealed
            and is_well_formed(terms, bid)
            and highest_offer(terms, bid) <= self.stakes[window]
        )


@dataclass
class Session:
    """Bids by seat, and what became of them."""

    sent: dict[int, Sent] = field(default_factory=dict)
    fee: int | None = None
    """The base fee when the session opened, in wei; None if nobody opened it."""

    dues: list[Ticks] = field(default_factory=list)
    """What settlement frees for each party, by window, once decided."""

    present: list[Mask] = field(default_factory=list)
    """Who took part, by window, once decided."""

    settled: bool = False


def stakes(terms: Terms, bids: Bids, caps: Sequence[int] | None) -> dict[int, int]:
    """Return what bids put at stake by window: caps if sealed and given, or offers."""
    own = {w: highest_offer(terms, bid) for w, bid in enumerate(bids) if bid is not None}
    return own if caps is None or not terms.sealed else dict(zip(own, caps, strict=True))


def seat_mask(terms: Terms, seats: Collection[int]) -> Mask:
    """Return seats as a mask, shape ``(party,)``."""
    return np.isin(np.arange(terms.parties), list(seats))


def table(terms: Terms, session: Session, window: int) -> tuple[Ticks, Mask]:
    """Return the bids for a window, and whose count; the others' rows are zeros.

    Returns
    -------
    ndarray of int64, shape (party, option)
        Offers in ticks, or ranks.
    ndarray of bool, shape (party,)
        Who takes part.
    """
    numbers = np.zeros((terms.parties, len(terms.options)), np.int64)
    counting = [seat for seat, sent in session.sent.items() if sent.counts(terms, window)]
    for seat in counting:
        numbers[seat] = session.sent[seat].bids[window].numbers
    return numbers, seat_mask(terms, counting)


def locked(terms: Terms, session: Session, window: int) -> tuple[Ticks, Mask]:
    """Return what each party locked for a window in ticks, and who did; both ``(party,)``."""
    bidders = [seat for seat, sent in session.sent.items() if window in sent.bids]
    ticks = np.zeros(terms.parties, np.int64)
    for seat in bidders:
        ticks[seat] = session.sent[seat].stakes[window] + terms.bond
    return ticks, seat_mask(terms, bidders)
