"""Scores of one match: what the parties of ``play.seats`` cost and paid, by mechanism."""

from typing import Final

from experiments.scenario import Scenario
from experiments.sweep.question import Question, Scores
from experiments.tournament.match import Run
from experiments.tournament.play import play_part
from experiments.wiring import Study, study

MEANS = ("net_cost_gbp", "operating_gbp", "payments_gbp", "fees_gbp", "breach_windows")
"""Columns of payoffs that are averaged for each party, over pairs and days."""

RATIOS = ("system_cost_ratio", "optimum_ratio", "balance_ratio", "losses_ratio")
"""Those that are averaged once."""


def match_scores(asked: Question) -> Scores:
    """Return the means over pairs of loadings and days, such as ``hco.network-1.fees_gbp``."""
    scenario = asked.played
    seen = studied(scenario)
    scores = {}
    for mechanism in scenario.market.mechanisms:
        runs = [Run(mechanism, pair, scenario.play.seats) for pair in scenario.grid.pairs]
        payoffs = play_part(scenario, seen, runs, windows=False)["payoffs"]
        for seat, party in enumerate(seen.parties):
            own = payoffs[payoffs["seat"] == seat]
            for name in MEANS:
                if name in own:
                    scores[f"{mechanism}.{party}.{name}"] = float(own[name].mean())
        for name in RATIOS:
            if name in payoffs:
                scores[f"{mechanism}.{name}"] = float(payoffs[name].mean())
    return scores


def studied(scenario: Scenario) -> Study:
    """Return what the grid says, solved once for cells that ask the same of it."""
    key = repr((scenario.grid, scenario.seed, scenario.folder))
    if key not in _kept:
        while len(_kept) >= KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = study(scenario).without_voltages()
    return _kept[key]


KEPT: Final = 16
"""Studies that a process keeps in memory."""

_kept: dict[str, Study] = {}
