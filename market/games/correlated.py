"""Correlated equilibria: what a mediator could have the players do.

A mediator draws a profile and tells each player its own part alone. It is a correlated
equilibrium if nobody gains by another action, whatever it is told [1]_, and a coarse one if
nobody gains by an action that it settles on before it is told anything [2]_; so do the averages
of what players who have no regret play. Both kinds are given by linear inequalities, and the
extremes of any sum of payoffs by linear programmes, for any number of players.

References
----------
.. [1] R. J. Aumann, "Subjectivity and correlation in randomized strategies", Journal of
   Mathematical Economics 1, 1974.
.. [2] H. Moulin, J.-P. Vial, "Strategically zero-sum games", International Journal of Game
   Theory 7, 1978.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from market.games.normal_form import deviation_gains
from market.games.scaling import rescaled
from market.games.time_limit import Deadline, TimeUp, deadline
from market.types import Floats

Rows: TypeAlias = tuple[list[Any], list[Any], list[Any]]
"""Places and values of a sparse matrix: inequality, profile, gain."""


@dataclass(frozen=True, eq=False)
class CorrelatedEquilibrium:
    """A distribution over profiles, and what speaks against it."""

    distribution: Floats
    """The probability of each profile, shape (*actions)."""

    payoffs: tuple[float, ...]
    """What each player earns on average."""

    epsilon: float
    """The most that a player gains on average by not doing as told."""

    @property
    def welfare(self) -> float:
        """What all players earn together."""
        return sum(self.payoffs)


@dataclass(frozen=True, eq=False)
class CorrelatedEquilibria:
    """The extremes of a set of correlated equilibria."""

    coarse: bool
    """Whether players settle on deviations before they are told anything."""

    welfare_best: CorrelatedEquilibrium
    welfare_worst: CorrelatedEquilibrium

    player_best: tuple[CorrelatedEquilibrium, ...]
    """The best one for each player."""

    method: str = "linear programme (HiGHS)"


def correlated_equilibria(
    payoffs: Floats, coarse: bool = False, time_limit: float | None = None
) -> CorrelatedEquilibria:
    """Return the best and the worst correlated equilibrium for all, and the best for each.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    coarse : bool
        Whether coarse correlated equilibria are wanted.
    time_limit : float, optional
        Seconds for all of it; none unless given.

    Raises
    ------
    TimeUp
        If time is up: there are no partial results of a linear programme.

    Examples
    --------
    Aumann's game of chicken. Correlated play earns 5.25 each, 10.5 together, where no mixture
    of Nash equilibria earns more than 9.33:

    >>> chicken = np.array([[[6.0, 2.0], [7.0, 0.0]], [[6.0, 7.0], [2.0, 0.0]]])
    >>> best = correlated_equilibria(chicken).welfare_best
    >>> best.distribution.round(6).tolist(), round(best.welfare, 6)
    ([[0.5, 0.25], [0.25, 0.0]], 10.5)
    """
    deviation_gains(payoffs)  # refuses what is no game
    until = deadline(time_limit)
    rows = _sparse(payoffs, coarse_rows if coarse else obedience_rows)
    total = payoffs.sum(axis=0)

    def best(aim: Floats) -> CorrelatedEquilibrium:
        """Return the equilibrium with the most of something on average."""
        distribution = _extreme(aim, rows, until)
        earned = tuple(float((own * distribution).sum()) for own in payoffs)
        return CorrelatedEquilibrium(
            distribution, earned, deviation_gain(payoffs, distribution, coarse)
        )

    return CorrelatedEquilibria(
        coarse=coarse,
        welfare_best=best(total),
        welfare_worst=best(-total),
        player_best=tuple(best(own) for own in payoffs),
    )


def deviation_gain(payoffs: Floats, distribution: Floats, coarse: bool = False) -> float:
    """Return the most that a player gains on average by not doing as it is told.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    distribution : ndarray of float, shape (*actions)
        The probability of each profile.
    coarse : bool
        Whether players settle on a deviation before they are told anything.

    Examples
    --------
    Who is told heads in matching pennies, and knows the other's part, shows tails:

    >>> pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> deviation_gain(pennies, np.array([[0.5, 0.0], [0.0, 0.5]]))
    2.0
    """
    gains = []
    for player, own in enumerate(payoffs):
        drawn = np.moveaxis(distribution, player, 0).reshape(own.shape[player], -1)
        mine = np.moveaxis(own, player, 0).reshape(own.shape[player], -1)
        instead = drawn @ mine.T  # by what one is told, and what one does
        best = instead.sum(axis=0).max() if coarse else instead.max(axis=1).sum()
        gains.append(float(best - np.trace(instead)))
    return max(0.0, *gains)


def obedience_rows(payoffs: Floats) -> Rows:
    """Return what each player gains in each profile by b where it is told a, for all a and b.

    >>> pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> [gain.tolist() for gain in obedience_rows(pennies)[2]]
    [[-2.0, 2.0], [2.0, -2.0], [2.0, -2.0], [-2.0, 2.0]]
    """
    rows: Rows = ([], [], [])
    cells = np.arange(payoffs[0].size).reshape(payoffs.shape[1:])
    count = 0
    for player, own in enumerate(payoffs):
        mine, places = np.moveaxis(own, player, 0), np.moveaxis(cells, player, 0)
        for told, other in np.argwhere(~np.eye(len(mine), dtype=bool)):
            gain = (mine[other] - mine[told]).ravel()
            _add(rows, count, places[told].ravel(), gain)
            count += 1
    return rows


def coarse_rows(payoffs: Floats) -> Rows:
    """Return what each player gains in each profile by b whatever it is told, for all b.

    >>> [gain.tolist() for gain in coarse_rows(np.array([[2.0, 5.0]]))[2]]
    [[0.0, -3.0], [3.0, 0.0]]
    """
    rows: Rows = ([], [], [])
    count = 0
    for player, own in enumerate(payoffs):
        for fixed in np.moveaxis(own, player, 0):
            gain = np.expand_dims(fixed, player) - own
            _add(rows, count, np.arange(own.size), gain.ravel())
            count += 1
    return rows


def _add(rows: Rows, row: int, places: Any, gain: Floats) -> None:
    """Add an inequality."""
    for part, values in zip(rows, (np.full(len(places), row), places, gain), strict=True):
        part.append(values)


def _sparse(payoffs: Floats, inequalities: Callable[[Floats], Rows]) -> Any:
    """Return the matrix of gains, one row for each deviation, of payoffs between 0 and 1."""
    from scipy.sparse import csr_array

    parts = inequalities(rescaled(payoffs))
    count = len(parts[0])
    if not count:  # nobody has a choice
        return csr_array((0, payoffs[0].size))
    row, column, gain = map(np.concatenate, parts)
    return csr_array((gain, (row, column)), shape=(count, payoffs[0].size))


def _extreme(aim: Floats, rows: Any, until: Deadline) -> Floats:
    """Return the distribution without gains that has the most of something on average."""
    from scipy.optimize import linprog

    until.check()
    solved = linprog(
        -rescaled(aim[None])[0].ravel(),
        A_ub=rows,
        b_ub=np.zeros(rows.shape[0]),
        A_eq=np.ones((1, aim.size)),
        b_eq=[1.0],
        options={} if until.left == np.inf else {"time_limit": until.left},
    )
    if solved.status != 0:
        raise TimeUp
    weights = np.clip(solved.x, 0.0, None)
    return (weights / weights.sum()).reshape(aim.shape)
