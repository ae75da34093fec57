"""Heuristic payoff tables as games in normal form, and back, so that other solvers apply."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from market.games.heuristic import HeuristicTable
from market.games.heuristic_counts import compositions
from market.games.normal_form import deviation_gains
from market.games.scaling import noise_of
from market.types import Floats

LARGEST: Final = 10**7
"""Payoffs of a game in normal form, beyond which it is refused."""


def normal_form(table: HeuristicTable) -> Floats:
    """Return the symmetric game in normal form.

    Parameters
    ----------
    table : HeuristicTable
        Complete.

    Returns
    -------
    ndarray of float, shape (player, *actions)
        A player, and an axis of all strategies, for each player of the table.

    Raises
    ------
    ValueError
        If a profile is missing, or the game has more than `LARGEST` payoffs.

    Examples
    --------
    >>> from market.games.heuristic import tabulated
    >>> pot = tabulated(lambda c: (1.5 * c[0] / 2 - 1, 1.5 * c[0] / 2), ("give", "keep"), 2)
    >>> normal_form(pot).tolist()
    [[[0.5, -0.25], [0.75, 0.0]], [[0.5, 0.75], [-0.25, 0.0]]]
    """
    players, count = table.players, len(table.strategies)
    if not table.complete:
        raise ValueError("profiles are missing from the table, wanted all")
    if players * count**players > LARGEST:
        raise ValueError(f"{players} players of {count} strategies, wanted fewer")
    rows = {tuple(row): place for place, row in enumerate(table.counts.tolist())}
    payoffs = np.empty((players, *[count] * players))
    for actions in np.ndindex(*[count] * players):
        row = rows[tuple(np.bincount(actions, minlength=count).tolist())]
        payoffs[(slice(None), *actions)] = table.payoffs[row, list(actions)]
    return payoffs


def from_normal_form(payoffs: Floats, strategies: Sequence[str]) -> HeuristicTable:
    """Return the table of a game in which all players are alike.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game that stays what it is when players change seats.
    strategies : sequence of str
        The names of the actions.

    Raises
    ------
    ValueError
        If it is no game, or players are not alike.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> from_normal_form(dilemma, ("silent", "talk")).payoffs.tolist()
    [[nan, 1.0], [0.0, 5.0], [3.0, nan]]
    """
    deviation_gains(payoffs)  # refuses what is no game
    players, count = len(payoffs), len(strategies)
    if payoffs.shape[1:] != (count,) * players or not _alike(payoffs):
        raise ValueError("players are not alike, wanted a game that is the same from each seat")
    counts = compositions(players, count)
    found = np.full(counts.shape, np.nan)
    for row, strategy in np.argwhere(counts > 0):
        others = counts[row] - np.eye(count, dtype=np.int64)[strategy]
        found[row, strategy] = payoffs[(0, strategy, *np.repeat(np.arange(count), others))]
    return HeuristicTable(counts, found, tuple(strategies))


def _alike(payoffs: Floats) -> bool:
    """Return whether the game stays what it is when two players change seats."""
    noise = max(noise_of(own) for own in payoffs)
    pairs = combinations(range(len(payoffs)), 2)
    return all(_swapped(payoffs, *pair, noise) for pair in pairs)


def _swapped(payoffs: Floats, first: int, second: int, noise: float) -> bool:
    """Return whether the game stays what it is when these two change seats."""
    order = np.arange(len(payoffs))
    order[[first, second]] = second, first
    other = np.swapaxes(payoffs[order], first + 1, second + 1)
    return bool((np.abs(other - payoffs) <= noise).all())
