"""Numbers of communities with bootstrap intervals over days and communities.

All ways to run a community meet the same days, so samples are drawn together for all, and a
ratio or difference is one of pairs. Days and communities are drawn apart, as days and
replicates of tournaments are (`experiments.tournament.intervals`): communities share the
weather of a day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd

from experiments.tournament.intervals import ends, sampled_means
from market.types import Floats


@dataclass(frozen=True)
class Estimate:
    """A number, and the ends of its interval; these are not known of one community-day."""

    value: float
    low: float
    high: float

    def words(self, places: int = 2, unit: str = "") -> str:
        """Return it as a text.

        >>> Estimate(0.981, 0.95, 1.01).words(), Estimate(3.0, np.nan, np.nan).words(0, " %")
        ('0.98 (0.95 to 1.01)', '3 %')
        """
        if not isfinite(self.value):
            return "not known"
        said = f"{number(self.value, places)}{unit}"
        if not isfinite(self.low + self.high):
            return said
        return f"{said} ({number(self.low, places)} to {number(self.high, places)})"

    def percent(self) -> str:
        """Return it as a percentage.

        >>> Estimate(0.1234, -0.0001, 0.15).percent()
        '12.3 % (0.0 to 15.0)'
        """
        return Estimate(100 * self.value, 100 * self.low, 100 * self.high).words(1, " %")


def number(value: float, places: int) -> str:
    """Return a number with so many decimal places, and no minus before nothing.

    >>> number(-0.001, 2), number(1234.5, 1)
    ('0.00', '1,234.5')
    """
    return f"{round(value, places) + 0.0:,.{places}f}"


def estimate(of_means: Callable[..., Floats], *by_unit: Floats) -> Estimate:
    """Return a function of means, with its interval.

    Parameters
    ----------
    of_means : callable
        From the mean of each array to the number.
    *by_unit : ndarray of float, shape (day, community)
        Drawn together.

    Examples
    --------
    What doubles in every sample has no width:

    >>> once = np.array([[1.0], [2.0], [4.0]])
    >>> estimate(lambda a, b: a / b, 2 * once, once)
    Estimate(value=2.0, low=2.0, high=2.0)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(of_means(*(units.mean() for units in by_unit)))
        if by_unit[0].size < 2:
            return Estimate(value, np.nan, np.nan)
        low, high = ends(of_means(*map(sampled_means, by_unit)))
    return Estimate(value, float(low), float(high))


def mean(units: Floats) -> Estimate:
    """Return a mean."""
    return estimate(lambda found: found, units)


def reduction(way: Floats, alone: Floats) -> Estimate:
    """Return by which share a way has less than alone."""
    return estimate(lambda a, b: 1 - a / b, way, alone)


def position(way: Floats, alone: Floats, best: Floats) -> Estimate:
    """Return where a way stands between alone, 0, and a best, 1."""
    return estimate(lambda a, b, c: (b - a) / (b - c), way, alone, best)


class Units:
    """The days of communities by how these are run.

    Parameters
    ----------
    days : DataFrame
        As `experiments.community.simulate.CommunityRun` has them.
    """

    def __init__(self, days: pd.DataFrame) -> None:
        self._days = days

    def of(self, rule: str, neighbours: str, column: str) -> Floats:
        """Return a column of one way, shape (day, community)."""
        days = self._days
        rows = days[(days["rule"] == rule) & (days["neighbours"] == neighbours)]
        found = rows.pivot(index="day", columns="community", values=column)
        return found.to_numpy(dtype=float)

    def baseline(self, name: str, column: str) -> Floats:
        """Return a column of a baseline, the same shape."""
        return self.of("", name, column)
