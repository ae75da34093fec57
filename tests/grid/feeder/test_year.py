"""Profiles are read at shifted times, on the same day of the week."""

import numpy as np

from grid.feeder.year import read, read_year

HALF_HOURS = np.arange(366 * 48)


def day_of_week(half_hour):
    return half_hour // 48 % 7


def test_weeks_keep_the_day_of_the_week_also_at_the_ends_of_the_year():
    shift = 336 * np.arange(-26, 26)

    for first_day in (0, 7, 180, 365):
        times = read(HALF_HOURS[np.newaxis], 0 * shift, shift, first_day, 1)
        assert (day_of_week(times) == first_day % 7).all()
        assert len(np.unique(times[..., 0])) == 52


def test_without_a_shift_a_profile_is_read_as_it_is():
    year = read_year()

    read_back = read(year.suns, np.array([4]), np.array([0]), 100, 3)

    assert (read_back[:, 0].ravel() == year.suns[4, 4800 : 4800 + 144]).all()
