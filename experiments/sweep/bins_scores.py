"""Scores of the width of bins and of how often is negotiated: what is saved, and its gas.

One negotiation settles the set-point of ``ask.half_hours``; costs are summed over them. Parties
know them and bid the truth. With ``ask.day_ahead`` all negotiations of a day are one session.
"""

from functools import lru_cache

import numpy as np

from experiments.scenario import Scenario
from experiments.sweep.decided import alone_of, blocks, chosen, costs_of, mean_and_error
from experiments.sweep.gas_scores import session_gas
from experiments.sweep.match_scores import studied
from experiments.sweep.question import Question, Scores
from market.types import Floats


def bins_scores(asked: Question) -> Scores:
    """Return what a day is worth to both networks, in GBP, mean of pairs and days."""
    scenario = asked.played
    half_hours, mechanism = asked.asked("half_hours", 1), asked.asked("mechanism", "hco")
    saved, fixed, zero = _saved(_Same(scenario), mechanism, half_hours)
    sessions, windows = 48 // half_hours, 1
    if asked.asked("day_ahead", False):
        sessions, windows = 1, sessions
    sealed, options = scenario.market.sealed, scenario.grid.options
    gas = sessions * session_gas(mechanism, sealed, windows, options=options)
    fees = gas * scenario.chain.gas_gbp
    (saving, error), (default, _) = mean_and_error(saved), mean_and_error(fixed)
    over, over_error = mean_and_error(saved - fixed - fees)
    return {
        "saving_gbp": saving,
        "saving_error_gbp": error,
        "default_gbp": default,
        "zero_gbp": float(zero.mean()),
        "gas_a_day": float(gas),
        "fees_gbp": fees,
        "net_gbp": saving - fees,
        "over_default_gbp": over,
        "over_default_error_gbp": over_error,
    }


class _Same:
    """A scenario, told apart by its grid and seed alone."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._key = repr((scenario.grid, scenario.seed))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=64)
def _saved(same: _Same, mechanism: str, half_hours: int) -> tuple[Floats, Floats, Floats]:
    """Return what negotiating saves, each pair's best fixed set-point, and 0 MW, by day."""
    scenario = same.scenario
    seen = studied(scenario)
    costs, alone = costs_of(scenario, seen), alone_of(scenario, seen).sum((2, 3))
    cost, _ = chosen(mechanism, blocks(costs, half_hours))
    held = costs.sum((2, 3))
    best = held.sum(1).argmin(-1)
    fixed = np.take_along_axis(held, best[:, np.newaxis, np.newaxis], -1)[..., 0]
    zero = held[..., held.shape[-1] // 2]
    first, second, third = ((alone - one).mean(0) for one in (cost.sum((2, 3)), fixed, zero))
    return first, second, third
