"""How learners are played against each other."""

import numpy as np

from agents.draws import Draws
from agents.learning.bandits import UCB1
from agents.learning.base import choose
from agents.learning.hedge import Hedge
from agents.learning.q_learning import GreedyQ
from agents.learning.selfplay import hear, iterate, regret, would_earn
from tests.agents.learning.arena import streams

GAME = np.random.default_rng(0).random((3, 2, 3, 4))
RULES = [Hedge(), GreedyQ(), UCB1()]


def test_a_round_pays_what_the_game_says_for_what_was_played():
    trajectory = iterate(GAME, RULES, 50, streams(3, 5))

    assert trajectory.actions.shape == trajectory.payoffs.shape == (50, 5, 3)
    assert [mix.shape for mix in trajectory.mixes] == [(50, 5, 2), (50, 5, 3), (50, 5, 4)]
    for actions, payoffs in zip(trajectory.actions, trajectory.payoffs, strict=True):
        np.testing.assert_array_equal(payoffs[2], GAME[:, *actions[2]])


def test_what_would_have_been_earned_is_against_what_the_others_played():
    actions = np.array([[1, 2, 3], [0, 0, 1]])

    np.testing.assert_array_equal(
        would_earn(GAME, actions, 1), [GAME[1, 1, :, 3], GAME[1, 0, :, 1]]
    )


def test_runs_are_the_same_alone_as_together():
    together = iterate(GAME, RULES, 30, streams(3, 4))
    seeds = [each.spawn(4)[2:3] for each in np.random.SeedSequence(0).spawn(3)]

    alone = iterate(GAME, RULES, 30, [Draws(each) for each in seeds])

    np.testing.assert_array_equal(together.actions[:, 2:3], alone.actions)
    for mix, own in zip(together.mixes, alone.mixes, strict=True):
        np.testing.assert_array_equal(mix[:, 2:3], own)


def test_a_bandit_hears_of_its_own_action_alone():
    rule, action = GreedyQ(), np.array([1])
    state = rule.start((1,), 3)

    one = hear(rule, state, np.array([[0.9, 0.5, 0.1]]), action)
    other = hear(rule, state, np.array([[0.0, 0.5, 0.7]]), action)

    np.testing.assert_array_equal(one, other)


def test_regret_is_against_the_best_fixed_action():
    trajectory = iterate(GAME, RULES, 40, streams(3, 3))
    actions, payoffs = trajectory.actions[:, 1], trajectory.payoffs[:, 1, 2]
    fixed = [sum(GAME[2, a, b, own] for a, b, _ in actions) for own in range(4)]

    found = regret(GAME, trajectory, 2)

    assert found.shape == (40, 3)
    np.testing.assert_allclose(found[-1, 1], max(fixed) - payoffs.sum())


def test_actions_are_drawn_as_often_as_their_mix_says():
    mix = np.array([0.2, 0.0, 0.5, 0.3])

    drawn = choose(mix, np.random.default_rng(0).random(20_000))

    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 20_000, mix, atol=0.01)


def test_an_action_without_a_chance_is_not_drawn_at_either_end():
    mix = np.array([0.0, *[0.1] * 10, 0.0])
    assert mix.cumsum()[-1] < 1, "by rounding"

    assert choose(mix, np.array([0.0, np.nextafter(1.0, 0.0)])).tolist() == [1, 10]
