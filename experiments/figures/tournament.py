"""The figures of a tournament: payoff matrix, standings, cost against balance."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from experiments.figures.style import COLOURS, MAP, MARKERS, new_figure
from experiments.tournament.empirical import EmpiricalGame

ROLES = (COLOURS["blue"], COLOURS["red"], COLOURS["green"], COLOURS["purple"])
"""A colour for each seat."""

FEW = 8
"""Up to so many strategies, numbers can be read in the cells of a matrix."""

CLOSE = 0.16
"""Points within this share of the range of both axes have one name together."""

LIGHT = 0.47
"""From this share of the range of `MAP` on, black reads better than white."""


def payoff_matrix(game: EmpiricalGame) -> Figure:
    """Draw what both parties pay for each pair of strategies, pure equilibria in boxes.

    For two parties: rows are the first one's strategies, columns the second one's. Of many
    strategies the colours tell, a panel for each party.
    """
    few = len(game.strategies) <= FEW
    return _numbers(game) if few else _maps(game)


def _numbers(game: EmpiricalGame) -> Figure:
    """Draw a cell for each profile with both costs in it."""
    count = len(game.strategies)
    figure = new_figure((2.6 + 1.05 * count, 1.9 + 0.72 * count))
    axes = figure.subplots()
    costs = -game.payoffs
    both = costs.sum(axis=0)
    middle = both.min() + LIGHT * np.ptp(both)
    image = axes.imshow(both, cmap=MAP, aspect="auto")
    for row, column in np.ndindex(count, count):
        dark = both[row, column] <= middle
        text = "\n".join(f"{cost:,.0f}" for cost in costs[:, row, column])
        axes.text(
            column, row, text, ha="center", va="center", color="white" if dark else "black"
        )
    _name_axes(axes, game)
    first, second = game.parties
    axes.set_title(
        f"{game.mechanism}: own net cost in GBP a day\n"
        f"upper number {first}, lower {second}; {_boxes(game)}"
    )
    figure.colorbar(image, ax=axes, label="both together, GBP a day")
    return figure


def _maps(game: EmpiricalGame) -> Figure:
    """Draw a map of the own net cost of each party."""
    count = len(game.strategies)
    side = 1.5 + 0.2 * count
    figure = new_figure((2 * side + 3.0, side + 1.4))
    panels = figure.subplots(1, 2, sharey=True)
    for panel, party, payoffs in zip(panels, game.parties, game.payoffs, strict=True):
        image = panel.imshow(-payoffs, cmap=MAP)
        _name_axes(panel, game)
        panel.set_title(f"own net cost of {party}")
        figure.colorbar(image, ax=panel, label="GBP a day", shrink=0.8)
    panels[1].set_ylabel("")
    figure.suptitle(f"{game.mechanism}: {_boxes(game)}")
    return figure


def _name_axes(axes: Axes, game: EmpiricalGame) -> None:
    """Name the strategies of both, and put equilibria into boxes."""
    for found in game.equilibria:
        _box(axes, *found.actions)
    first, second = game.parties
    many = len(game.strategies) > FEW
    look: dict[str, Any] = {"rotation": 90} if many else {"rotation": 30, "ha": "right"}
    axes.set_xticks(range(len(game.strategies)), game.strategies, **look)
    axes.set_yticks(range(len(game.strategies)), game.strategies)
    axes.set(xlabel=f"strategy of {second}", ylabel=f"strategy of {first}")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)


def standings(table: pd.DataFrame) -> Figure:
    """Draw own net cost of each strategy, with balance beside it if it is known."""
    mechanisms = list(dict.fromkeys(table["mechanism"]))
    strategies = list(dict.fromkeys(table["strategy"]))
    scores = [s for s in ("net_cost_gbp", "balance_ratio") if s in table]
    height = 0.9 + len(mechanisms) * (0.9 + 0.14 * len(strategies) * table["seat"].nunique())
    figure = new_figure((9.0, height))
    panels = figure.subplots(len(mechanisms), len(scores), squeeze=False, sharey="row")
    for row, mechanism in enumerate(mechanisms):
        rows = table[table["mechanism"] == mechanism]
        costs = rows.groupby("strategy", sort=False)["net_cost_gbp"].mean()
        order = list(costs.sort_values(kind="stable").index)
        for panel, score in zip(panels[row], scores, strict=True):
            _bars(panel, rows, order, score)
        panels[row][0].set_title(f"{mechanism}: own net cost (dashed: operating cost, no link)")
        if len(scores) > 1:
            panels[row][1].set_title(f"{mechanism}: balance (dashed: no link)")
    _roles_legend(figure, panels[0][0])
    return figure


def cost_against_balance(table: pd.DataFrame) -> Figure:
    """Draw both axes of the standings at once; rings mark what none beats on both."""
    mechanisms = list(dict.fromkeys(table["mechanism"]))
    figure = new_figure((4.5 * max(2, len(mechanisms)), 4.8))
    panels = figure.subplots(1, len(mechanisms), squeeze=False, sharey="row")[0]
    strategies = list(dict.fromkeys(table["strategy"]))
    for panel, mechanism in zip(panels, mechanisms, strict=True):
        rows = table[table["mechanism"] == mechanism]
        for seat, role in rows.groupby("seat"):
            _points(panel, role, strategies, ROLES[int(str(seat)) % len(ROLES)])
        panel.axhline(1.0, color=COLOURS["grey"], linestyle="--", linewidth=1)
        panel.margins(0.15)
        panel.set(xlabel="own net cost, GBP a day", title=str(mechanism))
    panels[0].set_ylabel("balance: exchange over that without the link")
    _points_legend(figure, table, strategies)
    return figure


def undominated(costs: Sequence[float], balances: Sequence[float]) -> list[bool]:
    """Return which points no other beats on one axis without losing on the other.

    >>> undominated([1.0, 2.0, 2.0], [2.0, 1.0, 3.0])
    [True, True, False]
    """
    points = list(zip(costs, balances, strict=True))
    return [
        not any(a <= cost and b <= balance and (a, b) != (cost, balance) for a, b in points)
        for cost, balance in points
    ]


def _box(axes: Axes, row: int, column: int) -> None:
    for colour, width in (("black", 5.0), (COLOURS["orange"], 2.5)):
        axes.add_patch(
            Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, fill=False, ec=colour, lw=width)
        )


def _boxes(game: EmpiricalGame) -> str:
    return "box: pure Nash equilibrium" if game.equilibria else "no pure Nash equilibrium"


def _bars(axes: Axes, rows: pd.DataFrame, order: list[Any], score: str) -> None:
    """Draw a bar for each strategy and role, best on top, and the values at their ends."""
    seats = sorted(rows["seat"].unique())
    thick = 0.8 / len(seats)
    for place, seat in enumerate(seats):
        role = rows[rows["seat"] == seat].set_index("strategy").loc[order]
        colour = ROLES[place % len(ROLES)]
        heights = np.arange(len(order)) + (place - (len(seats) - 1) / 2) * thick
        bars = axes.barh(
            heights, role[score], height=thick, color=colour, label=role["party"].iloc[0]
        )
        if score == "net_cost_gbp":
            halo = [withStroke(linewidth=3, foreground="white")]  # clear of the dashed lines
            clear: Any = {"padding": 2, "fontsize": "small", "path_effects": halo}
            axes.bar_label(bars, fmt="{:,.0f}", **clear)
        else:  # within the bar, clear of the line at 1
            inside: Any = {"label_type": "center", "color": "white", "fontsize": "small"}
            axes.bar_label(bars, fmt="{:.2f}", **inside)
        if score == "net_cost_gbp" and "no_link_gbp" in role:
            axes.axvline(role["no_link_gbp"].iloc[0], color=colour, linestyle="--", lw=1)
    if score == "balance_ratio":
        axes.axvline(1.0, color=COLOURS["grey"], linestyle="--", lw=1)
    axes.set_yticks(range(len(order)), order)
    if not axes.yaxis_inverted():
        axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.12)
    axes.set_xlabel(
        "GBP a day" if score == "net_cost_gbp" else "exchange over that without the link"
    )


def _points(axes: Axes, role: pd.DataFrame, strategies: list[str], colour: str) -> None:
    """Draw a role's strategies, a ring around those that no other beats.

    Of a few, each has its marker, hollow, so that like points show over each other. Of many,
    those with a ring have their names beside them.
    """
    best = undominated(role["net_cost_gbp"].tolist(), role["balance_ratio"].tolist())
    points = zip(
        role["strategy"], role["net_cost_gbp"], role["balance_ratio"], best, strict=True
    )
    few = len(strategies) <= FEW
    for strategy, cost, balance, wins in points:
        place = strategies.index(strategy) if few else 0
        look: dict[str, Any] = {"facecolors": "none", "edgecolors": colour, "lw": 1.6}
        size, marker = (60 + 45 * place if few else 30), MARKERS[place % len(MARKERS)]
        axes.scatter(cost, balance, s=size, marker=marker, **look)
        if wins:
            ring = 520 if few else 130
            axes.scatter(cost, balance, s=ring, facecolors="none", edgecolors="black", lw=0.8)
    if not few:
        _name_winners(axes, role[best])


def _name_winners(axes: Axes, winners: pd.DataFrame) -> None:
    """Put a name beside every point, or one for all that lie close together."""
    named: list[tuple[float, float, list[str]]] = []
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    columns = ["strategy", "net_cost_gbp", "balance_ratio"]
    for name, cost, balance in winners[columns].to_numpy():
        near = (
            names
            for x, y, names in named
            if abs(cost - x) <= CLOSE * (right - left)
            and abs(balance - y) <= CLOSE * (high - low)
        )
        group = next(near, None)
        if group is None:
            named.append((cost, balance, [name]))
        else:
            group.append(name)
    for cost, balance, names in named:
        rest = f" and {len(names) - 1} more" if len(names) > 1 else ""
        place: dict[str, Any] = {"xytext": (6, -11), "textcoords": "offset points", "size": 7}
        axes.annotate(f"{names[0]}{rest}", (cost, balance), **place)


def _points_legend(figure: Figure, table: pd.DataFrame, strategies: Sequence[str]) -> None:
    parties = table.drop_duplicates("seat").sort_values("seat")["party"]
    axes = figure.axes[0]
    roles = [
        axes.scatter([], [], s=60, color=ROLES[seat % len(ROLES)], label=party)
        for seat, party in enumerate(parties)
    ]
    kinds = [
        axes.scatter(
            [], [], s=60, marker=MARKERS[i % len(MARKERS)], fc="none", ec="black", label=name
        )
        for i, name in enumerate(strategies if len(strategies) <= FEW else ["a strategy"])
    ]
    ring = axes.scatter([], [], s=160, fc="none", ec="black", lw=0.8, label="beaten by none")
    figure.legend(handles=[*roles, *kinds, ring], loc="outside lower center", ncols=4)


def _roles_legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
