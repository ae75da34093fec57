"""Who did best, on own cost and on balance."""

from math import nan
from typing import Final

import pandas as pd

from experiments.scores import DayScores, day_scores, no_link_scores, optimum_gbp
from experiments.tournament import Tournament

PLAYER: Final = ("mechanism", "seat", "party", "strategy")
"""What names a row of the standings."""

DIGITS: Final = 9
"""Scores that agree to so many decimals share a place."""


def payoffs_table(played: Tournament) -> pd.DataFrame:
    """Return one row for each match and seat: what the day cost, and did to the grid.

    Columns that need physics, or costs without the link, are absent where these are. A
    ratio is NaN where it would be to nothing, or where a load flow did not converge.
    """
    rows = []
    pounds, tick = played.scenario.chain.gas_gbp, played.scenario.market.tick_gbp
    for match, out in zip(played.matches, played.outcomes, strict=True):
        scores = day_scores(played.seen, match.pair, match.day, out.option, out.stopped)
        shared = _system(played, match.pair, match.day, scores)
        payments = out.paid.sum(axis=1) * tick
        fees = out.gas.sum(axis=1) * pounds
        for seat, party in enumerate(played.seen.parties):
            rows.append(
                {
                    "mechanism": match.mechanism,
                    "pair": match.loading,
                    "day": match.day,
                    **{f"strategy_{j}": name for j, name in enumerate(match.strategies)},
                    "seat": seat,
                    "party": party,
                    "strategy": match.strategies[seat],
                    "operating_gbp": scores.cost_gbp[seat],
                    "payments_gbp": payments[seat],
                    "fees_gbp": fees[seat],
                    "net_cost_gbp": scores.cost_gbp[seat] + payments[seat] + fees[seat],
                }
                | _own(played, match.pair, match.day, seat)
                | shared
            )
    return pd.DataFrame(rows)


def standings_table(payoffs: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over pairs, days and opponents, with places, best on own cost first.

    Parameters
    ----------
    payoffs : DataFrame
        As `payoffs_table` returns it.

    Returns
    -------
    DataFrame
        One row for each mechanism, seat and strategy. Equal scores share a place. A mean
        that lacks a number is none.
    """
    scores = [
        name for name in map(str, payoffs) if name.endswith(("_gbp", "_ratio", "_windows"))
    ]
    players = payoffs.groupby(list(PLAYER), sort=False)
    whole = players[scores].count().eq(players.size(), axis=0)
    means = players[scores].mean().where(whole).reset_index()
    role = means.groupby(["mechanism", "seat"], sort=False)
    means.insert(len(PLAYER), "place_on_cost", _places(means, "net_cost_gbp"))
    if "balance_ratio" in means:
        means.insert(len(PLAYER) + 1, "place_on_balance", _places(means, "balance_ratio"))
    order = pd.DataFrame({"role": role.ngroup(), "place": means["place_on_cost"]})
    return means.loc[order.sort_values(["role", "place"], kind="stable").index].reset_index(
        drop=True
    )


def _system(
    played: Tournament, pair: tuple[str, ...], day: int, scores: DayScores
) -> dict[str, float]:
    """Return what a match means for all networks together."""
    total = float(scores.cost_gbp.sum())
    found = {"optimum_ratio": _ratio(total, optimum_gbp(played.seen, pair, day))}
    without = no_link_scores(played.seen, pair, day)
    if without is not None:
        found["system_cost_ratio"] = _ratio(total, float(without.cost_gbp.sum()))
    if scores.physics is not None and without is not None and without.physics is not None:
        here, there = scores.physics, without.physics
        ratios = {
            "balance_ratio": (here.exchange_mwh, there.exchange_mwh),
            "losses_ratio": (here.losses_mwh, there.losses_mwh),
            "utilisation_ratio": (here.line_utilisation, there.line_utilisation),
            "voltage_ratio": (here.voltage_index, there.voltage_index),
        }
        found |= {
            name: _ratio(float(a.sum()), float(b.sum())) for name, (a, b) in ratios.items()
        }
        found["breach_windows"] = float(here.breaches.sum())
        found["no_link_breach_windows"] = float(there.breaches.sum())
    return found


def _ratio(score: float, base: float) -> float:
    return score / base if base else nan


def _own(played: Tournament, pair: tuple[str, ...], day: int, seat: int) -> dict[str, float]:
    """Return what a network would have to pay without the link."""
    without = no_link_scores(played.seen, pair, day)
    return {} if without is None else {"no_link_gbp": float(without.cost_gbp[seat])}


def _places(means: pd.DataFrame, score: str) -> "pd.Series[int]":
    """Return places from 1, within a role; no number comes last."""
    rounded = means.assign(score=means[score].round(DIGITS))
    ranked = rounded.groupby(["mechanism", "seat"], sort=False)["score"]
    return ranked.rank(method="min", na_option="bottom").astype(int)
