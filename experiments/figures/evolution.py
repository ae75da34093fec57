"""How the shares of strategies change where what earns more spreads."""

import numpy as np
from matplotlib.figure import Figure

from experiments.figures.style import COLOURS, WIDE, new_figure
from experiments.tournament.empirical import EmpiricalGame
from experiments.tournament.evolution import evolved

SHOWN = 0.05
"""Strategies that never reach this share are drawn together."""


def evolution_figure(game: EmpiricalGame) -> Figure:
    """Draw the shares of the strategies in each party's population over the generations."""
    path = evolved(game)
    figure = new_figure((WIDE[0], WIDE[1] * 0.85))
    panels = figure.subplots(1, len(game.parties), sharey=True, squeeze=False)[0]
    colours = [COLOURS[name] for name in COLOURS if name not in {"black", "grey"}]
    reached = np.max([shares.max(0) for shares in path.shares], axis=0)
    shown = [i for i in np.argsort(-reached).tolist() if reached[i] >= SHOWN][: len(colours)]
    for panel, party, shares in zip(panels, game.parties, path.shares, strict=True):
        rest = 1.0 - shares[:, shown].sum(-1)
        layers = [*shares[1:, shown].T, rest[1:]]
        labels = [*(game.strategies[i] for i in shown), "all others"]
        fills = [*colours[: len(shown)], COLOURS["grey"]]
        panel.stackplot(path.times[1:], layers, labels=labels, colors=fills)
        panel.set(title=party, xlabel="time, in days over GBP", ylim=(0, 1), xscale="log")
        panel.xaxis.set_major_formatter("{x:g}")
        panel.margins(x=0)
    panels[0].set_ylabel("share of the population")
    figure.suptitle(f"{game.mechanism}: what earns more spreads")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure
