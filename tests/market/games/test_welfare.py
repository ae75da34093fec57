"""Prices of anarchy, bargains and fairness by hand."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.games.mixed import nash_equilibria
from market.games.welfare import gini, individually_rational, jain, nash_bargain, prices
from tests.market.games.catalogue import FOUR, bimatrix, least_effort, played, symmetric

amounts = st.lists(st.floats(0, 1e6), min_size=1, max_size=8).map(np.array)


def priced(payoffs, costs=None):
    return prices(payoffs, nash_equilibria(payoffs).equilibria, costs)


def test_pigous_road_of_two_costs_a_third_more():
    """Each of two takes a road of cost 2, or one of cost 1 for each who takes it."""
    game = -played((2, 2), lambda a: [sum(a) if own else 2 for own in a])

    found = priced(game)

    assert (found.optimum, found.worst, found.best) == (-3.0, -4.0, -3.0)
    assert found.costs
    assert found.of_anarchy == pytest.approx(4 / 3)
    assert found.of_stability == 1.0


def test_welfare_is_divided_the_other_way():
    found = priced(symmetric([[4, 0], [3, 2]]))

    assert not found.costs
    assert found.of_anarchy == pytest.approx(8 / 4)
    assert found.of_stability == 1.0
    assert found.optimal_actions == (0, 0)


def test_a_ratio_to_nothing_is_none():
    found = priced(played(FOUR, least_effort))

    assert (found.optimum, found.best, found.worst) == (4.0, 4.0, pytest.approx(0.0))
    assert isnan(found.of_anarchy)
    assert found.of_stability == 1.0
    assert isnan(priced(symmetric([[3, 0], [5, 1]]), costs=True).of_anarchy)


def test_nothing_to_lose_has_the_price_one():
    assert priced(np.zeros((2, 2, 2))).of_anarchy == 1.0


def test_no_equilibrium_has_no_price():
    with pytest.raises(ValueError, match="there is no equilibrium"):
        prices(bimatrix([[1]], [[1]]), [])


def test_a_bargain_needs_something_for_everybody():
    outcomes = np.array([[9.0, -1.0], [-1.0, 9.0]])

    assert nash_bargain(outcomes, np.zeros(2)) is None
    assert individually_rational(outcomes[0], np.zeros(2)) == (True, False)


def test_of_equal_products_the_larger_sum_is_taken():
    found = nash_bargain(np.array([[0.0, 0.0], [5.0, 0.0], [-1.0, -1.0]]), np.zeros(2))

    assert (found.place, found.product) == (1, 0.0)


def test_two_who_both_lose_have_no_bargain_though_the_product_is_positive():
    found = nash_bargain(np.array([[-5.0, -5.0], [1.0, 1.0]]), np.zeros(2))

    assert (found.place, found.product) == (1, 1.0)


@given(amounts)
def test_indices_stay_in_their_ranges(shares):
    count = len(shares)

    assert -1e-9 <= gini(shares) <= 1 - 1 / count + 1e-9
    assert jain(shares) <= 1 + 1e-9
    assert jain(shares) >= 1 / count - 1e-9


def test_nothing_is_shared_fairly():
    assert (gini(np.zeros(3)), jain(np.zeros(3))) == (0.0, 1.0)


@pytest.mark.parametrize("index", [gini, jain])
@pytest.mark.parametrize("shares", [[-1.0, 2.0], [], [np.nan]])
def test_debts_have_no_index(index, shares):
    with pytest.raises(ValueError, match="amount of 0 or more"):
        index(np.array(shares))
