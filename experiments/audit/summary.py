"""An audit as scripts read it: means over its tables."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final, get_args

import numpy as np
import pandas as pd

from experiments.audit.contenders import Contender
from experiments.audit.instead import TITLES
from experiments.audit.tables import CHANGES, PHYSICS
from experiments.audit.trials import Audit
from experiments.audit.words import NOTES, UNTRIED, answer, assumptions, exploitability
from experiments.results import SCHEMA
from market.games.benchmarks import gini, jain
from market.games.double_oracle import Ending

ENDINGS: Final = get_args(Ending)
"""How a bid game may end."""

_NOBODY: Final[dict[str, Any]] = {
    "party": None,
    "gain": {"mean_gbp_mwh": None, "mean_gbp_day": None},
}


def summary(
    found: Audit, table: pd.DataFrame, plans: pd.DataFrame, games: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Return the audit as scripts read it, the least exploitable mechanism first.

    Parameters
    ----------
    found : Audit
        What was found.
    table, plans : DataFrame
        As `windows_table` and `plans_table` return them.
    games : DataFrame, optional
        As `games_table` returns it; without it nothing is said of the bid game.
    """
    contenders = list(dict.fromkeys(trial.contender for trial in found.trials))
    groups = dict(list(table.groupby(["mechanism", "payment"], sort=False)))
    mechanisms = [_mechanism(c, groups[c.mechanism, c.payment]) for c in contenders]
    for one in mechanisms:
        one["bid_game"] = _bid_game(one, games)
    mechanisms.sort(key=exploitability)
    by_name = dict(list(plans.groupby("benchmark", sort=False)))
    said = {
        "schema": SCHEMA,
        "scenario": found.scenario.name,
        "parties": list(found.seen.parties),
        "pairs": ["-".join(world.pair) for world in found.worlds],
        "days": found.seen.days,
        "mechanisms": mechanisms,
        "benchmarks": {
            name: _cost(by_name[name]) | _paid(by_name[name]) if name in by_name else None
            for name in TITLES
        },
    }
    return said | {"answer": answer(said), "assumptions": assumptions(found)}


def _mechanism(contender: Contender, rows: pd.DataFrame) -> dict[str, Any]:
    """Return what was found on a mechanism."""
    by_party = rows.groupby("seat", sort=True)
    parties = [_party(of_party) for _, of_party in by_party]
    gains = np.array([_a_day(of, "against_no_link_gbp") for _, of in by_party])
    tried = [party for party in parties if party["gain"]]
    top = max(tried, key=lambda party: party["gain"]["mean_gbp_day"], default=_NOBODY)
    return {
        "mechanism": contender.mechanism,
        "payment": contender.payment,
        "exploitability_gbp_mwh": top["gain"]["mean_gbp_mwh"],
        "exploitability_gbp_day": top["gain"]["mean_gbp_day"],
        "exploiter": top["party"] if top["gain"]["mean_gbp_day"] else None,
        "transferred_mwh_day": _number(_a_day(rows, "transferred_mwh") / len(parties)),
        "truthful": _cost(rows),
        "surplus_gbp_day": _number(_a_day(rows, "payment_gbp")),
        "fairness": {"gini": _number(gini(gains)), "jain": _number(jain(gains))},
        "parties": parties,
        "notes": [*NOTES.get(contender.mechanism, ()), *(() if tried else (UNTRIED,))],
    }


def _bid_game(
    mechanism: Mapping[str, Any], games: pd.DataFrame | None
) -> dict[str, Any] | None:
    """Return how the bid games of a mechanism ended; None where none was followed."""
    if games is None or games.empty:
        return None
    by = ["mechanism", "payment"]
    rows = games[(games[by] == [mechanism[name] for name in by]).all(axis=1)]
    if rows.empty:
        return None
    ended = rows[rows["ended"].isin(["pure", "mixed"])]
    return {
        "windows": len(rows),
        **{f"{name}_share": float((rows["ended"] == name).mean()) for name in ENDINGS},
        "mean_rounds": float(rows["rounds"].mean()),
        "most_rounds": int(rows["rounds"].max()),
        "equilibria_cost_over_truth": _ratio(ended, "cost_gbp", "truthful_cost_gbp"),
        "equilibria_cost_over_optimum": _ratio(ended, "cost_gbp", "optimum_gbp"),
        "equilibria_at_most_gbp": _number(ended["at_most_gbp"].max()),
        "others_epsilon_gbp": _number(rows["epsilon_gbp"].drop(ended.index).max()),
    }


