"""A year of profiles by half-hours, read at shifted times.

Many households share few profiles, so each reads its own at other times: some whole
weeks earlier or later, which keeps the day of the week and nearly the season, and up
to a half-hour or so within the day. What is due to the weather, heat and sun, keeps
its date, since all are under one sky.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from grid.case import Floats, Ints
from grid.feeder.extract import CARS, HEATS, HOMES, PROFILES, SUNS

WINDOWS = 48
DAYS = 366
WEEK = 7 * WINDOWS
YEAR = 52 * WEEK
"""Length of the circle in which times are shifted, so that weekdays stay."""


@dataclass(frozen=True, eq=False)
class Year:
    """Profiles of 2016 in per unit, shape (profile, half-hour), float32."""

    homes: NDArray[np.float32]
    homes_reactive: NDArray[np.float32]
    cars: NDArray[np.float32]
    heats: NDArray[np.float32]
    suns: NDArray[np.float32]


@cache
def read_year() -> Year:
    """Return the profiles that SimBench gives (`grid/data/README.md`)."""
    import pandas as pd

    table = pd.read_parquet(PROFILES)

    def rows(names: tuple[str, ...], suffix: str = "_pload") -> NDArray[np.float32]:
        return np.ascontiguousarray(table[[name + suffix for name in names]].to_numpy().T)

    return Year(
        homes=rows(HOMES),
        homes_reactive=rows(HOMES, "_qload"),
        cars=rows(CARS),
        heats=rows(HEATS),
        suns=rows(SUNS, ""),
    )


def read(
    profiles: NDArray[np.float32], kind: Ints, shift: Ints, first_day: int, days: int
) -> Floats:
    """Return each household's profile over some days, shifted in time.

    Parameters
    ----------
    profiles : ndarray of float32, shape (profile, half-hour)
        Of the whole year.
    kind : ndarray of int, shape (…)
        Row of `profiles` of each household.
    shift : ndarray of int, shape (…)
        By how many half-hours it reads ahead. Beyond the ends of the year it reads
        52 weeks away.
    first_day, days : int
        Which days.

    Returns
    -------
    ndarray of float, shape (day, …, window)
        In per unit.

    Examples
    --------
    >>> year = np.arange(366 * 48)[np.newaxis]
    >>> read(year, np.array([0, 0]), np.array([0, 2]), first_day=1, days=1)[0, :, :3]
    array([[48., 49., 50.],
           [50., 51., 52.]])
    """
    start = WINDOWS * np.arange(first_day, first_day + days)
    time = np.add.outer(np.add.outer(start, shift), np.arange(WINDOWS))
    time = np.where(time < 0, time + YEAR, time)
    time = np.where(time >= DAYS * WINDOWS, time - YEAR, time)
    return profiles[kind[..., np.newaxis], time].astype(float)
