"""Games of like players with known answers."""

from collections.abc import Sequence
from math import comb

import numpy as np

from market.games.heuristic import HeuristicTable, tabulated
from market.games.heuristic_game import from_normal_form


def two_players(own: object, names: Sequence[str] | None = None) -> HeuristicTable:
    mine = np.array(own, dtype=float)
    return from_normal_form(
        np.stack([mine, mine.T]), names or [f"s{i}" for i in range(len(mine))]
    )


HAWKS = two_players([[-1, 2], [0, 1]], ("hawk", "dove"))
STAGS = two_players([[4, 0], [3, 2]], ("stag", "hare"))
DILEMMA = two_players([[3, 0], [5, 1]], ("silent", "talk"))
ROCKS = two_players([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], ("rock", "paper", "scissors"))
GOOD_ROCKS = two_players([[0, -1, 2], [2, 0, -1], [-1, 2, 0]])
BAD_ROCKS = two_players([[0, -2, 1], [1, 0, -2], [-2, 1, 0]])
PLACES = two_players(np.diag([3.0, 2.0, 1.0]), ("a", "b", "c"))


def public_goods(players: int, factor: float) -> HeuristicTable:
    return tabulated(
        lambda c: (factor * c[0] / players - 1, factor * c[0] / players),
        ("give", "keep"),
        players,
    )


def threshold(players: int, needed: int, cost: float) -> HeuristicTable:
    """Return the game where all win 1 if enough give, who each lose a cost."""
    return tabulated(
        lambda c: (float(c[0] >= needed) - cost, float(c[0] >= needed)),
        ("give", "keep"),
        players,
    )


def pivotal(players: int, needed: int, share: float) -> float:
    """Return how probably just one giver is missing among the others."""
    others, missing = players - 1, needed - 1
    return comb(others, missing) * share**missing * (1 - share) ** (others - missing)
