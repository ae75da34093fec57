"""The six indexes at their ends, and how they answer to trade."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from market.trading.indexes import (
    energy_balance,
    equality,
    participation_willingness,
    power_flatness,
    self_sufficiency,
    value_tapping,
)

SHAPES = npst.array_shapes(min_dims=2, max_dims=4, max_side=4)
NETS = npst.arrays(float, SHAPES, elements=st.integers(-9000, 9000).map(float))


@given(net=NETS)
def test_balance_and_flatness_are_from_nothing_to_one_in_any_number_of_days(net):
    for index in (energy_balance, power_flatness):
        found = index(net)
        assert found.shape == net.shape[:-2]
        assert ((found >= 0) & (found <= 1 + 1e-12)).all()


@given(net=NETS)
def test_neither_asks_who_in_the_community_takes_what_the_grid_gives(net):
    together = net.sum(-2, keepdims=True)

    assert power_flatness(net) == pytest.approx(power_flatness(together))
    assert (energy_balance(together) <= energy_balance(net) + 1e-12).all()


@given(NETS)
def test_stores_and_sun_do_not_make_a_community_take_more_than_its_net(net):
    load = np.maximum(net, 0.0)

    assert (self_sufficiency(net, load) >= 0).all()
    assert (self_sufficiency(net, load) <= 1).all()


def test_a_community_that_exchanges_nothing_is_balanced_flat_and_sufficient():
    net, load = np.array([[5.0, -5.0], [-5.0, 5.0]]), np.full((2, 2), 5.0)

    assert energy_balance(net) == power_flatness(net) == self_sufficiency(net, load) == 1
    idle = 0 * net
    assert energy_balance(idle) == power_flatness(idle) == self_sufficiency(idle, idle) == 1


def test_an_exchange_that_swings_about_nothing_is_not_flat():
    assert power_flatness(np.array([[5.0, -5.0]])) == 0
    assert power_flatness(np.array([[5.0, 5.0]])) == 1
    assert power_flatness(np.array([[-5.0, -5.0]])) == 1
    assert power_flatness(np.array([[8.0, 0.0, 0.0, 0.0]])) == 0.25


def test_what_is_tapped_is_measured_against_the_optimum():
    alone, optimum = np.array([[60.0, 40.0]] * 4), np.array([80.0, 80.0, 80.0, 100.0])
    shared = np.array([[50.0, 30.0], [60.0, 40.0], [70.0, 40.0], [60.0, 40.0]])

    assert value_tapping(alone, shared, optimum).tolist() == [1.0, 0.0, -0.5, 1.0]


def test_who_is_no_worse_off_takes_part():
    alone, dearer = np.array([[5.0, 5.0], [5.0, 5.0]]), np.array([[0.0, 1.0], [1.0, 1.0]])

    assert participation_willingness(alone, alone + dearer).tolist() == [0.5, 0.0]


def test_equality_is_of_savings_and_losses_count_as_none():
    alone = np.array([5.0, 5.0, 5.0, 5.0])

    assert equality(alone, alone) == 1
    assert equality(alone, alone - 1) == 1
    assert equality(alone, alone - [4.0, 0.0, 0.0, 0.0]) == 0.25
    assert equality(alone, alone - [4.0, -9.0, 0.0, 0.0]) == 0.25


@pytest.mark.parametrize("bills", [[], [float("nan"), 1.0]])
def test_equality_of_what_are_no_bills_is_refused(bills):
    with pytest.raises(ValueError, match="wanted one amount"):
        equality(np.array(bills), np.zeros(len(bills)))
