"""A strategy at a glance: what it offers and how it ranks, over a day."""

from textwrap import fill
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke

from experiments.figures.style import COLOURS, MAP, new_figure
from experiments.strategy_example import Day
from market.types import Floats

SIZE: Final = (9.0, 4.2)
"""In inches."""


def bids(day: Day, meaning: str) -> Figure:
    """Draw the offers and the ranks of a day, option by half-hour."""
    figure = new_figure(SIZE)
    left, right = figure.subplots(1, 2, sharey=True)
    top = max(float(day.offers_gbp.max()), 0.01)
    _heat_map(left, day, day.offers_gbp, MAP, (0.0, top))
    _heat_map(right, day, day.ranks.astype(float), f"{MAP}_r", (1.0, day.ranks.max()))
    left.set_title("Offers, where the contract asks for offers (hco)")
    right.set_title("Ranks, where it asks for ranks (rps)")
    figure.colorbar(left.images[0], ax=left, label="offer, GBP")
    places = figure.colorbar(right.images[0], ax=right, label="rank (1 = favourite)")
    places.ax.invert_yaxis()
    places.set_ticks(np.unique(np.linspace(1, day.ranks.max(), 5).round()).tolist())
    left.set_ylabel("option: middle, MW (positive: network 1 to 2)")
    title = fill(f"{day.name}: {meaning}", 110)
    figure.suptitle(f"{title}\n{day.where}", fontsize="medium")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center")
    return figure


def _heat_map(
    ax: Axes, day: Day, shade: Floats, colours: str, limits: tuple[float, float]
) -> None:
    """Draw a table, shape (window, option), and the option of lowest cost over it."""
    windows, options = shade.shape
    ax.imshow(
        shade.T,
        aspect="auto",
        origin="lower",
        cmap=colours,
        extent=(0.5, windows + 0.5, -0.5, options - 0.5),
        vmin=limits[0],
        vmax=limits[1],
        interpolation="nearest",
    )
    half_hours = np.arange(1, windows + 1)
    (line,) = ax.step(
        half_hours,
        day.cost_gbp.argmin(-1),
        where="mid",
        color=COLOURS["red"],
        label="option of lowest cost to it",
    )
    line.set_path_effects([Stroke(linewidth=3, foreground="white"), Normal()])
    ax.grid(visible=False)
    every = max(1, options // 6)
    ax.set_yticks(np.arange(options)[::every], [f"{mw:g}" for mw in day.set_point_mw[::every]])
    ax.set_xticks([tick for tick in (1, 12, 24, 36, 48) if tick <= windows])
    ax.set_xlabel("half-hour of the day")
