"""Batteries that follow their meters take no more than there is, and give none away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.prosumers.meter import following
from agents.prosumers.stores import batteries
from tests.agents.prosumers.days import TARIFF

seeds = st.integers(0, 2**32 - 1)


def some_days(seed, homes=6, windows=12):
    """Return batteries, some of nothing, and what their households take without them."""
    rng = np.random.default_rng(seed)
    kwh, kw = rng.choice([0.0, 2.0, 5.0, 13.5], homes), rng.choice([0.0, 1.0, 3.0], homes)
    net = rng.integers(-1500, 1500, (homes, windows))
    return batteries(kwh, kw, windows, start=rng.random()), kw, net


def levels_of(battery, taken):
    """Return the level of each battery at the end of each window, by what it takes."""
    rise, fall = battery.rise_wh[:, np.newaxis], battery.fall_wh[:, np.newaxis]
    steps = np.where(taken > 0, taken / rise, taken / fall)
    return battery.start[:, np.newaxis] + steps.cumsum(-1)


def by_hand(net, kwh, kw, efficiency, start):
    """Return what a battery gives and takes in a day that fills it again, window by window."""
    held, found = start * kwh, []
    for wh in net:
        if wh < 0:
            taken = min(-wh, kw / 2, (kwh - held) / efficiency)
            held += taken * efficiency
            found.append(taken)
        else:
            given = min(wh, kw / 2, held * efficiency)
            held -= given / efficiency
            found.append(-given)
    return found, held


@given(seed=seeds)
def test_its_power_and_its_capacity_are_kept(seed):
    battery, kw, net = some_days(seed)

    taken = following(battery, net)

    assert (np.abs(taken) <= 500 * kw[:, np.newaxis] + 1e-9).all()
    levels = levels_of(battery, taken)
    assert (levels >= -1e-9).all()
    assert (levels <= battery.high + 1e-9).all()


@given(seed=seeds)
def test_nothing_comes_from_the_grid_and_nothing_goes_to_it(seed):
    battery, _, net = some_days(seed)

    left = net + following(battery, net)

    assert (np.abs(left) <= np.abs(net) + 1e-9).all()
    assert (left * np.sign(net) >= -1e-9).all()


@given(seed=seeds)
def test_a_day_ends_where_it_began_so_that_only_losses_are_gone(seed):
    battery, _, net = some_days(seed)

    taken = following(battery, net)

    charged, given_back = np.maximum(taken, 0).sum(-1), np.maximum(-taken, 0).sum(-1)
    share = battery.fall_wh / battery.rise_wh
    np.testing.assert_allclose(given_back, charged * share, atol=1.0)
    np.testing.assert_allclose(levels_of(battery, taken)[:, -1], battery.start, atol=1e-6)


@given(seed=seeds)
def test_nobody_pays_more_than_with_a_battery_that_rests(seed):
    battery, _, net = some_days(seed)

    followed = TARIFF.bill(net + following(battery, net)).sum(-1)

    assert (followed <= TARIFF.bill(net).sum(-1) + 1e-3).all()


def test_where_a_day_fills_it_again_it_goes_as_a_loop_by_hand():
    """Half of what is charged is lost, and half again, so that all numbers are whole."""
    net = np.array([600, 700, -300, *[-1500] * 9, 2000])
    battery = batteries(np.array(4.0), np.array(2.0), len(net), efficiency=0.5)

    expected, held = by_hand(net, kwh=4000, kw=2000, efficiency=0.5, start=0.5)

    assert held == 2000, "the day fills it again by itself"
    assert {1000, -600, -400, 700, 0, -1000} < set(expected), "every limit is met"
    np.testing.assert_allclose(following(battery, net), expected, atol=1e-9)


def test_what_the_rest_of_the_day_does_not_bring_back_is_kept():
    battery = batteries(np.array(5.0), np.array(2.5), 3)

    assert following(battery, np.array([900, 900, 900])).tolist() == [0, 0, 0]
    assert following(battery, np.array([900, -500, 900])).tolist() == [-450, 500, 0]


def test_what_the_rest_of_the_day_does_not_need_is_left_to_the_grid():
    battery = batteries(np.array(5.0), np.array(2.5), 3)

    assert following(battery, np.array([-900, -900, -900])).tolist() == [0, 0, 0]
    assert following(battery, np.array([-900, 225, -900])).tolist() == [250, -225, 0]


def test_what_comes_first_is_taken_first():
    battery = batteries(np.array(5.0), np.array(2.5), 4)

    taken = following(battery, np.array([-500, -500, 450, 0]))
    assert taken.tolist() == [500, 0, -450, 0]
    taken = following(battery, np.array([450, 450, -500, 0]))
    assert taken.tolist() == [-450, 0, 500, 0]


@pytest.mark.parametrize(("kwh", "kw"), [(0.0, 3.0), (5.0, 0.0)])
def test_without_capacity_or_power_there_is_nothing(kwh, kw):
    nothing = batteries(np.array(kwh), np.array(kw), 2)

    assert (following(nothing, np.array([-900, 900])) == 0).all()
