"""Scores of more parties on a link of several terminals, and of more options.

Parties are copies of the scenario's two networks: every further pair of them has the next
loading, and after the three loadings the next day. One set-point says what all terminals give
and take: those of network 1 give, those of network 2 take, up to the full rating each if there
are as many of one as of the other. Costs between options come from lines through those of 61.
"""

from typing import Final

import numpy as np

from experiments.sweep.decided import chosen, mean_and_error
from experiments.sweep.gas_scores import session_gas
from experiments.sweep.match_scores import studied
from experiments.sweep.question import Question, Scores
from experiments.wiring import Study
from grid.case import equal_options
from market.types import Floats

LOADINGS: Final = ("N", "D", "G")


def size_scores(asked: Question) -> Scores:
    """Return what a day saves each party, in GBP, and the gas of a half-hour's negotiation."""
    scenario = asked.played
    parties, options = asked.asked("parties", 2), asked.asked("options", 13)
    seen = studied(scenario)
    costs, alone = crowd(seen, parties, options)
    least = costs.sum(1).min(-1).sum(-1)
    scores: Scores = {}
    for mechanism in ("hco", "rps"):
        cost, paid = chosen(mechanism, costs)
        saved = (alone - cost).sum((1, 2)) / parties
        saving, error = mean_and_error(saved)
        gains = (alone - cost - paid).sum(-1).mean(0)
        gas = session_gas(mechanism, scenario.market.sealed, 1, parties, options)
        scores |= {
            f"{mechanism}.saving_gbp": saving,
            f"{mechanism}.saving_error_gbp": error,
            f"{mechanism}.over_least": float((cost.sum((1, 2)) / least - 1).mean()),
            f"{mechanism}.who_gains": float((gains > 0).mean()),
            f"{mechanism}.gas": float(gas),
            f"{mechanism}.net_gbp": saving - 48 * gas * scenario.chain.gas_gbp / parties,
        }
    return scores


def shares(parties: int) -> Floats:
    """Return what each terminal takes for a MW of set-point; they sum to zero.

    >>> shares(3)
    array([-0.5,  1. , -0.5])
    """
    taking = parties // 2
    giving = parties - taking
    return np.where(np.arange(parties) % 2 == 0, -taking / giving, 1.0)


def crowd(seen: Study, parties: int, options: int) -> tuple[Floats, Floats]:
    """Return costs of shape (day, party, window, option), and those without the link."""
    known = np.array([low + high for low, high in seen.options]) / 2000
    middles = np.array([low + high for low, high in equal_options(options)]) / 2
    without = seen.no_link_gbp if seen.no_link_gbp is not None else seen.cost_gbp.min(-1)
    costs, alone = [], []
    for party, share in enumerate(shares(parties)):
        network, place = party % 2, party // 2
        loading = seen.scenarios.index(LOADINGS[place % 3])
        days = (np.arange(seen.days) + place // 3) % seen.days
        points = middles * abs(share)  # a study has the sign of each terminal in its costs
        table = seen.cost_gbp[network, loading, days]
        costs.append(_between(points, known, table))
        alone.append(without[network, loading, days])
    return np.stack(costs, 1), np.stack(alone, 1)


def _between(points: Floats, known: Floats, table: Floats) -> Floats:
    """Return costs at points, on lines between those known, shape (day, window, point)."""
    right = np.clip(np.searchsorted(known, points), 1, len(known) - 1)
    left = right - 1
    share = (points - known[left]) / (known[right] - known[left])
    return table[..., left] * (1 - share) + table[..., right] * share
