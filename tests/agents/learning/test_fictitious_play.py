"""Fictitious play converges where it must, and cycles where it must not.

References
----------
.. [1] J. Robinson, "An iterative method of solving a game", Annals of Mathematics 54(2),
   1951, 296-301.
.. [2] L. S. Shapley, "Some topics in two-person games", in M. Dresher, L. S. Shapley and
   A. W. Tucker (eds.), *Advances in Game Theory*, Princeton University Press, 1964, 1-28.
"""

import numpy as np
import pytest

from agents.learning.fictitious_play import FictitiousPlay, SmoothBestResponse
from agents.learning.selfplay import iterate
from tests.agents.learning.arena import streams

PENNIES = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
UNEVEN = np.array([[[1.0, 0.25], [0.0, 0.75]], [[0.0, 0.75], [1.0, 0.25]]])
"""Of constant sum; the first plays (1/2, 1/2), the second (1/3, 2/3)."""
SHAPLEY = np.stack([np.eye(3), np.roll(np.eye(3), 1, axis=1)])
"""The first wants to play as the second does, and the second the next after the first."""


def play(game, rounds, rule=None, states=None):
    return iterate(game, [rule or FictitiousPlay()] * 2, rounds, streams(2, 1), states)


@pytest.fixture(scope="module")
def cycling():
    """Play Shapley's game for long."""
    return play(SHAPLEY, 12_000)


def frequencies(trajectory, player, actions):
    """Shape (round, action)."""
    played = np.eye(actions)[trajectory.actions[:, 0, player]]
    return played.cumsum(0) / np.arange(1, len(played) + 1)[:, None]


@pytest.mark.parametrize(
    ("game", "equilibrium"),
    [
        pytest.param(PENNIES, [[1 / 2, 1 / 2], [1 / 2, 1 / 2]], id="matching pennies"),
        pytest.param(UNEVEN, [[1 / 2, 1 / 2], [1 / 3, 2 / 3]], id="uneven pennies"),
    ],
)
def test_beliefs_converge_to_the_equilibrium_of_a_zero_sum_game_as_robinson_proved(
    game, equilibrium
):
    trajectory = play(game, 6000)

    for player in range(2):
        away = np.abs(frequencies(trajectory, player, 2) - equilibrium[player]).max(-1)
        assert away[-1000:].max() < 0.02
        assert away[-1000:].max() < away[10:100].max() / 4


def test_play_cycles_on_shapleys_game_in_runs_that_grow_geometrically(cycling):
    joint = cycling.actions[:, 0] @ [3, 1]

    starts = np.flatnonzero(np.diff(joint, prepend=-1))
    lengths = np.diff(starts)
    growth = lengths[6:] / lengths[5:-1]
    order = joint[starts][6:18]

    np.testing.assert_array_equal(order[:6], order[6:12])
    assert len(set(order[:6])) == 6
    assert growth.min() > 1.2
    np.testing.assert_allclose(growth[-4:], growth[-1], rtol=0.05)


def test_beliefs_do_not_converge_on_shapleys_game(cycling):
    beliefs = frequencies(cycling, 0, 3)

    for window in (slice(120, 1200), slice(1200, 12_000)):
        swing = beliefs[window].max(0) - beliefs[window].min(0)
        assert swing.min() > 0.25, "as wide ten times later"
        assert np.abs(beliefs[window] - 1 / 3).max(-1).min() > 0.05


def test_a_prior_belief_is_where_play_starts_from():
    tails = [np.array([[0.0, 0.5]]), np.array([[0.5, 0.0]])]

    assert play(PENNIES, 1, states=tails).actions[0, 0].tolist() == [1, 0]


def test_a_smooth_response_settles_where_the_best_one_cycles_if_smooth_enough():
    mixes = play(SHAPLEY, 3000, SmoothBestResponse(temperature=1.0)).mixes

    np.testing.assert_allclose(mixes[0][-1], 1 / 3, atol=0.02)


def test_a_smooth_response_is_the_logit_of_mean_payoffs():
    rule = SmoothBestResponse(temperature=0.5)
    state = rule.learn(rule.learn(rule.start((), 2), np.array([1.0, 0.0])), np.zeros(2))

    np.testing.assert_allclose(rule.mix(state)[0] / rule.mix(state)[1], np.exp(0.5 / 0.5))
