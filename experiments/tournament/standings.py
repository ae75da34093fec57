"""Who did best, on own cost and on balance."""

from typing import Final

import pandas as pd

PLAYER: Final = ("mechanism", "seat", "party", "strategy")
"""What names a row of the standings."""

DIGITS: Final = 9
"""Scores that agree to so many decimals share a place."""


def standings_table(payoffs: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over pairs, days and opponents, with places, best on own cost first.

    Parameters
    ----------
    payoffs : DataFrame
        As `experiments.tournament.payoffs.payoffs_table` returns it.

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


def _places(means: pd.DataFrame, score: str) -> "pd.Series[int]":
    """Return places from 1, within a role; no number comes last."""
    rounded = means.assign(score=means[score].round(DIGITS))
    ranked = rounded.groupby(["mechanism", "seat"], sort=False)["score"]
    return ranked.rank(method="min", na_option="bottom").astype(int)
