"""The figure of dispositions: own net costs and the system's for every pair of angles."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.dispositions import Dial
from experiments.figures.style import COLOURS, MAP, new_figure

NAMES = {-45: "adversarial", 0: "individualistic", 45: "cooperative", 90: "altruistic"}
"""Of the angles that have one."""


def dial_figure(dial: Dial) -> Figure:
    """Draw what each party pays, and both together, by the angles of both.

    Rows are the first party's angle, columns the second's. Dots mark the cheapest angle of a
    party against each angle of the other; a line on the last panel, where the link begins to
    do harm.
    """
    figure = new_figure((12.5, 4.6))
    panels = figure.subplots(1, 3, sharey=True)
    for panel, costs, party in zip(panels, dial.net_cost_gbp, dial.parties, strict=False):
        image = _map(panel, dial, costs)
        panel.set_title(f"{party}: own net cost")
        figure.colorbar(image, ax=panel, label="GBP a day", shrink=0.85)
    _harm(figure, panels[2], dial)
    first, second = dial.best_replies
    for panel in panels[[0, 2]]:
        panel.plot(
            dial.angles, first, **_dots("orange", "o", f"cheapest for {dial.parties[0]}")
        )
    for panel in panels[[1, 2]]:
        panel.plot(
            second, dial.angles, **_dots("purple", "s", f"cheapest for {dial.parties[1]}")
        )
    for panel in panels:
        panel.set_xlabel(f"disposition of {dial.parties[1]}, degrees")
    panels[0].set_ylabel(f"disposition of {dial.parties[0]}, degrees")
    figure.suptitle(f"{dial.mechanism}: every disposition against every other")
    handles, labels = panels[2].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def _map(axes: Axes, dial: Dial, values: Any) -> Any:
    low, high = dial.angles[0] - 7.5, dial.angles[-1] + 7.5
    image = axes.imshow(values, cmap=MAP, origin="lower", extent=(low, high, low, high))
    names = [f"{name} {angle}°" for angle, name in NAMES.items()]
    axes.set_xticks(list(NAMES), names, rotation=25, ha="right")
    axes.set_yticks(list(NAMES), names)
    axes.grid(visible=False)
    return image


def _harm(figure: Figure, axes: Axes, dial: Dial) -> None:
    """Draw the system's cost ratio, with a line where the link begins to do harm."""
    image = _map(axes, dial, dial.system_ratio)
    axes.set_title("both: cost over no link")
    figure.colorbar(image, ax=axes, label="ratio; 1 is as without the link", shrink=0.85)
    ratio = dial.system_ratio
    if (ratio < 1.0).any() and (ratio > 1.0).any():
        drawn = axes.contour(dial.angles, dial.angles, ratio, levels=[1.0], colors="white")
        axes.clabel(drawn, fmt="no gain")


def _dots(colour: str, marker: str, label: str) -> dict[str, Any]:
    look = {"color": COLOURS[colour], "marker": marker, "ms": 5, "linestyle": "none"}
    return look | {"markeredgecolor": "black", "label": label}
