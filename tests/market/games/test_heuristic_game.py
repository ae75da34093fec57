"""Heuristic payoff tables and games in normal form are the same games."""

import numpy as np
import pytest

from market.games.heuristic import HeuristicTable, tabulated
from market.games.heuristic_game import from_normal_form, normal_form
from market.games.heuristic_rest import rest_points
from market.games.mixed import nash_equilibria
from tests.market.games.heuristic_games import (
    BAD_ROCKS,
    DILEMMA,
    GOOD_ROCKS,
    HAWKS,
    PLACES,
    ROCKS,
    STAGS,
    public_goods,
    threshold,
)


def symmetric_equilibria(payoffs):
    found = nash_equilibria(payoffs)
    return [
        one.profile[0] for one in found.equilibria if np.ptp(one.profile, axis=0).max() < 1e-6
    ]


def all_among(some, others):
    return all(
        min(np.abs(np.subtract(one, two)).max() for two in others) < 1e-5 for one in some
    )


@pytest.mark.parametrize(
    "table",
    [
        HAWKS, STAGS, DILEMMA, ROCKS, GOOD_ROCKS, BAD_ROCKS, PLACES,
        public_goods(2, 1.5), public_goods(3, 2.0), public_goods(3, 3.5),
        threshold(3, 2, 0.3), threshold(2, 1, 0.4),
    ],
    ids=[
        "hawks", "stags", "dilemma", "rocks", "good rocks", "bad rocks", "places",
        "pot of two", "pot of three", "a pot worth giving to", "two of three", "one of two",
    ],
)  # fmt: skip
def test_symmetric_equilibria_are_those_of_the_general_solver(table):
    found = rest_points(table, np.random.default_rng(0)).equilibria

    mine, theirs = [one.mixture for one in found], symmetric_equilibria(normal_form(table))
    assert len(mine) == len(theirs)
    assert all_among(mine, theirs)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("players", "strategies"), [(2, 2), (2, 3), (2, 4), (3, 2), (3, 3)])
def test_so_they_are_in_games_by_chance(players, strategies, seed):
    rng = np.random.default_rng(seed)
    names = [f"s{i}" for i in range(strategies)]
    table = tabulated(lambda _: rng.normal(size=strategies), names, players)

    found = rest_points(table, rng).equilibria

    mine, theirs = [one.mixture for one in found], symmetric_equilibria(normal_form(table))
    assert all_among(theirs, mine)
    assert players > 2 or len(mine) == len(theirs)
    assert mine


@pytest.mark.parametrize(("players", "strategies"), [(1, 3), (2, 3), (3, 3), (4, 2)])
def test_there_and_back(players, strategies):
    rng = np.random.default_rng(0)
    names = tuple("abc"[:strategies])
    table = tabulated(lambda _: rng.normal(size=strategies), names, players)

    back = from_normal_form(normal_form(table), names)

    assert back.counts.tolist() == table.counts.tolist()
    assert back.payoffs == pytest.approx(table.payoffs, nan_ok=True)


def test_what_is_missing_or_too_large_is_no_normal_form():
    with pytest.raises(ValueError, match="missing"):
        normal_form(HeuristicTable(HAWKS.counts[1:], HAWKS.payoffs[1:], HAWKS.strategies))
    with pytest.raises(ValueError, match="39 players of 2 strategies"):
        normal_form(public_goods(39, 2.0))


@pytest.mark.parametrize(
    "payoffs",
    [
        np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 0.0], [5.0, 1.0]]]),
        np.zeros((2, 2, 3)),
        np.zeros((2, 3, 3)),
    ],
)
def test_players_who_are_not_alike_are_refused(payoffs):
    with pytest.raises(ValueError, match="not alike"):
        from_normal_form(payoffs, ("a", "b"))
