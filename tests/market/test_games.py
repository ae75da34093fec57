"""Pure games: gains and equilibria against games with known answers and brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from market.games.equilibria import nearest_equilibrium, pure_equilibria, pure_profile
from market.games.normal_form import deviation_gains, nash_conv


@st.composite
def games(draw):
    """Draw games of two to four players with few distinct payoffs, so that ties abound."""
    players = draw(st.integers(2, 4))
    actions = draw(st.lists(st.integers(1, 3), min_size=players, max_size=players))
    shape = (players, *actions)
    return draw(arrays(np.float64, shape, elements=st.integers(-3, 3).map(float)))


def gain_by_trying(payoffs, player, actions):
    """Try every action of a player, as a reader of the definition would."""
    tried = [
        payoffs[(player, *actions[:player], other, *actions[player + 1 :])]
        for other in range(payoffs.shape[player + 1])
    ]
    return max(tried) - payoffs[(player, *actions)]


@given(payoffs=games())
def test_gains_are_those_of_trying_every_action(payoffs):
    gains = deviation_gains(payoffs)

    for actions in product(*map(range, payoffs.shape[1:])):
        for player in range(len(payoffs)):
            assert gains[(player, *actions)] == gain_by_trying(payoffs, player, actions)


@given(payoffs=games())
def test_equilibria_are_the_profiles_where_no_action_is_better(payoffs):
    wanted = [
        actions
        for actions in product(*map(range, payoffs.shape[1:]))
        if all(gain_by_trying(payoffs, player, actions) == 0 for player in range(len(payoffs)))
    ]

    assert [found.actions for found in pure_equilibria(payoffs)] == wanted


@given(payoffs=games())
def test_a_strict_equilibrium_stops_being_one_when_any_other_action_is_paid_as_much(payoffs):
    for found in pure_equilibria(payoffs):
        alone = all(
            (np.delete(np.moveaxis(payoffs[p], p, 0)[(slice(None), *rest)], own) < earned).all()
            for p, (own, earned) in enumerate(zip(found.actions, found.payoffs, strict=True))
            for rest in [found.actions[:p] + found.actions[p + 1 :]]
        )
        assert found.strict == alone


@given(payoffs=games())
def test_nash_conv_is_zero_at_equilibria_and_only_there(payoffs):
    equilibria = {found.actions for found in pure_equilibria(payoffs)}

    assert {
        tuple(place) for place in np.argwhere(nash_conv(payoffs) == 0).tolist()
    } == equilibria


@given(payoffs=games(), constant=st.integers(-5, 5))
def test_what_is_paid_whatever_one_does_changes_no_gain(payoffs, constant):
    assert np.array_equal(deviation_gains(payoffs + constant), deviation_gains(payoffs))


def test_the_nearest_profile_to_an_equilibrium_has_the_least_epsilon():
    row = np.array([[3.0, -2.0], [-1.0, 0.0]])
    game = np.stack([row, -row])

    nearest = nearest_equilibrium(game)

    assert pure_equilibria(game) == ()
    assert nearest.actions == (1, 1)
    assert nearest.epsilon == 1.0


def test_gains_up_to_the_tolerance_count_as_none():
    game = np.array([[[1.0, 1.0], [1.0 + 1e-3, 1.0]], [[0.0, -1.0], [0.0, -1.0]]])

    assert [e.actions for e in pure_equilibria(game)] == [(1, 0)]
    near = pure_equilibria(game, tolerance=0.01)
    assert [e.actions for e in near] == [(0, 0), (1, 0)]
    assert near[0].epsilon == pytest.approx(1e-3)
    assert not near[1].strict


def test_a_profile_says_what_each_player_would_gain():
    dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])

    exploited = pure_profile(dilemma, (0, 1))
    defection = pure_profile(dilemma, (1, 1))

    assert exploited.payoffs == (0.0, 5.0)
    assert exploited.gains == (1.0, 0.0)
    assert defection.strict
    assert defection.epsilon == 0.0


@pytest.mark.parametrize("shape", [(2, 3), (3, 2, 2), (0,), (1, 0)])
def test_an_array_that_is_no_game_is_refused(shape):
    with pytest.raises(ValueError, match="wanted"):
        deviation_gains(np.zeros(shape))


def test_a_payoff_that_is_no_number_is_refused():
    game = np.zeros((2, 2, 2))
    game[1, 0, 1] = np.nan

    with pytest.raises(ValueError, match="is no number"):
        pure_equilibria(game)
