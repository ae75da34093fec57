"""Scores of communities with ``ask.adversarial`` of their households adversarial."""

import numpy as np

from experiments.community.baselines import alone
from experiments.community.play import alone_bills_gbp, mixed, play_days, rows_of
from experiments.community.world import world
from experiments.sweep.question import Question, Scores

OTHERS = "truthful"
"""What all other households are."""


def community_scores(asked: Question) -> Scores:
    """Return means over days and communities, under the first rule; money a household and day.

    ``balance_ratio`` is the exchange with the grid over that of households each alone.
    """
    scenario = asked.played
    share = float(asked.asked("adversarial", 0.0))
    there = world(scenario)
    rows = rows_of(there, 1)
    mix = {OTHERS: 1.0 - share, "adversarial": share}
    names = mixed(there, {name: part for name, part in mix.items() if part}, 1, asked.seed)
    bills = alone_bills_gbp(there)
    hostile = there.present & (names == "adversarial")
    friendly = there.present & ~hostile
    exchange, before, breaches, converged = [], [], [], []
    saved: dict[str, list[float]] = {OTHERS: [], "adversarial": []}
    rule = scenario.community.rules[0]
    for day in play_days(there, rule, names, rows, asked.seed):
        less = bills[day.day] - day.bill_gbp
        saved[OTHERS] += less[friendly].tolist()
        saved["adversarial"] += less[hostile].tolist()
        exchange.append(day.scores.balance_kwh)
        apart = alone(there, day.day, rows).net_wh
        before.append(there.scores(apart, np.full(len(rows), day.day), rows).balance_kwh)
        breaches.append(day.scores.breaches)
        converged.append(day.schedule.converged)
    return {
        "balance_ratio": float(np.sum(exchange) / np.sum(before)),
        "saved_gbp": float(np.mean(saved[OTHERS] + saved["adversarial"])),
        f"saved_{OTHERS}_gbp": float(np.mean(saved[OTHERS])),
        "saved_adversarial_gbp": float(np.mean(saved["adversarial"] or [np.nan])),
        "breaches": float(np.mean(breaches)),
        "equilibrium_share": float(np.mean(converged)),
    }
