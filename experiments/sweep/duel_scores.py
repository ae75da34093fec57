"""Scores of ``ask.first`` against ``ask.second`` under the scenario's first mechanism."""

import numpy as np

from experiments.sweep.match_scores import studied
from experiments.sweep.question import Question, Scores
from experiments.tournament.match import Run
from experiments.tournament.play import play_part


def duel_scores(asked: Question) -> Scores:
    """Return what a day costs either network, mean of pairs and days, in GBP."""
    scenario = asked.played
    seats = asked.asked("first", "truthful"), asked.asked("second", "truthful")
    mechanism = scenario.market.mechanisms[0]
    seen = studied(scenario)
    runs = [Run(mechanism, pair, seats) for pair in scenario.grid.pairs]
    table = play_part(scenario, seen, runs, windows=False)["payoffs"]
    scores = {}
    for seat in (0, 1):
        own = table[table["seat"] == seat]
        scores[f"net_cost_{seat}_gbp"] = float(own["net_cost_gbp"].mean())
        scores[f"operating_{seat}_gbp"] = float(own["operating_gbp"].mean())
    both = table.groupby(["pair", "day"])["operating_gbp"].sum()
    alone = table.groupby(["pair", "day"])["no_link_gbp"].sum()
    saved = (alone - both).groupby("day").mean().to_numpy()
    return scores | {
        "saving_gbp": float(np.mean(saved)),
        "stopped_windows": float(table["stopped_windows"].mean()),
        "system_cost_ratio": float(table["system_cost_ratio"].mean()),
        "optimum_ratio": float(table["optimum_ratio"].mean()),
    }
