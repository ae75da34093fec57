"""The figures of an audit: what parties gain by misreports, and what could be instead."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.audit.contenders import name_of
from experiments.figures.style import COLOURS, MARKERS, new_figure

PARTIES: Final = (COLOURS["blue"], COLOURS["red"], COLOURS["green"], COLOURS["purple"])
"""A colour for each party."""

GUESS: Final[Any] = {"ls": "", "marker": "D", "mfc": "white", "mec": "black", "ms": 5}
"""What is left of a gain where bids are sealed."""

BASES: Final = {
    "no_link_gbp": "all networks' cost over that without the link",
    "optimum_gbp": "all networks' cost over the central optimum",
}
"""What costs are set against, by column."""


def gains(said: Mapping[str, Any]) -> Figure:
    """Draw what each party gains by its best misreport, and what that costs all together.

    Parameters
    ----------
    said : mapping
        As `experiments.audit.summary.summary` returns it.
    """
    table = _gains(said)
    names = list(dict.fromkeys(table["name"]))
    seats = sorted(table["seat"].unique())
    figure = new_figure((9.0, 1.4 + 0.22 * (1 + len(seats)) * len(names)))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    for place, seat in enumerate(seats):
        rows = table[table["seat"] == seat].set_index("name").loc[names]
        _bars(left, rows, "gain_gbp_mwh", place, len(seats))
        _bars(right, rows, "total_gbp_day", place, len(seats))
        _guesses(left, rows, place, len(seats))
    left.set_yticks(range(len(names)), names)
    left.invert_yaxis()
    left.set(title="What the party gains", xlabel="GBP for each MWh transferred")
    right.set(title="What that costs all networks together", xlabel="GBP a day")
    for axes in (left, right):
        axes.grid(visible=False, axis="y")
        axes.axvline(0.0, color="black", lw=0.8)
        axes.margins(x=0.2)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
    _gains_legend(figure, left)
    return figure


def cost_ratios(said: Mapping[str, Any], windows: pd.DataFrame, plans: pd.DataFrame) -> Figure:
    """Draw the total cost of benchmarks and mechanisms, a point for each loading.

    Parameters
    ----------
    said : mapping
        As `experiments.audit.summary.summary` returns it.
    windows, plans : DataFrame
        Its tables; `plans` has the names of benchmarks in a column `name`.
    """
    table, parties = _costs(said, windows, plans), said["parties"]
    base = "optimum_gbp" if table["no_link_gbp"].isna().any() else "no_link_gbp"
    names = list(dict.fromkeys(table["name"]))
    shown = _placed(table.assign(base_gbp=table[base]), names, len(parties))
    figure = new_figure((9.0, 1.6 + 0.42 * len(names)))
    axes = figure.subplots()
    seats = sorted(shown["seat"].unique())
    for seat in seats:
        _spread(axes, shown[shown["seat"] == seat], _look(int(seat)))
    axes.axvline(1.0, color=COLOURS["grey"], ls="--", lw=1)
    benchmarks = table.loc[table["group"] == "benchmark", "name"].nunique()
    axes.axhline(benchmarks - 0.5, color="black", lw=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(BASES[base])
    figure.legend(
        handles=[*_kinds(seats, parties), _mean_sign()],
        loc="outside lower center",
        ncols=len(seats) + 1,
    )
    return figure


def _gains_legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    handles.append(Line2D([], [], **GUESS))
    labels.append("bids sealed: it guesses that the others bid as in the window before")
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))


def _bars(axes: Axes, rows: pd.DataFrame, column: str, place: int, count: int) -> None:
    """Draw a bar for each mechanism, with its number at the end."""
    thick, digits = 0.78 / count, 0 if column == "total_gbp_day" else 1
    heights = _heights(len(rows), place, count)
    values = rows[column].to_numpy(float)
    axes.barh(
        heights,
        np.nan_to_num(values),
        height=thick,
        color=PARTIES[place % len(PARTIES)],
        label=rows["party"].iloc[0],
    )
    ends = _ends(rows, column)
    for height, value, end in zip(heights, values, ends, strict=True):
        axes.annotate(
            "not known" if np.isnan(value) else f"{value:,.{digits}f}",
            (end, height),
            (6 if end >= 0 else -6, 0),
            textcoords="offset points",
            va="center",
            ha="left" if end >= 0 else "right",
            fontsize="small",
        )


def _ends(rows: pd.DataFrame, column: str) -> Any:
    """Return where numbers stand: at the ends of bars, clear of guesses beyond them."""
    values = np.nan_to_num(rows[column].to_numpy(float))
    if column == "total_gbp_day":
        return values
    return np.maximum(values, np.nan_to_num(rows["sealed_gbp_mwh"].to_numpy(float)))


def _guesses(axes: Axes, rows: pd.DataFrame, place: int, count: int) -> None:
    """Draw what is left of each gain where bids are sealed."""
    values = rows["sealed_gbp_mwh"].to_numpy(float)
    shown = np.abs(rows["gain_gbp_mwh"].to_numpy(float)) > 0
    heights = _heights(len(rows), place, count)
    axes.plot(values[shown], heights[shown], **GUESS)


def _heights(rows: int, place: int, count: int) -> Any:
    return np.arange(rows) + (place - (count - 1) / 2) * 0.78 / count


def _placed(table: pd.DataFrame, names: Sequence[str], parties: int) -> pd.DataFrame:
    """Return the table with heights, misreports below the truth that they depart from."""
    apart = table["name"].isin(table.loc[table["seat"] >= 0, "name"])
    shift = np.where(apart, 0.5 * (table["seat"] + 1) / parties - 0.25, 0.0)
    return table.assign(height=table["name"].map(names.index) + shift)


def _spread(axes: Axes, rows: pd.DataFrame, look: Mapping[str, Any]) -> None:
    """Draw the points of each plan, and a bar at the ratio of their sums."""
    ratios = rows["cost_gbp"] / rows["base_gbp"]
    axes.plot(ratios, rows["height"], ls="", ms=4.5, alpha=0.75, **look)
    sums = rows.groupby("height")[["cost_gbp", "base_gbp"]].sum()
    whole = sums["cost_gbp"] / sums["base_gbp"]
    axes.plot(whole, whole.index, ls="", marker="|", ms=9, mew=2.4, color=look["mec"])


def _look(seat: int) -> dict[str, Any]:
    colour = "black" if seat < 0 else PARTIES[seat % len(PARTIES)]
    return {"marker": MARKERS[(seat + 1) % len(MARKERS)], "mec": colour, "mfc": "none"}


def _kinds(seats: list[int], parties: Sequence[str]) -> list[Line2D]:
    labels = ["all truthful" if s < 0 else f"{parties[s]} misreports" for s in seats]
    return [
        Line2D([], [], ls="", label=label, **_look(seat))
        for seat, label in zip(seats, labels, strict=True)
    ]


def _mean_sign() -> Line2D:
    return Line2D([], [], ls="", marker="|", ms=9, mew=2.4, color="black", label="all together")


def _gains(said: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row for each mechanism and party."""
    nothing: dict[str, None] = {}
    return pd.DataFrame(
        {
            "name": name_of(one),
            "seat": seat,
            "party": party["party"],
            "gain_gbp_mwh": (party["gain"] or nothing).get("mean_gbp_mwh"),
            "sealed_gbp_mwh": (party["sealing"] or nothing).get("sealed_gbp_mwh"),
            "total_gbp_day": (party["misreport_changes"] or nothing).get("total_cost_gbp_day"),
        }
        for one in said["mechanisms"]
        for seat, party in enumerate(one["parties"])
    )


