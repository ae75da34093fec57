"""What parties that match regrets play together, in the long run.

References
----------
.. [1] S. Hart and A. Mas-Colell, "A simple adaptive procedure leading to correlated
   equilibrium", Econometrica 68(5), 2000, 1127-1150.
.. [2] R. J. Aumann, "Subjectivity and correlation in randomized strategies", Journal of
   Mathematical Economics 1(1), 1974, 67-96.
"""

import numpy as np
import pytest

from agents.learning.fictitious_play import FictitiousPlay
from agents.learning.hedge import Hedge
from agents.learning.regret_matching import RegretMatching, RegretMatchingPlus
from agents.learning.selfplay import iterate, regret
from tests.agents.learning.arena import streams

CHICKEN = np.array([[[6.0, 2.0], [7.0, 0.0]], [[6.0, 7.0], [2.0, 0.0]]]) / 7
"""Yield or dare: Aumann's example [2]_."""

MATCHING = [RegretMatching(), RegretMatchingPlus(), Hedge()]
every_rule = pytest.mark.parametrize("rule", MATCHING, ids=lambda rule: type(rule).__name__)


def joint(trajectory):
    """How often each profile was played, shape (match, action, action)."""
    one = np.eye(2)[trajectory.actions]
    return np.einsum("tma,tmb->mab", one[:, :, 0], one[:, :, 1]) / len(one)


def obedience_gaps(play, game):
    """Return what a party gains by playing one action where it was told another, at most."""
    first = np.einsum("mab,acb->mac", play, game[0][None] - game[0][:, None])
    second = np.einsum("mab,abc->mbc", play, game[1][:, None, :] - game[1][:, :, None])
    return np.maximum(first.max((1, 2)), second.max((1, 2)))


def test_aumanns_equilibrium_has_no_gap_and_daring_alike_has():
    traffic_light = np.array([[[1, 1], [1, 0]]]) / 3
    crash = np.array([[[0, 0], [0, 1]]])

    np.testing.assert_allclose(obedience_gaps(traffic_light, CHICKEN), 0, atol=1e-12)
    np.testing.assert_allclose(obedience_gaps(crash, CHICKEN), 2 / 7)


@every_rule
def test_joint_play_of_chicken_approaches_the_correlated_equilibria(rule):
    """With two actions each, to regret none is to obey: coarse is correlated equilibrium."""
    trajectory = iterate(CHICKEN, [rule] * 2, 3000, streams(2, 40))

    gaps = obedience_gaps(joint(trajectory), CHICKEN)

    assert gaps.max() < 0.03
    worst = max(regret(CHICKEN, trajectory, player)[-1].max() for player in range(2))
    np.testing.assert_allclose(gaps.max(), max(worst, 0) / 3000, atol=1e-9)


def test_two_that_best_respond_to_each_other_crash_and_yield_in_turn():
    """Fictitious play, from the same start, is no such procedure: it miscoordinates."""
    trajectory = iterate(CHICKEN, [FictitiousPlay()] * 2, 3000, streams(2, 1))

    play = joint(trajectory)[0]

    assert play[0, 1] == play[1, 0] == 0
    assert obedience_gaps(play[None], CHICKEN)[0] > 0.09


def test_regret_matching_by_hand():
    rule = RegretMatching()
    state = rule.learn(rule.start((), 3), np.array([1.0, 0.5, 0.0]))

    np.testing.assert_allclose(state, [0.5, 0.0, -0.5], atol=1e-15)
    np.testing.assert_allclose(rule.mix(state), [1, 0, 0])
    state = rule.learn(state, np.array([0.0, 1.0, 1.0]))
    np.testing.assert_allclose(state, [0.5, 1.0, 0.5])
    np.testing.assert_allclose(rule.mix(state), [0.25, 0.5, 0.25])


def test_regret_matching_plus_forgets_what_would_have_been_worse():
    rule = RegretMatchingPlus()
    state = rule.learn(rule.start((), 3), np.array([1.0, 0.5, 0.0]))

    np.testing.assert_allclose(state, [0.5, 0.0, 0.0], atol=1e-15)


def test_equal_payoffs_leave_no_regret_whatever_they_are_rounded_to():
    rule = RegretMatching()

    assert rule.learn(rule.start((), 3), np.full(3, 0.1)).tolist() == [0, 0, 0]
