"""How sure equilibria of a table are whose payoffs were measured: the same of resampled tables.

Payoffs are drawn again, from their standard errors or covariance [1]_, or from replicates, by
the bootstrap [2]_; and in each table that comes of it the equilibria are sought anew. What was
an equilibrium *remains* one if there is still an equilibrium of the same strategies, with
shares not far from its own.

References
----------
.. [1] P. R. Jordan, Y. Vorobeychik, M. P. Wellman, "Searching for approximate equilibria in
   empirical games", AAMAS 2008.
.. [2] B. Wiedenbeck, B.-A. Cassell, M. P. Wellman, "Bootstrap statistics for empirical games",
   AAMAS 2014.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from market.games.heuristic import HeuristicTable
from market.games.heuristic_rest import RestPoint, rest_point, rest_points
from market.games.profiles import Mixture
from market.types import Floats

LEVELS: Final = (0.025, 0.5, 0.975)
"""The quantiles that are told."""


@dataclass(frozen=True)
class EquilibriumSureness:
    """In how many resampled tables an equilibrium remains one, and what changes."""

    mixture: Mixture

    remains: float
    """The share of tables with an equilibrium of the same strategies, nearby."""

    attracting: float
    """The share of tables where that equilibrium is attracting too."""

    epsilon: tuple[float, ...]
    """Quantiles of what the best strategy would earn more at the mixture as it was."""

    shares: tuple[tuple[float, ...], ...]
    """By strategy, quantiles of its share where the equilibrium remains; empty if nowhere."""

    tables: int


def drawn_tables(
    table: HeuristicTable,
    count: int,
    rng: np.random.Generator,
    covariance: Floats | None = None,
) -> tuple[HeuristicTable, ...]:
    """Return tables whose payoffs are drawn from normal distributions around those given.

    Parameters
    ----------
    table : HeuristicTable
        With standard errors, unless a covariance is given.
    count : int
        How many to draw.
    rng : numpy.random.Generator
        Draws them.
    covariance : ndarray of float, shape (payoff, payoff), optional
        Of the payoffs that are numbers, row by row; without it they vary apart.

    Raises
    ------
    ValueError
        If there are no errors, or the covariance is of another size.

    Examples
    --------
    >>> known = HeuristicTable(np.array([[2]]), np.array([[5.0]]), ("a",), np.array([[0.0]]))
    >>> [float(one.payoffs[0, 0]) for one in drawn_tables(known, 2, np.random.default_rng(0))]
    [5.0, 5.0]
    """
    played = table.counts > 0
    means = table.payoffs[played]
    if covariance is not None:
        if covariance.shape != (len(means), len(means)):
            raise ValueError(f"covariance is {covariance.shape}, wanted {len(means)} each way")
        drawn = rng.multivariate_normal(means, covariance, count)
    elif table.errors is not None:
        drawn = rng.normal(means, table.errors[played], (count, len(means)))
    else:
        raise ValueError("wanted standard errors in the table, or a covariance")
    cells = np.full((count, *played.shape), np.nan)
    cells[:, played] = drawn
    return tuple(replace(table, payoffs=one) for one in cells)


def bootstrapped_tables(
    table: HeuristicTable, replicates: Floats, count: int, rng: np.random.Generator
) -> tuple[HeuristicTable, ...]:
    """Return tables of the mean payoffs of replicates that are drawn with repetition.

    Parameters
    ----------
    table : HeuristicTable
        Whose payoffs are replaced.
    replicates : ndarray of float, shape (replicate, profile, strategy)
        The payoffs of each; whole replicates are drawn, so that what varies together stays so.
    count : int
        How many tables to return.
    rng : numpy.random.Generator
        Draws the replicates.

    Examples
    --------
    >>> known = HeuristicTable(np.array([[2]]), np.array([[5.0]]), ("a",))
    >>> both = np.array([[[4.0]], [[6.0]]])
    >>> some = bootstrapped_tables(known, both, 9, np.random.default_rng(0))
    >>> sorted({float(one.payoffs[0, 0]) for one in some})
    [4.0, 5.0, 6.0]
    """
    if replicates.shape[1:] != table.payoffs.shape or not len(replicates):
        raise ValueError(
            f"replicates have shape {replicates.shape}, wanted tables like this one"
        )
    picks = rng.integers(len(replicates), size=(count, len(replicates)))
    return tuple(replace(table, payoffs=replicates[own].mean(axis=0)) for own in picks)


def sureness(
    equilibria: Sequence[RestPoint],
    tables: Sequence[HeuristicTable],
    rng: np.random.Generator,
    radius: float = 0.1,
    starts: int = 16,
) -> tuple[EquilibriumSureness, ...]:
    """Return how many of the resampled tables keep each equilibrium.

    Parameters
    ----------
    equilibria : sequence of RestPoint
        Of the table as it was measured.
    tables : sequence of HeuristicTable
        From `drawn_tables` or `bootstrapped_tables`, one at least.
    rng : numpy.random.Generator
        Draws where Newton's method starts.
    radius : float
        By how much any share of an equilibrium that remains may have changed.
    starts : int
        Of Newton's method, for each face.

    Examples
    --------
    To keep pays a third more, which is measured to a hundredth:

    >>> from market.games.heuristic import tabulated
    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> rough = replace(pot, errors=np.where(pot.counts > 0, 0.01, np.nan))
    >>> rng = np.random.default_rng(0)
    >>> found = rest_points(rough, rng).equilibria
    >>> sureness(found, drawn_tables(rough, 20, rng), rng)[0].remains
    1.0
    """
    if not tables:
        raise ValueError("no tables, wanted one at least")
    anew = [rest_points(table, rng, starts).equilibria for table in tables]
    return tuple(_sureness(point, tables, anew, radius) for point in equilibria)


def _sureness(
    point: RestPoint,
    tables: Sequence[HeuristicTable],
    anew: Sequence[Sequence[RestPoint]],
    radius: float,
) -> EquilibriumSureness:
    """Return how sure one equilibrium is, given those of each table."""
    heirs = [_heir(point, found, radius) for found in anew]
    kept = [heir for heir in heirs if heir is not None]
    gains = [rest_point(table, point.mixture).epsilon for table in tables]
    return EquilibriumSureness(
        mixture=point.mixture,
        remains=len(kept) / len(tables),
        attracting=sum(heir.stability == "attracting" for heir in kept) / len(tables),
        epsilon=tuple(np.quantile(gains, LEVELS).tolist()),
        shares=_quantiles(kept),
        tables=len(tables),
    )


def _heir(point: RestPoint, found: Sequence[RestPoint], radius: float) -> RestPoint | None:
    """Return the nearest equilibrium of the same strategies, if it is near enough."""
    own = np.array(point.mixture)
    near = {}
    for other in found:
        shares = np.array(other.mixture)
        if ((shares > 0) == (own > 0)).all():
            near[float(np.abs(shares - own).max())] = other
    return near[min(near)] if near and min(near) <= radius else None


def _quantiles(kept: Sequence[RestPoint]) -> tuple[tuple[float, ...], ...]:
    """Return quantiles of the share of each strategy."""
    if not kept:
        return ()
    found = np.quantile([heir.mixture for heir in kept], LEVELS, axis=0)
    return tuple(map(tuple, found.T.tolist()))
