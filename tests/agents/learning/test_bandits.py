"""Rules that hear only of their own action find the best one."""

import numpy as np
import pytest

from agents.learning.bandits import UCB1, Exp3
from agents.learning.hedge import Hedge
from agents.learning.q_learning import BoltzmannQ, GreedyQ
from tests.agents.learning.arena import fight, loaded

MEANS = np.linspace(0.4, 0.7, 4)


@pytest.fixture(scope="module")
def pulls():
    """How often UCB1 has played each of four loaded coins, shape (round, action)."""
    return fight(UCB1(), loaded, 8192, 4).mixes.cumsum(0).mean(1)


def test_ucb_plays_each_worse_action_no_more_often_than_its_theorem_says(pulls):
    """8 ln n / Δ² + 1 + π² / 3, of Auer, Cesa-Bianchi and Fischer 2002, at every time."""
    rounds = np.arange(1, len(pulls) + 1)[:, None]

    most = 8 * np.log(rounds) / (MEANS[-1] - MEANS[:-1]) ** 2 + 1 + np.pi**2 / 3

    assert (pulls[:, :-1] <= most).all()
    assert (most[-1, :2] < len(pulls) / 4).all(), "so that the bound says something"


def test_ucb_plays_worse_actions_ever_more_rarely(pulls):
    worse = pulls[:, :-1].sum(-1)
    shares = [worse[n - 1] / n for n in (512, 2048, 8192)]

    assert shares[0] > 1.5 * shares[1] > 2 * shares[2]
    by_doubling = np.diff([worse[n - 1] for n in (2048, 4096, 8192)])
    assert by_doubling[1] < 1.5 * by_doubling[0], "a root would double every fourth time"


def test_ucb_tries_everything_once_in_order():
    mixes = fight(UCB1(), loaded, 4, 4, runs=1).mixes

    np.testing.assert_array_equal(mixes[:, 0], np.eye(4))


def test_ucb_by_hand():
    state = np.array([[3.0, 0.5], [4.0, 1.0]])
    bounds = [3 / 4 + np.sqrt(2 * np.log(5) / 4), 0.5 + np.sqrt(2 * np.log(5))]

    assert bounds[1] > bounds[0]
    assert UCB1().mix(state).tolist() == [0, 1]


def test_greedy_q_finds_the_best_action_most_of_the_time():
    mixes = fight(GreedyQ(rate=0.02), loaded, 4000, 4).mixes[-2000:].mean((0, 1))

    assert mixes[-1] > 0.6
    assert mixes[0] < 0.1


def test_greedy_q_plays_the_best_but_for_chance():
    np.testing.assert_allclose(GreedyQ(chance=0.2).mix(np.array([0.1, 0.9])), [0.1, 0.9])


def test_boltzmann_q_prefers_better_actions_to_worse():
    rule = BoltzmannQ(rate=0.02, temperature=0.3)
    mixes = fight(rule, loaded, 4000, 4).mixes[-2000:].mean((0, 1))

    assert (np.diff(mixes) > 0).all()
    np.testing.assert_allclose(mixes[-1] / mixes[0], np.exp(0.3 / 0.3), rtol=0.1)


def test_an_estimate_moves_a_tenth_of_the_way_to_what_was_earned():
    state = np.array([0.5, 0.5])

    for rule in (GreedyQ(), BoltzmannQ()):
        moved = rule.learn(state, np.array(1), np.array(1.0))
        np.testing.assert_allclose(moved, [0.5, 0.55])


def test_exp3_by_hand():
    rule = Exp3()
    state = rule.learn(rule.start((), 2), np.array(0), np.array(0.25))

    np.testing.assert_allclose(state, [[0.75 / 0.5, 0], [1, 1]])
    chances = rule.mix(state)
    np.testing.assert_allclose(
        chances[0] / chances[1], np.exp(-1.5 * np.sqrt(np.log(2) / (2 * 2)))
    )


def test_hedge_by_hand():
    rule = Hedge()
    state = rule.learn(rule.start((), 2), np.array([0.25, 0.75]))

    chances = rule.mix(state)

    np.testing.assert_allclose(
        chances[1] / chances[0], np.exp(0.5 * np.sqrt(8 * np.log(2) / 2))
    )
