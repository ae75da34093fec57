"""Households are as many as asked for, consistent, and the same for the same arguments."""

from dataclasses import fields

import numpy as np
import pandapower
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid.errors import DaysRefused, HouseholdsRefused
from grid.feeder.extract import FEEDER, PROFILES
from grid.feeder.households import Shares, households, places

ENERGIES = ("demand_wh", "generation_wh", "car_wh", "heat_wh", "reactive_varh")


@pytest.fixture(scope="module")
def many():
    return households(500, days=14)


@given(st.integers(3, 10_000), st.integers(1, 200))
def test_households_are_spread_evenly(count, per_feeder):
    taken = places(count, per_feeder)
    sizes = taken.sum(axis=1)

    assert sizes.sum() == count
    assert len(sizes) == -(-count // per_feeder)
    assert sizes.max() <= per_feeder
    assert sizes.max() - sizes.min() <= 1


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 150), st.integers(1, 60), st.integers(7, 364), st.integers(0, 99))
def test_every_household_is_within_its_limits(count, per_feeder, first_day, seed):
    some = households(count, per_feeder=per_feeder, first_day=first_day, days=2, seed=seed)
    shape = (2, *some.present.shape, 48)

    for name in ENERGIES:
        energy = getattr(some, name)
        assert energy.shape == shape
        assert energy.dtype == np.int64
        assert (energy[:, ~some.present] == 0).all()
        assert name == "reactive_varh" or (energy >= 0).all()
    assert (some.car_wh <= some.car_kw[..., np.newaxis] * 500 + 0.5).all()
    assert (some.heat_wh <= some.heat_kw[..., np.newaxis] * 500 + 0.5).all()
    assert (some.generation_wh <= some.sun_kwp[..., np.newaxis] * 500).all()
    assert ((some.car_wh > 0) <= some.car_home).all()
    assert some.count == count


def test_reactive_power_is_simbenchs_at_the_power_factor_of_its_loads():
    """A household's time is found by its demand; what SimBench says of that time is its own."""
    loads = pandapower.from_json(str(FEEDER)).load
    ratio = loads["q_mvar"].sum() / loads["p_mw"].sum()
    year, some = pd.read_parquet(PROFILES), households(12, days=1, first_day=100)

    assert ratio == pytest.approx(np.tan(np.arccos(0.93)), rel=1e-3)
    for place in np.argwhere(some.present):
        community, home = place.tolist()
        name = some.profile["home"][community][home]
        active, reactive = (year[f"{name}_{kind}load"].to_numpy(float) for kind in "pq")
        rating_wh = 1000 * some.annual_kwh[community, home] / active.sum()
        drawn, also = (
            days[0, community, home] for days in (some.demand_wh, some.reactive_varh)
        )

        days = np.lib.stride_tricks.sliding_window_view(active, 48)
        (start,) = np.flatnonzero((np.abs(days * rating_wh - drawn) <= 0.51).all(1))
        expected = reactive[start : start + 48] * rating_wh * ratio
        np.testing.assert_allclose(also, expected, atol=1.0)


def test_the_same_arguments_give_the_same_households(many):
    again = households(500, days=14)

    for each in fields(many):
        one, other = getattr(many, each.name), getattr(again, each.name)
        assert np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


def test_another_seed_gives_others(many):
    assert (households(500, days=14, seed=1).annual_kwh != many.annual_kwh).any()


def test_other_shares_leave_the_rest_as_it_is(many):
    more = households(500, days=14, shares=Shares(pv=0.9, car=0.0))

    assert (more.demand_wh == many.demand_wh).all()
    assert (more.heat_wh == many.heat_wh).all()
    assert ((more.sun_kwp > 0) >= (many.sun_kwp > 0)).all()
    assert not more.car_wh.any()
    assert not more.car_home.any()


def test_more_days_leave_the_first_as_they_are(many):
    first = households(500, days=3)

    assert (first.demand_wh == many.demand_wh[:3]).all()
    assert (first.car_home == many.car_home[:3]).all()
    assert (first.forecast_demand_wh == many.forecast_demand_wh[:3]).all()


def test_shares_are_about_what_was_asked_for(many):
    for rating, share in (
        ("sun_kwp", 0.5),
        ("battery_kwh", 0.3),
        ("car_kw", 0.3),
        ("heat_kw", 0.2),
    ):
        assert (getattr(many, rating) > 0).sum() / many.count == pytest.approx(share, abs=0.07)


def test_annual_demand_has_the_quartiles_of_ofgem():
    annual = households(10_000).annual_kwh
    quartiles = np.quantile(annual[annual > 0], (0.25, 0.5, 0.75))

    np.testing.assert_allclose(quartiles, (1800, 2700, 4100), rtol=0.05)


def test_a_years_demand_comes_to_the_annual_demand():
    whole = households(3, first_day=7, days=359)
    year = whole.demand_wh.sum(axis=(0, 3)) / 1000

    np.testing.assert_allclose(year * 366 / 359, whole.annual_kwh, rtol=0.03)


def test_forecasts_know_the_past_alone(many):
    later = households(500, first_day=80, days=7)

    expected = np.rint(many.demand_wh[:7].mean(axis=0))
    assert (later.forecast_demand_wh[0] == expected).all()
    assert (later.forecast_generation_wh == many.generation_wh[6:13]).all()


def test_what_is_drawn_if_nobody_steers(many):
    drawn = many.demand_wh + many.car_wh + many.heat_wh - many.generation_wh

    assert (many.uncontrolled_wh == drawn).all()


def test_names_of_profiles_are_kept(many):
    assert set(sum(many.profile["home"], ())) == {"", "H0-A", "H0-B", "H0-C", "H0-G", "H0-L"}
    assert (many.car_kw[0, 0] > 0) == bool(many.profile["car"][0][0])
    assert bool(many.profile["home"][-1][-1]) == many.present[-1, -1]


def test_cars_charge_at_night_and_may_wait(many):
    owners = many.car_kw > 0
    home = many.car_home[:, owners].mean(axis=(0, 1))

    assert home[:8].min() == 1.0
    assert home[24] < 0.7


def test_neighbours_are_not_alike(many):
    week = many.demand_wh[:7, 0].transpose(1, 0, 2).reshape(many.demand_wh.shape[2], -1)
    alike = np.corrcoef(week[many.present[0]])

    assert np.median(alike[np.triu_indices(len(alike), 1)]) < 0.4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 2}, "2 households: wanted 3 to 10000"),
        ({"count": 10_001}, "10001 households: wanted 3 to 10000"),
        (
            {"count": 9, "per_feeder": 0},
            "0 households and 13 points a feeder: wanted 1 or more",
        ),
        ({"count": 9, "points": 0}, "39 households and 0 points a feeder: wanted 1 or more"),
    ],
)
def test_numbers_out_of_range_are_refused(arguments, message):
    with pytest.raises(HouseholdsRefused, match=message):
        households(**arguments)


@pytest.mark.parametrize(
    ("first_day", "days", "message"),
    [
        (6, 1, r"days 6 to 6 \(1\) asked for, wanted 1 or more within 7 to 365"),
        (360, 7, r"days 360 to 366 \(7\) asked for, wanted 1 or more within 7 to 365"),
        (100, 0, "asked for, wanted 1 or more"),
    ],
)
def test_days_that_profiles_do_not_hold_are_refused(first_day, days, message):
    with pytest.raises(DaysRefused, match=message):
        households(5, first_day=first_day, days=days)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(HouseholdsRefused, match=f"share heat {share}: wanted 0 to 1"):
        Shares(heat=share)
