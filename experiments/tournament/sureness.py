"""How sure an empirical game is: bootstrap intervals of its payoffs and its equilibria.

Every sample draws days and replicates anew for the whole game at once, so that what a party
would gain by another strategy is reckoned on the days that it would be played on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from experiments.tournament.empirical import EmpiricalGame
from experiments.tournament.intervals import ends, sampled_means
from market.games.equilibria import TOLERANCE, PureProfile
from market.games.profiles import Mixture, pure_mixture
from market.types import Floats

AT_ONCE = 4096
"""Cells of a tensor whose samples are held at a time."""

Interval: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Sureness:
    """What bootstrap samples say of a profile."""

    share: float
    """In what share of them it is an equilibrium."""

    epsilon_gbp: Interval
    """The most that a party would gain by leaving it, GBP a day."""

    net_cost_gbp: tuple[Interval, ...]
    """What each party has to pay there, GBP a day."""


def sureness(game: EmpiricalGame, profile: Sequence[Mixture]) -> Sureness | None:
    """Return how sure a profile is; None if there was but one day, played once.

    Parameters
    ----------
    game : EmpiricalGame
        What was played.
    profile : sequence of Mixture
        The probability of each strategy, by party.
    """
    if game.by_unit is None:
        return None
    costs, gains = [], []
    for player, mixture in enumerate(profile):
        values = sampled_means(_action_values(game.by_unit, profile, player))
        earned = np.array(mixture) @ values
        costs.append(_interval(-earned))
        gains.append(values.max(axis=0) - earned)
    epsilon = np.max(gains, axis=0)
    share = float((epsilon <= TOLERANCE).mean())
    return Sureness(share, _interval(epsilon), tuple(costs))


def pure_mixtures(game: EmpiricalGame, profile: PureProfile) -> tuple[Mixture, ...]:
    """Return a pure profile as one of mixtures."""
    return tuple(pure_mixture(action, len(game.strategies)) for action in profile.actions)


def game_table(game: EmpiricalGame) -> pd.DataFrame:
    """Return the payoff tensor: a row for each profile and seat, with intervals.

    Own net cost in GBP a day, the mean over pairs, days and replicates. Where there was but
    one day, played once, the intervals are no numbers.
    """
    parties, *sizes = game.payoffs.shape
    cost = -np.moveaxis(game.payoffs, 0, -1).ravel()
    low, high = _payoff_ends(game)
    actions = np.indices((*sizes, parties)).reshape(parties + 1, -1)
    names, seats = np.array(game.strategies, dtype=object), actions[-1]
    return pd.DataFrame(
        {"mechanism": game.mechanism}
        | {f"strategy_{seat}": names[own] for seat, own in enumerate(actions[:-1])}
        | {"seat": seats, "party": np.array(game.parties, dtype=object)[seats]}
        | {"net_cost_gbp": cost, "net_cost_low_gbp": low, "net_cost_high_gbp": high}
    )


def _payoff_ends(game: EmpiricalGame) -> Floats:
    """Return where intervals of own net cost begin and end, shape (2, profile x seat)."""
    if game.by_unit is None:
        return np.full((2, game.payoffs.size), np.nan)
    cost = -np.moveaxis(game.by_unit, 0, -3)
    cells = cost.reshape(-1, *cost.shape[-2:])
    blocks = range(0, len(cells), AT_ONCE)
    found = [ends(sampled_means(cells[start : start + AT_ONCE])) for start in blocks]
    return np.concatenate(found, axis=1)


def _action_values(by_unit: Floats, profile: Sequence[Mixture], player: int) -> Floats:
    """Return what each action of a player earns, shape (action, day, replicate)."""
    values = np.moveaxis(by_unit[player], player, -3)
    for other, mixture in enumerate(profile):
        if other != player:
            values = np.tensordot(np.array(mixture), values, 1)
    return values


def _interval(samples: Floats) -> Interval:
    low, high = ends(samples).tolist()
    return low, high
