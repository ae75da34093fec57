"""How sure a tournament is: bootstrap intervals over days and replicates."""

from typing import Final

import numpy as np
import pandas as pd

from market.types import Floats

DRAWS: Final = 1000
"""Samples with replacement."""

LEVEL: Final = 0.95
"""The share of samples within an interval."""


def with_intervals(standings: pd.DataFrame, payoffs: pd.DataFrame) -> pd.DataFrame:
    """Return standings with intervals of own net cost and of places.

    What varies by chance are the days and the replicates, the same for all strategies, so
    these are drawn together [1]_. From a single one of them nothing can be said: the
    intervals are then no numbers.

    Parameters
    ----------
    standings : DataFrame
        As `experiments.tournament.standings.standings_table` returns it.
    payoffs : DataFrame
        As `experiments.tournament.payoffs.payoffs_table` returns it.

    References
    ----------
    .. [1] B. Efron and R. J. Tibshirani, *An Introduction to the Bootstrap*, Chapman and
       Hall, 1993, ch. 13.
    """
    means = _means_by_unit(payoffs)
    table = standings.copy()
    ends = ["net_cost_low_gbp", "net_cost_high_gbp", "place_low", "place_high"]
    table[ends] = np.nan
    if means.shape[1] < 2:
        return table
    for _, rows in table.groupby(["mechanism", "seat"], sort=False):
        keys = list(zip(rows["mechanism"], rows["seat"], rows["strategy"], strict=True))
        sampled = _sampled(means.loc[keys].to_numpy())
        places = (sampled[:, None, :] > sampled[:, :, None] + 1e-9).sum(1) + 1
        tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        found = [*np.quantile(sampled, tails, axis=0), *np.quantile(places, tails, axis=0)]
        table.loc[rows.index, ends] = np.array(found).T
    return table


def _means_by_unit(payoffs: pd.DataFrame) -> pd.DataFrame:
    """Return mean own net cost, rows (mechanism, seat, strategy), columns (day, replicate)."""
    keys = ["mechanism", "seat", "strategy", "day", "replicate"]
    return (
        payoffs.groupby(keys, sort=False)["net_cost_gbp"].mean().unstack(["day", "replicate"])
    )


def _sampled(by_unit: Floats) -> Floats:
    """Return means of units drawn with replacement, shape (draw, strategy)."""
    units = by_unit.shape[1]
    rng = np.random.default_rng(0)
    weights = rng.multinomial(units, np.full(units, 1 / units), size=DRAWS) / units
    return weights @ by_unit.T
