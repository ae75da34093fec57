"""What an audit says: tidy tables, numbers for scripts, sentences, one page of HTML."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.audit import TOLERANCE, Audit, Contender, Trial, World
from experiments.figures import audit as figures
from experiments.figures.style import save, style
from experiments.page import CSS, bullets, document, figure, table
from experiments.report import HONESTY
from experiments.results import MANIFEST, SCHEMA, manifest, write_json, write_table
from market.games.benchmarks import Plan, gini, jain
from market.types import Floats

TITLES: Final = {
    "central_optimum": "central optimum",
    "best_fixed": "best fixed option",
    "middle": "middle option",
    "random": "random option",
    "nash_bargaining": "Nash bargaining",
    "nash_bargaining_no_money": "Nash bargaining, no money",
    "no_link": "no link",
}
"""Benchmarks by key, and what people call them."""

PHYSICS: Final = ("losses_mwh", "exchange_mwh", "breaches")
"""What the grid says beside costs; breaches are windows of networks."""

CHANGES: Final = {
    "others_change_gbp": "others_cost_gbp_day",
    "total_change_gbp": "total_cost_gbp_day",
    **{f"{name}_change": f"{name}_day" for name in PHYSICS},
}
"""What a misreport changes: columns of the table, and their means a day."""

MECHANISM_COLUMNS: Final = (
    "mechanism",
    "exploitability, GBP/MWh",
    "GBP a day",
    "gained by",
    "windows",
    "others pay, GBP a day",
    "total cost, GBP a day",
    "left if sealed, GBP/MWh",
    "truth: cost over no link",
    "over optimum",
)

PARTY_COLUMNS: Final = (
    "mechanism",
    "party",
    "gain, GBP a day",
    "largest, GBP a day",
    "windows",
    "left if sealed, GBP a day",
    "pivotal in windows",
    "bond after truth, GBP",
    "bond after misreport, GBP",
)

CHANGE_COLUMNS: Final = (
    "mechanism",
    "misreporting",
    "others' net cost, GBP",
    "total cost, GBP",
    "losses, MWh",
    "exchange, MWh",
    "breaches",
)

FAIRNESS_COLUMNS: Final = (
    "mechanism",
    "party",
    "pays net, GBP a day",
    "pays in windows",
    "gain over no link, GBP a day",
    "worse off on days",
    "Gini, all",
    "Jain, all",
    "paid to nobody, GBP a day",
)

BENCHMARK_COLUMNS: Final = (
    "benchmark",
    "cost, GBP a day",
    "over no link",
    "over optimum",
    "losses, MWh a day",
    "exchange, MWh a day",
    "breaches a day",
    "payments by party, GBP a day",
)

ASSUMED: Final = (
    "All bid the truth but one party, which bids last, knows all bids of the window and "
    "makes the bid that serves it best; each window on its own. Authority passes on in "
    "sequence, as if all had been truthful, from the first party in the first window.",
    "A MWh transferred is the absolute middle of the truthful outcome's option over half "
    "an hour; gains are summed over loadings and days, and divided by it. Set-points are "
    "the middles of options.",
    "Sealed: the party takes the others' bids of the window before for those of this one. "
    "A better guess would gain more, so that the share which sealing removes is an upper "
    "bound. What it might learn from the public caps of sealed bids is not counted.",
    "Blocking: whoever isolates its busbar has no link in that window, and its payment "
    "stands. Bonds are those at which it no longer pays in any window.",
    "For Gini and Jain a loss against no link counts as no gain. The best fixed option is "
    "one for all windows of a loading, known only afterwards.",
)
"""What the numbers of every audit rest on."""

NOWRAP: Final = "td.text { white-space: nowrap }"
"""Names stay on a line."""

NOT_FOR: Final = (
    "how likely it is that a party finds such a bid: it is what the best one would bring",
    "several parties departing from truth at once, or in turn: that is a game, see gridpact "
    "tournament",
    "setting bonds, prices or licence conditions on a real network without its own data",
)


UNTRIED: Final = "best responses under a lottery are known for two parties alone"

_OFFERS: Final = "the option that all together offer most for"
_UNBEATEN: Final = "of the options that no other beats in all rankings"

MEANINGS: Final = {
    "hco, difference": f"{_OFFERS}; who offered more there pays the difference",
    "hco, equal-split": f"{_OFFERS}; each pays its offer less an equal share of all offers",
    "hco, none": f"{_OFFERS}; nobody pays",
    "rps": "the option with the lowest sum of ranks; nobody pays",
    "rps-pareto": f"each party's choice by turns, {_UNBEATEN}; nobody pays",
    "rps-random": f"one by lot {_UNBEATEN}; nobody pays",
    "vcg": f"{_OFFERS}; each pays what its bid costs the others (the pivotal mechanism, a "
    "benchmark that no contract here settles by)",
}
"""What a mechanism does, by the name in tables."""

NOTES: Final = {
    "rps-pareto": (
        "truth is the best bid because whoever holds authority gets its own first choice, "
        "whatever that costs the others",
    ),
    "vcg": (
        "what the parties pay goes to none of them, and it resists one party alone, not two "
        "who agree on their bids",
    ),
}
"""What to know where a number could mislead."""

_NOBODY: Final[dict[str, Any]] = {
    "party": None,
    "gain": {"mean_gbp_mwh": None, "mean_gbp_day": None},
}


def name_of(mechanism: Mapping[str, Any]) -> str:
    """Return what a mechanism of the summary is called in tables."""
    return Contender(mechanism["mechanism"], mechanism["payment"]).name


def windows_table(found: Audit) -> pd.DataFrame:
    """Return one row for each mechanism, loading, party, day and window.

    A number that is not known (no physics, no costs without the link, no exact response) is
    not a number. Changes are by the party's best misreport against all being truthful.
    """
    tables = [_rows(found, trial, seat) for trial in found.trials for seat in found.seen.seats]
    return pd.concat(tables, ignore_index=True)


def plans_table(found: Audit) -> pd.DataFrame:
    """Return one row for each benchmark, loading, party, day and window."""
    tables = [
        _plan_rows(found, {"benchmark": name}, world, plan, seat)
        for name, plan, world in found.plans
        for seat in found.seen.seats
    ]
    return pd.concat(tables, ignore_index=True)


def summary(found: Audit, table: pd.DataFrame, plans: pd.DataFrame) -> dict[str, Any]:
    """Return the audit as scripts read it, the least exploitable mechanism first.

    Parameters
    ----------
    found : Audit
        What was found.
    table, plans : DataFrame
        As `windows_table` and `plans_table` return them.
    """
    contenders = list(dict.fromkeys(trial.contender for trial in found.trials))
    groups = dict(list(table.groupby(["mechanism", "payment"], sort=False)))
    mechanisms = [_mechanism(c, groups[c.mechanism, c.payment]) for c in contenders]
    mechanisms.sort(key=_worst)
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


def answer(said: Mapping[str, Any]) -> list[str]:
    """Return the findings in sentences, the number that counts first."""
    known = [m for m in said["mechanisms"] if m["exploitability_gbp_mwh"] is not None]
    if not known:
        return ["No exploitability is known for what was audited."]
    best, worst = known[0], known[-1]
    if worst["exploiter"] is None:
        return [f"No party gains by a misreport under {', '.join(map(name_of, known))}."]
    least = [m for m in known[:-1] if _worst(m) == _worst(best)]
    sentences = [
        f"Most exploitable is {name_of(worst)}: GBP {worst['exploitability_gbp_mwh']:,.2f} for "
        f"each MWh transferred, which {worst['exploiter']} gains by its best misreport over "
        f"truth (GBP {worst['exploitability_gbp_day']:,.0f} a day)."
    ]
    if least:
        sentences.append(
            f"Least exploitable: {' and '.join(map(name_of, least))}, at GBP "
            f"{best['exploitability_gbp_mwh']:,.2f}."
        )
    return sentences + _of_the_worst(worst)


def assumptions(found: Audit) -> list[str]:
    """Return what the numbers rest on."""
    scenario, seen = found.scenario, found.seen
    said = [
        f"Loadings: {', '.join('-'.join(w.pair) for w in found.worlds)}; {seen.days} "
        f"day{'s' * (seen.days > 1)}; {len(seen.options)} options; seed {scenario.seed}.",
        *ASSUMED,
    ]
    if seen.no_link_gbp is None:
        said.append("Costs without the link are not known: no gains against it, no blocking.")
    if seen.appraisal is None:
        return [*said, "Costs come from a table: no losses, exchange or breaches."]
    return [*said, HONESTY] if scenario.grid.case == "anglesey" else said


def write(folder: Path, found: Audit) -> dict[str, Any]:
    """Write everything into a folder, and return the summary."""
    table, plans = windows_table(found), plans_table(found)
    said = summary(found, table, plans)
    write_table(folder / "audit.parquet", table)
    write_table(folder / "benchmarks.parquet", plans)
    write_json(folder / "summary.json", said)
    drawn = _draw(folder / "figures", said, table, plans)
    (folder / "report.html").write_text(html(said, drawn), encoding="utf-8")
    facts = {"trials": len(found.trials), "rows": len(table)}
    write_json(folder / MANIFEST, manifest("audit", found.scenario, **facts))
    return said


def _rows(found: Audit, trial: Trial, seat: int) -> pd.DataFrame:
    """Return the rows of a party in a trial."""
    world, contender = trial.world, trial.contender
    names = {"mechanism": contender.mechanism, "payment": contender.payment}
    rows = _plan_rows(found, names, world, trial.truthful, seat)
    worse = world.worse_gbp(trial.truthful.chances)
    unknown = np.full(len(rows), np.nan)
    rows["authority"] = -1 if contender.rule.lottery else trial.authority
    rows["pivotal"] = trial.pivotal[seat]
    rows["block_truthful_gain_gbp"] = unknown if worse is None else worse[0][seat]
    tick = found.scenario.market.tick_gbp
    whole = unknown if worse is None else np.ceil(worse[1][seat] / tick - TOLERANCE) * tick
    rows["block_truthful_bond_gbp"] = whole
    return rows.assign(**_attack_columns(trial, seat, unknown))


def _attack_columns(trial: Trial, seat: int, unknown: Floats) -> dict[str, Any]:
    """Return what a party gains by its misreports, and what they change."""
    names = ("gain_gbp", "sealed_gain_gbp", "block_gain_gbp", "block_bond_gbp")
    if not trial.attacks:
        return dict.fromkeys((*names, *CHANGES), unknown) | {"misreport_option": -1}
    attack = trial.attacks[seat]
    found = {n: unknown if getattr(attack, n) is None else getattr(attack, n) for n in names}
    option = -1 if trial.contender.rule.lottery else attack.plan.option
    changes = _changes(trial.world, trial.truthful, attack.plan, seat)
    return found | {"misreport_option": option} | dict.fromkeys(CHANGES, unknown) | changes


def _changes(world: World, before: Plan, after: Plan, seat: int) -> dict[str, Floats]:
    """Return what one plan in place of another means for others, and for all together."""
    old, new = world.effects_of(before), world.effects_of(after)
    changed = {name: new[name] - old[name] for name in new}
    total = changed.pop("cost_gbp")
    net = total + after.payments_gbp - before.payments_gbp
    found = {f"{name}_change": of.sum(0) for name, of in changed.items()}
    return found | {
        "others_change_gbp": np.delete(net, seat, 0).sum(0),
        "total_change_gbp": total.sum(0),
    }


def _plan_rows(
    found: Audit, names: Mapping[str, str], world: World, plan: Plan, seat: int
) -> pd.DataFrame:
    """Return the rows of a party under a plan: what it costs, and does to the grid."""
    effects, alone = world.effects_of(plan), world.no_link_gbp
    cost, paid = effects["cost_gbp"][seat], plan.payments_gbp[seat]
    unknown = np.full(len(cost), np.nan)
    day, window = np.divmod(np.arange(len(cost)), found.seen.cost_gbp.shape[3])
    known = {
        "pair": "-".join(world.pair),
        "day": day,
        "window": window,
        "seat": seat,
        "party": found.seen.parties[seat],
        "option": np.where(plan.chances.max(-1) == 1.0, plan.option, -1),
        "transferred_mwh": plan.chances @ world.moved_mwh,
        "cost_gbp": cost,
        "payment_gbp": paid,
        "no_link_gbp": unknown if alone is None else alone[seat],
        "optimum_gbp": world.costs_gbp.sum(0).min(-1),
        "against_no_link_gbp": unknown if alone is None else alone[seat] - cost - paid,
    }
    physics = {name: effects[name][seat] if name in effects else unknown for name in PHYSICS}
    return pd.DataFrame({**names, **known, **physics})


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


def _worst(mechanism: Mapping[str, Any]) -> tuple[bool, float]:
    """Order mechanisms by exploitability, not known last."""
    value = mechanism["exploitability_gbp_mwh"]
    return value is None, value or 0.0


def _of_the_worst(mechanism: Mapping[str, Any]) -> list[str]:
    """Return sentences on the party that gains most under the most exploitable mechanism."""
    party = next(p for p in mechanism["parties"] if p["party"] == mechanism["exploiter"])
    sealing, changes = party["sealing"], party["misreport_changes"]
    return [
        f"It has such a bid in {_percent(party['gain']['share_of_windows'])} of windows. It "
        f"{_moves(changes['others_cost_gbp_day'], 'the net cost of the others')} a day, and "
        f"{_moves(changes['total_cost_gbp_day'], 'the cost of all networks together')}.",
        f"If bids are sealed, and it guesses that the others bid as in the window before, "
        f"GBP {sealing['sealed_gbp_day']:,.0f} a day of the gain are left: sealing takes "
        f"{_percent(sealing['removes_share'])}.",
        *_off_the_link(party),
        *_bonds(mechanism),
    ]


def _off_the_link(party: Mapping[str, Any]) -> list[str]:
    """Return what truth leaves a party against no link."""
    alone, paid = party["against_no_link"], party["payments"]
    if alone is None:
        return []
    gain, lost = alone["gain_gbp_day"], _percent(alone["share_of_days_worse"])
    side = "better" if gain >= 0 else "worse"
    return [
        f"If all are truthful, {party['party']} pays in "
        f"{_percent(paid['pays_share_of_windows'])} of windows, GBP "
        f"{paid['net_gbp_day']:,.0f} a day net, and is GBP {abs(gain):,.0f} a day {side} off "
        f"than without the link; it is worse off on {lost} of days."
    ]


def _bonds(mechanism: Mapping[str, Any]) -> list[str]:
    """Return which bonds keep all parties from blocking."""
    blocking = [party["blocking"] for party in mechanism["parties"]]
    if None in blocking:
        return []
    truthful = max(one["truthful_bond_gbp"] for one in blocking)
    said = f"No truthful party gains by blocking an award from a bond of GBP {truthful:,.2f} on"
    bent = [one["misreporting_bond_gbp"] for one in blocking]
    if None in bent:
        return [f"{said}."]
    return [f"{said}; who bids in order to block, from one of GBP {max(bent):,.2f} on."]


def _moves(change_gbp: float, what: str) -> str:
    """Return a change in words.

    >>> _moves(-3.0, "it"), _moves(0.001, "it")
    ('lowers it by GBP 3', 'leaves it as it is')
    """
    if round(change_gbp) == 0:
        return f"leaves {what} as it is"
    return f"{'raises' if change_gbp > 0 else 'lowers'} {what} by GBP {abs(change_gbp):,.0f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def mechanism_rows(said: Mapping[str, Any]) -> list[list[str]]:
    """Return what was found on each mechanism as texts, a heading first."""
    rows = [
        [
            name_of(one),
            _text(one["exploitability_gbp_mwh"]),
            _text(one["exploitability_gbp_day"], 0),
            one["exploiter"] or "nobody",
            *_exploiter_cells(one),
            _text(one["truthful"]["ratio_to_no_link"], 3),
            _text(one["truthful"]["ratio_to_optimum"], 3),
        ]
        for one in said["mechanisms"]
    ]
    return [list(MECHANISM_COLUMNS), *rows]


def party_rows(said: Mapping[str, Any]) -> list[list[str]]:
    """Return what was found on each party under each mechanism as texts, a heading first."""
    rows = [
        [name_of(one), party["party"], *_party_cells(party)] for one, party in _each_party(said)
    ]
    return [list(PARTY_COLUMNS), *rows]


def change_rows(said: Mapping[str, Any]) -> list[list[str]]:
    """Return what each party's misreports change as texts, a heading first."""
    rows = []
    for one, party in _each_party(said):
        found = party["misreport_changes"] or {}
        cells = [_text(found.get(name), 0 if "gbp" in name else 1) for name in CHANGES.values()]
        rows.append([name_of(one), party["party"], *cells])
    return [list(CHANGE_COLUMNS), *rows]


