"""What makes a bid well formed."""

from dataclasses import replace

import pytest

from market.bids import HIGHEST_OFFER, Bid, check_bid, check_bids, is_well_formed
from market.errors import (
    BidMalformed,
    BidUnreadable,
    MarketError,
    OfferOutOfRange,
    PointOutsideOption,
    RanksMalformed,
)
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
    "ranks with points": (ranks, Bid((1, 2, 3), (0, 0, 0)), BidMalformed(1, 3, 0)),
    "ranks with no points at all": (ranks, Bid((1, 2, 3), ()), BidMalformed(1, 0, 0)),
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


def sealed(agreed, horizon=1):
    return replace(agreed, revealing=300, horizon=horizon)


SENT_SEALED = {
    "a rank twice": (ranks, Bid((2, 1, 2)), None),
    "no rank": (ranks, Bid((0, 2, 3)), None),
    "a point outside": (offers, Bid((0, 0, 0), (-5001, 0, 0)), None),
    "more than a byte": (ranks, Bid((1, 2, 256)), RanksMalformed(1, 2, 256)),
    "33 bits": (offers, Bid((2**32, 0, 0)), OfferOutOfRange(1, 0, 2**32)),
    "a point of 33 bits": (
        offers,
        Bid((0, 0, 0), (0, -(2**31) - 1, 0)),
        PointOutsideOption(1, 1, -(2**31) - 1),
    ),
    "too few": (offers, Bid((0, 0)), BidMalformed(1, 2, 3)),
}


@pytest.mark.parametrize("case", SENT_SEALED)
def test_a_sealed_bid_may_be_wrong_but_must_be_carried(case):
    agreed, bid, wanted = SENT_SEALED[case]

    assert not is_well_formed(agreed, bid)
    if wanted is None:
        check_bids(sealed(agreed), 1, [bid])
    else:
        with pytest.raises(type(wanted)) as refused:
            check_bids(sealed(agreed), 1, [bid])
        assert vars(refused.value) == vars(wanted)


ZERO = Bid((0, 0, 0))


@pytest.mark.parametrize(
    ("bids", "caps", "window"),
    [
        pytest.param([], None, 2, id="no window"),
        pytest.param([None, None], None, 2, id="no bid"),
        pytest.param([ZERO] * 3, None, 2, id="too many windows"),
        pytest.param([ZERO, None, None], None, 2, id="a window behind the last"),
        pytest.param([ZERO, None], [0, 0], 0, id="a cap too many"),
        pytest.param([ZERO, ZERO], [0], 0, id="a cap too few"),
        pytest.param([ZERO, ZERO], [0, -1], 1, id="less than nothing"),
        pytest.param([None, ZERO], [2**32], 0, id="more than 32 bits"),
    ],
)
def test_bids_that_no_contract_could_read_are_refused(bids, caps, window):
    with pytest.raises(MarketError) as refused:
        check_bids(sealed(offers, horizon=2), 1, bids, caps)

    assert isinstance(refused.value, BidUnreadable)
    assert vars(refused.value) == {"seat": 1, "window": window}


def test_bids_may_cover_some_windows_alone():
    check_bids(sealed(offers, horizon=2), 0, [ZERO])
    check_bids(sealed(offers, horizon=2), 0, [None, ZERO], [HIGHEST_OFFER])
