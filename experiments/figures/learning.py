"""How payoffs, gains and regrets change as parties learn."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.figures.style import WIDE, save, style

SMOOTHED = 48
"""Sessions of a moving mean: a day's, if each is a half-hour."""


def draw_learning(folder: Path, learning: pd.DataFrame) -> None:
    """Write the figure of a run, as SVG and PNG."""
    with style():
        save(learning_curves(learning), folder, "learning")


def learning_curves(learning: pd.DataFrame) -> Figure:
    """Return payoff, gain of a best response, and mean regret of each party by window.

    Parameters
    ----------
    learning : DataFrame
        As `experiments.simulation.learning.learning_table` returns it.
    """
    figure = Figure(figsize=(WIDE[0], WIDE[1] * 0.8))
    payoff, gain, regret = figure.subplots(1, 3)
    for party, part in learning.groupby("party", sort=False):
        window = part["window"].to_numpy()
        label = f"{party}: {part['strategy'].iloc[0]}"
        payoff.plot(window, _smooth(part["payoff_gbp"]), label=label)
        gain.plot(window, _smooth(part["gain_gbp"]), label=label)
        mean = part["regret_gbp"].to_numpy() / np.arange(1, len(part) + 1)
        regret.plot(window, mean, label=label)
    titles = {
        payoff: "Payoff",
        gain: "Gain of a best response",
        regret: "Regret for the best fixed action",
    }
    for axes, title in titles.items():
        axes.set(title=title, xlabel="window", ylabel="GBP a session")
    gain.set_ylim(bottom=0)
    if learning["regret_gbp"].isna().all():
        regret.text(
            0.5,
            0.5,
            "nobody here has\na menu to learn",
            ha="center",
            transform=regret.transAxes,
        )
    figure.legend(*payoff.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _smooth(values: "pd.Series[float]") -> "pd.Series[float]":
    return values.rolling(min(SMOOTHED, max(1, len(values) // 4)), min_periods=1).mean()
