"""What a session holds: stakes, locks, and whose bids count."""

import pytest

from market.bids import Bid
from market.session import Sent, Session, locked, stakes, table
from market.terms import Terms

OPTIONS = ((0, 9), (10, 19))
OPEN = Terms(parties=3, options=OPTIONS, horizon=2, bond=5)
SEALED = Terms(parties=3, options=OPTIONS, horizon=2, bond=5, revealing=60)
RANKED = Terms(parties=3, options=OPTIONS, horizon=2, mechanism="rps", revealing=60)
BIDS = [None, Bid((4, 7))]


def sent(bid, stake, revealed=True):
    return Sent({1: bid}, {1: stake}, bytes(32), revealed)


@pytest.mark.parametrize(
    ("terms", "caps", "wanted"),
    [(OPEN, None, 7), (OPEN, [9], 7), (SEALED, None, 7), (SEALED, [9], 9), (SEALED, [3], 3)],
)
def test_a_bid_stakes_its_highest_offer_or_its_cap_where_it_is_sealed(terms, caps, wanted):
    assert stakes(terms, BIDS, caps) == {1: wanted}


def test_ranks_stake_nothing():
    assert stakes(RANKED, [Bid((1, 2)), None], None) == {0: 0}


@pytest.mark.parametrize(
    ("bid", "stake", "revealed", "counts"),
    [
        pytest.param(Bid((4, 7)), 7, True, True, id="at its cap"),
        pytest.param(Bid((4, 7)), 6, True, False, id="above its cap"),
        pytest.param(Bid((4, 7)), 7, False, False, id="not revealed"),
        pytest.param(Bid((4, 7), (10, 10)), 7, True, False, id="a point outside its option"),
        pytest.param(Bid((4, 7), (9, 10)), 7, True, True, id="points inside"),
    ],
)
def test_a_bid_counts_if_it_is_revealed_well_formed_and_within_its_cap(
    bid, stake, revealed, counts
):
    assert sent(bid, stake, revealed).counts(SEALED, 1) is counts


def test_a_bid_counts_in_the_windows_that_it_covers_alone():
    assert not sent(Bid((4, 7)), 7).counts(SEALED, 0)


def test_ranks_count_if_each_stands_once():
    assert sent(Bid((2, 1)), 0).counts(RANKED, 1)
    assert not sent(Bid((2, 2)), 0).counts(RANKED, 1)


def test_only_rows_that_count_are_on_the_table_but_everything_sent_is_locked():
    held = Session({0: sent(Bid((4, 7)), 8), 2: sent(Bid((1, 9)), 8)})

    numbers, present = table(SEALED, held, 1)
    ticks, bidders = locked(SEALED, held, 1)

    assert numbers.tolist() == [[4, 7], [0, 0], [0, 0]]
    assert present.tolist() == [True, False, False]
    assert (ticks.tolist(), bidders.tolist()) == ([13, 0, 13], [True, False, True])
    assert not locked(SEALED, held, 0)[1].any()
