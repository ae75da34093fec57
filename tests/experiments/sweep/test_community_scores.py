"""The study of adversaries in communities."""

from pathlib import Path

import pandas as pd
import pytest

from experiments import studies
from experiments.scenario import read_scenario
from experiments.studies.adversaries import paragraphs
from experiments.sweep.community_scores import community_scores
from experiments.sweep.question import Question
from experiments.sweep.reading import read_sweep

STUDY = Path(studies.__file__).parent / "adversaries.toml"


def ask(share: float, seed: int = 0):
    few = read_scenario("community").with_changes("community", prosumers=6)
    return community_scores(
        Question(few.with_changes("grid", days=1), {"ask.adversarial": share}, seed)
    )


def test_without_adversaries_nobody_is_adversarial():
    found = ask(0.0)
    assert found["saved_gbp"] == pytest.approx(found["saved_truthful_gbp"])
    assert found["saved_adversarial_gbp"] != found["saved_adversarial_gbp"]


def test_half_of_the_households_can_be_adversarial():
    found = ask(0.5)
    both = (found["saved_truthful_gbp"] + found["saved_adversarial_gbp"]) / 2
    assert found["saved_gbp"] == pytest.approx(both)
    assert found == ask(0.5)


def test_findings_tell_each_rule_and_from_which_share_it_fails():
    sweep = read_sweep(STUDY)
    rows = [
        {
            "ask.adversarial": share,
            "community.rules": rule,
            "replicate": replicate,
            "balance_ratio": start + share,
            "saved_truthful_gbp": 0.3,
            "saved_adversarial_gbp": 0.1 if share else float("nan"),
            "equilibrium_share": 1.0,
        }
        for rule, start in (("a", 0.7), ("b", 0.2))
        for share in (0.0, 0.3, 0.5)
        for replicate in (0, 1)
    ]
    first, second, assumed = paragraphs(sweep, pd.DataFrame(rows))
    assert "From 30% of them on, the ledger no longer improves balancing." in first
    assert "With every share tried the ledger still improves balancing." in second
    assert assumed.startswith("Means of 2 communities of other households, 7 days each")
