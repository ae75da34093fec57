"""The empirical game: strategies as actions, payoffs as seen in a tournament."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.tournament.play import Tournament
from market.games.equilibria import PureProfile, nearest_equilibrium, pure_equilibria
from market.games.mixed import NashEquilibria, nash_equilibria
from market.types import Floats

SECONDS = 20.0
"""After which the search for mixed equilibria gives what it has."""


@dataclass(frozen=True, eq=False)
class EmpiricalGame:
    """What the strategies were seen to earn against each other under a mechanism."""

    mechanism: str
    parties: tuple[str, ...]
    strategies: tuple[str, ...]

    payoffs: Floats
    """Less the mean own net cost, GBP a day, shape (player, *actions)."""

    ratios: dict[str, Floats]
    """System scores over those without the link, each of shape (*actions)."""

    equilibria: tuple[PureProfile, ...]
    """All pure Nash equilibria."""

    nash: NashEquilibria
    """Pure and mixed Nash equilibria, and whether these are all."""

    nearest: PureProfile
    """The profile from which the most that a party gains by leaving it is least."""

    def names(self, profile: PureProfile) -> tuple[str, ...]:
        """Return the strategies of a profile, by seat."""
        return tuple(self.strategies[action] for action in profile.actions)


def empirical_games(played: Tournament) -> tuple[EmpiricalGame, ...]:
    """Return the game under each mechanism; payoffs are means over pairs, days, replicates.

    There is none where only a sample of the profiles was played.
    """
    if played.sampled:
        return ()
    names = played.scenario.play.strategies
    return tuple(
        _game(mechanism, played.seen.parties, names, _means(rows, names))
        for mechanism, rows in played.payoffs.groupby("mechanism", sort=False)
    )


def mixed_records(game: EmpiricalGame) -> list[dict[str, object]]:
    """Return all Nash equilibria that were found, pure and mixed, as JSON takes them."""
    return [
        {
            "mechanism": game.mechanism,
            "method": game.nash.method,
            "complete": game.nash.complete,
            "profile": {
                party: {
                    name: chance
                    for name, chance in zip(game.strategies, mixture, strict=True)
                    if chance > 0
                }
                for party, mixture in zip(game.parties, found.profile, strict=True)
            },
            "net_cost_gbp": dict(zip(game.parties, (-p for p in found.payoffs), strict=True)),
            "epsilon": found.epsilon,
        }
        | {name: _number(expected(v, found.profile)) for name, v in game.ratios.items()}
        for found in game.nash.equilibria
    ]


def expected(values: Floats, profile: Sequence[Sequence[float]]) -> float:
    """Return the mean of a score over the profiles that mixtures lead to.

    >>> expected(np.array([[1.0, 2.0], [3.0, 4.0]]), [(0.5, 0.5), (0.0, 1.0)])
    3.0
    """
    for mixture in profile:
        values = np.tensordot(np.array(mixture), values, 1)
    return float(values)


def equilibria_records(game: EmpiricalGame) -> list[dict[str, object]]:
    """Return the pure equilibria as JSON takes them; if there is none, the nearest profile."""
    return [
        {
            "mechanism": game.mechanism,
            "profile": dict(zip(game.parties, game.names(found), strict=True)),
            "net_cost_gbp": dict(zip(game.parties, (-p for p in found.payoffs), strict=True)),
            "epsilon": found.epsilon,
            "equilibrium": bool(game.equilibria),
            "strict": found.strict,
        }
        | {name: _number(values[found.actions]) for name, values in game.ratios.items()}
        for found in game.equilibria or (game.nearest,)
    ]


def _number(value: float) -> float | None:
    """Return a number as JSON takes it, which has none that is no number."""
    return float(value) if np.isfinite(value) else None


def _game(
    mechanism: Hashable,
    parties: tuple[str, ...],
    strategies: tuple[str, ...],
    means: dict[str, Floats],
) -> EmpiricalGame:
    payoffs = -np.moveaxis(means["net_cost_gbp"], -1, 0)
    return EmpiricalGame(
        mechanism=str(mechanism),
        parties=parties,
        strategies=strategies,
        payoffs=payoffs,
        ratios={name: v[..., 0] for name, v in means.items() if name.endswith("_ratio")},
        equilibria=pure_equilibria(payoffs),
        nash=nash_equilibria(payoffs, time_limit=SECONDS),
        nearest=nearest_equilibrium(payoffs),
    )


def _means(rows: pd.DataFrame, strategies: tuple[str, ...]) -> dict[str, Floats]:
    """Return the mean of every score by profile, shape (*actions, party)."""
    parties = rows["seat"].nunique()
    axes = [f"strategy_{seat}" for seat in range(parties)]
    scores = [n for n in map(str, rows) if n == "net_cost_gbp" or n.endswith("_ratio")]
    places = [rows[axis].map(strategies.index).to_numpy() for axis in axes]
    shape = (*[len(strategies)] * parties, parties)
    cell = np.ravel_multi_index([*places, rows["seat"].to_numpy()], shape)
    count = np.bincount(cell, minlength=np.prod(shape))
    return {
        name: (np.bincount(cell, rows[name], np.prod(shape)) / count).reshape(shape)
        for name in scores
    }
