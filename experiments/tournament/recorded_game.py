"""The empirical game of a tournament, from the files that it left."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import InputRefused, Unknown
from experiments.nfg import StrategicGame
from experiments.results import MANIFEST

PAYOFFS = "payoffs.parquet"
"""The table of a tournament that has what everybody paid in every match."""


def recorded_game(
    folder: Path, mechanism: str | None = None, balance: float = 0.0
) -> StrategicGame:
    """Return strategies against each other as the players of a game: less what they want low.

    Parameters
    ----------
    folder : Path
        The results of a tournament.
    mechanism : str, optional
        Under which it was played; may be left out if there was one only.
    balance : float
        The weight of the networks' balance, 0 to 1, beside own net cost (DESIGN §6).

    Returns
    -------
    StrategicGame
        Payoffs are in GBP a day, means over pairs of loadings and days; with a weight on
        balance, ratios to no link.

    Raises
    ------
    InputRefused
        If the folder holds no results of a tournament, lacks a match, or lacks what a mix
        with balance needs.
    Unknown
        If it was not played under the mechanism.
    """
    asked = _scenario(folder)
    mechanism = _chosen(folder, mechanism, asked["market"]["mechanisms"])
    strategies = tuple(asked["play"]["strategies"])
    table = _table(folder)
    table = table[table["mechanism"] == mechanism]
    parties = tuple(table.drop_duplicates("seat").sort_values("seat")["party"])
    seats = [f"strategy_{seat}" for seat in range(len(parties))]
    means = _scores(folder, table, [*seats, "seat"], balance)
    payoffs = np.full((len(strategies),) * len(parties) + (len(parties),), np.nan)
    for (*profile, seat), cost in means.items():
        payoffs[(*map(strategies.index, profile), seat)] = -cost
    if not parties or not np.isfinite(payoffs).all():
        raise InputRefused(
            str(folder / PAYOFFS), f"lacks what a profile earns under {mechanism}"
        )
    unit = f"{1 - balance:g} own cost, {balance:g} balance, over no link"
    unit = unit if balance else "GBP a day"
    title = f"{folder.resolve().name}, {mechanism}: {unit}"
    everybody = (strategies,) * len(parties)
    return StrategicGame(title, parties, everybody, np.moveaxis(payoffs, -1, 0))


def _scores(folder: Path, table: Any, keys: list[str], balance: float) -> Any:
    """Return what each party pays in each profile, or its mix with balance."""
    by_profile = table.groupby(keys, observed=True)
    if not balance:
        return by_profile["net_cost_gbp"].mean()
    if not {"no_link_gbp", "balance_ratio"} <= set(table):
        reason = "has no balance, or no costs without the link, wanted for a mix with balance"
        raise InputRefused(str(folder / PAYOFFS), reason)
    cost = by_profile["net_cost_gbp"].sum() / by_profile["no_link_gbp"].sum()
    return (1.0 - balance) * cost + balance * by_profile["balance_ratio"].mean()


def _scenario(folder: Path) -> dict[str, Any]:
    """Return what the manifest says of the scenario."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputRefused(str(path), f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputRefused(str(path), f"is not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("command") != "tournament":
        raise InputRefused(str(path), "is not of a tournament, wanted the results of one")
    return content["scenario"]


def _chosen(folder: Path, mechanism: str | None, played: list[str]) -> str:
    """Return the mechanism to look at."""
    if mechanism is None and len(played) > 1:
        wanted = f"wanted --mechanism, one of {', '.join(played)}"
        raise InputRefused(str(folder), f"holds {len(played)} mechanisms, {wanted}")
    if mechanism is not None and mechanism not in played:
        raise Unknown("mechanism", mechanism, played)
    return mechanism or played[0]


def _table(folder: Path) -> Any:
    """Return the table of payoffs."""
    import pandas as pd
    from pyarrow import ArrowException

    path = folder / PAYOFFS
    try:
        return pd.read_parquet(path)
    except OSError as error:
        raise InputRefused(str(path), "cannot be read") from error
    except ArrowException as error:
        raise InputRefused(str(path), f"is not Parquet: {error}") from error
