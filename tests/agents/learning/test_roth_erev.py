"""Reinforcement learns quickly where people do, and slowly where they do.

References
----------
.. [1] A. E. Roth and I. Erev, "Learning in extensive-form games: experimental data and
   simple dynamic models in the intermediate term", Games and Economic Behavior 8(1), 1995,
   164-212.
.. [2] G. W. Harrison and J. Hirshleifer, "An experimental evaluation of weakest link/best
   shot models of public goods", Journal of Political Economy 97(1), 1989, 201-225.
.. [3] J. Nicolaisen, V. Petrov and L. Tesfatsion, "Market power and efficiency in a
   computational electricity market with discriminatory double-auction pricing", IEEE
   Transactions on Evolutionary Computation 5(5), 2001, 504-523.
"""

import itertools

import numpy as np
import pytest

from agents.learning.roth_erev import LEAST, RothErev
from agents.learning.selfplay import iterate
from tests.agents.learning.arena import streams

HIGHEST = 10.0
BASIC = RothErev(strength=10.0 / HIGHEST, recency=0.0, experimentation=0.0)
"""The basic model of [1]_, without forgetting; here first propensities sum to ten."""

SHARES = np.arange(1, 10)
QUANTITIES = np.array([0, 2, 4])
REVENUES = {0: 0.0, 2: 1.95, 4: 3.70}
COST = 0.82
PLANS = np.array(list(itertools.product(range(3), repeat=3)))
"""What the second mover does after each quantity of the first."""


def ultimatum():
    """Divide ten: an offer from 1 to 9, and the least that is accepted.

    In the perfect equilibrium 1 is offered, and accepted.
    """
    offer, least = np.meshgrid(SHARES, SHARES, indexing="ij")
    return np.where(offer >= least, [10 - offer, offer], 0)


def best_shot():
    """Two provide a public good in turn; the greater of their quantities counts [2]_.

    In the perfect equilibrium the first provides nothing, and earns 3.70; the second
    provides 4, and earns 0.42.
    """
    first = np.broadcast_to(QUANTITIES[:, None], (3, len(PLANS)))
    second = QUANTITIES[PLANS.T]
    revenue = np.vectorize(REVENUES.__getitem__)(np.maximum(first, second))
    return np.stack([revenue - COST * first, revenue - COST * second])


@pytest.fixture(scope="module")
def learned():
    """Return a thousand rounds of each game, in 60 runs."""
    games = {"ultimatum": ultimatum(), "best shot": best_shot()}
    return {
        name: iterate(game / HIGHEST, [BASIC] * 2, 1000, streams(2, 60))
        for name, game in games.items()
    }


def test_the_games_have_the_perfect_equilibria_of_the_paper():
    nothing_then_four = (slice(None), 0, PLANS.tolist().index([2, 0, 0]))

    np.testing.assert_allclose(best_shot()[nothing_then_four], [3.70, 0.42])
    assert ultimatum()[:, 0, 0].tolist() == [9, 1]
    assert ultimatum()[:, 3, 4].tolist() == [0, 0]


def test_best_shot_play_nears_the_perfect_equilibrium_and_ultimatum_play_does_not(learned):
    """Roth and Erev's result, for two of their three games and by their basic model.

    From first propensities that favour nothing, first movers soon learn to leave the public
    good to the other; in as many rounds, offers stay far above the least, since low ones
    are refused before those who refuse have learned what that costs. Reproduced: the order
    of the games, and that offers stay in the middle. Simplified: the market game is left
    out; quantities are 0, 2 and 4; second movers of the best shot game learn whole plans
    and not an answer to each quantity; and parties are in pairs, not matched anew.
    """
    first_in_best_shot = learned["best shot"].mixes[0].mean(1)
    offers = learned["ultimatum"].mixes[0].mean(1)
    after_nothing = learned["best shot"].mixes[1][:, :, PLANS[:, 0] == 2].sum(-1).mean(1)

    assert first_in_best_shot[99, 0] > 0.75, "a hundred rounds are enough to see it"
    assert first_in_best_shot[999, 0] > 0.9
    assert after_nothing[999] > after_nothing[0] + 0.15
    assert offers[999, 0] < 0.15, "the least offer is no more likely than at first"
    assert offers[999] @ SHARES > 4.0
    assert offers[999] @ SHARES < offers[99] @ SHARES < 5.0, "it falls, but slowly"


def test_low_offers_are_refused_for_longer_than_high_ones_are_made(learned):
    offers, least = (mix.mean(1) for mix in learned["ultimatum"].mixes)

    assert offers[999, -2:].sum() < 0.05, "who offers too much learns it soon"
    assert least[999, 1:].sum() > 0.5, "who refuses the least offer does not"


def published_update(propensities, action, payoff, recency, experimentation):
    """Roth and Erev's own form, in which the others gain by the payoff."""
    others = len(propensities) - 1
    gains = np.full(len(propensities), payoff * experimentation / others)
    gains[action] = payoff * (1.0 - experimentation)
    return (1.0 - recency) * propensities + gains


def test_without_profits_the_published_update_stands_still_and_the_changed_one_moves_on():
    """The reason that Nicolaisen, Petrov and Tesfatsion give for their change [3]_."""
    rule = RothErev(recency=0.1, experimentation=0.2)
    before = published = changed = np.array([3.0, 1.0, 0.5])

    for _ in range(20):
        published = published_update(published, 0, 0.0, 0.1, 0.2)
        changed = rule.learn(changed, np.array(0), np.array(0.0))

    np.testing.assert_allclose(rule.mix(published), rule.mix(before))
    assert rule.mix(changed)[0] < 0.25 < rule.mix(before)[0]


def test_both_updates_are_one_without_experimentation():
    rule = RothErev(recency=0.1, experimentation=0.0)
    before = np.array([3.0, 1.0, 0.5])

    after = rule.learn(before, np.array(1), np.array(0.7))

    np.testing.assert_allclose(after, published_update(before, 1, 0.7, 0.1, 0.0))


def test_the_changed_update_by_hand():
    rule = RothErev(recency=0.1, experimentation=0.2)

    after = rule.learn(np.array([1.0, 2.0, 4.0]), np.array(1), np.array(0.5))

    np.testing.assert_allclose(after, [0.9 + 0.1, 1.8 + 0.4, 3.6 + 0.4])


def test_there_is_always_something_to_share():
    rule = RothErev(recency=1.0, experimentation=0.0)

    after = rule.learn(rule.start((), 3), np.array(0), np.array(0.0))

    assert after.tolist() == [LEAST] * 3
    np.testing.assert_allclose(rule.mix(after), 1 / 3)
