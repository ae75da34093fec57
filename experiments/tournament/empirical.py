"""The empirical game: strategies as actions, payoffs as seen in a tournament."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.tournament.intervals import UNITS
from experiments.tournament.play import Tournament
from market.games.equilibria import PureProfile, nearest_equilibrium, pure_equilibria
from market.games.mixed import NashEquilibria, nash_equilibria
from market.types import Floats, Options

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

    by_unit: Floats | None = None
    """The payoffs of each day and replicate, shape (player, *actions, day, replicate); None
    if there is but one of them."""

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
        _game(mechanism, played.seen.parties, names, rows)
        for mechanism, rows in played.payoffs.groupby("mechanism", sort=False)
    )


def expected(values: Floats, profile: Sequence[Sequence[float]]) -> float:
    """Return the mean of a score over the profiles that mixtures lead to.

    >>> expected(np.array([[1.0, 2.0], [3.0, 4.0]]), [(0.5, 0.5), (0.0, 1.0)])
    3.0
    """
    for mixture in profile:
        values = np.tensordot(np.array(mixture), values, 1)
    return float(values)


def _game(
    mechanism: Hashable,
    parties: tuple[str, ...],
    strategies: tuple[str, ...],
    rows: pd.DataFrame,
) -> EmpiricalGame:
    means = _means(rows, strategies)
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
        by_unit=_by_unit(rows, strategies),
    )


def _means(rows: pd.DataFrame, strategies: tuple[str, ...]) -> dict[str, Floats]:
    """Return the mean of every score by profile, shape (*actions, party)."""
    parties = rows["seat"].nunique()
    scores = [n for n in map(str, rows) if n == "net_cost_gbp" or n.endswith("_ratio")]
    shape = (*[len(strategies)] * parties, parties)
    places = [*_actions(rows, strategies), rows["seat"].to_numpy()]
    return {name: _mean(rows[name], places, shape) for name in scores}


def _by_unit(rows: pd.DataFrame, strategies: tuple[str, ...]) -> Floats | None:
    """Return payoffs by day and replicate, shape (player, *actions, day, replicate)."""
    parties = rows["seat"].nunique()
    units = [np.unique(rows[name], return_inverse=True)[1] for name in UNITS]
    counts = [int(unit.max()) + 1 for unit in units]
    if counts == [1, 1]:
        return None
    shape = (parties, *[len(strategies)] * parties, *counts)
    places = [rows["seat"].to_numpy(), *_actions(rows, strategies), *units]
    return -_mean(rows["net_cost_gbp"], places, shape)


def _actions(rows: pd.DataFrame, strategies: tuple[str, ...]) -> list[Options]:
    """Return the action of each seat, by row."""
    axes = [name for name in map(str, rows) if name.startswith("strategy_")]
    return [rows[axis].map(strategies.index).to_numpy() for axis in axes]


def _mean(
    values: "pd.Series[float]", places: Sequence[Options], shape: tuple[int, ...]
) -> Floats:
    """Return the mean of the values at each place of an array."""
    cell, size = np.ravel_multi_index([*places], shape), int(np.prod(shape))
    count = np.bincount(cell, minlength=size)
    return (np.bincount(cell, values, size) / count).reshape(shape)
