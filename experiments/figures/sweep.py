"""What a sweep found: main effects with intervals, interactions, heat maps, indices."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.figures.style import COLOURS, MAP, MARKERS, WIDE, new_figure, save, style
from experiments.sweep.designs import FACTORIAL
from experiments.sweep.files import TABLE
from experiments.sweep.indices import indices, scores_of
from experiments.sweep.plan import Sweep

NORMAL: Final = 1.96
"""Standard errors on either side of a mean that a 95 % interval spans."""

LINES: Final = 6
"""How many lines a figure of an interaction can hold."""


def draw_sweep(sweep: Sweep, folder: Path) -> list[Path]:
    """Draw every figure that a finished sweep allows; return the SVG files.

    Parameters
    ----------
    sweep : Sweep
        As its file describes it.
    folder : Path
        Of its results; figures go into ``figures`` there.
    """
    table = pd.read_parquet(folder / TABLE)
    varied = [f.keys[0] for f in sweep.factors if table[f.keys[0]].nunique() > 1]
    drawn = []
    with style():
        for score in scores_of(sweep, table):
            known = table[np.isfinite(table[score].astype(float))]
            for name, figure in _figures(sweep, known, score, varied):
                drawn.append(save(figure, folder / "figures", f"{name}-{score}")[0])
        found = indices(sweep, table)
        for score in dict.fromkeys(found["score"]):
            figure = indices_figure(found[found["score"] == score], score)
            drawn.append(save(figure, folder / "figures", f"indices-{score}")[0])
    return drawn


def _figures(
    sweep: Sweep, table: pd.DataFrame, score: str, varied: list[str]
) -> Iterator[tuple[str, Figure]]:
    if not varied or table.empty:
        return
    yield "effects", effects_figure(table, score, varied)
    if sweep.design.kind != FACTORIAL:
        return
    for first, second in pairwise(varied):
        cells = table.groupby([first, second]).size()
        if min(table[first].nunique(), table[second].nunique()) > LINES:
            yield f"map-{first}-{second}", map_figure(table, score, (first, second))
        elif len(cells) > 1:
            yield f"interaction-{first}-{second}", lines_figure(table, score, (first, second))


def effects_figure(table: pd.DataFrame, score: str, factors: list[str]) -> Figure:
    """Draw the mean of a score at each level of each factor, over all else, with intervals.

    Factors of many values are drawn as points.
    """
    figure = new_figure((max(WIDE[0], 2.2 * len(factors)), WIDE[1] * 0.8))
    panels = figure.subplots(1, len(factors), sharey=True, squeeze=False)[0]
    for panel, factor in zip(panels, factors, strict=True):
        if table[factor].nunique() > len(table) / 2:
            panel.plot(table[factor], table[score], ".", color=COLOURS["blue"], alpha=0.5)
        else:
            _line(panel, table, score, factor, {"color": COLOURS["blue"], "marker": "o"})
        panel.set_xlabel(factor)
    panels[0].set_ylabel(score)
    figure.suptitle(f"{score}: mean over all else, and 95 % intervals")
    return figure


def lines_figure(table: pd.DataFrame, score: str, factors: tuple[str, str]) -> Figure:
    """Draw a line over the levels of one factor for each level of another."""
    along, across = sorted(factors, key=lambda f: -table[f].nunique())
    figure = new_figure((WIDE[0] * 0.7, WIDE[1]))
    panel = figure.subplots()
    colours = [c for name, c in COLOURS.items() if name != "grey"]
    for place, (level, rows) in enumerate(table.groupby(across, sort=True)):
        look = {
            "color": colours[place % len(colours)],
            "marker": MARKERS[place % len(MARKERS)],
            "label": f"{across} = {_short(level)}",
        }
        _line(panel, rows, score, along, look)
    panel.set(xlabel=along, ylabel=score, title=f"{score}, and 95 % intervals")
    panel.legend()
    return figure


def map_figure(table: pd.DataFrame, score: str, factors: tuple[str, str]) -> Figure:
    """Draw the mean of a score for every pair of levels of two factors."""
    means = table.pivot_table(index=factors[0], columns=factors[1], values=score)
    figure = new_figure((WIDE[0] * 0.8, WIDE[1]))
    panel = figure.subplots()
    image = panel.imshow(means.to_numpy(float), cmap=MAP, aspect="auto", origin="lower")
    for axis, levels, name in (
        (panel.yaxis, means.index, factors[0]),
        (panel.xaxis, means.columns, factors[1]),
    ):
        axis.set_ticks(range(len(levels)), [_short(level) for level in levels])
        axis.set_label_text(name)
    panel.grid(visible=False)
    figure.colorbar(image, label=score)
    return figure


def indices_figure(rows: pd.DataFrame, score: str) -> Figure:
    """Draw the sensitivity indices of a score as bars, with 95 % intervals."""
    figure = new_figure((WIDE[0] * 0.8, WIDE[1] * 0.8))
    panel = figure.subplots()
    kinds = list(dict.fromkeys(rows["index"]))
    factors = list(dict.fromkeys(rows["factor"]))
    height = 0.8 / len(kinds)
    for place, (kind, colour) in enumerate(zip(kinds, ("sky", "blue"), strict=True)):
        own = rows[rows["index"] == kind].set_index("factor").loc[factors]
        panel.barh(
            np.arange(len(factors)) + (place - (len(kinds) - 1) / 2) * height,
            own["value"],
            height,
            xerr=own["interval"].fillna(0.0),
            color=COLOURS[colour],
            label=kind,
        )
    panel.set_yticks(range(len(factors)), factors)
    panel.invert_yaxis()
    panel.set(xlabel="sensitivity index", title=f"What moves {score}")
    panel.legend()
    return figure


def _line(panel: Any, table: pd.DataFrame, score: str, factor: str, look: Any) -> None:
    groups = table.groupby(factor, sort=True)[score]
    means = groups.mean()
    spread: pd.Series[float] = groups.std() / np.sqrt(groups.count())
    numeric = pd.api.types.is_numeric_dtype(means.index)
    places = means.index if numeric else [_short(level) for level in means.index]
    panel.errorbar(places, means, yerr=NORMAL * spread.fillna(0.0), capsize=3, **look)
    positive = numeric and means.index.min() > 0
    if positive and means.index.max() / means.index.min() >= 30:
        panel.set_xscale("log")
        panel.xaxis.set_major_formatter("{x:g}")


def _short(level: Any) -> str:
    return f"{level:g}" if isinstance(level, float) else str(level)
