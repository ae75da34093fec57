"""How sure equilibria are: what bootstrap samples say, by hand where days are few."""

import numpy as np
import pandas as pd
import pytest

from experiments.tournament.empirical import empirical_games
from experiments.tournament.findings import how_sure
from experiments.tournament.records import equilibria_records, mixed_records
from experiments.tournament.sureness import game_table, pure_mixtures, sureness
from tests.experiments.small_tournament import small_scenario, small_study, small_tournament
from tests.experiments.test_findings import DILEMMA, PENNIES, game_of

KEYS = {"equilibrium_share", "epsilon_low", "epsilon_high"}
COSTS = {"net_cost_low_gbp", "net_cost_high_gbp"}


def game_of_days(*days, strategies=("truthful", "random")):
    """Return the game of the mean over days, from the costs of each, (party, *actions)."""
    costs = np.array(days, float)
    game = game_of(costs.mean(0), strategies)
    object.__setattr__(game, "by_unit", -np.moveaxis(costs, 0, -1)[..., np.newaxis])
    return game


def sure_of(game):
    return [sureness(game, pure_mixtures(game, found)) for found in game.equilibria]


def test_what_is_best_on_every_day_is_an_equilibrium_in_every_sample():
    (found,) = sure_of(game_of_days(DILEMMA, DILEMMA, DILEMMA))

    assert (found.share, found.epsilon_gbp) == (1.0, (0.0, 0.0))
    assert found.net_cost_gbp == ((5.0, 5.0), (5.0, 5.0))


def test_of_two_days_one_for_and_one_against_it_a_quarter_of_samples_are_against():
    honest = 10.0 - np.array(DILEMMA)  # the truth is best, by less than lies are on the other
    (found,) = sure_of(game_of_days(3.0 * np.array(DILEMMA), honest))

    assert found.share == pytest.approx(0.75, abs=0.04)
    # there both networks pay 5, and by the truth would pay 1
    assert found.epsilon_gbp == pytest.approx((0.0, 4.0))
    assert found.net_cost_gbp[0] == pytest.approx((5.0, 15.0))


def test_ties_are_no_reason_to_doubt():
    costs = np.zeros((2, 2, 2))

    assert [one.share for one in sure_of(game_of_days(costs, costs + 0.1))] == [1.0] * 4


def test_a_mixture_is_left_in_samples_whose_costs_are_others():
    game = game_of_days(PENNIES, 2.0 * np.array(PENNIES), np.array(PENNIES) ** 1.1)

    found = sureness(game, game.nash.equilibria[0].profile)

    assert found.share < 0.5
    assert found.epsilon_gbp[1] > found.epsilon_gbp[0] >= 0
    assert how_sure(game)[0].startswith(
        "Of bootstrap samples the nearest is an equilibrium in 0%"
    )
    assert "leaving the mixed one gains GBP" in how_sure(game)[0]


def test_sentences_tell_the_share_of_one_and_the_range_of_several():
    alone = game_of_days(DILEMMA, DILEMMA)
    both = [[[1, 9], [9, 2]], [[1, 9], [9, 2]]], [[[1, 9], [9, 8]], [[1, 9], [9, 8]]]

    assert how_sure(alone) == (
        "Of bootstrap samples it is an equilibrium in 100%, and the most that leaving it gains "
        "is GBP 0.00 to 0.00 a day (95 %).",
    )
    assert how_sure(game_of_days(*both)) == (
        "Of bootstrap samples each is an equilibrium in 100% to 100%; the surest is "
        "north truthful, south truthful.",
    )


def test_of_a_single_day_nothing_is_said_and_records_have_none():
    (game,) = empirical_games(small_tournament())

    assert game.by_unit is None
    assert how_sure(game) == ()
    for record in (*equilibria_records(game), *mixed_records(game)):
        assert {record[key] for key in KEYS | COSTS} == {None}
    assert game_table(game)[["net_cost_low_gbp", "net_cost_high_gbp"]].isna().all(axis=None)
    pennies = game_of(PENNIES)
    assert how_sure(pennies) == ()


def test_the_tensor_is_a_row_for_each_profile_and_seat_with_intervals():
    scenario = small_scenario("truthful", "random").with_changes("play", replicates=2)
    played = small_tournament(scenario, small_study(days=3))
    (game,) = empirical_games(played)

    table = game_table(game)

    assert len(table) == 2 * 2 * 2
    keys = ["strategy_0", "strategy_1", "seat", "party"]
    means = played.payoffs.groupby(keys)["net_cost_gbp"].mean()
    found = table.set_index(keys)
    assert found["net_cost_gbp"].to_dict() == pytest.approx(means.to_dict())
    assert (found["net_cost_low_gbp"] <= found["net_cost_gbp"]).all()
    assert (found["net_cost_gbp"] <= found["net_cost_high_gbp"]).all()
    assert game.by_unit.mean((-2, -1)) == pytest.approx(game.payoffs)


def test_records_have_intervals_by_party():
    (game,) = empirical_games(small_tournament(seen=small_study(days=2)))

    record = equilibria_records(game)[0]

    # network-2 pays 27 on the first day, twice that on the second
    assert record["net_cost_low_gbp"] == pytest.approx({"network-1": 0.0, "network-2": 27.0})
    assert record["net_cost_high_gbp"] == pytest.approx({"network-1": 0.0, "network-2": 54.0})
    assert (record["equilibrium_share"], record["epsilon_high"]) == (1.0, 0.0)


def test_three_parties_have_intervals_too():
    costs = [[[0.0, 4.0, 9.0], [1.0, 2.0, 7.0]]] * 3
    scenario = small_scenario("truthful", "flat", pairs=(("N", "N", "N"),))
    seen = small_study(costs, no_link=None, days=2)
    (game,) = empirical_games(small_tournament(scenario, seen))

    table = game_table(game)

    assert isinstance(table, pd.DataFrame)
    assert len(table) == 2**3 * 3
    assert all(record["equilibrium_share"] == 1.0 for record in equilibria_records(game))
