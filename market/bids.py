"""One bid as a venue takes it, and what makes it well formed."""

from dataclasses import dataclass
from typing import Final

from market.errors import BidMalformed, OfferOutOfRange, PointOutsideOption, RanksMalformed
from market.terms import Terms

HIGHEST_OFFER: Final = 2**32 - 1
"""Offers are carried in 32 bits."""


@dataclass(frozen=True)
class Bid:
    """All that a party sends for a window."""

    numbers: tuple[int, ...]
    """An offer in ticks, or a rank, for each option."""

    points: tuple[int, ...] | None = None
    """An exact set-point for each option, in thousandths of the unit; else the middles."""


def check_bid(terms: Terms, seat: int, bid: Bid) -> None:
    """Raise what is wrong with a bid, whether or not its party can pay for it.

    Raises
    ------
    BidMalformed, OfferOutOfRange, RanksMalformed, PointOutsideOption
    """
    wanted = len(terms.options)
    if len(bid.numbers) != wanted:
        raise BidMalformed(seat, len(bid.numbers), wanted)
    if terms.rule.form == "ranks":
        _check_ranks(seat, bid.numbers)
    else:
        _check_offers(seat, bid.numbers)
    if bid.points is not None:
        _check_points(terms, seat, bid.points)


def _check_offers(seat: int, offers: tuple[int, ...]) -> None:
    for option, offer in enumerate(offers):
        if not 0 <= offer <= HIGHEST_OFFER:
            raise OfferOutOfRange(seat, option, offer)


def _check_ranks(seat: int, ranks: tuple[int, ...]) -> None:
    seen = set[int]()
    for option, rank in enumerate(ranks):
        if rank in seen or not 1 <= rank <= len(ranks):
            raise RanksMalformed(seat, option, rank)
        seen.add(rank)


def _check_points(terms: Terms, seat: int, points: tuple[int, ...]) -> None:
    if len(points) != len(terms.options):
        raise BidMalformed(seat, len(points), len(terms.options))
    for option, (point, (low, high)) in enumerate(zip(points, terms.options, strict=True)):
        if not low <= point <= high:
            raise PointOutsideOption(seat, option, point)
