"""What makes a bid well formed."""

import pytest

from market.bids import HIGHEST_OFFER, Bid, check_bid
from market.errors import BidMalformed, OfferOutOfRange, PointOutsideOption, RanksMalformed
from market.terms import Terms

OPTIONS = ((-5000, 0), (0, 0), (0, 5000))
offers = Terms(parties=2, options=OPTIONS)
ranks = Terms(parties=2, options=OPTIONS, mechanism="rps")

REFUSED = {
    "too few offers": (offers, Bid((1, 2)), BidMalformed(1, 2, 3)),
    "too many offers": (offers, Bid((1, 2, 3, 4)), BidMalformed(1, 4, 3)),
    "too few ranks": (ranks, Bid((1, 2)), BidMalformed(1, 2, 3)),
    "less than nothing": (offers, Bid((0, -1, 0)), OfferOutOfRange(1, 1, -1)),
    "more than 32 bits": (offers, Bid((0, 0, 2**32)), OfferOutOfRange(1, 2, 2**32)),
    "no rank": (ranks, Bid((1, 2, 0)), RanksMalformed(1, 2, 0)),
    "beyond the last rank": (ranks, Bid((4, 2, 1)), RanksMalformed(1, 0, 4)),
    "a rank twice": (ranks, Bid((2, 1, 2)), RanksMalformed(1, 2, 2)),
    "too few points": (offers, Bid((0, 0, 0), (0, 0)), BidMalformed(1, 2, 3)),
    "no points at all": (offers, Bid((0, 0, 0), ()), BidMalformed(1, 0, 3)),
    "below its option": (
        offers,
        Bid((0, 0, 0), (-5001, 0, 0)),
        PointOutsideOption(1, 0, -5001),
    ),
    "above its option": (offers, Bid((0, 0, 0), (0, 1, 0)), PointOutsideOption(1, 1, 1)),
    "ranks with bad points": (ranks, Bid((1, 2, 3), (0, 0, -1)), PointOutsideOption(1, 2, -1)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_malformed_bid_is_refused_with_its_facts(case):
    agreed, bid, wanted = REFUSED[case]

    with pytest.raises(type(wanted)) as refused:
        check_bid(agreed, 1, bid)

    assert vars(refused.value) == vars(wanted)
    assert str(refused.value) == str(wanted)


@pytest.mark.parametrize(
    ("agreed", "bid"),
    [
        (offers, Bid((0, 0, HIGHEST_OFFER))),
        (offers, Bid((0, 0, 0), (-5000, 0, 5000))),
        (offers, Bid((0, 0, 0), (0, 0, 0))),
        (ranks, Bid((3, 1, 2))),
    ],
)
def test_the_extremes_are_well_formed(agreed, bid):
    check_bid(agreed, 0, bid)
