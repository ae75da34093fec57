"""Families of strategies: means over their members, and places among each other."""

import pytest

from experiments.tournament.families import families_rows, families_table, family
from tests.experiments.small_tournament import small_scenario, small_study, small_tournament


def test_a_family_is_the_mean_over_its_strategies():
    scenario = small_scenario("truthful", "shaded", "inflated", mechanisms=("hco", "rps"))
    payoffs = small_tournament(scenario, small_study(days=2)).payoffs

    table = families_table(payoffs)

    keys = ["mechanism", "seat", "family"]
    assert len(table) == 2 * 2 * 2
    means = payoffs.groupby(["mechanism", "seat", payoffs["strategy"].map(family)])
    found = table.set_index(keys)
    assert found["net_cost_gbp"].to_dict() == pytest.approx(
        means["net_cost_gbp"].mean().to_dict()
    )
    assert set(found.loc[("hco", 0)]["place_on_cost"]) == {1, 2}
    assert dict(zip(table["family"], table["strategies"], strict=True)) == {
        "truthful": 1,
        "scaled": 2,
    }
    assert (found["net_cost_low_gbp"] <= found["net_cost_high_gbp"]).all()


def test_like_families_share_a_place():
    scenario = small_scenario("truthful", "shaded", mechanisms=("rps",))

    table = families_table(small_tournament(scenario).payoffs)

    assert table["place_on_cost"].tolist() == [1] * 4, "the same ranks are sent by both"


def test_rows_show_what_is_known():
    heading, first, *_ = families_rows(families_table(small_tournament().payoffs))

    assert heading[:5] == ["mechanism", "party", "family", "strategies", "place"]
    assert "balance" not in heading
    assert first == ["hco", "network-1", "indifferent", "1", "1", "0.00", *["not known"] * 2]
