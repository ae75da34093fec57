"""Evolutionarily stable strategies of symmetric games of two players.

A strategy is evolutionarily stable if it does better than any rare mutant against the mixture
of both: it is a best response to itself, and against any other best response it does better
than that does against itself. A candidate is judged by the form that a mutant's gain takes
among the best responses: negative definite in directions inside the support, and strictly
copositive where weights of other best responses may only grow [1]_. No two have the same
support, nor one inside the set of best responses to another [2]_.

References
----------
.. [1] J. Haigh, "Game theory and evolution", Advances in Applied Probability 7, 1975;
   A. Abakuks, "Conditions for evolutionarily stable strategies", Journal of Applied
   Probability 17, 1980.
.. [2] D. T. Bishop, C. Cannings, "Models of animal conflict", Advances in Applied Probability
   8, 1976.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from market.games.profiles import Mixture
from market.games.scaling import rescaled
from market.games.time_limit import deadline
from market.types import Floats

TIE: Final = 1e-9
"""Gains up to this are none, where payoffs are between 0 and 1."""


@dataclass(frozen=True)
class StableStrategies:
    """The evolutionarily stable strategies of a symmetric game."""

    strategies: tuple[Mixture, ...]
    """By the size of their support; there may be none."""

    complete: bool
    """Whether all supports were looked at."""

    time_up: bool
    """Whether the time limit was hit."""

    method: str = "support enumeration (Haigh 1975)"


def stable_strategies(own: Floats, time_limit: float | None = None) -> StableStrategies:
    """Return the pure and the mixed evolutionarily stable strategies.

    Parameters
    ----------
    own : ndarray of float, shape (action, action of the other)
        What a player earns; the other earns the transpose.
    time_limit : float, optional
        Seconds; none unless given. There are as many supports as sets of actions.

    Examples
    --------
    Hawks win 2 from doves, and lose 1 among themselves; half of each is stable:

    >>> found = stable_strategies(np.array([[-1.0, 2.0], [0.0, 1.0]]))
    >>> np.round(found.strategies, 9).tolist()
    [[0.5, 0.5]]
    """
    if own.ndim != 2 or own.shape[0] != own.shape[1] or not np.isfinite(own).all():
        raise ValueError(
            f"payoffs have shape {own.shape}, wanted numbers, as many rows as columns"
        )
    until, scaled = deadline(time_limit), rescaled(own[None])[0]
    found: list[Floats] = []
    for support in _supports(len(own)):
        if until.passed:
            break
        mixture = _stable(scaled, support)
        if mixture is not None:
            found.append(mixture)
    return StableStrategies(
        tuple(tuple(mixture.tolist()) for mixture in found),
        complete=not until.passed,
        time_up=until.passed,
    )


def is_stable(own: Floats, mixture: Mixture) -> bool:
    """Return whether a mixture is evolutionarily stable.

    Parameters
    ----------
    own : ndarray of float, shape (action, action of the other)
        What a player earns.
    mixture : tuple of float
        A probability for each action.

    Examples
    --------
    Rock, paper and scissors by turns are no match for a mutant unless a tie costs:

    >>> beats = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    >>> is_stable(beats, (1 / 3, 1 / 3, 1 / 3))
    False
    >>> is_stable(beats - 0.1 * np.eye(3), (1 / 3, 1 / 3, 1 / 3))
    True
    """
    return _judged(rescaled(own[None])[0], np.asarray(mixture, dtype=float))


def _supports(count: int) -> Iterator[tuple[int, ...]]:
    """Yield the sets of actions, small ones first."""
    for size in range(1, count + 1):
        yield from combinations(range(count), size)


def _stable(own: Floats, support: tuple[int, ...]) -> Floats | None:
    """Return the stable strategy that plays a set of actions, if there is one.

    Where no solution of the indifference is unique there is none: the form is not definite.
    """
    size = len(support)
    system = np.ones((size + 1, size + 1))
    system[:size, :size] = own[np.ix_(support, support)]
    system[:size, size] = -1
    system[size, size] = 0
    if np.linalg.matrix_rank(system) <= size:
        return None
    inside = np.linalg.solve(system, np.eye(size + 1)[size])[:size]
    if inside.min() <= TIE:
        return None
    mixture = np.zeros(len(own))
    mixture[list(support)] = inside / inside.sum()
    return mixture if _judged(own, mixture) else None


def _judged(own: Floats, mixture: Floats) -> bool:
    """Return whether a mixture is stable, of payoffs between 0 and 1."""
    values = own @ mixture
    best = values.max()
    if best - mixture @ values > TIE:
        return False
    played, replies = mixture > 0, values >= best - TIE
    inside, beside = np.flatnonzero(played), np.flatnonzero(replies & ~played)
    first, free = inside[0], inside[1:]
    moves = [*free, *beside]  # each adds to an action what it takes from the first
    shift = np.eye(len(own))[moves] - np.eye(len(own))[first]
    loss = -(shift @ (own + own.T) @ shift.T) / 2
    return _conditional(loss, len(free))


def _conditional(loss: Floats, free: int) -> bool:
    """Return whether a form is positive where all coordinates but the first are 0 or more."""
    inner, cross, outer = loss[:free, :free], loss[:free, free:], loss[free:, free:]
    if free and np.linalg.eigvalsh(inner).min() <= TIE:
        return False
    return strictly_copositive(outer - cross.T @ np.linalg.solve(inner, cross))


def strictly_copositive(form: Floats) -> bool:
    """Return whether a symmetric form is positive wherever no coordinate is negative.

    It is if, and only if, for each set of coordinates there are weights on them for which
    every row of the form's part is positive: else, by Ville's theorem of the alternative,
    a vector without negative coordinates has no positive row, and its form is not positive.

    Examples
    --------
    >>> strictly_copositive(np.array([[1.0, 5.0], [5.0, 1.0]]))
    True
    >>> strictly_copositive(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    False
    """
    from scipy.optimize import linprog

    for part in _supports(len(form)):
        rows = form[np.ix_(part, part)]
        size = len(part)
        solved = linprog(
            [0.0] * size + [-1.0],
            A_ub=np.column_stack([-rows, np.ones(size)]),
            b_ub=np.zeros(size),
            A_eq=[[1.0] * size + [0.0]],
            b_eq=[1.0],
            bounds=[(0, None)] * size + [(None, None)],
        )
        if -solved.fun <= TIE:
            return False
    return True
