"""What is special about each strategy; the rest is in the conformance suite."""

import numpy as np
import pytest

from agents.strategies.base import Knowledge
from agents.strategies.chance import Random
from agents.strategies.indifferent import Indifferent
from agents.strategies.scaled import Inflated, Shaded
from agents.strategies.truthful import Truthful

VALUES = np.array([4.0, 0.0, 10.0])


def bid(strategy, form="offers", values=VALUES, tick_gbp=0.01, seed=0):
    knowledge = Knowledge(seat=0, window=0, form=form, values_gbp=values, tick_gbp=tick_gbp)
    return strategy.bid(knowledge, np.random.default_rng(seed)).tolist()


@pytest.mark.parametrize(
    ("strategy", "offers"),
    [
        (Truthful(), [400, 0, 1000]),
        (Shaded(), [320, 0, 800]),
        (Shaded(share=0.5), [200, 0, 500]),
        (Inflated(), [480, 0, 1200]),
        (Indifferent(), [0, 0, 0]),
    ],
)
def test_what_is_offered_for_a_value(strategy, offers):
    assert bid(strategy) == offers


@pytest.mark.parametrize("strategy", [Truthful(), Shaded(), Inflated()])
def test_ranks_are_true_at_any_scale(strategy):
    assert bid(strategy, "ranks") == [2, 3, 1]


def test_the_indifferent_rank_by_index():
    assert bid(Indifferent(), "ranks") == [1, 2, 3]


def test_a_tick_may_be_worth_less_than_a_penny():
    assert bid(Truthful(), tick_gbp=0.001) == [4000, 0, 10_000]


def test_chance_offers_up_to_what_the_best_option_is_worth():
    values = np.broadcast_to(VALUES, (2000, 3))

    offers = np.array(bid(Random(), values=values))

    assert 0 <= offers.min() < 10
    assert 990 < offers.max() <= 1000
    np.testing.assert_allclose(offers.mean(0), 500, atol=25)


def test_chance_ranks_every_option_first_as_often():
    ranks = np.array(bid(Random(), "ranks", values=np.broadcast_to(VALUES, (3000, 3))))

    np.testing.assert_allclose((ranks == 1).mean(0), 1 / 3, atol=0.04)