def fairness_rows(said: Mapping[str, Any]) -> list[list[str]]:
    """Return what each party gains over no link as texts, a heading first."""
    rows = []
    for one, party in _each_party(said):
        shared = [_text(one["fairness"][name]) for name in ("gini", "jain")]
        left = _text(one["surplus_gbp_day"], 0)
        rows.append([name_of(one), party["party"], *_fairness_cells(party), *shared, left])
    return [list(FAIRNESS_COLUMNS), *rows]


def benchmark_rows(said: Mapping[str, Any]) -> list[list[str]]:
    """Return what each benchmark costs as texts, a heading first."""
    rows = [
        [
            TITLES[name],
            _text(one["cost_gbp_day"], 0),
            _text(one["ratio_to_no_link"], 3),
            _text(one["ratio_to_optimum"], 3),
            *(_text(one[f"{physics}_day"], 1) for physics in PHYSICS),
            "; ".join(_text(party["payment_gbp_day"], 0) for party in one["parties"]),
        ]
        for name, one in said["benchmarks"].items()
        if one is not None
    ]
    return [list(BENCHMARK_COLUMNS), *rows]


def html(said: Mapping[str, Any], drawn: Sequence[tuple[str, Path]]) -> str:
    """Return the page: question, answer, a figure, assumptions, limits; then detail.

    Parameters
    ----------
    said : mapping
        As `summary` returns it.
    drawn : sequence of (caption, path)
        SVG files, the one for the first page first; they become part of the page.
    """
    shown = [figure(*one, number=1 + i) for i, one in enumerate(drawn)]
    title = f"How manipulable is each mechanism? {said['scenario']}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(_question(said))}</p>",
        "<h2>Answer</h2>",
        f"<p><b>{escape(said['answer'][0])}</b></p>",
        bullets(said["answer"][1:]),
        *shown[:1],
        "<h2>The mechanisms</h2>",
        bullets([_described(one) for one in said["mechanisms"]]),
        "<h2>What was assumed</h2>",
        bullets(said["assumptions"]),
        "<h2>What this is not for</h2>",
        bullets(NOT_FOR),
        *_details(said, shown[1:]),
    ]
    return document(title, body, CSS + NOWRAP)


