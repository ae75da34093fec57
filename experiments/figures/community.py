"""The figures of communities: a day's exchange, cost and balance, descent, savings, loading."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.community.baselines import (
    ALONE,
    METERED,
    PERFECT,
    PLANT,
    UNSHIFTED,
    WITHIN,
)
from experiments.community.comparison import Way
from experiments.figures.style import COLOURS, MARKERS, new_figure

BASELINES: Final = {
    UNSHIFTED: ("grey", "P"),
    ALONE: ("black", "o"),
    METERED: ("grey", "o"),
    WITHIN: ("black", "D"),
    PLANT: ("blue", "X"),
    PERFECT: ("green", "*"),
}
"""A colour and a marker for each baseline."""

HUES: Final = ("red", "orange", "sky", "purple", "grey")
"""Colours of kinds of neighbours, in order."""

LINES: Final = ("red", "orange", "sky", "purple", "green", "blue")
"""Colours of rules, in order."""

SAYS: Final = 0.8
"""From this loading on, the loading of a feeder is worth a figure."""


def day_profile(exchange: pd.DataFrame, rule: str, neighbours: str, homes: float) -> Figure:
    """Draw what a household of a community takes from the grid, net, over a mean day.

    Parameters
    ----------
    exchange : DataFrame
        As `experiments.community.simulate.CommunityRun` has it.
    rule, neighbours : str
        The market to draw beside the baselines.
    homes : float
        How many households a community has on average.
    """
    figure = new_figure((9.0, 4.0))
    axes = figure.subplots()
    lines = [
        ("", ALONE, "black", "--"),
        ("", METERED, "grey", "-."),
        ("", PLANT, "blue", "-"),
        ("", PERFECT, "green", ":"),
        (rule, neighbours, "red", "-"),
    ]
    for by, name, colour, dashes in lines:
        rows = exchange[(exchange["rule"] == by) & (exchange["neighbours"] == name)]
        kw = rows.groupby("window")["exchange_kw"].mean() / homes
        hours = np.arange(len(kw) + 1) / 2
        label = f"{by}, {name}" if by else name
        axes.stairs(
            kw, hours, baseline=None, color=COLOURS[colour], ls=dashes, lw=1.8, label=label
        )
    axes.axhline(0.0, color=COLOURS["grey"], lw=0.8)
    axes.set(
        xlabel="hour of the day",
        ylabel="kW a household, negative if given",
        xlim=(0, len(kw) / 2),
        xticks=np.arange(0, len(kw) / 2 + 1, 3),
    )
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def cost_against_balance(ways: Sequence[Way]) -> Figure:
    """Draw bills against exchange for every way to run a community, a household and day."""
    figure = new_figure((9.0, 5.2))
    axes = figure.subplots()
    rules = list(dict.fromkeys(way.rule for way in ways if way.rule))
    kinds = list(dict.fromkeys(way.neighbours for way in ways if way.rule))
    for way in ways:
        if way.rule:
            look: dict[str, Any] = {
                "marker": MARKERS[rules.index(way.rule) % len(MARKERS)],
                "edgecolors": COLOURS[HUES[kinds.index(way.neighbours) % len(HUES)]],
                "facecolors": "none",
                "s": 50 + 45 * rules.index(way.rule),  # so that like points show
                "linewidths": 1.5,
            }
        else:
            colour, marker = BASELINES[way.neighbours]
            look = {"marker": marker, "color": COLOURS[colour], "s": 90}
            if marker == "D":  # it may well lie on another
                look = {"marker": marker, "fc": "none", "ec": COLOURS[colour], "s": 160}
        axes.scatter(way.bill_gbp.value, way.exchange_kwh.value, **look)
    axes.set(
        xlabel="bill, GBP a household and day",
        ylabel="exchange with the grid, kWh a household and day",
    )
    axes.margins(0.08)
    figure.legend(handles=_keys(rules, kinds), loc="outside right upper")
    return figure


def _keys(rules: Sequence[str], kinds: Sequence[str]) -> list[Line2D]:
    """Return what markers and colours mean."""

    def key(label: str, marker: str, colour: str, fill: str) -> Line2D:
        return Line2D(
            [], [], ls="", marker=marker, color=COLOURS[colour], mfc=fill, label=label
        )

    return [
        *(
            key(name, marker, colour, "none" if marker == "D" else COLOURS[colour])
            for name, (colour, marker) in BASELINES.items()
        ),
        *(
            key(rule, MARKERS[i % len(MARKERS)], "black", "none")
            for i, rule in enumerate(rules)
        ),
        *(
            key(kind, "s", HUES[i % len(HUES)], COLOURS[HUES[i % len(HUES)]])
            for i, kind in enumerate(kinds)
        ),
    ]


def descent_figure(descent: pd.DataFrame) -> Figure:
    """Draw how the bill that communities expect changes as households plan in turn.

    Against plans in which nobody shifts anything; sums over communities. Dotted the change of
    the potential, where one is known, which falls with every move.

    Parameters
    ----------
    descent : DataFrame
        As `experiments.community.simulate.CommunityRun` has it.
    """
    kinds = list(dict.fromkeys(descent["neighbours"]))
    figure = new_figure((9.0, 3.6))
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    for panel, kind in zip(panels, kinds, strict=True):
        _descents(panel, descent[descent["neighbours"] == kind])
        panel.set(title=kind, xlabel="sweep")
        panel.xaxis.get_major_locator().set_params(integer=True)
    panels[0].set_ylabel("change of the expected bill, GBP")
    handles, labels = panels[0].get_legend_handles_labels()
    dotted = Line2D([], [], color="black", ls=":", lw=2.5)
    figure.legend(
        [*handles, dotted], [*labels, "potential, where one is known"],
        loc="outside lower center", ncols=3,
    )  # fmt: skip
    return figure


def _descents(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw a line for each rule, and its potential."""
    for place, (rule, of_rule) in enumerate(rows.groupby("rule", sort=False)):
        sums = of_rule.groupby("sweep")[["cost_gbp", "potential_gbp"]].sum(min_count=1)
        change = sums - sums.iloc[0]
        look: dict[str, Any] = {"marker": MARKERS[place % len(MARKERS)], "ms": 9 - 1.5 * place}
        colour = COLOURS[LINES[place % len(LINES)]]
        panel.plot(change["cost_gbp"], color=colour, label=rule, lw=1.2, mfc="none", **look)
        panel.plot(change["potential_gbp"], color="black", ls=":", lw=2.5)


