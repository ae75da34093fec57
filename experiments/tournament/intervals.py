"""How sure a tournament is: bootstrap intervals over days and replicates.

Days and replicates are drawn apart, each with replacement, and every day is held against every
replicate [1]_. Drawn as one, replicates of a strategy that leaves nothing to chance would pass
for as many days more; drawn apart, they teach nothing that is not so. What depends on chance
alone has intervals that are rather too wide than too narrow.

References
----------
.. [1] A. B. Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1(2), 2007.
"""

from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from market.types import Floats

DRAWS: Final = 1000
"""Samples with replacement."""

LEVEL: Final = 0.95
"""The share of samples within an interval."""

UNITS: Final = ["day", "replicate"]
"""What varies by chance."""


def with_intervals(standings: pd.DataFrame, payoffs: pd.DataFrame) -> pd.DataFrame:
    """Return standings with intervals of own net cost and of places.

    All strategies meet the same days and chances, so these are drawn together for all. From a
    single day and replicate nothing can be said: the intervals are then no numbers.

    Parameters
    ----------
    standings : DataFrame
        As `experiments.tournament.standings.standings_table` returns it.
    payoffs : DataFrame
        As `experiments.tournament.payoffs.payoffs_table` returns it.
    """
    means = means_by_unit(payoffs)
    table = standings.copy()
    columns = ["net_cost_low_gbp", "net_cost_high_gbp", "place_low", "place_high"]
    table[columns] = np.nan
    if means.shape[1] < 2:
        return table
    for _, rows in table.groupby(["mechanism", "seat"], sort=False):
        keys = list(zip(rows["mechanism"], rows["seat"], rows["strategy"], strict=True))
        sampled = sampled_means(as_units(means.loc[keys]))
        places = (sampled[:, np.newaxis] > sampled[np.newaxis] + 1e-9).sum(1) + 1
        table.loc[rows.index, columns] = np.array([*ends(sampled), *ends(places)]).T
    return table


def sampled_means(by_unit: Floats) -> Floats:
    """Return means over days and replicates drawn with replacement, shape (…, draw).

    All that is asked for is drawn alike: what differs between samples is not chance.

    Parameters
    ----------
    by_unit : ndarray of float, shape (…, day, replicate)
        In any unit.
    """
    weights = _weights(*by_unit.shape[-2:])
    return by_unit.reshape(*by_unit.shape[:-2], -1) @ weights.T


def ends(samples: Floats) -> Floats:
    """Return where the interval of samples begins and ends, shape (2, …).

    Parameters
    ----------
    samples : ndarray of float, shape (…, draw)
        As `sampled_means` returns them.
    """
    return np.quantile(samples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=-1)


def means_by_unit(payoffs: pd.DataFrame) -> pd.DataFrame:
    """Return mean own net cost, rows (mechanism, seat, strategy), columns (day, replicate)."""
    keys = ["mechanism", "seat", "strategy", *UNITS]
    means = payoffs.groupby(keys, sort=False)["net_cost_gbp"].mean().unstack(UNITS)
    return means.sort_index(axis=1)


def as_units(means: pd.DataFrame) -> Floats:
    """Return the table of `means_by_unit` as an array, shape (row, day, replicate)."""
    days, replicates = (means.columns.get_level_values(name).nunique() for name in UNITS)
    return means.to_numpy().reshape(-1, days, replicates)


@cache
def _weights(days: int, replicates: int) -> Floats:
    """Return what each day and replicate counts in each sample, shape (draw, day x replicate).

    >>> weights = _weights(3, 2)
    >>> weights.shape, float(weights.sum(1).round(9).min())
    ((1000, 6), 1.0)
    """
    rng = np.random.default_rng(0)
    by_day, by_replicate = (
        rng.multinomial(count, np.full(count, 1 / count), size=DRAWS) / count
        for count in (days, replicates)
    )
    return (by_day[:, :, np.newaxis] * by_replicate[:, np.newaxis]).reshape(DRAWS, -1)
