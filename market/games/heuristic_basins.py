"""Basins of attraction: from what share of all mixtures evolution ends at each rest point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from market.games.heuristic import HeuristicTable
from market.games.heuristic_counts import compositions, how_many
from market.games.heuristic_rest import replicator_field
from market.games.profiles import Mixture
from market.types import Floats

ARRIVED: Final = 1e-3
"""Who is no further from a mixture than this, in any share, has come to it."""

STRETCH: Final = 10.0
"""The time between two looks at who has arrived, in units of one over the range of payoffs."""

PRECISE: Final = 1e-6
"""The error of a step of the dynamics."""


@dataclass(frozen=True)
class Basins:
    """The shares of starts that end at each of some mixtures."""

    ends: tuple[Mixture, ...]
    shares: tuple[float, ...]
    """By mixture."""

    elsewhere: float
    """The share that came to none of them in time: cycles, rest points not given, and what is
    slow."""

    starts: int
    """How many there were; a share has a standard error of at most half of one over the root
    of this."""


def basins(
    table: HeuristicTable,
    ends: Sequence[Mixture],
    rng: np.random.Generator,
    starts: int = 200,
    stretches: int = 100,
) -> Basins:
    """Return from what share of the simplex the replicator dynamics go to each mixture.

    Parameters
    ----------
    table : HeuristicTable
        Complete, or known at least wherever the dynamics go.
    ends : sequence of tuple of float
        Where they may end: attracting rest points. Near any other they may merely pass.
    rng : numpy.random.Generator
        Moves the starts off their grid.
    starts : int
        How many there are at most.
    stretches : int
        After how many times `STRETCH` to give up.

    Examples
    --------
    Hunters of stags need half of the population with them:

    >>> from market.games.heuristic_game import from_normal_form
    >>> own = np.array([[2.0, 0.0], [1.0, 1.0]])
    >>> hunt = from_normal_form(np.stack([own, own.T]), ("stag", "hare"))
    >>> basins(hunt, [(1.0, 0.0), (0.0, 1.0)], np.random.default_rng(0)).shares
    (0.5, 0.5)
    """
    where = grid(len(table.strategies), starts, rng)
    goals = np.asarray(ends, dtype=float).reshape(-1, len(table.strategies))
    reached = np.zeros(len(goals), dtype=np.int64)
    count = len(where)
    for _ in range(stretches):
        near = np.abs(where[:, None] - goals).max(axis=-1) <= ARRIVED
        reached += near.sum(axis=0)
        where = where[~near.any(axis=1)]
        if not len(where):
            break
        where = _later(table, where, STRETCH / table.span)
    shares = reached / count
    return Basins(
        tuple(tuple(map(float, end)) for end in goals),
        tuple(shares.tolist()),
        float(len(where) / count),
        count,
    )


def grid(strategies: int, most: int, rng: np.random.Generator) -> Floats:
    """Return mixtures of all strategies, spread over the simplex.

    The corners of the finest even grid that has few enough, each moved by chance within its
    cell; mere chance where even the coarsest has too many.

    Parameters
    ----------
    strategies : int
        How many.
    most : int
        How many mixtures to return at most.
    rng : numpy.random.Generator
        Moves them.

    Returns
    -------
    ndarray of float, shape (mixture, strategy)

    Examples
    --------
    >>> shares = grid(3, 100, np.random.default_rng(0))
    >>> shares.shape, bool((shares > 0).all())
    ((91, 3), True)
    """
    parts = 0
    while strategies > 1 and how_many(parts + 1, strategies) <= most:
        parts += 1
    corners = compositions(parts, strategies) if parts else np.zeros((most, strategies))
    return (corners + rng.dirichlet(np.ones(strategies), len(corners))) / (parts + 1)


def _later(table: HeuristicTable, shares: Floats, time: float) -> Floats:
    """Return mixtures after some time of the replicator dynamics."""
    from scipy.integrate import solve_ivp

    def field(_: float, flat: Floats) -> Floats:
        now = np.clip(flat.reshape(shares.shape), 0.0, None)
        now /= now.sum(axis=-1, keepdims=True)
        growth: Floats = replicator_field(table, now).ravel()
        return growth

    solved = solve_ivp(field, (0.0, time), shares.ravel(), rtol=PRECISE, atol=PRECISE)
    then = np.clip(solved.y[:, -1].reshape(shares.shape), 0.0, None)
    return then / then.sum(axis=-1, keepdims=True)