def _details(said: Mapping[str, Any], drawings: Sequence[str]) -> list[str]:
    """Return the tables of the page, and the figures that are not on the first screen."""
    return [
        "<h2>Mechanisms, the least exploitable first</h2>",
        table(mechanism_rows(said)),
        "<h2>What each party gains, and what stops it</h2>",
        table(party_rows(said)),
        "<h2>What the misreports change, a day</h2>",
        table(change_rows(said)),
        "<h2>Who gains by the link if all are truthful</h2>",
        table(fairness_rows(said)),
        "<h2>What could be instead</h2>",
        *drawings,
        table(benchmark_rows(said)),
    ]


def _described(mechanism: Mapping[str, Any]) -> str:
    name = name_of(mechanism)
    return f"{name}: {'. Note: '.join([MEANINGS[name], *mechanism['notes']])}."


def _each_party(said: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield every mechanism of the summary with each party under it."""
    for one in said["mechanisms"]:
        for party in one["parties"]:
            yield one, party


def _question(said: Mapping[str, Any]) -> str:
    return (
        f"{' and '.join(said['parties'])} share an element whose set-point is negotiated every "
        "half-hour by a smart contract. The rules work as intended if all bid the truth. How "
        "much would a party gain by another bid, who would pay for it, and what would stop it?"
    )


def _exploiter_cells(mechanism: Mapping[str, Any]) -> list[str]:
    """Return what the party that gains most does to others, and what sealing leaves it."""
    for party in mechanism["parties"]:
        if party["party"] == mechanism["exploiter"]:
            changes = party["misreport_changes"]
            return [
                _percent(party["gain"]["share_of_windows"]),
                _text(changes["others_cost_gbp_day"], 0),
                _text(changes["total_cost_gbp_day"], 0),
                _text(party["sealing"]["sealed_gbp_mwh"]),
            ]
    return [""] * 4


def _party_cells(party: Mapping[str, Any]) -> list[str]:
    """Return what a party gains, and what stops it, as texts."""
    gain, sealing, blocking = (party[k] or {} for k in ("gain", "sealing", "blocking"))
    return [
        _text(gain.get("mean_gbp_day"), 0),
        _text(gain.get("largest_gbp_day"), 0),
        _share(gain.get("share_of_windows")),
        _text(sealing.get("sealed_gbp_day"), 0),
        _share(party["pivotal_share_of_windows"]),
        _text(blocking.get("truthful_bond_gbp")),
        _text(blocking.get("misreporting_bond_gbp")),
    ]


def _fairness_cells(party: Mapping[str, Any]) -> list[str]:
    """Return what truth costs and brings a party, as texts."""
    alone, paid = party["against_no_link"] or {}, party["payments"]
    return [
        _text(paid["net_gbp_day"], 0),
        _share(paid["pays_share_of_windows"]),
        _text(alone.get("gain_gbp_day"), 0),
        _share(alone.get("share_of_days_worse")),
    ]


def _share(value: float | None) -> str:
    return "not known" if value is None else _percent(value)


def _text(value: float | None, digits: int = 2) -> str:
    """Return a number in words; what rounds to nothing has no sign."""
    return "not known" if value is None else f"{round(value, digits) + 0.0:,.{digits}f}"


def _draw(
    folder: Path, said: Mapping[str, Any], table: pd.DataFrame, plans: pd.DataFrame
) -> list[tuple[str, Path]]:
    """Draw the figures; return captions and SVG files."""
    with style():
        gains = save(figures.gains(said), folder, "gains")
        benchmarks = plans.assign(name=plans["benchmark"].map(TITLES))
        costs = save(figures.cost_ratios(said, table, benchmarks), folder, "costs")
    return [
        (
            "What each party gains by its best misreport if all others bid the truth, and what "
            "it costs all networks together; the least exploitable mechanism on top.",
            gains[0],
        ),
        (
            "What all networks cost together under benchmarks (top) and mechanisms; a point "
            "for each loading, all its days together.",
            costs[0],
        ),
    ]
