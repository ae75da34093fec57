"""Equilibria of empirical games as scripts and readers of the report find them."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from experiments.tournament.empirical import EmpiricalGame, expected
from experiments.tournament.sureness import pure_mixtures, sureness
from market.games.profiles import MixedProfile, Mixture

SHOWN: Final = 20
"""How many equilibria of a game stand in the report."""


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
        | _sureness_record(game, pure_mixtures(game, found))
        | {name: _number(values[found.actions]) for name, values in game.ratios.items()}
        for found in game.equilibria or (game.nearest,)
    ]


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
        | _sureness_record(game, found.profile)
        | {name: _number(expected(v, found.profile)) for name, v in game.ratios.items()}
        for found in game.nash.equilibria
    ]


def equilibria_rows(game: EmpiricalGame) -> list[list[str]]:
    """Return the equilibria of a game as texts, a heading first; where there is none, none.

    Of games that have very many the first `SHOWN` are shown.
    """
    heading = [
        *(f"{party} plays" for party in game.parties),
        *(f"{party} pays, GBP a day" for party in game.parties),
        "leaving gains, GBP a day",
        "an equilibrium in samples",
    ]
    rows = [_equilibrium_row(game, found) for found in game.nash.equilibria[:SHOWN]]
    return [heading, *rows] if rows else []


def _equilibrium_row(game: EmpiricalGame, found: MixedProfile) -> list[str]:
    mixtures = [_mixture_words(game.strategies, own) for own in found.profile]
    sure = sureness(game, found.profile)
    if sure is None:
        paid = [f"{-payoff:,.2f}" for payoff in found.payoffs]
        return [*mixtures, *paid, f"{found.epsilon:,.2f}", "not known"]
    paid = [
        f"{-payoff:,.2f} ({low:,.2f} to {high:,.2f})"
        for payoff, (low, high) in zip(found.payoffs, sure.net_cost_gbp, strict=True)
    ]
    low, high = sure.epsilon_gbp
    gain = f"{found.epsilon:,.2f} ({low:,.2f} to {high:,.2f})"
    return [*mixtures, *paid, gain, f"{sure.share:.0%}"]


def _mixture_words(names: Sequence[str], mixture: Mixture) -> str:
    played = [(name, share) for name, share in zip(names, mixture, strict=True) if share > 0]
    if len(played) == 1:
        return played[0][0]
    return ", ".join(f"{name} {share:.0%}" for name, share in played)


def _sureness_record(game: EmpiricalGame, profile: Sequence[Mixture]) -> dict[str, object]:
    """Return what bootstrap samples say of a profile; None where there are none."""
    sure = sureness(game, profile)
    if sure is None:
        names = "equilibrium_share", "epsilon_low", "epsilon_high"
        return dict.fromkeys([*names, "net_cost_low_gbp", "net_cost_high_gbp"])
    lows, highs = zip(*sure.net_cost_gbp, strict=True)
    return {
        "equilibrium_share": sure.share,
        "epsilon_low": sure.epsilon_gbp[0],
        "epsilon_high": sure.epsilon_gbp[1],
        "net_cost_low_gbp": dict(zip(game.parties, lows, strict=True)),
        "net_cost_high_gbp": dict(zip(game.parties, highs, strict=True)),
    }


def _number(value: float) -> float | None:
    """Return a number as JSON takes it, which has none that is no number."""
    return float(value) if np.isfinite(value) else None
