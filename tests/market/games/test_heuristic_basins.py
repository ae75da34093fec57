"""Basins of attraction: how much of the simplex leads where."""

import numpy as np
import pytest

from market.games.heuristic_basins import basins, grid
from market.games.heuristic_rest import rest_points
from tests.market.games.heuristic_games import (
    GOOD_ROCKS,
    PLACES,
    ROCKS,
    STAGS,
    public_goods,
    threshold,
)


def rng():
    return np.random.default_rng(0)


def test_a_stag_hunt_divides_at_two_thirds():
    found = basins(STAGS, [(1.0, 0.0), (0.0, 1.0)], rng(), starts=300)

    assert found.shares == pytest.approx((1 / 3, 2 / 3), abs=0.01)
    assert (found.elsewhere, found.starts) == (0.0, 300)


def test_in_a_large_group_it_divides_at_the_repelling_point():
    table = threshold(39, 2, 0.2)
    low, high = [p.mixture for p in rest_points(table, rng()).points if 0 < p.mixture[0] < 1]

    found = basins(table, [(0.0, 1.0), high], rng(), starts=200)

    assert found.shares == pytest.approx((low[0], 1 - low[0]), abs=0.01)


def test_the_best_place_to_meet_draws_the_most():
    found = basins(PLACES, np.eye(3).tolist(), rng(), starts=400)

    assert list(found.shares) == sorted(found.shares, reverse=True)
    assert sum(found.shares) == pytest.approx(1)
    assert found.ends[0] == (1.0, 0.0, 0.0)


def test_cycles_end_nowhere_and_spirals_in_the_middle():
    middle = [(1 / 3, 1 / 3, 1 / 3)]

    assert basins(ROCKS, middle, rng(), starts=30, stretches=5).elsewhere == 1
    assert basins(GOOD_ROCKS, middle, rng(), starts=30).shares == (1.0,)
    assert basins(GOOD_ROCKS, [], rng(), starts=3, stretches=1).elsewhere == 1


def test_who_keeps_wins():
    assert basins(public_goods(5, 2.0), [(0.0, 1.0)], rng(), starts=20).shares == (1.0,)


@pytest.mark.parametrize(
    ("strategies", "most", "count"), [(2, 50, 50), (3, 50, 45), (4, 3, 3), (1, 5, 5)]
)
def test_a_grid_spreads_over_the_simplex(strategies, most, count):
    shares = grid(strategies, most, rng())

    assert shares.shape == (count, strategies)
    assert shares.sum(axis=1) == pytest.approx(np.ones(count))
    assert (shares >= 0).all()
    assert (shares == grid(strategies, most, rng())).all()