def savings(households: pd.DataFrame, kinds: Sequence[str]) -> Figure:
    """Draw how savings spread over households, by their strategy and neighbours.

    A panel for each rule; a point is a household's mean saving over all days, a box half of
    all households, its line the median.

    Parameters
    ----------
    households : DataFrame
        As `experiments.community.simulate.CommunityRun` has it.
    kinds : sequence of str
        The neighbours to draw.
    """
    rules, every = (list(dict.fromkeys(households[key])) for key in ("rule", "neighbours"))
    table = households[households["neighbours"].isin(kinds)].assign(
        saved=households["alone_gbp"] - households["bill_gbp"]
    )
    rows = list(dict.fromkeys(zip(table["neighbours"], table["strategy"], strict=True)))
    rows.sort(key=lambda row: list(kinds).index(row[0]))
    figure = new_figure((9.0, 1.6 + 0.42 * len(rows)))
    panels = figure.subplots(1, len(rules), sharey=True, sharex=True, squeeze=False)[0]
    rng = np.random.default_rng(0)
    keys = ["neighbours", "strategy", "community", "household"]
    for panel, rule in zip(panels, rules, strict=True):
        means = table[table["rule"] == rule].groupby(keys)["saved"].mean()
        for place, row in enumerate(rows):
            saved = means.loc[row].to_numpy()
            colour = COLOURS[HUES[every.index(row[0]) % len(HUES)]]
            shaken = place + rng.uniform(-0.2, 0.2, len(saved))
            panel.scatter(saved, shaken, s=5, color=colour, alpha=0.5, lw=0)
            box: dict[str, Any] = {"color": "black", "linewidth": 1.0}
            panel.boxplot(
                saved, positions=[place], orientation="horizontal", widths=0.55,
                showfliers=False, boxprops=box, medianprops=box | {"linewidth": 2.0},
            )  # fmt: skip
        panel.axvline(0.0, color=COLOURS["grey"], lw=1, ls="--")
        panel.set_title(rule)
        panel.grid(visible=False, axis="y")
    labels = [kind if kind == f"all {who}" else f"{who} ({kind})" for kind, who in rows]
    panels[0].set_yticks(range(len(rows)), labels)
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    figure.supxlabel("saved against being alone, GBP a day", fontsize="medium")
    return figure


def loading_says(days: pd.DataFrame) -> bool:
    """Return whether any way to run communities comes near the rating of a feeder."""
    return bool(days[["transformer_peak", "line_peak"]].max().max() >= SAYS)


def loading(days: pd.DataFrame) -> Figure:
    """Draw the largest loading of transformers in each way, over days and communities."""
    found = days.assign(
        name=[
            f"{rule}, {neighbours}" if rule else neighbours
            for rule, neighbours in zip(days["rule"], days["neighbours"], strict=True)
        ]
    )
    names = list(dict.fromkeys(found["name"]))
    figure = new_figure((9.0, 1.2 + 0.22 * len(names)))
    axes = figure.subplots()
    for place, name in enumerate(names):
        peaks = found[found["name"] == name]["transformer_peak"]
        axes.hlines(place, peaks.min(), peaks.max(), color=COLOURS["sky"], lw=5)
        axes.plot(peaks.mean(), place, marker="o", color=COLOURS["blue"])
    axes.axvline(1.0, color=COLOURS["red"], ls="--", label="rating")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set(xlabel="largest loading of a transformer in a day: mean, and from least to most")
    axes.legend(loc="lower right")
    return figure
