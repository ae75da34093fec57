"""Days differ in demand, sun, wind and clouds, and do not depend on their number."""

import numpy as np
import pytest

from grid.anglesey import anglesey, tables
from grid.days import (
    DAYS,
    DEMAND_PEAK_MW,
    SUN_SCALE,
    clear_sky,
    day_shares,
    recorded_demand_mw,
)

KINDS = ("demand", "wind", "pv", "hydro")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("days", [1, 2, 30, DAYS])
def test_day_0_is_the_papers_single_day(kind, days):
    np.testing.assert_array_equal(day_shares(days, 7)[kind][0], tables()["profiles"][kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_does_not_depend_on_how_many_are_asked_for(kind):
    np.testing.assert_array_equal(day_shares(9, 3)[kind], day_shares(DAYS, 3)[kind][:9])


@pytest.mark.parametrize("kind", ["wind", "pv"])
def test_the_seed_changes_the_weather_and_nothing_else(kind):
    one, again, other = (day_shares(5, seed) for seed in (1, 1, 2))

    np.testing.assert_array_equal(one[kind], again[kind])
    assert (one[kind][1:] != other[kind][1:]).any()
    np.testing.assert_array_equal(one["demand"], other["demand"])


def test_generation_stays_within_a_third_of_nameplate():
    for seed in range(10):
        shares = day_shares(DAYS, seed)
        for kind in ("wind", "pv", "hydro"):
            assert shares[kind].min() >= 0
            assert 3 * shares[kind].max() <= 1


def test_the_mean_wind_over_many_seeds_is_day_0s():
    mean = np.mean(
        [day_shares(DAYS, seed)["wind"][1:].mean(axis=0) for seed in range(40)], axis=0
    )

    np.testing.assert_allclose(mean, tables()["profiles"]["wind"], atol=0.01)


def test_the_mean_share_that_clouds_let_through_is_three_quarters():
    sun = np.minimum(clear_sky(np.arange(1, DAYS)) * SUN_SCALE, 1 / 3)

    through = [day_shares(DAYS, seed)["pv"][1:].sum() / sun.sum() for seed in range(40)]

    assert np.mean(through) == pytest.approx(0.75, abs=0.01)


def test_neighbouring_half_hours_are_alike_and_distant_ones_are_not():
    mean = tables()["profiles"]["wind"]
    wind = np.concatenate([(day_shares(DAYS, k)["wind"][1:] - mean).ravel() for k in range(5)])

    near, far = ((wind[k:] * wind[:-k]).mean() / wind.var() for k in (1, 48 * 6))

    assert near > 0.9
    assert abs(far) < 0.2


def test_demand_is_the_recorded_one_and_the_mean_weekday_gives_day_0():
    recorded = recorded_demand_mw()
    weekdays = recorded[np.arange(DAYS) % 7 < 5].mean(axis=0)

    assert recorded.shape == (84, 48)
    np.testing.assert_array_equal(recorded[0, :3], [22262, 21756, 22247])
    assert weekdays.max() == pytest.approx(DEMAND_PEAK_MW, abs=0.1)
    np.testing.assert_allclose(
        weekdays / weekdays.max(), tables()["profiles"]["demand"], atol=5.1e-5
    )


def test_day_0s_sun_is_the_clear_sky_of_mid_july():
    july_15 = clear_sky(np.array([40]))[0] * SUN_SCALE

    np.testing.assert_allclose(july_15, tables()["profiles"]["pv"], atol=1e-3)


def test_every_day_of_a_long_run_is_another_day():
    demand = anglesey(days=DAYS).networks[0].demand[:, :, 0]

    assert len(np.unique(demand, axis=0)) == DAYS
