"""A reproduction of two windows and three options, small enough to work by hand."""

from dataclasses import replace

import numpy as np

from experiments.paper.reproduce import (
    LOADINGS,
    REPRODUCED,
    Reproduction,
    decide_in_memory,
    pair_costs_gbp,
    truthful_bids,
)
from experiments.scenario import Scenario
from experiments.wiring import Study, terms

OPTIONS = ((-5000, 0), (0, 0), (0, 5000))

OPPOSED = [[0.0, 10.0, 20.0], [4.0, 2.0, 0.0]]
"""GBP by party and option. HCO takes option 0, for which party 0 offers 20 and pays 20. RPS
has sums of ranks 4, 4, 4, so that authority takes option 0 and then option 2."""

AGREED = [[4.0, 2.0, 0.0], [4.0, 2.0, 0.0]]
"""Both want option 2."""


def small_study(costs, no_link=(5.0, 3.0), high_demand=None):
    """Return a study with the same costs in every loading and window, but for D."""
    table = np.zeros((2, len(LOADINGS), 1, 2, 3))
    table[:] = np.array(costs)[:, None, None, None, :]
    if high_demand is not None:
        table[:, LOADINGS.index("D")] = np.array(high_demand)[:, None, None, :]
    alone = None
    if no_link is not None:
        alone = np.broadcast_to(np.array(no_link)[:, None, None, None], table.shape[:-1])
    return Study(
        parties=("network-1", "network-2"),
        scenarios=LOADINGS,
        options=OPTIONS,
        cost_gbp=table,
        no_link_gbp=alone,
    )


def small_run(*costs, **changes):
    """Return what truthful parties make of a small study, in memory."""
    scenario, seen = (
        Scenario().with_changes("chain", venue="local"),
        small_study(*costs, **changes),
    )
    agreed = {name: terms(scenario, seen, name) for name in REPRODUCED}
    cost = pair_costs_gbp(seen)
    decided = {
        name: decide_in_memory(rules, truthful_bids(cost, rules, 0.01))
        for name, rules in agreed.items()
    }
    return Reproduction(scenario, seen, decided)


def with_gas(run, mechanism, gas):
    """Return a run in which every window of a mechanism used so much gas."""
    decided = run.decisions[mechanism]
    spent = np.broadcast_to(np.array(gas), decided.gas.shape)
    changed = {**run.decisions, mechanism: replace(decided, gas=spent)}
    return Reproduction(run.scenario, run.seen, changed)
