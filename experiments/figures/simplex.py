"""How like players drift: the replicator field on two strategies, or on a triangle of three."""

from collections.abc import Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from experiments.figures.style import COLOURS, MAP, WIDE, new_figure
from market.games.heuristic import HeuristicTable, expected_payoffs
from market.games.heuristic_rest import RestPoint, replicator_field, rest_point, rest_points
from market.types import Floats

CORNERS: Final = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
"""Where the first, second and third strategy are drawn."""

FINE: Final = 81
"""Points of the field along each side."""

ROOM: Final = 0.02
"""How far outside the triangle the field may be taken, so that lines reach its sides."""

BESIDE: Final = 0.16
"""Room beside the triangle for the names at its corners, as a share of its side."""

SHORT: Final = 0.05
"""Between rest points that are nearer to each other there is no room for an arrow."""

SIGNS: Final = MappingProxyType(
    {
        "attracting": {"marker": "o", "color": COLOURS["black"]},
        "saddle": {"marker": "D", "color": COLOURS["orange"]},
        "repelling": {"marker": "o", "color": "white"},
        "neutral": {"marker": "s", "color": COLOURS["sky"]},
        "unknown": {"marker": "X", "color": COLOURS["grey"]},
    }
)
"""Marker and fill of a rest point; told apart without colour too."""


def simplex_figure(
    table: HeuristicTable,
    rng: np.random.Generator,
    strategies: Sequence[str] | None = None,
) -> Figure:
    """Draw where the shares of two or three strategies drift, and where they rest.

    Rest points are judged among all strategies of the table: one that is marked as a saddle
    may attract all that is drawn, and give way to a strategy that is not.

    Parameters
    ----------
    table : HeuristicTable
    rng : numpy.random.Generator
        Draws where rest points are sought from.
    strategies : sequence of str, optional
        The two or three to draw; the first three unless given.

    Raises
    ------
    ValueError
        If there are fewer than two or more than three, or one is not in the table.
    """
    names = tuple(table.strategies[:3] if strategies is None else strategies)
    if not 2 <= len(set(names)) == len(names) <= 3 or set(names) - set(table.strategies):
        raise ValueError(f"strategies are {names}, wanted two or three of {table.strategies}")
    played = [table.strategies.index(name) for name in names]
    face = table.face(played)
    found = [_lifted(point, played, table) for point in rest_points(face, rng).points]
    if len(played) == 2:
        figure = new_figure((WIDE[0] * 0.7, WIDE[1] * 0.85))
        _draw_line(figure.subplots(), face, found, played)
    else:
        figure = new_figure((WIDE[0] * 0.7, WIDE[1] * 1.2))
        _draw_triangle(figure, face, found, played)
    figure.suptitle(_title(table, len(played)))
    figure.legend(handles=_legend(found), loc="outside lower center", ncols=2)
    return figure


def _lifted(point: RestPoint, played: Sequence[int], table: HeuristicTable) -> RestPoint:
    """Return a rest point of some strategies, judged among all."""
    shares = np.zeros(len(table.strategies))
    shares[list(played)] = point.mixture
    return rest_point(table, tuple(shares.tolist()))


def _title(table: HeuristicTable, drawn: int) -> str:
    """Return who is drawn, and among how many strategies rest points are judged."""
    who = f"{table.players} like players"
    if table.population is not None:
        who = f"{table.population} like players, as {table.players} ({table.reduction})"
    total = len(table.strategies)
    judged = f"\nrest points judged among all {total} strategies" if total > drawn else ""
    return f"{who}: what earns more than the average spreads{judged}"


def _draw_line(
    axes: Axes, face: HeuristicTable, found: Sequence[RestPoint], played: Sequence[int]
) -> None:
    """Draw what the first strategy gains over the second, by its share."""
    share = np.linspace(0, 1, 401)
    values = expected_payoffs(face, np.stack([share, 1 - share], axis=1))
    gain = values[:, 0] - values[:, 1]
    first, second = face.strategies
    axes.axhline(0, color=COLOURS["black"], linewidth=0.8)
    axes.plot(share, gain, color=COLOURS["blue"])
    axes.fill_between(share, gain, where=gain > 0, color=COLOURS["sky"], alpha=0.35)
    axes.fill_between(share, gain, where=gain < 0, color=COLOURS["orange"], alpha=0.35)
    ends = np.sort([point.mixture[played[0]] for point in found])
    for low, high in pairwise(ends):
        ahead = np.sign(np.interp((low + high) / 2, share, gain))
        _draw_arrow(
            axes, np.array([(low + high) / 2, 0.0]), np.array([ahead * (high - low), 0.0])
        )
    for point in sorted(found, key=lambda one: not one.equilibrium):
        axes.plot([point.mixture[played[0]]], [0], **_sign(point))
    axes.set(
        xlim=(-0.02, 1.02),
        xlabel=f"share of {first}; the rest: {second}",
        ylabel=f"what {first} earns more than {second}",
    )


