"""The empirical game: strategies as actions, payoffs as seen in a tournament."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.tournament import Tournament
from market.games.equilibria import PureProfile, nearest_equilibrium, pure_equilibria
from market.types import Floats


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

    nearest: PureProfile
    """The profile from which the most that a party gains by leaving it is least."""

    def names(self, profile: PureProfile) -> tuple[str, ...]:
        """Return the strategies of a profile, by seat."""
        return tuple(self.strategies[action] for action in profile.actions)


def empirical_games(played: Tournament, payoffs: pd.DataFrame) -> tuple[EmpiricalGame, ...]:
    """Return the game under each mechanism; its payoffs are means over pairs and days.

    Parameters
    ----------
    played : Tournament
        For the order of its matches.
    payoffs : DataFrame
        As `experiments.standings.payoffs_table` returns it.
    """
    parties = played.seen.parties
    net_cost = _means(played, payoffs, "net_cost_gbp")
    ratios = {
        name: _means(played, payoffs, name)[..., 0]
        for name in map(str, payoffs)
        if name.endswith("_ratio")
    }
    return tuple(
        _game(
            mechanism,
            parties,
            played.scenario.play.strategies,
            -np.moveaxis(net_cost[place], -1, 0),
            {name: values[place] for name, values in ratios.items()},
        )
        for place, mechanism in enumerate(played.scenario.market.mechanisms)
    )


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
    mechanism: str,
    parties: tuple[str, ...],
    strategies: tuple[str, ...],
    payoffs: Floats,
    ratios: dict[str, Floats],
) -> EmpiricalGame:
    return EmpiricalGame(
        mechanism=mechanism,
        parties=parties,
        strategies=strategies,
        payoffs=payoffs,
        ratios=ratios,
        equilibria=pure_equilibria(payoffs),
        nearest=nearest_equilibrium(payoffs),
    )


def _means(played: Tournament, payoffs: pd.DataFrame, score: str) -> Floats:
    """Return means over pairs and days, shape (mechanism, *actions, party)."""
    values = payoffs[score].to_numpy()
    return values.reshape(*played.shape, len(played.seen.parties)).mean(axis=(1, 2))