def _party(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what was found on a party under a mechanism."""
    tried = bool(rows["gain_gbp"].notna().all())
    alone = bool(rows["against_no_link_gbp"].notna().all())
    return {
        "party": rows["party"].iloc[0],
        "gain": _gain(rows) if tried else None,
        "misreport_changes": (
            {name: _number(_a_day(rows, column)) for column, name in CHANGES.items()}
            if tried
            else None
        ),
        "payments": {
            "net_gbp_day": _number(_a_day(rows, "payment_gbp")),
            "pays_share_of_windows": float((rows["payment_gbp"] > 0).mean()),
            "receives_share_of_windows": float((rows["payment_gbp"] < 0).mean()),
        },
        "pivotal_share_of_windows": float(rows["pivotal"].mean()),
        "against_no_link": _against_no_link(rows) if alone else None,
        "sealing": _sealing(rows) if tried else None,
        "blocking": _blocking(rows) if alone else None,
    }


def _gain(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what a party gains by its best misreports."""
    days = rows.groupby(["pair", "day"])[["gain_gbp", "transferred_mwh"]].sum()
    moved = days[days["transferred_mwh"] > 0]
    return {
        "mean_gbp_day": _number(days["gain_gbp"].mean()),
        "largest_gbp_day": _number(days["gain_gbp"].max()),
        "largest_gbp_window": _number(rows["gain_gbp"].max()),
        "mean_gbp_mwh": _ratio(rows, "gain_gbp", "transferred_mwh"),
        "largest_gbp_mwh": _number((moved["gain_gbp"] / moved["transferred_mwh"]).max()),
        "share_of_windows": float((rows["gain_gbp"] > 0).mean()),
    }


def _sealing(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what is left of the gains where only past bids are known."""
    knowing, guessing = (rows[c].sum() for c in ("gain_gbp", "sealed_gain_gbp"))
    return {
        "open_gbp_day": _number(_a_day(rows, "gain_gbp")),
        "sealed_gbp_day": _number(_a_day(rows, "sealed_gain_gbp")),
        "sealed_gbp_mwh": _ratio(rows, "sealed_gain_gbp", "transferred_mwh"),
        "removes_share": float(1 - guessing / knowing) if knowing > 0 else None,
    }


def _against_no_link(rows: pd.DataFrame) -> dict[str, Any]:
    """Return whether a party is better off than without the link."""
    days = rows.groupby(["pair", "day"])["against_no_link_gbp"].sum()
    return {
        "gain_gbp_day": _number(days.mean()),
        "share_of_windows_worse": float((rows["against_no_link_gbp"] < 0).mean()),
        "share_of_days_worse": float((days < 0).mean()),
        "individually_rational": bool((days >= 0).all()),
    }


def _blocking(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what blocking brings at no penalty, and the bonds from which on it stops."""
    extra = rows["block_gain_gbp"] - rows["gain_gbp"]
    return {
        "truthful_gain_gbp_day": _number(_a_day(rows, "block_truthful_gain_gbp")),
        "truthful_share_of_windows": float((rows["block_truthful_bond_gbp"] > 0).mean()),
        "truthful_bond_gbp": _number(rows["block_truthful_bond_gbp"].max()),
        "misreporting_adds_gbp_day": _number(_a_day(rows.assign(extra=extra), "extra")),
        "misreporting_bond_gbp": _number(rows["block_bond_gbp"].max(skipna=False)),
    }


def _cost(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what the rows of all parties cost a day, and do to the grid."""
    return {
        "cost_gbp_day": _number(_a_day(rows, "cost_gbp")),
        "ratio_to_no_link": _ratio(rows, "cost_gbp", "no_link_gbp"),
        "ratio_to_optimum": _over_optimum(rows),
        **{f"{name}_day": _number(_a_day(rows, name)) for name in PHYSICS},
    }


def _paid(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what each party pays a day under a benchmark, and gains over no link."""
    columns = {
        "payment_gbp": "payment_gbp_day",
        "against_no_link_gbp": "against_no_link_gbp_day",
    }
    parties = [
        {"party": name} | {key: _number(_a_day(of, c)) for c, key in columns.items()}
        for name, of in rows.groupby("party", sort=False)
    ]
    return {"parties": parties}


def _a_day(rows: pd.DataFrame, column: str) -> float:
    """Return the sum of a column over all days, divided by their number."""
    return float(rows[column].sum(skipna=False)) / rows.groupby(["pair", "day"]).ngroups


def _ratio(rows: pd.DataFrame, above: str, below: str) -> float | None:
    """Return the ratio of two sums; None where it would be to nothing, or is not known."""
    under = float(rows[below].sum(skipna=False))
    return _number(float(rows[above].sum(skipna=False)) / under) if under else None


def _over_optimum(rows: pd.DataFrame) -> float | None:
    """Return total cost over that of the optimum, which every party's rows repeat."""
    ratio = _ratio(rows, "cost_gbp", "optimum_gbp")
    return None if ratio is None else ratio * int(rows["seat"].nunique())


def _number(value: Any) -> float | None:
    """Return a number as JSON takes it, without what adding floats left at its end."""
    return round(float(value), 9) + 0.0 if isfinite(value) else None
