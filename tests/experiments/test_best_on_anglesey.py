"""On the paper's day: exact best responses do best, and better forecasts serve all."""

from itertools import product

import pandas as pd
import pytest

from agents.strategies import STRATEGIES
from experiments.scenario import Scenario
from experiments.tournament.match import Run
from experiments.tournament.play import play_part
from experiments.wiring import study

FIXED = ("truthful", "shaded", "inflated", "clipped", "indifferent", "flat", "status-quo",
         "zero-intelligence", "random")  # fmt: skip
"""Those whose bids do not depend on what others bid."""

BOUND = "oracle-best-response"

RULE_BREAKERS = {
    "absent", "late-bidder", "deposit-starver", "unrevealed", "withholder",
}  # fmt: skip
"""Those that stay away, do not reveal, or isolate their busbar."""

PLAYED = tuple(name for name in STRATEGIES if name not in RULE_BREAKERS)

SLACK_GBP = 1.0
"""A day: an exact response to a window is blind to who holds authority in the next."""


@pytest.fixture(scope="module")
def seen():
    return study(Scenario())


def played(seen, runs: list[Run]) -> pd.DataFrame:
    scenario = Scenario().with_changes("chain", venue="local")
    return play_part(scenario, seen, runs, windows=False)["payoffs"]


def seated(seat: int, own: str, other: str) -> tuple[str, str]:
    return (own, other) if seat == 0 else (other, own)


@pytest.mark.parametrize("seat", [0, 1])
@pytest.mark.parametrize("mechanism", ["hco", "rps"])
def test_against_any_fixed_opponent_no_strategy_beats_the_exact_best_response(
    seen, mechanism, seat
):
    pairs = Scenario().grid.pairs
    runs = [
        Run(mechanism, pair, seated(seat, own, other))
        for pair, own, other in product(pairs, PLAYED, FIXED)
    ]

    rows = played(seen, runs)

    own = rows[rows["seat"] == seat]
    costs = own.groupby([f"strategy_{1 - seat}", "strategy"])["net_cost_gbp"].mean().unstack()
    assert costs.shape == (len(FIXED), len(PLAYED))
    others = costs.drop(columns=BOUND)
    best = others.min(axis=1)
    told = pd.DataFrame({"by": others.idxmin(axis=1), "gbp": costs[BOUND] - best})
    assert (costs[BOUND] <= best + SLACK_GBP).all(), told
    assert (others.max(axis=1) > costs[BOUND] + 50).all(), "there is something to lose"


def with_errors(seen, seat: int) -> pd.DataFrame:
    """Return the mean costs of one truthful party by how wrong its forecasts are, under hco."""
    sizes = (0.0, 0.2, 0.5)
    runs = [
        Run("hco", pair, seated(seat, f"forecast-error(truthful, size={size})", "truthful"), r)
        for pair, size, r in product(Scenario().grid.pairs, sizes, range(3))
    ]
    rows = played(seen, runs)
    own = rows[rows["seat"] == seat]
    return own.groupby("strategy")[["system_cost_ratio", "net_cost_gbp"]].mean()


@pytest.mark.parametrize("seat", [0, 1])
def test_under_offers_an_operator_and_both_together_pay_more_the_worse_it_forecasts(seen, seat):
    by_size = with_errors(seen, seat)

    for score in ("net_cost_gbp", "system_cost_ratio"):
        exact, some, much = by_size[score]
        assert exact < some < much, score
