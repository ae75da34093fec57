"""Stores deviate from what devices would do, and never take what is not theirs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.prosumers.stores import batteries, cars, heat_pumps, together
from tests.agents.prosumers.days import every_plan

seeds = st.integers(0, 2**32 - 1)


def test_a_round_trip_loses_what_its_efficiency_says():
    battery = batteries(np.array(5.0), np.array(2.5), 48, efficiency=0.9)

    assert battery.fall_wh / battery.rise_wh == pytest.approx(0.81, abs=0.01)


def test_a_battery_keeps_its_power_and_its_capacity():
    battery = batteries(np.array(5.0), np.array(2.5), 48, start=0.4)
    full = int(battery.high[0]) * battery.rise_wh * 0.95

    assert battery.most_up[0] * battery.rise_wh <= 1250
    assert battery.most_down[0] * battery.fall_wh <= 1250
    assert 4750 <= full <= 5000
    assert battery.start == pytest.approx(0.4 * battery.high[0], abs=0.5)


def test_a_battery_ends_no_lower_than_it_began():
    battery = batteries(np.array([2.0]), np.array([2.0]), 2, levels=4)

    assert not battery.allows(np.array([[0, -1]])).any()
    assert battery.allows(np.array([[-1, 1]])).all()


@pytest.mark.parametrize(("kwh", "kw"), [(0.0, 3.0), (5.0, 0.0), (0.0, 0.0)])
def test_no_battery_without_capacity_or_power(kwh, kw):
    battery = batteries(np.array([kwh, 5.0]), np.array([kw, 2.5]), 48)

    assert battery.movable.tolist() == [False, True]


def car_days(rng, windows=6):
    """Return what cars charge at once after they come home, where they are, at 2 kW."""
    home = rng.random((8, windows)) < 0.7
    arrives = home & ~np.pad(home, ((0, 0), (1, 0)))[:, :-1]
    wanted, car = np.zeros(8), np.zeros((8, windows))
    for window in range(windows):
        wanted = np.where(arrives[:, window], rng.integers(0, 3000, 8), wanted)
        car[:, window] = np.minimum(wanted, 1000) * home[:, window]
        wanted = wanted - car[:, window]
    return car.astype(np.int64), home


@given(seed=seeds)
def test_a_car_has_what_it_needs_whenever_it_leaves(seed):
    car, home = car_days(np.random.default_rng(seed))
    stores = cars(car, home, np.full(8, 2.0), levels=4)

    for each in range(8):
        plans = every_plan(stores[each])
        charged = car[each] + stores.rise_wh[each] * plans
        leaves = ~home[each] | ~np.append(home[each, 1:], False)
        behind = (charged - car[each]).cumsum(1)
        assert ((charged >= 0) & (charged <= 1000)).all()
        assert (charged[:, ~home[each]] == car[each, ~home[each]]).all()
        assert (behind[:, leaves] == 0).all()


def test_a_car_may_charge_earlier_in_the_same_stay_but_not_before_it():
    home = np.array([[True, False, True, True, True]])
    car = cars(np.array([[0, 0, 0, 0, 1000]]), home, np.array([2.0]), levels=2)

    assert car.high.tolist() == [[0, 0, 1, 1, 0]]
    assert car.allows(np.array([[0, 0, 1, 0, -1]])).all()
    assert not car.allows(np.array([[1, 0, 0, 0, -1]])).any()


def test_what_a_car_charges_elsewhere_stays_as_it_is():
    car = cars(np.array([[1000, 0]]), np.array([[False, True]]), np.array([2.0]))

    assert not car.movable.any()


def test_a_heat_pump_leads_or_lags_by_its_band_and_makes_up_for_it():
    pump = heat_pumps(np.array([[500, 500, 500]]), np.array([2.0]), np.array([0.5]), levels=4)

    assert pump.allows(np.array([[-1, 1, 0]])).all()
    assert pump.allows(np.array([[1, -1, 0]])).all()
    assert not pump.allows(np.array([[-1, -1, 0]])).any()
    assert not pump.allows(np.array([[0, 0, -1]])).any()


def test_no_heat_pump_without_power():
    pump = heat_pumps(np.array([[0, 0]]), np.array([0.0]), np.array([1.0]))

    assert not pump.movable.any()


def test_a_heat_pump_above_its_rating_may_only_draw_less():
    pump = heat_pumps(np.array([[900, 900]]), np.array([1.0]), np.array([1.0]))

    assert pump.most_up.max() == 0
    assert pump.most_down.min() > 0


def test_slots_are_the_last_of_the_leading_axes():
    battery = batteries(np.full((2, 3), 5.0), np.full((2, 3), 2.5), 4)
    slots = together(battery, battery)

    assert slots.rise_wh.shape == slots.start.shape == (2, 3, 2)
    assert slots.low.shape == slots.most_up.shape == (2, 3, 2, 4)


def test_energy_is_rises_and_falls_at_their_own_rates():
    battery = batteries(np.array([5.0]), np.array([2.5]), 3)

    assert battery.energy_wh(np.array([[2, -2, 0]])).tolist() == [[500, -450, 0]]
