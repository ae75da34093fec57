"""Scores of the paper's findings at other prices of its cost function, on any networks."""

from dataclasses import replace

import numpy as np

from experiments.sweep.decided import alone_of, chosen, costs_of
from experiments.sweep.match_scores import studied
from experiments.sweep.question import Question, Scores
from experiments.wiring import Study
from grid.case import Prices
from grid.cost import operating_cost_gbp
from market.types import Floats


def robust_scores(asked: Question) -> Scores:
    """Return ratios of cost to that without the link, and who gains and pays.

    ``ask.losses``, ``ask.utilisation`` and ``ask.voltage`` are prices times weights in GBP a
    window, as in equation (9). Shares are of pairs of loadings, over all days.
    """
    scenario = asked.played
    usual = Prices()
    prices = Prices(
        losses=asked.asked("losses", usual.losses),
        utilisation=asked.asked("utilisation", usual.utilisation),
        voltage=asked.asked("voltage", usual.voltage),
    )
    seen = priced(studied(scenario), prices)
    costs, alone = costs_of(scenario, seen), alone_of(scenario, seen)
    least = costs.sum(2).min(-1).sum((1, 2))
    without = alone.sum((1, 3))
    scores: Scores = {}
    for mechanism in ("hco", "rps"):
        cost, paid = chosen(mechanism, costs)
        net = (cost + paid).sum((1, 3))
        scores[f"{mechanism}.cost_ratio"] = float(cost.sum() / alone.sum())
        scores[f"{mechanism}.over_least"] = float(cost.sum() / least.sum() - 1)
        scores[f"{mechanism}.harms_both"] = float((net.sum(1) > without.sum(1)).mean())
        scores[f"{mechanism}.gains_0"] = float((net[:, 0] < without[:, 0]).mean())
        scores[f"{mechanism}.gains_1"] = float((net[:, 1] < without[:, 1]).mean())
        if mechanism == "hco":
            scores["hco.first_pays"] = float((paid[:, :, 0].sum((1, 2)) > 0).mean())
        else:
            far = cost.sum((1, 2, 3)) / least - 1
            high = np.array([pair[0] == "D" for pair in scenario.grid.pairs])
            scores["rps.departs_most_at_high_demand"] = float(
                far[high].mean() > far[~high].mean()
            )
    return scores


def priced(seen: Study, prices: Prices) -> Study:
    """Return a study at other prices; what did not converge costs what it did."""
    if seen.appraisal is None:
        return seen
    found, without = seen.appraisal, seen.appraisal.no_link

    def at(scores: object, known: Floats) -> Floats:
        f1, f2, f3, converged = (
            np.asarray(getattr(scores, name))[:, :, : seen.days]
            for name in ("losses_mw", "line_utilisation", "voltage_index", "converged")
        )
        return np.where(converged, operating_cost_gbp(f1, f2, f3, prices), known)

    alone = seen.no_link_gbp
    return replace(
        seen,
        cost_gbp=at(found, seen.cost_gbp),
        no_link_gbp=None if alone is None else at(without, alone),
    )
