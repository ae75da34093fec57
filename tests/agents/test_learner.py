"""What a learner hears and does, by hand: its options are worth 4, 0 and 10 pounds."""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import pytest

from agents.disposition import DISPOSITIONS
from agents.learning.hedge import Hedge
from agents.strategies.learner import MENUS, Learner
from agents.strategies.scaled import Shaded
from agents.strategies.truthful import Truthful
from tests.knowing import happened, known, some_draws

OWN = [4.0, 0.0, 10.0]
SEEN = [[0, 0, 0], [500, 300, 0]]


@dataclass(frozen=True)
class Echo:
    """A bandit that plays a fixed action, and keeps what it heard."""

    action: int = 0
    meaning = "plays on"
    feedback = "bandit"

    def start(self, shape, actions):
        return np.zeros((*shape, actions))

    def mix(self, state):
        return np.broadcast_to(np.arange(state.shape[-1]) == self.action, state.shape) * 1.0

    def learn(self, state, action, payoff):
        assert (action == self.action).all()
        return np.broadcast_to(payoff[..., np.newaxis], state.shape)


def thought(strategy, values=OWN, **setting):
    knowledge = known(values, strategy, **setting)
    return replace(
        knowledge,
        memory=strategy.think(knowledge, some_draws(matches=knowledge.setting.matches)),
    )


def test_full_information_is_what_each_of_the_menu_would_have_earned():
    strategy = Learner(menu=MENUS["shading"])

    after = strategy.learn(happened(thought(strategy), SEEN, 0))

    # It earns 9, 8, 7 and 6 at option 0; then pays all of 10, and 12.50, for option 2.
    earned = np.array([9.0, 8.0, 7.0, 6.0, 0.0, -2.5])
    np.testing.assert_allclose(after.state[0, 0], (earned / 10.0 + 1.0) / 2.0)


def test_what_nobody_could_have_earned_counts_as_the_best_or_the_worst():
    strategy = Learner(menu=(Truthful(), Shaded(share=0.0)))

    after = strategy.learn(happened(thought(strategy), [[0, 0, 0], [9000, 0, 0]], 0))

    assert after.state[0, 0].tolist() == [1.0, 1.0], "it is paid 86 or 90"


@pytest.mark.parametrize("action", [0, 1])
def test_a_bandit_bids_what_it_plays_and_hears_what_that_earned(action):
    strategy = Learner(rule=Echo(action), menu=(Truthful(), Shaded(share=0.5)))
    knowledge = thought(strategy)

    bid = strategy.bid(knowledge, some_draws())[0, 0].tolist()
    after = strategy.learn(happened(knowledge, SEEN, 0, earned_gbp=5.0))

    assert bid == ([400, 0, 1000], [200, 0, 500])[action]
    assert after.state.tolist() == [[0.75, 0.75]]
    assert (after.bids, after.action) == (None, None)


def test_a_cooperative_bandit_hears_what_the_other_earned_too():
    strategy = Learner(rule=Echo(), disposition=DISPOSITIONS["cooperative"])
    paid = np.array([[[-100], [100]]])

    experience = happened(thought(strategy), SEEN, 0, earned_gbp=5.0, payments=paid)

    heard = strategy.learn(experience).state[0, 0]
    np.testing.assert_allclose(heard, (sqrt(0.5) * (5.0 + 4.0) / 10.0 + 1.0) / 2.0)


def test_the_menu_remembers_what_was_bid():
    strategy = Learner(rule=Echo(2))
    knowledge = thought(strategy)

    after = strategy.learn(happened(knowledge, SEEN, 0))

    assert [memory is None for memory in after.memories] == [True, True, False, False, False]


def test_every_match_is_drawn_for_by_itself():
    strategy = Learner(rule=Hedge(), menu=(Truthful(), Shaded(share=0.5)))
    knowledge = thought(strategy, np.tile(OWN, (1000, 1, 1)))

    truth = (strategy.bid(knowledge, some_draws())[:, 0] == [400, 0, 1000]).all(-1)

    np.testing.assert_allclose(truth.mean(), 0.5, atol=0.05)


def test_a_learner_thinks_before_it_bids():
    strategy = Learner()

    with pytest.raises(ValueError, match="after it has thought"):
        strategy.bid(known(OWN, strategy), some_draws())
