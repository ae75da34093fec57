"""The empirical game: axes, means, equilibria, and what scripts read of them."""

import numpy as np
import pytest

from experiments.tournament.empirical import empirical_games
from experiments.tournament.records import equilibria_records
from tests.experiments.small_tournament import small_scenario, small_study, small_tournament

THREE = [
    [[0.0, 4.0, 9.0], [1.0, 2.0, 7.0]],
    [[5.0, 0.0, 3.0], [2.0, 8.0, 0.0]],
    [[6.0, 1.0, 0.0], [3.0, 0.0, 4.0]],
]


def games_of(played):
    return empirical_games(played)


def test_payoffs_are_less_own_net_cost_by_hand():
    (game,) = games_of(small_tournament())

    assert (game.mechanism, game.strategies) == ("hco", ("truthful", "indifferent"))
    assert game.payoffs[0] == pytest.approx(np.array([[-6, -25], [0, 0]]))
    assert game.payoffs[1] == pytest.approx(np.array([[-12, -2], [-27, -27]]))
    assert game.ratios["system_cost_ratio"] == pytest.approx(
        np.array([[18, 27], [27, 27]]) / 30
    )


def test_every_cell_of_the_tensor_is_the_mean_of_its_rows_in_payoffs():
    strategies = ("truthful", "indifferent", "random")
    scenario = small_scenario(
        *strategies, mechanisms=("rps", "hco"), pairs=(("N", "N", "D"), ("D", "N", "N"))
    )
    loadings = small_study(THREE, no_link=None, loadings=("N", "D"), days=2)
    loadings.cost_gbp[:, 1] *= 3.0
    played = small_tournament(scenario, loadings)
    rows = played.payoffs

    for game in games_of(played):
        assert game.payoffs.shape == (3, 3, 3, 3)
        by_profile = rows[rows["mechanism"] == game.mechanism].groupby(
            ["seat", "strategy_0", "strategy_1", "strategy_2"]
        )["net_cost_gbp"]
        assert (by_profile.size() == 4).all()  # two pairs, two days
        for (seat, *names), mean in by_profile.mean().items():
            place = (seat, *(strategies.index(name) for name in names))
            assert -game.payoffs[place] == pytest.approx(mean)


def test_equilibria_are_marked_with_what_they_cost():
    (game,) = games_of(small_tournament())

    records = equilibria_records(game)

    assert [r["profile"] for r in records] == [
        {"network-1": "indifferent", "network-2": "truthful"},
        {"network-1": "indifferent", "network-2": "indifferent"},
    ]
    first = records[0]
    assert first["net_cost_gbp"] == pytest.approx({"network-1": 0.0, "network-2": 27.0})
    assert (first["epsilon"], first["equilibrium"], first["strict"]) == (0.0, True, False)
    assert first["system_cost_ratio"] == pytest.approx(0.9)
    assert first["optimum_ratio"] == pytest.approx(1.5)


def test_a_ratio_to_nothing_is_none_in_json():
    seen = small_study(costs=[[[0.0, 0.0, 1.0]]] * 2, no_link=[[0.0], [0.0]])
    (game,) = games_of(small_tournament(seen=seen))

    assert {r["system_cost_ratio"] for r in equilibria_records(game)} == {None}
