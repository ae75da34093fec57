"""A tournament of two windows and three options, small enough to work by hand.

With ``hco`` in memory, truthful (T) against indifferent (I), in GBP::

    seats   options   operating   payments    own net cost
    T T     0, 1      10,  8      -4,   4      6, 12
    T I     0, 0       0, 27      25, -25     25,  2
    I T     2, 2      25,  2     -25,  25      0, 27
    I I     0, 0       0, 27       0,   0      0, 27

T T: the offers 5, 2, 0 and 0, 3, 5 tie, authority 0 takes option 0 and pays 5 for it;
then 20, 10, 0 and 0, 19, 20 meet at option 1, where network-2 pays 9.
"""

import csv
from pathlib import Path

import numpy as np

from experiments.scenario import Scenario
from experiments.tournament.files import analyse
from experiments.tournament.play import Tournament, play_all
from experiments.wiring import Study

COSTS = [[[0.0, 3.0, 5.0], [0.0, 10.0, 20.0]], [[7.0, 4.0, 2.0], [20.0, 1.0, 0.0]]]
"""GBP by party, window and option."""

NO_LINK = [[6.0, 12.0], [9.0, 3.0]]
"""GBP by party and window."""

OPTIONS = ((-30000, 0), (0, 0), (0, 30000))


def small_study(costs=COSTS, no_link=NO_LINK, loadings=("N",), days=1) -> Study:
    """Return a study with the same costs in every loading, doubled from day to day."""
    table = np.array(costs)[:, None, None] * 2.0 ** np.arange(days)[:, None, None]
    table = np.repeat(table, len(loadings), axis=1)
    alone = None
    if no_link is not None:
        alone = np.array(no_link)[:, None, None] * 2.0 ** np.arange(days)[:, None]
        alone = np.repeat(alone, len(loadings), axis=1)
    parties = tuple(f"network-{seat + 1}" for seat in range(len(costs)))
    return Study(parties, loadings, OPTIONS, cost_gbp=table, no_link_gbp=alone)


def small_scenario(*strategies: str, mechanisms=("hco",), venue="local", **changes) -> Scenario:
    """Return a scenario for the study; as `pairs` it has N for each of two parties."""
    made = Scenario(name="small", **{k: changes.pop(k) for k in ("seed",) if k in changes})
    made = made.with_changes("grid", **({"pairs": (("N", "N"),)} | changes))
    made = made.with_changes("market", mechanisms=mechanisms)
    made = made.with_changes("chain", venue=venue)
    return made.with_changes("play", strategies=strategies or ("truthful", "indifferent"))


def silent(done: int, total: int) -> None:
    """Tell nobody."""


def small_tournament(scenario=None, seen=None) -> Tournament:
    """Return what was played, in this process."""
    return play_all(scenario or small_scenario(), seen or small_study(), silent, workers=1)


def small_analysis(scenario=None, seen=None):
    """Return what was played, and what follows from it."""
    played = small_tournament(scenario, seen)
    return played, analyse(played)


def write_scenario(folder: Path, costs=COSTS, no_link=NO_LINK, parties=None, more="") -> Path:
    """Write a scenario with a cost table, one loading and one day."""
    names = parties or [f"network-{seat + 1}" for seat in range(len(costs))]
    with (folder / "costs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["network", "scenario", "window", "option", "cost_gbp"])
        for seat, window, option in np.ndindex(np.shape(costs)):
            writer.writerow([names[seat], "N", window, option, costs[seat][window][option]])
        for seat, window in np.ndindex(np.shape(no_link) if no_link is not None else (0, 0)):
            writer.writerow([names[seat], "N", window, "no-link", no_link[seat][window]])
    each = ['"N"'] * len(names)
    seats = ", ".join(['"truthful"'] * len(names))
    path = folder / "small.toml"
    path.write_text(
        f"""
        {more or 'name = "small"'}
        grid.costs = "costs.csv"
        grid.pairs = [[{", ".join(each)}]]
        play.pair = [{", ".join(each)}]
        play.seats = [{seats}]
        play.strategies = ["truthful", "indifferent"]
        market.mechanisms = ["hco"]
        chain.venue = "local"
        """,
        encoding="utf-8",
    )
    return path
