"""Intervals: how sure means and places are, where days and replicates vary."""

import numpy as np
import pandas as pd
import pytest

from experiments.tournament.intervals import with_intervals
from experiments.tournament.standings import standings_table
from tests.experiments.small_tournament import small_scenario, small_study, small_tournament

ENDS = ["net_cost_low_gbp", "net_cost_high_gbp"]
PLACES = ["place_low", "place_high"]


def table_of(costs: dict[str, list[float]], mechanism="hco", replicates=1) -> pd.DataFrame:
    """Return payoffs of one role: the costs of each strategy on each day, each replicate."""
    rows = [
        (mechanism, 0, "north", name, unit // replicates, unit % replicates, cost)
        for name, by_unit in costs.items()
        for unit, cost in enumerate(by_unit)
    ]
    names = ["mechanism", "seat", "party", "strategy", "day", "replicate", "net_cost_gbp"]
    return pd.DataFrame(rows, columns=names)


def found(payoffs: pd.DataFrame) -> pd.DataFrame:
    table = with_intervals(standings_table(payoffs), payoffs)
    return table.set_index(["mechanism", "strategy"] if table["mechanism"].nunique() > 1
                           else "strategy")  # fmt: skip


def test_equal_days_leave_no_doubt():
    table = found(table_of({"a": [7.0] * 5, "b": [9.0] * 5}))

    assert table.loc["a", ENDS].tolist() == pytest.approx([7, 7])
    assert table.loc["b", ENDS].tolist() == pytest.approx([9, 9])
    assert table.loc["b", PLACES].tolist() == [2, 2]


def test_of_one_day_nothing_can_be_said():
    table = found(table_of({"a": [7.0], "b": [9.0]}))

    assert table[[*ENDS, *PLACES]].isna().all(axis=None)
    assert table["place_on_cost"].tolist() == [1, 2]


def test_replicates_of_one_day_vary_as_days_do():
    table = found(table_of({"a": [0.0, 10.0]}, replicates=2))

    assert table.loc["a", ENDS].tolist() == [0, 10]


def test_of_two_days_the_interval_ends_at_either():
    # a quarter of samples hold one day twice, and a quarter the other
    table = found(table_of({"a": [0.0, 10.0]}))

    assert table.loc["a", ENDS].tolist() == [0, 10]
    assert table.loc["a", "net_cost_gbp"] == 5


def test_with_many_days_the_interval_is_that_of_a_mean_of_known_variance():
    days = 400
    table = found(table_of({"a": [0.0, 10.0] * (days // 2)}))

    low, high = table.loc["a", ENDS]
    wanted = 1.96 * 5.0 / np.sqrt(days)  # a standard deviation of 5
    assert low == pytest.approx(5 - wanted, abs=0.05)
    assert high == pytest.approx(5 + wanted, abs=0.05)


def test_who_is_better_every_day_is_sure_of_the_first_place_however_days_differ():
    table = found(table_of({"a": [0.0, 100.0, 50.0], "b": [1.0, 101.0, 51.0]}))

    assert table.loc["a", PLACES].tolist() == [1, 1]
    assert table.loc["b", PLACES].tolist() == [2, 2]
    assert table.loc["a", "net_cost_high_gbp"] > table.loc["b", "net_cost_low_gbp"]


def test_who_is_better_on_some_days_only_is_not_sure_of_a_place():
    table = found(table_of({"a": [0.0, 10.0], "b": [9.0, 0.0], "c": [50.0, 50.0]}))

    assert table.loc["a", PLACES].tolist() == [1, 2]
    assert table.loc["b", PLACES].tolist() == [1, 2]
    assert table.loc["c", PLACES].tolist() == [3, 3]


def test_strategies_that_cost_the_same_share_a_place():
    table = found(table_of({"a": [1.0, 3.0], "b": [1.0, 3.0], "c": [5.0, 9.0]}))

    assert table.loc[["a", "b"], PLACES].to_numpy().tolist() == [[1, 1], [1, 1]]
    assert table.loc["c", PLACES].tolist() == [3, 3]


def test_each_role_has_its_own_intervals():
    payoffs = pd.concat(
        [table_of({"a": [0.0, 10.0]}), table_of({"a": [20.0, 20.0]}, mechanism="rps")],
        ignore_index=True,
    )

    table = found(payoffs)

    assert table.loc[("hco", "a"), ENDS].tolist() == [0, 10]
    assert table.loc[("rps", "a"), ENDS].tolist() == [20, 20]
    assert set(table["place_high"]) == {1}


def test_opponents_are_averaged_and_no_chance():
    payoffs = pd.concat([table_of({"a": [0.0, 2.0]}), table_of({"a": [4.0, 6.0]})])

    table = found(payoffs)

    assert table.loc["a", ENDS].tolist() == [2, 4]


def test_standings_keep_their_order_and_their_columns():
    played = small_tournament(small_scenario(mechanisms=("rps", "hco")), small_study(days=3))
    standings = standings_table(played.payoffs)

    table = with_intervals(standings, played.payoffs)

    assert table[list(standings)].equals(standings)
    assert list(table)[len(standings.columns) :] == [*ENDS, *PLACES]
    assert (table["net_cost_low_gbp"] <= table["net_cost_gbp"]).all()
    assert (table["net_cost_gbp"] <= table["net_cost_high_gbp"]).all()
    assert (table["place_low"] <= table["place_high"]).all()


def test_intervals_are_the_same_whenever_they_are_asked_for():
    payoffs = table_of({"a": [0.0, 3.0, 10.0], "b": [4.0, 4.0, 5.0]})

    assert found(payoffs).equals(found(payoffs))