def _costs(said: Mapping[str, Any], windows: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Return the cost of each plan and loading."""
    frames = [
        _pair_costs(rows, str(name), "benchmark", -1)
        for name, rows in plans.groupby("name", sort=False)
    ]
    groups = dict(list(windows.groupby(["mechanism", "payment"], sort=False)))
    for one in said["mechanisms"]:
        rows = groups[one["mechanism"], one["payment"]]
        frames.append(_pair_costs(rows, name_of(one), "mechanism", -1))
        for seat, party in enumerate(one["parties"]):
            if party["gain"] and party["gain"]["mean_gbp_day"]:
                frames.append(_pair_costs(rows, name_of(one), "mechanism", seat))
    return pd.concat(frames, ignore_index=True)


def _pair_costs(rows: pd.DataFrame, name: str, group: str, seat: int) -> pd.DataFrame:
    """Return the total cost of each loading; by misreport of a seat from 0 on."""
    parties = rows["seat"].nunique()
    columns = ["cost_gbp", "no_link_gbp", "optimum_gbp"]
    pairs = rows.groupby("pair", sort=False)[columns].sum(min_count=1)
    pairs["optimum_gbp"] /= parties
    if seat >= 0:
        own = rows[rows["seat"] == seat].groupby("pair", sort=False)
        pairs["cost_gbp"] += own["total_change_gbp"].sum()
    return pairs.reset_index().assign(name=name, group=group, seat=seat)
