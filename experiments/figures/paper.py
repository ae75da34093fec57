"""The paper's Figs 4, 5, 7, 8 and 9 in its own layout, to be laid beside it.

Heat maps: networks down, their loading N, D, G across. Three by three panels: loading of
network 1 across (the text calls its high loading the central column), of network 2 down.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke

from experiments.figures.style import COLOURS, MAP, new_figure, save, style
from experiments.paper.gas import Sweep, shape
from experiments.paper.gas_checks import fits_of
from experiments.paper.reproduce import LOADINGS, REPRODUCED, Reproduction, pairs
from market import money
from market.types import Floats

MEANING: Final = {"N": "normal", "D": "high demand", "G": "high generation"}

COLOUR: Final = {"hco": "blue", "rps": "orange", "rps-pareto": "green"}
MARKER: Final = {"hco": "o", "rps": "s", "rps-pareto": "^"}

DOTS_PER_INCH: Final = 300
"""Of the PNG files."""


def draw_all(run: Reproduction, swept: Sweep | None, folder: Path) -> list[Path]:
    """Draw every figure that there are numbers for, each as SVG and PNG."""
    drawn: list[tuple[str, Callable[[], Figure]]] = [
        ("fig-4-offers", lambda: offers(run)),
        ("fig-5-ranks", lambda: ranks(run)),
        ("fig-8-set-points", lambda: set_points(run)),
    ]
    if swept is not None:
        drawn.append(("fig-7-gas", lambda: gas(swept)))
    if run.seen.no_link_gbp is not None:
        drawn.append(("fig-9-relative-cost", lambda: relative_cost(run)))
    paths = []
    with style():
        mpl.rcParams["savefig.dpi"] = DOTS_PER_INCH
        for name, draw in sorted(drawn):
            paths += save(draw(), folder, name)
    return paths


def offers(run: Reproduction) -> Figure:
    """Draw what each network offers for each option, over its highest offer of the day."""
    worth = money.values(_own_costs(run))
    share = worth / worth.max((-2, -1), keepdims=True)
    figure = _heat_maps(run, share, MAP, "offer over the day's highest")
    figure.suptitle("Fig. 4 here: offers sent to the HCO contract")
    return figure


def ranks(run: Reproduction) -> Figure:
    """Draw how each network ranks the options."""
    placed = money.ranks(money.values(_own_costs(run))).astype(float)
    figure = _heat_maps(run, placed, f"{MAP}_r", "rank (1 = favourite)")
    figure.axes[-1].invert_yaxis()
    figure.axes[-1].set_yticks(np.unique(placed)[::3])
    figure.suptitle("Fig. 5 here: ranked preferences sent to the RPS contract")
    return figure


def gas(swept: Sweep) -> Figure:
    """Draw total gas against options, with the simplest curve that fits and the exponential."""
    figure = new_figure((7.0, 4.6))
    ax = figure.subplots()
    x = np.array(swept.counts, float)
    smooth = np.linspace(x.min(), x.max(), 200)
    for name in REPRODUCED:
        fits = fits_of(swept, name)
        colour = COLOURS[COLOUR[name]]
        ax.plot(x, swept.gas[name] / 1e6, MARKER[name], color=colour, label=name)
        for kind, line in ((shape(fits), "-"), ("exponential", "--")):
            fit = fits[kind]
            label = f"{name} {kind}: R² {fit.r_squared:.6f}, AIC {fit.aic:.0f}"
            ax.plot(smooth, fit(smooth) / 1e6, line, color=colour, linewidth=1, label=label)
    ax.axvline(43, color=COLOURS["grey"], linestyle=":", label="the paper's crossing: 43")
    ax.set_xlabel("number of set-point options")
    ax.set_ylabel("total gas, millions")
    ax.set_ylim(0, None)
    ax.legend(loc="upper left")
    figure.suptitle("Fig. 7 here: gas of all transactions, nine pairs of loadings")
    ax.set_title(_measured(swept), fontsize="small", color=COLOURS["grey"])
    return figure


def set_points(run: Reproduction) -> Figure:
    """Draw the chosen set-points, and those between which authority chose under RPS."""
    figure = new_figure((9.0, 7.0))
    middles = run.middles_mw()

    def panel(ax: Axes, pair: int) -> None:
        x = _half_hours(run)
        window, option = np.nonzero(run.decisions["rps"].candidates[pair])
        dots, grey = middles[option], COLOURS["grey"]
        ax.plot(x[window], dots, "o", color=grey, markersize=2, label="RPS pre-selection")
        for name, width in (
            ("rps", 0.8),
            ("hco", 2.0),
        ):  # RPS flickers: keep it from hiding HCO
            ax.step(
                x,
                run.set_point_mw(name)[pair],
                where="mid",
                color=COLOURS[COLOUR[name]],
                linewidth=width,
                label=name.upper(),
            )
        ax.set_ylim(-30, 30)
        _half_hour_axis(ax, run)

    _three_by_three(figure, panel, "set-point, MW (positive: network 1 to 2)")
    figure.suptitle("Fig. 8 here: set-points selected by the contracts")
    return figure


def relative_cost(run: Reproduction) -> Figure:
    """Draw the total cost of both networks over that without the link."""
    figure = new_figure((9.0, 7.0))
    alone = run.no_link_gbp.sum(1)

    def panel(ax: Axes, pair: int) -> None:
        ax.axhline(1, color=COLOURS["grey"], linestyle=":", label="no link")
        for name in ("hco", "rps"):
            ratio = run.chosen_gbp(name).sum(1)[pair] / alone[pair]
            ax.plot(_half_hours(run), ratio, color=COLOURS[COLOUR[name]], label=name.upper())
        _half_hour_axis(ax, run)

    _three_by_three(figure, panel, "total cost over that without the link")
    figure.suptitle("Fig. 9 here: total network cost with shared control")
    return figure


def _own_costs(run: Reproduction) -> Floats:
    """Return what each option costs, shape (network, loading, window, option)."""
    order = [run.seen.scenarios.index(name) for name in LOADINGS]
    return run.seen.cost_gbp[:, order, 0]


def _heat_maps(run: Reproduction, shade: Floats, colours: str, label: str) -> Figure:
    """Draw a table for each network and loading, shape (network, loading, window, option)."""
    figure = new_figure((9.0, 5.6))
    panels = figure.subplots(2, len(LOADINGS), sharex=True, sharey=True)
    cheapest = _own_costs(run).argmin(-1)
    options = np.arange(shade.shape[-1])
    every = max(1, len(options) // 6)
    for (seat, place), ax in np.ndenumerate(panels):
        image = ax.imshow(
            shade[seat, place].T,
            aspect="auto",
            origin="lower",
            cmap=colours,
            extent=(0.5, shade.shape[2] + 0.5, -0.5, len(options) - 0.5),
            vmin=shade.min(),
            vmax=shade.max(),
        )
        (line,) = ax.step(
            _half_hours(run), cheapest[seat, place], where="mid", color=COLOURS["red"]
        )
        line.set_path_effects([Stroke(linewidth=3, foreground="white"), Normal()])
        ax.grid(visible=False)
        ax.set_yticks(options[::every], [f"{mw:g}" for mw in run.middles_mw()[::every]])
        _half_hour_axis(ax, run)
        name = LOADINGS[place]
        ax.set_title(f"Network {seat + 1}, {name} ({MEANING[name]})")
    figure.supxlabel(
        "half-hour of the day (red line: option of lowest cost)", fontsize="medium"
    )
    figure.supylabel("option: middle, MW (positive: network 1 to 2)", fontsize="medium")
    figure.colorbar(image, ax=panels, label=label, shrink=0.8)
    return figure


def _three_by_three(figure: Figure, draw: Callable[[Axes, int], None], label: str) -> None:
    """Draw a panel for each pair: loading of network 1 across, of network 2 down."""
    panels = figure.subplots(len(LOADINGS), len(LOADINGS), sharex=True, sharey=True)
    for (down, across), ax in np.ndenumerate(panels):
        pair = LOADINGS[across], LOADINGS[down]
        draw(ax, pairs().index(pair))
        ax.set_title(f"{pair[0]}-{pair[1]}", loc="left")
    for ax, name in zip(panels[0], LOADINGS, strict=True):
        ax.annotate(
            f"Network 1: {MEANING[name]}",
            (0.5, 1.2),
            xycoords="axes fraction",
            ha="center",
            weight="bold",
        )
    for ax, name in zip(panels[:, -1], LOADINGS, strict=True):
        ax.annotate(
            f"Network 2:\n{MEANING[name]}",
            (1.04, 0.5),
            xycoords="axes fraction",
            ha="left",
            va="center",
            multialignment="center",
            rotation=270,
            weight="bold",
        )
    figure.supxlabel("half-hour of the day", fontsize="medium")
    figure.supylabel(label, fontsize="medium")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=len(labels))


def _half_hours(run: Reproduction) -> Floats:
    """Return the paper's numbers of the windows, from 1."""
    return np.arange(1.0, run.cost_gbp.shape[2] + 1)


def _half_hour_axis(ax: Axes, run: Reproduction) -> None:
    last = run.cost_gbp.shape[2]
    ax.set_xticks([tick for tick in (1, 12, 24, 36, 48) if tick <= last])


def _measured(swept: Sweep) -> str:
    """Return from which windows the gas comes."""
    if swept.every == 1:
        return "truthful bids of the Anglesey networks; every bid, decision and report measured"
    return (
        f"truthful bids of the Anglesey networks; every {swept.every}th window, scaled to all"
    )
