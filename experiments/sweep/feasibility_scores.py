"""Scores of feasibility: links that a chain carries, what one saves, and where both meet."""

from typing import Final

from experiments.gas_table import PAPER
from experiments.sweep.decided import alone_of, chosen, costs_of, mean_and_error
from experiments.sweep.gas_scores import session_gas
from experiments.sweep.match_scores import studied
from experiments.sweep.question import Question, Scores
from experiments.wiring import HALF_HOUR

DAY: Final = 48


def feasibility_scores(asked: Question) -> Scores:
    """Return gas and money of a half-hour's negotiation, and how many a chain carries."""
    scenario = asked.played
    mechanism, windows = asked.asked("mechanism", "hco"), 1
    if asked.asked("day_ahead", False):
        windows = DAY
    gas: float = 2 * PAPER[mechanism]
    if asked.asked("contract", "ours") == "ours":
        options, sealed = scenario.grid.options, scenario.market.sealed
        gas = session_gas(mechanism, sealed, windows, options=options) / windows
    carried = asked.asked("block_gas", 0) / asked.asked("block_seconds", 12) * HALF_HOUR
    seen = studied(scenario)
    cost, _ = chosen(mechanism, costs_of(scenario, seen))
    by_day = (alone_of(scenario, seen) - cost).sum((2, 3)).mean(0) / DAY
    saving, error = mean_and_error(by_day)
    ether = scenario.chain.ether_price_gbp
    return {
        "gas_a_half_hour": gas,
        "links": carried / gas,
        "fee_gbp": gas * scenario.chain.gas_gbp,
        "saving_gbp": saving,
        "saving_error_gbp": error,
        "break_even_gwei": saving / (gas * ether / 1e9),
        "break_even_gbp_per_million_gas": saving / gas * 1e6,
    }
