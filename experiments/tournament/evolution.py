"""The evolutionary run of a tournament: from equal shares, what earns more spreads."""

from functools import cache
from typing import Final

import numpy as np

from experiments.tournament.empirical import EmpiricalGame
from market.games.evolution import Trajectory, replicator

LONG: Final = 30.0
"""How long it goes on: a strategy that earns GBP 1 a day more than the mean grows by the
factor e in a unit of time."""

STEPS: Final = 200
"""Points of time that are kept."""

ALIVE: Final = 0.01
"""Shares below this are not told."""


@cache
def evolved(game: EmpiricalGame) -> Trajectory:
    """Return the shares of strategies over time, one population for each party."""
    count = len(game.strategies)
    start = [[1.0 / count] * count] * len(game.parties)
    times = np.concatenate([[0.0], np.geomspace(1e-4, LONG, STEPS)])
    return replicator(game.payoffs, start, times.tolist())


def evolution_words(game: EmpiricalGame) -> str:
    """Say what is left in each population at the end."""
    parts = []
    for party, shares in zip(game.parties, evolved(game).end, strict=True):
        left = sorted(zip(shares.tolist(), game.strategies, strict=True), reverse=True)
        told = [f"{name} {share:.0%}" for share, name in left if share >= ALIVE]
        parts.append(f"{party} {', '.join(told)}")
    return (
        "Where strategies spread by what they earn, from equal shares on, there is left of "
        f"{'; of '.join(parts)}."
    )
