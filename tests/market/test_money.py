"""From costs to offers and ranks (RULES §1)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from market import money
from market.bids import HIGHEST_OFFER

costs = npst.arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(2, 6)),
    elements=st.integers(-4, 4).map(float),
)


@given(costs_gbp=costs)
def test_the_worst_option_is_worth_nothing_and_no_other_less(costs_gbp):
    values = money.values(costs_gbp)

    assert (values.min(-1) == 0).all()
    np.testing.assert_array_equal(
        values + costs_gbp, costs_gbp.max(-1, keepdims=True) + 0 * values
    )


@pytest.mark.parametrize(
    ("value", "ticks"), [(0.5, 0), (1.5, 2), (2.5, 2), (2.51, 3), (3.5, 4), (7.0, 7)]
)
def test_half_a_tick_goes_to_the_even_one(value, ticks):
    assert money.offers(np.array([value]), tick_gbp=1.0).tolist() == [ticks]


def test_a_tick_is_a_penny_unless_a_scenario_says_otherwise():
    assert money.offers(np.array([1.0])).tolist() == [100]
    assert money.offers(np.array([1.0]), tick_gbp=0.0001).tolist() == [10_000]


def test_offers_are_clipped_to_what_32_bits_hold():
    offers = money.offers(np.array([-0.4, -5.0, 1e12, 42949672.95]))

    assert offers.dtype == np.int64
    assert offers.tolist() == [0, 0, HIGHEST_OFFER, HIGHEST_OFFER]


@given(values=costs)
def test_ranks_order_by_value_and_of_equals_the_lower_index_is_better(values):
    ranks = money.ranks(values)

    for row, placed in zip(values.tolist(), ranks.tolist(), strict=True):
        best_first = sorted(range(len(row)), key=lambda option: (-row[option], option))
        assert [placed[option] for option in best_first] == list(range(1, len(row) + 1))


def test_ranks_come_from_unrounded_values():
    assert money.ranks(np.array([1.001, 1.002])).tolist() == [2, 1]
    assert money.offers(np.array([1.001, 1.002])).tolist() == [100, 100]


def test_a_bid_has_the_form_that_the_mechanism_asks_for():
    stated = np.array([1.0, 3.0])

    assert money.bids(stated, "offers", tick_gbp=0.5).tolist() == [2, 6]
    assert money.bids(stated, "ranks", tick_gbp=0.5).tolist() == [2, 1]
