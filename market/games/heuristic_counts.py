"""Counts of players by strategy: all that there are, or some of them by chance."""

from itertools import combinations
from math import comb
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = NDArray[np.int64]
"""How many play each strategy, shape ``(profile, strategy)``."""


def how_many(players: int, strategies: int) -> int:
    """Return how many count vectors there are.

    >>> how_many(39, 3)
    820
    """
    return comb(players + strategies - 1, strategies - 1)


def compositions(players: int, strategies: int) -> Counts:
    """Return all count vectors, in ascending order.

    Parameters
    ----------
    players : int
        What each row adds up to; 0 or more.
    strategies : int
        How many numbers a row has; 1 or more.

    Returns
    -------
    ndarray of int, shape (profile, strategy)

    Examples
    --------
    >>> compositions(2, 3).tolist()
    [[0, 0, 2], [0, 1, 1], [0, 2, 0], [1, 0, 1], [1, 1, 0], [2, 0, 0]]
    """
    if players < 0 or strategies < 1:
        raise ValueError(f"{players} players in {strategies} strategies, wanted 0 in 1 or more")
    places = players + strategies - 1
    return _between(list(combinations(range(places), strategies - 1)), places)


def sampled_compositions(
    players: int, strategies: int, most: int, rng: np.random.Generator
) -> Counts:
    """Return count vectors, in ascending order: all, or as many as wanted by chance.

    Those where all play alike, and those where one of them does not, are always there, so
    that pure equilibria are judged exactly. The others are drawn with equal chances.

    Parameters
    ----------
    players, strategies : int
        As in `compositions`.
    most : int
        How many rows to return at most; no less than the strategies squared.
    rng : numpy.random.Generator
        Draws the rows.

    Returns
    -------
    ndarray of int, shape (profile, strategy)

    Examples
    --------
    >>> sampled_compositions(39, 5, 100, np.random.default_rng(0)).shape
    (100, 5)
    """
    if most < strategies**2:
        raise ValueError(f"{most} rows, wanted {strategies**2} for lone deviators")
    total = how_many(players, strategies)
    if total <= most:
        return compositions(players, strategies)
    one = np.eye(strategies, dtype=np.int64)
    alike = ((players - 1) * one[:, None] + one[None]).reshape(-1, strategies)
    kept = set(map(tuple, alike.tolist()))
    if total <= 4 * most:
        rest = [
            row for row in compositions(players, strategies).tolist() if tuple(row) not in kept
        ]
        drawn = rng.choice(len(rest), most - len(kept), replace=False)
        kept.update(tuple(rest[place]) for place in drawn)
    places = players + strategies - 1
    while len(kept) < most:
        bars = np.sort(rng.choice(places, strategies - 1, replace=False))
        kept.add(tuple(_between([tuple(bars.tolist())], places)[0].tolist()))
    return np.array(sorted(kept), dtype=np.int64)


def _between(bars: list[tuple[int, ...]], places: int) -> Counts:
    """Return how many places there are before, between and behind bars, for each row."""
    inner = np.array(bars, dtype=np.int64).reshape(len(bars), -1)
    ends = np.full((len(bars), 1), places)
    return np.diff(inner, axis=1, prepend=-1, append=ends) - 1
