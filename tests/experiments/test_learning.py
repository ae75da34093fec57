"""Learning curves: payoff, what a best response would have added, and regret, by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from experiments.simulation.learning import COLUMNS, learning_table, observed
from experiments.tournament.match import Case, Run, negotiation
from experiments.wiring import terms
from tests.experiments.small_tournament import COSTS, small_scenario, small_study


def watched(*strategies: str, mechanism="hco", costs=COSTS, days=1, **market) -> pd.DataFrame:
    """Return what was observed of every session of a run."""
    scenario = small_scenario(mechanisms=(mechanism,)).with_changes("market", **market)
    seen, pair = small_study(costs, no_link=None, days=days), ("N",) * len(costs)
    agreed = terms(scenario, seen, mechanism)
    run = Run(mechanism, pair, strategies)
    model = negotiation(scenario, agreed, Case.of(seen, pair), run)
    rows = []
    while model.window < model.windows:
        first = model.window % agreed.horizon == 0
        model.step()
        if first:
            rows += observed(model, seen.parties, strategies)
    return learning_table(rows)


def by_party(table: pd.DataFrame, column: str) -> list[list[float]]:
    return [part[column].tolist() for _, part in table.groupby("party")]


def test_payoffs_are_worth_less_payments_and_gains_those_of_the_best_deviation():
    table = watched("truthful", "truthful")

    # window 0, offers 5, 2, 0 and 0, 3, 5, tie to network-1: option 0 for 5. It earns 5 - 5,
    # and with nothing offered would have had option 2 and 5; network-2 earns 0 + 5, its best.
    # window 1, offers 20, 10, 0 and 0, 19, 20, authority of network-2: option 1, it pays 9.
    # network-1 earns 10 + 9, with 0, 1.01, 0 would have 10 + 17.99; network-2 earns 19 - 9,
    # with nothing offered 0 + 20.
    assert by_party(table, "payoff_gbp") == [[0, 19], [5, 10]]
    assert by_party(table, "gain_gbp") == [[5, 8.99], [0, 10]]
    assert table["session"].tolist() == table["window"].tolist() == [0, 0, 1, 1]
    assert table["party"].tolist() == ["network-1", "network-2"] * 2
    assert table["regret_gbp"].isna().all()
    assert table["action"].isna().all()


def test_a_best_response_to_present_bids_leaves_nothing_to_gain():
    for mechanism in ("hco", "rps"):
        table = watched("oracle-best-response", "truthful", mechanism=mechanism, days=2)

        assert by_party(table, "gain_gbp")[0] == [0] * 4


def test_a_day_ahead_is_one_row_a_session_with_the_sums_of_its_windows():
    table = watched("truthful", "truthful", horizon=2, days=2)

    single = watched("truthful", "truthful", days=2)
    assert table["session"].tolist() == [0, 0, 1, 1]
    assert table["window"].tolist() == [0, 0, 2, 2]
    for column in ("payoff_gbp", "gain_gbp"):
        sums = [[a + b, c + d] for a, b, c, d in by_party(single, column)]
        assert by_party(table, column) == sums


def test_a_session_of_which_windows_are_left_over_counts_those_alone():
    table = watched("truthful", "truthful", horizon=20)

    assert by_party(table, "payoff_gbp") == [[19], [15]]


def test_where_a_party_is_absent_no_gain_is_known():
    table = watched("truthful", "absent")

    assert table["gain_gbp"].isna().all()
    assert by_party(table, "payoff_gbp") == [[5, 20], [0, 0]]


def test_in_a_lottery_of_three_no_gain_is_known_and_of_two_it_is():
    sealed = {"mechanism": "rps-random", "sealed": True}

    two = watched("truthful", "truthful", **sealed)
    three = watched("truthful", "truthful", "truthful", costs=[*COSTS, COSTS[1]], **sealed)

    assert two["gain_gbp"].notna().all()
    assert three["gain_gbp"].isna().all()
    assert three["payoff_gbp"].notna().all()


def test_penalties_are_taken_from_the_payoff():
    free = watched("truthful", "withholder")
    bound = watched("truthful", "withholder", bond_gbp=1.0)

    gained, lost = (
        [b - a for a, b in zip(*pair, strict=True)]
        for pair in zip(
            by_party(free, "payoff_gbp"), by_party(bound, "payoff_gbp"), strict=True
        )
    )
    assert lost == pytest.approx([-1, 0]), "it isolates its busbar in the first window"
    assert min(gained) >= 0


def test_a_learner_tells_its_action_and_what_each_would_have_earned():
    table = watched("hedge(menu=shading)", "truthful")

    # shares 0, 1/4, 1/2, 3/4 leave option 2, and are paid 5; the truth ties, takes option 0
    # and pays 5 for it; a quarter more pays 6.25
    first = table.iloc[0]
    assert first["hindsight_gbp"] == pytest.approx((5, 5, 5, 5, 0, -1.25))
    assert first["payoff_gbp"] == pytest.approx(first["hindsight_gbp"][first["action"]])
    assert table.loc[1, "hindsight_gbp"] == ()
    assert table["action"].isna().tolist() == [False, True, False, True]


def test_regret_is_that_for_the_best_fixed_action_since_the_start():
    table = watched("hedge(menu=shading)", "truthful", days=3)

    learner = table[table["party"] == "network-1"]
    earned = hindsight = 0.0
    for _, row in learner.iterrows():
        earned += row["payoff_gbp"]
        hindsight = hindsight + np.array(row["hindsight_gbp"])
        assert row["regret_gbp"] == pytest.approx(max(hindsight) - earned)


def row(session: int, party: str, payoff: float, hindsight: tuple[float, ...] = ()):
    action = 0 if hindsight else None
    return session, session, party, "any", payoff, 0.0, action, hindsight


def test_regrets_by_hand_may_fall_below_zero():
    table = learning_table(
        [
            row(0, "x", 1.0, (3.0, 0.0)),
            row(0, "y", 5.0),
            row(1, "x", 2.0, (0.0, 4.0)),
            row(1, "y", 5.0),
            row(2, "x", 9.0, (0.0, 1.0)),
            row(2, "y", 5.0),
        ]
    )

    # best fixed: 3, then 4, then 5; earned: 1, 3, 12
    assert by_party(table, "regret_gbp")[0] == [2, 1, -7]
    assert all(math.isnan(regret) for regret in by_party(table, "regret_gbp")[1])


def test_of_no_session_there_is_an_empty_table_with_all_columns():
    table = learning_table([])

    assert len(table) == 0
    assert list(table) == [*COLUMNS, "regret_gbp"]


def test_before_the_first_window_there_is_nothing_to_observe():
    scenario, seen = small_scenario(), small_study()
    pair = ("N", "N")
    model = negotiation(
        scenario, terms(scenario, seen, "hco"), Case.of(seen, pair),
        Run("hco", pair, ("truthful", "truthful")),
    )  # fmt: skip

    with pytest.raises(ValueError, match="no session was held yet"):
        observed(model, seen.parties, ("truthful", "truthful"))
