"""Dominated actions: known games, the definition, and what elimination keeps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from market.games.dominance import dominated_actions, eliminate
from market.games.equilibria import pure_equilibria
from market.games.time_limit import Deadline
from tests.market.games.catalogue import bimatrix, least_effort, played, symmetric, zero_sum

MIXED_ONLY = bimatrix([[3, 0], [0, 3], [1, 1]], [[1, 0], [0, 1], [0, 0]])
"""Down is worse than half of each of the others, but than neither alone."""


@st.composite
def games(draw):
    counts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    shape = (len(counts), *counts)
    return draw(arrays(np.float64, shape, elements=st.integers(0, 3).map(float)))


def rows(payoffs, player):
    own = np.moveaxis(payoffs[player], player, 0)
    return own.reshape(len(own), -1)


def test_a_mixture_dominates_where_no_action_does():
    (found,) = dominated_actions(MIXED_ONLY)

    assert (found.player, found.action, found.strict) == (0, 2, True)
    assert found.by == pytest.approx((0.5, 0.5, 0.0))


def test_a_mixture_dominates_weakly():
    game = bimatrix([[2, 0, 1], [0, 2, 1], [1, 1, 0.5]], np.eye(3))

    assert dominated_actions(game, weakly=False) == ()
    (found,) = [one for one in dominated_actions(game, weakly=True) if one.player == 0]
    assert (found.action, found.strict) == (2, False)
    assert found.by == pytest.approx((0.5, 0.5, 0.0))


@settings(max_examples=60)
@given(payoffs=games(), weakly=st.booleans())
def test_what_dominates_is_better_by_the_definition(payoffs, weakly):
    for found in dominated_actions(payoffs, weakly):
        own = rows(payoffs, found.player)
        more = np.array(found.by) @ own - own[found.action]
        assert sum(found.by) == pytest.approx(1.0)
        assert found.by[found.action] == 0
        if found.strict:
            assert more.min() > 0
        else:
            assert more.min() >= -1e-8
            assert more.max() > 0
        assert found.strict or weakly


@settings(max_examples=60)
@given(games())
def test_whatever_a_pure_action_dominates_is_found(payoffs):
    found = {(one.player, one.action) for one in dominated_actions(payoffs)}
    weak = {(one.player, one.action) for one in dominated_actions(payoffs, weakly=True)}
    for player in range(len(payoffs)):
        own = rows(payoffs, player)
        for action, worse in enumerate(own):
            if any((worse < other).all() for other in own):
                assert (player, action) in found
            if any((worse <= other).all() and (worse < other).any() for other in own):
                assert (player, action) in weak
    assert found <= weak


@settings(max_examples=40)
@given(games())
def test_no_equilibrium_is_lost(payoffs):
    left = eliminate(payoffs)

    for one in pure_equilibria(payoffs):
        assert all(a in own for a, own in zip(one.actions, left.actions, strict=True))
    assert not dominated_actions(left.restricted(payoffs))


def test_rounds_follow_each_other_and_mixtures_name_all_actions():
    """Middle goes first, then what was best against it."""
    game = bimatrix([[1, 1, 0], [0, 0, 2]], [[0, 2, 1], [3, 1, 0]])

    left = eliminate(game)

    assert left.actions == ((0,), (1,))
    assert [(one.player, one.action) for one in left.removed] == [(1, 2), (0, 1), (1, 0)]
    assert left.removed[0].by == (0.0, 1.0, 0.0)
    assert left.restricted(game).tolist() == [[[1.0]], [[2.0]]]


def test_weak_dominance_is_removed_one_at_a_time():
    game = played((3, 3), lambda claims: [min(claims) * 1.0] * 2)

    assert eliminate(game).removed == ()
    assert eliminate(game, weakly=True).actions == ((2,), (2,))


def test_effort_is_not_dominated():
    assert eliminate(played((2, 2, 2), least_effort)).removed == ()


def test_nothing_is_removed_after_time():
    assert eliminate(symmetric([[3, 0], [5, 1]]), until=Deadline(0.0)).removed == ()


def test_money_of_any_size_has_the_same_dominance():
    for scale in (1e-9, 1e9):
        assert len(dominated_actions(MIXED_ONLY * scale)) == 1
    assert dominated_actions(zero_sum([[1, -1], [-1, 1]])) == ()


def test_what_is_no_game_is_refused():
    with pytest.raises(ValueError, match="wanted"):
        dominated_actions(np.zeros((2, 2)))