def _draw_triangle(
    figure: Figure, face: HeuristicTable, found: Sequence[RestPoint], played: Sequence[int]
) -> None:
    """Draw lines along which shares drift, coloured by how fast, and rest points."""
    axes = figure.subplots()
    (across, up), (sideways, upwards), speed = _flow(face)
    drawn = axes.streamplot(
        across, up, sideways, upwards, color=speed, cmap=MAP, density=1.3, linewidth=1.1
    )
    inside = Polygon(CORNERS, fill=False, edgecolor=COLOURS["black"], linewidth=1.2)
    arrows = list(axes.patches)
    axes.add_patch(inside)
    for part in (drawn.lines, *arrows):
        part.set_clip_path(inside)
    shares = np.array([point.mixture for point in found])[:, list(played)]
    for side in range(3):
        _draw_side(axes, face, shares[shares[:, side] == 0])
    for point, own in zip(found, shares, strict=True):
        axes.plot(*(own @ CORNERS)[:, None], **_sign(point))
    for name, corner, offset in zip(face.strategies, CORNERS, (-18, -18, 10), strict=True):
        axes.annotate(
            name, corner, (0, offset), textcoords="offset points", ha="center", size="large"
        )
    axes.set(aspect="equal", xlim=(-BESIDE, 1 + BESIDE), ylim=(-0.08, 0.95))
    axes.set_axis_off()
    figure.colorbar(drawn.lines, ax=axes, shrink=0.7, label="change of shares per unit of time")


def _draw_side(axes: Axes, face: HeuristicTable, rests: Floats) -> None:
    """Draw which way shares drift along a side, between the rest points on it."""
    ordered = rests[np.lexsort(rests.T)]
    for one, other in pairwise(ordered):
        field = replicator_field(face, (one + other) / 2)
        ahead = np.sign(field @ (other - one))
        middle, reach = (one + other) / 2 @ CORNERS, ahead * (other - one) @ CORNERS
        _draw_arrow(axes, middle, reach)


def _draw_arrow(axes: Axes, middle: Floats, reach: Floats) -> None:
    """Draw an arrow between two rest points, short of both; none where nothing drifts."""
    length = float(np.hypot(*reach))
    if length < SHORT:
        return
    half = reach / length * min(length / 4, 0.05)
    look = {
        "arrowstyle": "-|>",
        "color": COLOURS["black"],
        "lw": 1.6,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    head, tail = (middle + half).tolist(), (middle - half).tolist()
    axes.annotate("", tuple(head), tuple(tail), arrowprops=look)


def _flow(face: HeuristicTable) -> tuple[tuple[Floats, Floats], Floats, Floats]:
    """Return the field on a grid around the triangle, not a number outside it.

    Returns
    -------
    places : two ndarrays of float, shape (point,)
        Across and up.
    along : ndarray of float, shape (axis, point up, point across)
    speed : ndarray of float, shape (point up, point across)
    """
    across = np.linspace(-ROOM, 1 + ROOM, FINE)
    up = np.linspace(-ROOM, CORNERS[2, 1] + ROOM, FINE)
    places = np.stack(np.meshgrid(across, up), axis=-1)
    back = np.linalg.inv(np.column_stack([CORNERS, np.ones(3)]))
    shares = np.concatenate([places, np.ones((FINE, FINE, 1))], axis=-1) @ back
    near = shares.min(axis=-1) >= -ROOM
    clipped = np.clip(shares, 0, None)
    field = replicator_field(face, clipped / clipped.sum(axis=-1, keepdims=True))
    along = np.where(near[..., None], field @ CORNERS, np.nan)
    speed = np.where(near, np.sqrt((field**2).sum(axis=-1)), 0.0)
    return (across, up), np.moveaxis(along, -1, 0), speed


def _sign(point: RestPoint) -> dict[str, Any]:
    """Return how a rest point is drawn: larger where it is an equilibrium."""
    return {
        **SIGNS[point.stability],
        "markersize": 11 if point.equilibrium else 7,
        "markeredgecolor": COLOURS["black"],
        "markeredgewidth": 1.3,
        "linestyle": "none",
        "zorder": 5,
        "clip_on": False,
    }


def _legend(found: Sequence[RestPoint]) -> list[Line2D]:
    """Return a sign for each kind of rest point that is there."""
    kinds: dict[str, RestPoint] = {}
    for point in sorted(found, key=lambda one: (not one.equilibrium, one.stability)):
        which = " equilibrium" if point.equilibrium else ", no equilibrium"
        kinds.setdefault(f"{point.stability}{which}", point)
    return [Line2D([], [], label=name, **_sign(point)) for name, point in kinds.items()]
