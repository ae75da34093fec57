"""Bids as a venue takes them, and what makes them well formed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from market.errors import (
    BidMalformed,
    BidRejected,
    BidUnreadable,
    OfferOutOfRange,
    PointOutsideOption,
    RanksMalformed,
)
from market.terms import Terms

HIGHEST_OFFER: Final = 2**32 - 1
"""Offers are carried in 32 bits."""

HIGHEST_RANK: Final = 255
"""Ranks are carried in 8 bits."""


@dataclass(frozen=True)
class Bid:
    """What a party bids for one window."""

    numbers: tuple[int, ...]
    """An offer in ticks, or a rank, for each option."""

    points: tuple[int, ...] | None = None
    """An exact set-point for each option, in thousandths of the unit; else the middles."""


Bids: TypeAlias = Sequence[Bid | None]
"""What a party sends for a session: a bid for each window, None where it does not bid."""


def check_bids(terms: Terms, seat: int, bids: Bids, caps: Sequence[int] | None = None) -> None:
    """Raise what keeps the bids for a session from being sent, whatever its state.

    Open bids must be well formed. Sealed ones must only fit what carries them: what else is
    wrong with one shows when it is revealed, and then it counts as unrevealed.

    Raises
    ------
    BidMalformed, OfferOutOfRange, RanksMalformed, PointOutsideOption, BidUnreadable
    """
    check = check_carried if terms.sealed else check_bid
    for bid in bids:
        if bid is not None:
            check(terms, seat, bid)
    if not covered(bids) or len(bids) > terms.horizon:
        raise BidUnreadable(seat, terms.horizon)
    if caps is not None and len(caps) != len(covered(bids)):
        raise BidUnreadable(seat, 0)
    for place, cap in enumerate(caps or ()):
        if not 0 <= cap <= HIGHEST_OFFER:
            raise BidUnreadable(seat, place)


def check_bid(terms: Terms, seat: int, bid: Bid) -> None:
    """Raise what is wrong with a bid, whether or not its party can pay for it.

    Raises
    ------
    BidMalformed, OfferOutOfRange, RanksMalformed, PointOutsideOption
    """
    check_carried(terms, seat, bid)
    if terms.rule.form == "ranks":
        _check_ranks(seat, bid.numbers)
    if bid.points is not None:
        _check_points(terms, seat, bid.points)


def check_carried(terms: Terms, seat: int, bid: Bid) -> None:
    """Raise what keeps a bid from being sent at all; a sealed one may be wrong otherwise.

    Raises
    ------
    BidMalformed, OfferOutOfRange, RanksMalformed, PointOutsideOption
    """
    wanted, ranked = len(terms.options), terms.rule.form == "ranks"
    if len(bid.numbers) != wanted:
        raise BidMalformed(seat, len(bid.numbers), wanted)
    highest = HIGHEST_RANK if ranked else HIGHEST_OFFER
    for option, number in enumerate(bid.numbers):
        if not 0 <= number <= highest:
            raise (RanksMalformed if ranked else OfferOutOfRange)(seat, option, number)
    if bid.points is None:
        return
    if ranked or len(bid.points) != wanted:  # ranks carry no set-points
        raise BidMalformed(seat, len(bid.points), 0 if ranked else wanted)
    for option, point in enumerate(bid.points):
        if not -(2**31) <= point < 2**31:
            raise PointOutsideOption(seat, option, point)


def is_well_formed(terms: Terms, bid: Bid) -> bool:
    """Return whether a bid that was sent can be read, and names points inside its options."""
    try:
        check_bid(terms, 0, bid)
    except BidRejected:
        return False
    return True


def highest_offer(terms: Terms, bid: Bid) -> int:
    """Return what a bid puts at stake, in ticks; ranks are not money."""
    return max(bid.numbers) if terms.rule.form == "offers" else 0


def covered(bids: Bids) -> tuple[int, ...]:
    """Return the windows that bids are for."""
    return tuple(window for window, bid in enumerate(bids) if bid is not None)


def _check_ranks(seat: int, ranks: tuple[int, ...]) -> None:
    seen = set[int]()
    for option, rank in enumerate(ranks):
        if rank in seen or not 1 <= rank <= len(ranks):
            raise RanksMalformed(seat, option, rank)
        seen.add(rank)


def _check_points(terms: Terms, seat: int, points: tuple[int, ...]) -> None:
    for option, (point, (low, high)) in enumerate(zip(points, terms.options, strict=True)):
        if not low <= point <= high:
            raise PointOutsideOption(seat, option, point)
