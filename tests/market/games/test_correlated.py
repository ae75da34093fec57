"""Correlated equilibria: known values, the definition, and what must hold between kinds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from market.games import correlated
from market.games.correlated import correlated_equilibria, deviation_gain
from market.games.mixed import nash_equilibria
from market.games.time_limit import Deadline, TimeUp
from tests.market.games.catalogue import CYCLE, GAMES, bimatrix, symmetric, zero_sum

CHICKEN = symmetric([[6, 2], [7, 0]])


@st.composite
def games(draw):
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    shape = (len(counts), *counts)
    return draw(arrays(np.float64, shape, elements=st.integers(-3, 3).map(float)))


def disobedience(payoffs, distribution, coarse):
    """Return the most that a player gains, by trying what it could do when told something."""
    most = 0.0
    for player, own in enumerate(payoffs):
        mine, drawn = np.moveaxis(own, player, 0), np.moveaxis(distribution, player, 0)
        count = len(mine)
        gains = [
            [float((drawn[told] * (mine[other] - mine[told])).sum()) for other in range(count)]
            for told in range(count)
        ]
        best = max(map(sum, zip(*gains, strict=True))) if coarse else sum(map(max, gains))
        most = max(most, best)
    return most


def test_chicken_has_aumanns_values():
    found = correlated_equilibria(CHICKEN)

    assert found.welfare_best.welfare == pytest.approx(10.5)
    assert found.welfare_best.distribution == pytest.approx(
        np.array([[0.5, 0.25], [0.25, 0.0]])
    )
    assert [one.payoffs[i] for i, one in enumerate(found.player_best)] == pytest.approx([7, 7])
    assert found.welfare_worst.welfare <= 2 * 14 / 3 - 1e-6


def test_coarse_equilibria_allow_more_than_correlated_ones():
    """Moulin and Vial 1978: a coarse equilibrium need not be a correlated one."""
    game = symmetric([[0, 1.1, -1], [-1, 0, 1.1], [1.1, -1, 0]])

    fine = correlated_equilibria(game)
    coarse = correlated_equilibria(game, coarse=True)

    assert fine.welfare_best.welfare == pytest.approx(2 * 0.1 / 3)
    assert coarse.welfare_best.welfare == pytest.approx(0.1)


def test_zero_sum_games_leave_a_mediator_nothing_to_give():
    found = correlated_equilibria(zero_sum(CYCLE), coarse=True)

    for one in (found.welfare_best, found.welfare_worst, *found.player_best):
        assert one.payoffs == pytest.approx((0.0, 0.0), abs=1e-9)


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_nash_equilibria_lie_between_the_worst_and_the_best(game):
    found = correlated_equilibria(game.payoffs)
    coarse = correlated_equilibria(game.payoffs, coarse=True)

    slack = 1e-7 * max(1.0, np.ptp(game.payoffs))
    for one in nash_equilibria(game.payoffs).equilibria:
        earned = sum(one.payoffs)
        assert found.welfare_worst.welfare - slack <= earned
        assert earned <= found.welfare_best.welfare + slack
        for player, best in enumerate(found.player_best):
            assert one.payoffs[player] <= best.payoffs[player] + slack
    assert coarse.welfare_best.welfare >= found.welfare_best.welfare - slack
    assert coarse.welfare_worst.welfare <= found.welfare_worst.welfare + slack


@settings(max_examples=40)
@given(payoffs=games(), coarse=st.booleans())
def test_nobody_gains_by_disobedience(payoffs, coarse):
    found = correlated_equilibria(payoffs, coarse)

    for one in (found.welfare_best, found.welfare_worst, *found.player_best):
        gain = disobedience(payoffs, one.distribution, coarse)
        assert gain < 1e-7
        assert one.epsilon == pytest.approx(gain, abs=1e-12)
        assert one.distribution.sum() == pytest.approx(1.0)


@given(payoffs=games(), seed=st.integers(0, 9), coarse=st.booleans())
def test_gains_of_any_distribution_are_those_of_the_definition(payoffs, seed, coarse):
    shape = payoffs.shape[1:]
    drawn = np.random.default_rng(seed).dirichlet(np.ones(payoffs[0].size)).reshape(shape)

    gain = deviation_gain(payoffs, drawn, coarse)

    assert gain == pytest.approx(disobedience(payoffs, drawn, coarse), abs=1e-9)


def test_large_money_changes_nothing():
    found = correlated_equilibria(CHICKEN * 1e9)

    assert found.welfare_best.welfare == pytest.approx(10.5e9)


def test_where_nobody_has_a_choice_all_is_as_it_is():
    found = correlated_equilibria(bimatrix([[3]], [[4]]))

    assert found.welfare_best.payoffs == (3.0, 4.0)


def test_there_is_no_partial_result(monkeypatch):
    monkeypatch.setattr(correlated, "deadline", lambda _: Deadline(0.0))

    with pytest.raises(TimeUp):
        correlated_equilibria(CHICKEN, time_limit=1)


def test_the_solver_is_told_the_time_limit(monkeypatch):
    assert correlated_equilibria(CHICKEN, time_limit=60).welfare_best.epsilon < 1e-9

    class Slow:
        status, x = 1, None

    monkeypatch.setattr("scipy.optimize.linprog", lambda *_, **__: Slow())
    with pytest.raises(TimeUp):
        correlated_equilibria(CHICKEN, time_limit=60)
