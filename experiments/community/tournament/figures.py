"""Figures of a community tournament: what lasts, and how invaders and residents fare."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.community.baselines import ALONE, PLANT
from experiments.community.estimates import Estimate
from experiments.community.tournament.findings import mix_words, sides
from experiments.community.tournament.game import RuleGame
from experiments.community.tournament.numbers import (
    Cost,
    cost_of,
    cost_of_baseline,
    payoff,
)
from experiments.figures.simplex import simplex_figure
from experiments.figures.style import COLOURS, WIDE, new_figure

ROW: Final = 0.42
"""Height of a row, in inches."""

ACROSS: Final = 3
"""How many small figures stand beside each other."""


def what_lasts(games: Sequence[RuleGame]) -> Figure:
    """Draw what households save and communities exchange where a mix lasts, by rule."""
    rows = [
        (f"{game.rule}: {mix_words(game, one.mixture)}", cost_of(game, one.mixture))
        for game in games
        for one in game.lasting
    ]
    best = cost_of_baseline(games[0], PLANT)
    rows.append((PLANT, best))
    figure = new_figure((WIDE[0], 1.1 + ROW * len(rows)))
    left, right = figure.subplots(1, 2, sharey=True)
    _rows(left, rows, "saved_gbp", 0.0, best.saved_gbp.value)
    _rows(right, rows, "exchange_ratio", 1.0, best.exchange_ratio.value)
    left.set(xlabel="a household saves, GBP a day", yticks=range(len(rows)))
    left.set_yticklabels([name for name, _ in rows])
    left.invert_yaxis()
    right.set(xlabel="exchange with the grid, over that of each alone")
    return figure


def _rows(
    axes: Axes, rows: Sequence[tuple[str, Cost]], key: str, alone: float, best: float
) -> None:
    """Draw a number of each row with its interval, beside two lines."""
    for place, (name, cost) in enumerate(rows):
        number: Estimate = getattr(cost, key)
        own = COLOURS["green"] if name == PLANT else COLOURS["blue"]
        if np.isfinite(number.low):
            axes.plot([number.low, number.high], [place] * 2, color=own, linewidth=2)
        axes.plot([number.value], [place], "D" if name == PLANT else "o", color=own)
    axes.axvline(alone, color=COLOURS["black"], linewidth=0.9)
    axes.axvline(best, color=COLOURS["green"], linewidth=0.9, linestyle="--")
    axes.annotate(
        ALONE,
        (alone, 1.0),
        (0, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        size="small",
    )
    axes.grid(axis="y", visible=False)


def invasion_figure(games: Sequence[RuleGame]) -> Figure:
    """Draw what two strategies save beside each other, by how many groups play which."""
    resident, invader = sides(games[0])
    lines = -(-len(games) // ACROSS)
    figure = new_figure((WIDE[0], 0.6 + 2.5 * lines))
    panels = figure.subplots(
        lines, min(ACROSS, len(games)), sharex=True, sharey=True, squeeze=False
    )
    for axes, game in zip(panels.flat, games, strict=False):
        _invasion(axes, game, resident, invader)
    for spare in panels.flat[len(games) :]:
        spare.set_visible(False)
    for column in range(panels.shape[1]):
        shown = [axes for axes in panels[:, column] if axes.get_visible()]
        shown[-1].set_xlabel(f"{invader} groups of {games[0].table.players}")
    for row in panels:
        row[0].set_ylabel("a household saves,\nGBP a day")
    handles, labels = panels.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def _invasion(axes: Axes, game: RuleGame, resident: str, invader: str) -> None:
    """Draw what residents and invaders save by how many groups invade."""
    old, new = game.strategies.index(resident), game.strategies.index(invader)
    players = game.table.players
    for name, few, colour, marker in (
        (resident, range(players), "blue", "o"),
        (invader, range(1, players + 1), "red", "s"),
    ):
        own = game.strategies.index(name)
        found = [payoff(game, {old: players - n, new: n}, own) for n in few]
        low, high = [one.low for one in found], [one.high for one in found]
        axes.plot(
            few, [one.value for one in found], marker=marker, color=COLOURS[colour], label=name
        )
        axes.fill_between(few, low, high, color=COLOURS[colour], alpha=0.18, linewidth=0)
    axes.axhline(0, color=COLOURS["black"], linewidth=0.8)
    axes.set(title=game.rule, xticks=range(players + 1))
    axes.tick_params(labelbottom=True)


def drift(game: RuleGame, rng: np.random.Generator) -> Figure:
    """Draw where shares of the first two or three strategies drift under a rule.

    Parameters
    ----------
    game : RuleGame
    rng : numpy.random.Generator
        Draws where rest points are sought from.
    """
    figure = simplex_figure(game.table, rng)
    figure.set_figheight(figure.get_figheight() + ROW)
    figure.suptitle(f"{game.rule}\n{figure.get_suptitle()}")
    return figure
