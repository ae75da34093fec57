"""Reduced games: a few players stand for a large population, and keep what deviators gain.

Under *hierarchical* reduction each player of the small game is a group that moves as one; what
it would gain by another strategy is then what a whole group gains [1]_. Under
*deviation-preserving* reduction a player stands for itself alone and sees each of the others
as a group: payoffs are those of a lone member of the large population, so that a pure profile
is an equilibrium of the small game if it is one of the large one, as far as the small game
can tell [2]_. The size of the groups is whole if the population less 1 is a multiple of the
players less 1 (of 1,000: 2, 4, 10, 28, 38 players; of 39: 2, 3, 20); else counts are rounded
by greatest remainders, in favour of the first.

References
----------
.. [1] M. P. Wellman et al., "Approximate strategic reasoning through hierarchical reduction of
   large symmetric games", AAAI 2005.
.. [2] B. Wiedenbeck, M. P. Wellman, "Scaling simulation-based game analysis through
   deviation-preserving reduction", AAMAS 2012.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np

from market.games.heuristic import HeuristicTable
from market.games.heuristic_counts import Counts, compositions
from market.types import Floats


def hierarchical(counts: Counts, population: int) -> Counts:
    """Return which profile of the population to play for each payoff of a reduced game.

    Parameters
    ----------
    counts : ndarray of int, shape (profile, strategy)
        Of the reduced game.
    population : int
        How many the players stand for.

    Returns
    -------
    ndarray of int, shape (profile, strategy whose payoff it gives, strategy)
        The same whosever payoff is wanted; zeros where nobody plays the strategy.

    Examples
    --------
    >>> hierarchical(np.array([[1, 2]]), 30)[0].tolist()
    [[10, 20], [10, 20]]
    """
    found = np.zeros((*counts.shape, counts.shape[1]), dtype=np.int64)
    for row, own in np.argwhere(counts > 0):
        found[row, own] = apportioned(counts[row], population)
    return found


def deviation_preserving(counts: Counts, population: int) -> Counts:
    """Return which profile of the population to play for each payoff of a reduced game.

    Parameters
    ----------
    counts : ndarray of int, shape (profile, strategy)
        Of the reduced game, of two players or more.
    population : int
        How many the players stand for.

    Returns
    -------
    ndarray of int, shape (profile, strategy whose payoff it gives, strategy)
        One plays the strategy, the others share the rest of the population; zeros where
        nobody plays the strategy.

    Examples
    --------
    A lone player of the first strategy meets 29 of the second; one of the second meets as
    many of both, or nearly so:

    >>> deviation_preserving(np.array([[1, 2]]), 30)[0].tolist()
    [[1, 29], [15, 15]]
    """
    found = np.zeros((*counts.shape, counts.shape[1]), dtype=np.int64)
    one = np.eye(counts.shape[1], dtype=np.int64)
    for row, own in np.argwhere(counts > 0):
        found[row, own] = one[own] + apportioned(counts[row] - one[own], population - 1)
    return found


REDUCTIONS: Final[Mapping[str, Callable[[Counts, int], Counts]]] = MappingProxyType(
    {"deviation-preserving": deviation_preserving, "hierarchical": hierarchical}
)
"""Which profiles of a population stand for those of a reduced game."""


def reduced(
    pay: Callable[[tuple[int, ...]], Sequence[float] | Floats],
    strategies: Sequence[str],
    players: int,
    population: int,
    reduction: str = "deviation-preserving",
) -> HeuristicTable:
    """Return the table of a reduced game, each profile of the population played once.

    Parameters
    ----------
    pay : callable
        From counts of the whole population, by strategy, to what each strategy earns.
    strategies : sequence of str
        Their names.
    players : int
        Of the reduced game, 2 or more, and no more than the population.
    population : int
        How many they stand for.
    reduction : str
        One of `REDUCTIONS`.

    Raises
    ------
    ValueError
        If the reduction is unknown, or the players do not fit into the population.

    Examples
    --------
    A thousand who crowd each other, as four: one of them counts for itself, three for 333 each.

    >>> crowd = reduced(lambda c: [-n / 1000 for n in c], ("a", "b", "c"), 4, 1000)
    >>> crowd.players, crowd.population, len(crowd.counts)
    (4, 1000, 15)
    >>> crowd.payoffs[1].tolist()
    [nan, -0.001, -0.667]
    """
    if reduction not in REDUCTIONS:
        raise ValueError(f"unknown reduction {reduction!r}, wanted one of {list(REDUCTIONS)}")
    if not 2 <= players <= population:
        raise ValueError(f"{players} players for {population}, wanted 2 or more, and no more")
    counts = compositions(players, len(strategies))
    asked = REDUCTIONS[reduction](counts, population)
    played = {
        row: pay(row) for row in map(tuple, np.unique(asked[counts > 0], axis=0).tolist())
    }
    payoffs = np.full(counts.shape, np.nan)
    for row, own in np.argwhere(counts > 0):
        payoffs[row, own] = played[tuple(asked[row, own].tolist())][own]
    return HeuristicTable(counts, payoffs, tuple(strategies), None, population, reduction)


def apportioned(weights: Counts, total: int) -> Counts:
    """Return a total shared in proportion to weights, in whole numbers.

    What is left over goes to the greatest remainders, the first of equals.

    Parameters
    ----------
    weights : ndarray of int, shape (strategy,)
        Of 0 or more, not all 0.
    total : int
        What is shared.

    Examples
    --------
    >>> apportioned(np.array([1, 1, 2]), 10).tolist()
    [3, 2, 5]
    """
    whole, rest = np.divmod(weights * total, weights.sum())
    first = np.argsort(-rest, kind="stable")[: total - whole.sum()]
    whole[first] += 1
    return whole
