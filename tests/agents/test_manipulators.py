"""Bids against what the others seem to want, worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from agents.strategies.manipulators import AntiRanking, Burying, Pivotal
from agents.strategies.watchful import wanted_gbp
from tests.knowing import happened, known, some_draws

OWN = [4.0, 0.0, 10.0]
SEEN = {"hco": [[0, 0, 0], [500, 900, 300]], "rps": [[1, 2, 3], [2, 1, 3]]}
"""The other wants option 1 most, then 0, then 2."""


def bid_after(strategy, mechanism, *seen, own=OWN, **setting):
    """Return a bid once bids were seen."""
    knowledge = known(own, strategy, mechanism=mechanism, **setting)
    for bids in seen:
        memory = strategy.learn(happened(knowledge, bids, 0))
        knowledge = replace(knowledge, memory=memory)
    return strategy.bid(knowledge, some_draws())[0, 0].tolist()


@pytest.mark.parametrize("strategy", [Pivotal(), AntiRanking(), Burying()])
def test_the_truth_is_told_until_another_was_seen_to_bid(strategy):
    assert bid_after(strategy, "hco") == [400, 0, 1000]
    assert bid_after(strategy, "rps") == [2, 3, 1]


@pytest.mark.parametrize(
    ("strategy", "offers", "ranks"),
    [
        (Pivotal(), [400, 0, 1000], [2, 3, 1]),
        (AntiRanking(), [0, 0, 1000], [2, 3, 1]),
        (Burying(), [400, 0, 1000], [2, 3, 1]),
    ],
)
def test_what_is_bid_where_the_other_likes_what_is_worth_least(strategy, offers, ranks):
    assert bid_after(strategy, "hco", SEEN["hco"]) == offers
    assert bid_after(strategy, "rps", SEEN["rps"]) == ranks


@pytest.mark.parametrize(
    ("strategy", "offers", "ranks"),
    [
        (Pivotal(), [0, 0, 600], [2, 3, 1]),
        (AntiRanking(), [0, 0, 1000], [3, 2, 1]),
        (Burying(), [0, 100, 1000], [3, 2, 1]),
    ],
)
def test_what_is_bid_where_the_other_likes_the_second_best(strategy, offers, ranks):
    own = [4.0, 1.0, 10.0]

    assert bid_after(strategy, "hco", [[0, 0, 0], [900, 500, 300]], own=own) == offers
    assert bid_after(strategy, "rps", [[1, 2, 3], [1, 2, 3]], own=own) == ranks


@pytest.mark.parametrize(
    ("strategy", "offers", "ranks"),
    [
        (Pivotal(), [0, 0, 0], [2, 3, 1]),
        (AntiRanking(), [0, 0, 1000], [3, 2, 1]),
        (Burying(), [400, 100, 1000], [2, 3, 1]),
    ],
)
def test_what_is_bid_where_both_like_the_same(strategy, offers, ranks):
    own = [4.0, 1.0, 10.0]

    assert bid_after(strategy, "hco", [[0, 0, 0], [500, 300, 900]], own=own) == offers
    assert bid_after(strategy, "rps", [[1, 2, 3], [2, 3, 1]], own=own) == ranks


def test_a_favourite_that_is_as_good_as_its_own_is_not_buried():
    own = [10.0, 0.0, 10.0]

    assert bid_after(Burying(), "hco", [[0, 0, 0], [1, 2, 3]], own=own) == [1000, 0, 1000]


def test_what_was_bid_last_counts():
    seen = [[0, 0, 0], [900, 0, 0]], [[0, 0, 0], [0, 900, 0]]

    assert bid_after(Burying(), "hco", *seen, own=[4.0, 1.0, 10.0]) == [400, 0, 1000]


def test_who_stays_away_does_not_keep_a_party_from_the_truth():
    strategy = AntiRanking()
    knowledge = known(OWN, strategy)
    alone = np.array([[[True], [False]]])
    seen = happened(knowledge, [[400, 0, 1000], [0, 0, 0]], 2, present=alone)
    knowledge = replace(knowledge, memory=strategy.learn(seen))

    assert strategy.bid(knowledge, some_draws())[0, 0].tolist() == [400, 0, 1000]


def test_wants_are_those_of_all_others_that_were_seen():
    strategy = Burying()
    knowledge = known([8.0, 0.0, 4.0], strategy, mechanism="rps", parties=4, seat=1)
    present = np.array([[[True], [True], [True], [False]]])
    seen = [[1, 2, 3], [3, 2, 1], [2, 1, 3], [0, 0, 0]]
    memory = strategy.learn(happened(knowledge, seen, 0, present=present))

    wanted, known_where = wanted_gbp(strategy.belief, memory, knowledge)

    assert wanted.tolist() == [[[8.0 + 4.0, 4.0 + 8.0, 0.0]]], "none from seats 1 and 3"
    assert known_where.tolist() == [[True]]


def test_offers_are_wants_in_pounds():
    strategy = Burying()
    knowledge = known([8.0, 0.0, 4.0], strategy, parties=3, tick_gbp=0.1)
    nothing, _ = wanted_gbp(strategy.belief, knowledge.memory, knowledge)
    memory = strategy.learn(happened(knowledge, [[9, 9, 9], [10, 0, 0], [5, 20, 0]], 0))

    wanted, _ = wanted_gbp(strategy.belief, memory, knowledge)

    assert nothing.tolist() == [[[0.0, 0.0, 0.0]]]
    np.testing.assert_allclose(wanted, [[[1.5, 2.0, 0.0]]])
