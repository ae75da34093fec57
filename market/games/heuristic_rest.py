r"""Rest points of the replicator dynamics of like players, and which of them are equilibria.

A share grows by as much as its strategy earns more than the average [1]_. The dynamics rest
where all strategies that are played earn the same: at every pure mixture, and at mixtures on
each face of the simplex. A symmetric Nash equilibrium is a rest point at which no other
strategy earns more.

On a face of two strategies, all are found: what one earns more than the other is a polynomial
in Bernstein's form, whose coefficients are the gains from switching, and it has no more roots
than these change sign [2]_. On larger faces Newton's method looks for them from many starts;
with two players the equations are linear, and one start is enough.

References
----------
.. [1] P. D. Taylor, L. B. Jonker, "Evolutionarily stable strategies and game dynamics",
   Mathematical Biosciences 40, 1978.
.. [2] J. Peña, L. Lehmann, G. Nöldeke, "Gains from switching and evolutionary stability in
   multi-player matrix games", Journal of Theoretical Biology 346, 2014.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from market.games.ess import is_stable
from market.games.heuristic import (
    HeuristicTable,
    covered,
    expected_payoffs,
    payoff_slopes,
)
from market.games.heuristic_roots import inner_roots, tangents
from market.games.profiles import Mixture, pure_mixture
from market.games.solution import distinct
from market.types import Floats

EPSILON: Final = 1e-8
"""A gain up to this share of the range of payoffs is none, and a slope is level."""


@dataclass(frozen=True)
class RestPoint:
    """A mixture at which the dynamics rest, and what speaks against it."""

    mixture: Mixture

    payoff: float
    """What players earn on average."""

    epsilon: float
    """What the best strategy earns more, of those whose payoff is known."""

    equilibrium: bool
    """Whether that is nothing, of all strategies: a symmetric Nash equilibrium."""

    eigenvalues: tuple[complex, ...]
    """Of the field's slopes within the simplex, per range of payoffs, by real part, the
    greatest first; none where payoffs beside the mixture are unknown."""

    evolutionarily_stable: bool
    """Whether no small share of any mutants does as well, by the field's slopes: a payoff
    curved so that only higher orders decide counts as not stable."""

    isolated: bool
    """Whether the slopes show it to be alone on its face; else others may lie beside it."""

    covered: float
    """How probably the table knows what a strategy earns here, for the least known one."""

    @property
    def stability(self) -> str:
        """What happens nearby: attracting, repelling, saddle, neutral or unknown.

        Where it is neutral, slopes do not decide.
        """
        real = [value.real for value in self.eigenvalues]
        if not real:
            return "unknown" if len(self.mixture) > 1 else "attracting"
        if max(real) < -EPSILON:
            return "attracting"
        if min(real) > EPSILON:
            return "repelling"
        return "saddle" if max(real) > EPSILON else "neutral"


@dataclass(frozen=True)
class RestPoints:
    """The rest points of a table, and what may be missing."""

    points: tuple[RestPoint, ...]
    """By the number of strategies that are played."""

    complete: bool
    """Whether these are known to be all, but for those beside a point that is not isolated."""

    method: str = "roots of Bernstein polynomials, and Newton's method from many starts"

    @property
    def equilibria(self) -> tuple[RestPoint, ...]:
        """The symmetric Nash equilibria."""
        return tuple(point for point in self.points if point.equilibrium)


def replicator_field(table: HeuristicTable, mixtures: Floats) -> Floats:
    """Return how fast shares grow.

    Parameters
    ----------
    table : HeuristicTable
    mixtures : ndarray of float, shape (…, strategy)
        Shares, each row adding up to 1.

    Returns
    -------
    ndarray of float, shape (…, strategy)
        Per unit of time and of the payoffs, adding up to 0; NaN where the table knows too
        little of a strategy that is played.

    Examples
    --------
    >>> from market.games.heuristic import tabulated
    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> replicator_field(pot, np.array([0.5, 0.5])).round(4).tolist()
    [-0.0833, 0.0833]
    """
    shares = np.asarray(mixtures, dtype=float)
    values = np.where(shares > 0, expected_payoffs(table, shares), 0.0)
    return shares * (values - (shares * values).sum(axis=-1, keepdims=True))


def rest_points(
    table: HeuristicTable,
    rng: np.random.Generator,
    starts: int = 64,
    most_played: int | None = None,
) -> RestPoints:
    """Return the rest points of the replicator dynamics, each judged.

    Parameters
    ----------
    table : HeuristicTable
    rng : numpy.random.Generator
        Draws where Newton's method starts.
    starts : int
        On each face of more than two strategies.
    most_played : int, optional
        The most strategies in one mixture; all unless given. There are as many faces as sets
        of strategies.

    Examples
    --------
    Hawks win 2 from doves, and lose 1 among themselves; half of each is stable:

    >>> from market.games.heuristic_game import from_normal_form
    >>> own = np.array([[-1.0, 2.0], [0.0, 1.0]])
    >>> hawks = from_normal_form(np.stack([own, own.T]), ("hawk", "dove"))
    >>> found = rest_points(hawks, np.random.default_rng(0))
    >>> [(point.mixture, point.stability) for point in found.points]
    [((1.0, 0.0), 'repelling'), ((0.0, 1.0), 'repelling'), ((0.5, 0.5), 'attracting')]
    >>> found.equilibria[0].evolutionarily_stable, found.complete
    (True, True)
    """
    count = len(table.strategies)
    most = count if most_played is None else most_played
    points = [
        rest_point(table, mixture)
        for size in range(1, min(most, count) + 1)
        for played in combinations(range(count), size)
        for mixture in _on_face(table, played, rng, starts)
    ]
    kept = tuple(point for point in points if np.isfinite(point.epsilon))
    sure = table.complete and (min(count, table.players) <= 2) and most >= count
    return RestPoints(kept, sure)


def rest_point(table: HeuristicTable, mixture: Mixture) -> RestPoint:
    """Return what speaks against a mixture at which the dynamics rest.

    Parameters
    ----------
    table : HeuristicTable
    mixture : tuple of float
        A share for each strategy; those that are played earn the same.

    Examples
    --------
    >>> from market.games.heuristic import tabulated
    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> given, kept = rest_point(pot, (1.0, 0.0)), rest_point(pot, (0.0, 1.0))
    >>> round(given.epsilon, 6), given.stability, kept.epsilon, kept.stability
    (0.333333, 'repelling', 0.0, 'attracting')
    """
    shares = np.asarray(mixture, dtype=float)
    values, slopes = expected_payoffs(table, shares), payoff_slopes(table, shares)
    played = shares > 0
    average = float(shares[played] @ values[played])
    above = values[np.isfinite(values)] - average
    epsilon = float(above.max(initial=0.0)) if np.isfinite(average) else np.nan
    limit = EPSILON * table.span
    known = bool(np.isfinite(values).all() and np.isfinite(slopes).all())
    equilibrium = bool(np.isfinite(values).all() and epsilon <= limit)
    return RestPoint(
        mixture=tuple(shares.tolist()),
        payoff=average,
        epsilon=epsilon,
        equilibrium=equilibrium,
        eigenvalues=_eigenvalues(shares, values, slopes, table.span) if known else (),
        evolutionarily_stable=equilibrium and known and _unbeaten(shares, values, slopes),
        isolated=known and _alone(shares, slopes, table.span),
        covered=float(covered(table, shares).min()),
    )


def _on_face(
    table: HeuristicTable, played: tuple[int, ...], rng: np.random.Generator, starts: int
) -> Iterator[Mixture]:
    """Yield rest points at which just these strategies are played.

    Of those that are not isolated, only one.
    """
    count = len(table.strategies)
    if len(played) == 1:
        yield pure_mixture(played[0], count)
        return
    if not (table.counts[:, list(played)].sum(axis=1) == table.players).any():
        return
    roots = inner_roots(table.face(played), rng, starts, table.span)
    crowded = False
    for (root,) in distinct((root,) for root in roots):
        shares = np.zeros(count)
        shares[list(played)] = root
        alone = _alone(shares, payoff_slopes(table, shares), table.span)
        if alone or not crowded:
            yield tuple(shares.tolist())
        crowded |= not alone


def _eigenvalues(
    shares: Floats, values: Floats, slopes: Floats, span: float
) -> tuple[complex, ...]:
    """Return the eigenvalues of the field's slopes in directions along the simplex."""
    mean = values + shares @ slopes
    own = np.diag(values - shares @ values) + shares[:, None] * (slopes - mean)
    along = tangents(len(shares))
    found = np.linalg.eigvals(along.T @ (own / span) @ along).tolist()
    return tuple(sorted(map(complex, found), key=lambda v: (-v.real, -v.imag)))


def _unbeaten(shares: Floats, values: Floats, slopes: Floats) -> bool:
    """Return whether a mixture is stable among two players with like payoffs and slopes."""
    own = values[:, None] + slopes - (slopes @ shares)[:, None]
    return is_stable(own, tuple(shares.tolist()))


def _alone(shares: Floats, slopes: Floats, span: float) -> bool:
    """Return whether differences of payoffs change in every direction along the face."""
    played = np.flatnonzero(shares)
    along = tangents(len(played))
    steps = along.T @ slopes[np.ix_(played, played)] @ along
    return bool((np.linalg.svd(steps, compute_uv=False) > EPSILON * span).all())
