"""Best responses by hand: seat 0's options are worth 4, 0 and 10 pounds."""

from dataclasses import replace

import numpy as np
import pytest

from agents.strategies.best_response import (
    Adversarial,
    Altruistic,
    BestResponse,
    BestResponseToMean,
    Cooperative,
    OracleBestResponse,
)
from market.decision import decide
from market.mechanisms import MECHANISMS
from tests.knowing import happened, known, some_draws

OWN = [4.0, 0.0, 10.0]
TRUTH = {"hco": [400, 0, 1000], "rps": [2, 3, 1]}
strategies = pytest.mark.parametrize(
    "strategy",
    [BestResponse(), BestResponseToMean(), Cooperative(), Adversarial(), Altruistic()],
)


def bid_after(strategy, *rows, mechanism="hco", authority=0, own=OWN):
    """Return what seat 0 bids once seat 1 bid some rows, one a session."""
    knowledge = known(own, strategy, mechanism=mechanism, authority=authority)
    for row in rows:
        memory = strategy.learn(happened(knowledge, [[1, 2, 3], row], 0))
        knowledge = replace(knowledge, memory=memory)
    return strategy.bid(knowledge, some_draws())[0, 0].tolist()


@strategies
@pytest.mark.parametrize("mechanism", TRUTH)
def test_the_truth_is_told_until_the_other_was_seen_to_bid(strategy, mechanism):
    assert bid_after(strategy, mechanism=mechanism) == TRUTH[mechanism]


@strategies
@pytest.mark.parametrize("mechanism", TRUTH)
def test_the_truth_is_told_while_one_of_the_others_was_not_seen(strategy, mechanism):
    knowledge = known(OWN, strategy, mechanism=mechanism, parties=3)
    here = np.array([[[True], [True], [False]]])
    seen = happened(knowledge, [[1, 2, 3], [1, 2, 3], [0, 0, 0]], 0, present=here)
    knowledge = replace(knowledge, memory=strategy.learn(seen))

    assert strategy.bid(knowledge, some_draws())[0, 0].tolist() == TRUTH[mechanism]


def test_of_two_matches_only_the_one_is_answered_in_which_the_other_was_seen():
    strategy = BestResponse()
    knowledge = known([[OWN], [OWN]], strategy)
    here = np.array([[[True], [True]], [[True], [False]]])
    seen = happened(knowledge, [[1, 2, 3], [200, 100, 0]], 0, present=here)
    knowledge = replace(knowledge, memory=strategy.learn(seen))

    bids = strategy.bid(knowledge, some_draws(matches=2))[:, 0].tolist()
    assert bids == [[0, 0, 200], TRUTH["hco"]]


@pytest.mark.parametrize(
    ("strategy", "row", "offers"),
    [
        (BestResponse(), [500, 300, 0], [0, 0, 0]),  # 400 and 500 received; or 1000 less 500
        (BestResponse(), [200, 100, 0], [0, 0, 200]),  # 1000 less 200; or 400 and 200 received
        (BestResponse(), [100, 900, 0], [0, 0, 0]),  # 900 received; or 1000 less 900
        (Adversarial(), [500, 300, 0], [0, 0, 0]),  # ahead by 900; or by 1000 less twice 500
        (Adversarial(), [100, 50, 0], [0, 0, 100]),  # ahead by 500; or by 1000 less twice 100
    ],
)
def test_offers_are_just_enough_for_what_is_worth_it(strategy, row, offers):
    assert bid_after(strategy, row) == offers


def test_one_tick_more_is_offered_where_a_tie_would_be_lost():
    assert bid_after(BestResponse(), [200, 100, 0], authority=1) == [0, 0, 201]


@pytest.mark.parametrize(
    ("strategy", "authority", "row", "ranks"),
    [
        (BestResponse(), 0, [1, 2, 3], [3, 2, 1]),  # all sums are 4, and it decides
        (BestResponse(), 1, [1, 2, 3], [1, 2, 3]),  # the last cannot win; the first is next
        (Adversarial(), 1, [1, 2, 3], [3, 1, 2]),  # of the two that can win, the other's second
    ],
)
def test_ranks_make_the_best_win_of_what_can_win(strategy, authority, row, ranks):
    assert bid_after(strategy, row, mechanism="rps", authority=authority) == ranks


@pytest.mark.parametrize(
    ("strategy", "mechanism", "row", "option", "paid"),
    [
        (Cooperative(), "hco", [500, 300, 0], 2, None),  # in all 900, 300, 1000
        (Cooperative(), "hco", [100, 1200, 0], 1, None),  # in all 500, 1200, 1000
        (Altruistic(), "hco", [500, 300, 0], 2, 1000),  # what it can pay at most
        (Cooperative(), "rps", [2, 1, 3], 1, 0),  # in all 9 and 10; the last cannot win
        (Altruistic(), "rps", [3, 1, 2], 1, 0),
    ],
)
def test_who_cares_for_the_other_has_the_best_for_both_or_for_the_other_win(
    strategy, mechanism, row, option, paid
):
    own = bid_after(strategy, row, mechanism=mechanism, authority=1)
    rule = MECHANISMS[mechanism]("difference")

    found = decide(rule, np.array([own, row]), np.ones(2, bool), np.array(1))

    assert found.option == option
    assert paid in (None, found.payments[0])


def test_the_last_bid_counts_or_the_mean_of_all():
    rows = [0, 100, 0], [400, 100, 0]

    assert bid_after(BestResponse(), *rows) == [0, 0, 0], "against 400, 100, 0"
    assert bid_after(BestResponseToMean(), *rows) == [0, 0, 200], "against 200, 100, 0"


def test_an_oracle_wants_to_be_told():
    strategy = OracleBestResponse()
    told = np.array([[[[9, 9, 9]], [[500, 300, 0]]]])
    knowledge = replace(known(OWN, strategy), present_bids=told)

    assert strategy.oracle
    assert strategy.bid(knowledge, some_draws())[0, 0].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="wants to be told"):
        strategy.bid(known(OWN, strategy), some_draws())
