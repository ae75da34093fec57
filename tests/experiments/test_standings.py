"""Standings: sums and means by hand, and places that equal scores share."""

import numpy as np
import pandas as pd
import pytest

from experiments.tournament.match import Case, play
from experiments.tournament.standings import standings_table
from experiments.wiring import terms
from tests.experiments.small_tournament import small_scenario, small_study, small_tournament


def of_profile(payoffs: pd.DataFrame, *strategies: str) -> pd.DataFrame:
    rows = payoffs
    for seat, name in enumerate(strategies):
        rows = rows[rows[f"strategy_{seat}"] == name]
    return rows.sort_values("seat")


def place_column(scores, party="a", mechanism="hco") -> list[int]:
    """Return places of strategies s0, s1, … with these own net costs, in the order listed."""
    table = pd.DataFrame(
        {
            "mechanism": mechanism,
            "seat": 0,
            "party": party,
            "strategy": [f"s{i}" for i in range(len(scores))],
            "net_cost_gbp": scores,
        }
    )
    return standings_table(table).sort_values("strategy")["place_on_cost"].tolist()


@pytest.fixture(scope="module")
def payoffs():
    return small_tournament().payoffs


@pytest.mark.parametrize(
    ("strategies", "operating", "payments"),
    [
        (("truthful", "truthful"), [10, 8], [-4, 4]),
        (("truthful", "indifferent"), [0, 27], [25, -25]),
        (("indifferent", "truthful"), [25, 2], [-25, 25]),
        (("indifferent", "indifferent"), [0, 27], [0, 0]),
    ],
)
def test_every_profile_costs_what_it_costs_by_hand(payoffs, strategies, operating, payments):
    rows = of_profile(payoffs, *strategies)

    assert rows["operating_gbp"].tolist() == operating
    assert rows["payments_gbp"].tolist() == pytest.approx(payments)
    assert rows["net_cost_gbp"].tolist() == pytest.approx(np.add(operating, payments))
    assert rows["strategy"].tolist() == list(strategies)
    assert rows["no_link_gbp"].tolist() == [18, 12]
    assert rows["system_cost_ratio"].tolist() == pytest.approx([sum(operating) / 30] * 2)
    assert rows["optimum_ratio"].tolist() == pytest.approx([sum(operating) / 18] * 2)


def test_fees_are_gas_at_the_price_of_the_scenario_and_part_of_own_net_cost():
    scenario = small_scenario(venue="revm").with_changes(
        "chain", gas_price_gwei=10.0, ether_price_gbp=3000.0
    )
    played = small_tournament(scenario)

    rows = of_profile(played.payoffs, "truthful", "truthful")

    run = played.runs[0]
    cases = {run.pair: Case.of(played.seen, run.pair)}
    out = play(scenario, cases, [run], terms(scenario, played.seen, "hco"))
    gas = out.gas[0].sum(axis=1)
    assert rows["fees_gbp"].tolist() == pytest.approx(gas * 10e-9 * 3000)
    assert (rows["fees_gbp"] > 1).all()
    assert rows["net_cost_gbp"].tolist() == pytest.approx([6, 12] + rows["fees_gbp"])


def test_standings_are_means_over_opponents_best_on_own_cost_first(payoffs):
    table = standings_table(payoffs)

    rows = table[["seat", "strategy", "net_cost_gbp", "place_on_cost"]].round(9)
    assert rows.to_numpy().tolist() == [
        [0, "indifferent", 0.0, 1],  # (0 + 0) / 2
        [0, "truthful", 15.5, 2],  # (6 + 25) / 2
        [1, "indifferent", 14.5, 1],  # (2 + 27) / 2
        [1, "truthful", 19.5, 2],  # (12 + 27) / 2
    ]
    parts = table[["operating_gbp", "payments_gbp", "fees_gbp"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(table["net_cost_gbp"].tolist())
    assert table["party"].tolist() == ["network-1"] * 2 + ["network-2"] * 2


def test_standings_are_means_over_pairs_and_days():
    scenario = small_scenario("truthful", pairs=(("N", "N"), ("N", "D")))
    untied = [[[0.0, 2.0, 9.0], [0.0, 10.0, 20.0]], [[7.0, 4.0, 2.0], [20.0, 1.0, 0.0]]]
    seen = small_study(untied, loadings=("N", "D"), days=2)  # the second day costs twice
    payoffs = small_tournament(scenario, seen).payoffs

    assert len(payoffs) == 2 * 2 * 2
    table = standings_table(payoffs)
    assert table["operating_gbp"].tolist() == pytest.approx([1.5 * 12, 1.5 * 5])


def test_roles_stand_in_the_order_of_mechanism_and_seat():
    scenario = small_scenario(mechanisms=("rps", "hco"))

    table = standings_table(small_tournament(scenario).payoffs)

    roles = table[["mechanism", "seat"]].drop_duplicates().to_numpy().tolist()
    assert roles == [["rps", 0], ["rps", 1], ["hco", 0], ["hco", 1]]
    assert table.groupby(["mechanism", "seat"])["place_on_cost"].min().tolist() == [1] * 4


def test_equal_scores_share_a_place_and_the_next_place_is_left_out():
    assert place_column([5.0, 3.0, 3.0 + 1e-12, 4.0]) == [4, 1, 1, 3]


def test_what_has_no_number_comes_last():
    assert place_column([float("nan"), 9.0, 1.0]) == [3, 2, 1]


def test_a_mean_is_none_if_one_of_its_numbers_is():
    table = pd.DataFrame(
        {
            "mechanism": "hco",
            "seat": 0,
            "party": "a",
            "strategy": ["x", "x", "y", "y"],
            "net_cost_gbp": [1.0, 2.0, 3.0, 4.0],
            "balance_ratio": [0.1, float("nan"), 0.5, 0.7],
        }
    )

    found = standings_table(table).set_index("strategy")

    assert np.isnan(found.loc["x", "balance_ratio"])
    assert found.loc["y", "balance_ratio"] == pytest.approx(0.6)
    assert found["place_on_balance"].to_dict() == {"x": 2, "y": 1}
    assert found["place_on_cost"].to_dict() == {"x": 1, "y": 2}


def test_a_ratio_to_nothing_is_none():
    seen = small_study(costs=[[[0.0, 0.0, 1.0]]] * 2, no_link=[[0.0], [0.0]])

    payoffs = small_tournament(seen=seen).payoffs

    assert payoffs[["optimum_ratio", "system_cost_ratio"]].isna().all(axis=None)


def test_without_costs_of_no_link_there_are_no_columns_for_it():
    payoffs = small_tournament(seen=small_study(no_link=None)).payoffs

    assert {"no_link_gbp", "system_cost_ratio", "balance_ratio"}.isdisjoint(payoffs)
    assert "optimum_ratio" in payoffs
    assert "place_on_balance" not in standings_table(payoffs)
