"""The summary of an audit as tables of texts, for terminals and pages."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from experiments.audit.contenders import name_of
from experiments.audit.instead import TITLES
from experiments.audit.tables import CHANGES, PHYSICS
from experiments.audit.words import percent

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

GAME_COLUMNS: Final = (
    "mechanism",
    "windows followed",
    "end pure",
    "end mixed",
    "not proved",
    "given up",
    "rounds, mean",
    "gain at ends at most, GBP",
    "gain elsewhere, GBP",
    "ends: cost over truth",
    "over optimum",
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


def game_rows(said: Mapping[str, Any]) -> list[list[str]]:
    """Return where the bid games of each mechanism ended as texts, a heading first."""
    rows = [
        [name_of(one), *_game_cells(one["bid_game"])]
        for one in said["mechanisms"]
        if one["bid_game"]
    ]
    return [list(GAME_COLUMNS), *rows]


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


def _each_party(said: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield every mechanism of the summary with each party under it."""
    for one in said["mechanisms"]:
        for party in one["parties"]:
            yield one, party


def _exploiter_cells(mechanism: Mapping[str, Any]) -> list[str]:
    """Return what the party that gains most does to others, and what sealing leaves it."""
    for party in mechanism["parties"]:
        if party["party"] == mechanism["exploiter"]:
            changes = party["misreport_changes"]
            return [
                percent(party["gain"]["share_of_windows"]),
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


def _game_cells(game: Mapping[str, Any]) -> list[str]:
    """Return where the bid games of a mechanism ended; what there is none of is empty."""
    shares = (game[f"{name}_share"] for name in ("pure", "mixed", "unproved", "rounds"))
    numbers = (
        ("equilibria_at_most_gbp", 2),
        ("others_epsilon_gbp", 2),
        ("equilibria_cost_over_truth", 3),
        ("equilibria_cost_over_optimum", 3),
    )
    return [
        str(game["windows"]),
        *map(percent, shares),
        _text(game["mean_rounds"], 1),
        *("" if game[name] is None else _text(game[name], digits) for name, digits in numbers),
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
    return "not known" if value is None else percent(value)


def _text(value: float | None, digits: int = 2) -> str:
    """Return a number in words; what rounds to nothing has no sign."""
    return "not known" if value is None else f"{round(value, digits) + 0.0:,.{digits}f}"
