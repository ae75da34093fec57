"""Answers in kind: short histories with the moves that they call for.

A party's options are worth 4, 0 and 10 pounds, so that its fair share is 5. The other offers
9, 5 and 3, or ranks in that order.
"""

from dataclasses import replace

import numpy as np
import pytest

from agents.strategies.best_response import BestResponse
from agents.strategies.reciprocal import (
    Forgiving,
    GenerousTitForTat,
    GrimTrigger,
    TitForTat,
    TruthfulUntilCheated,
    WinStayLoseShift,
)
from tests.knowing import a_play, agreed, happened, known, sessions, some_draws

OWN = [4.0, 0.0, 10.0]
OTHERS = {"hco": [[0, 0, 0], [900, 500, 300]], "rps": [[1, 2, 3], [1, 2, 3]]}
MOVES = {
    "hco": {"C": [400, 0, 1000], "D": [0, 0, 700]},
    "rps": {"C": [2, 3, 1], "D": [3, 2, 1]},
}
every_form = pytest.mark.parametrize("mechanism", OTHERS)


def bids_after(strategy, earned_gbp, mechanism, matches=1):
    """Return the bids of sessions, each but the last with what it earned."""
    knowledge = known(np.tile(OWN, (matches, 1, 1)), strategy, mechanism=mechanism)
    draws, bids = some_draws(matches=matches), []
    for earned in (*earned_gbp, 0.0):
        knowledge = replace(knowledge, memory=strategy.think(knowledge, draws))
        bids.append(strategy.bid(knowledge, draws)[:, 0].tolist())
        experience = happened(knowledge, OTHERS[mechanism], 0, earned_gbp=earned)
        knowledge = replace(knowledge, memory=strategy.learn(experience))
    return bids


def moves_after(strategy, earned_gbp, mechanism):
    """Return the moves: C for the truth, D for a hard bid."""
    names = {tuple(bid): move for move, bid in MOVES[mechanism].items()}
    bids = bids_after(strategy, earned_gbp, mechanism)
    return "".join(names[tuple(match)] for (match,) in bids)


@every_form
@pytest.mark.parametrize(
    ("strategy", "earned_gbp", "moves"),
    [
        (TitForTat(fair=0.5), [5, 0, 8, 0, -3, 5], "CCDCDDC"),
        (TitForTat(fair=0.9), [9, 0, 9], "CCDC"),
        (GenerousTitForTat(fair=0.5, generosity=0.0), [5, 0, 8, 0, -3, 5], "CCDCDDC"),
        (GenerousTitForTat(fair=0.5, generosity=1.0), [5, 0, 8, 0, -3, 5], "CCCCCCC"),
        (GrimTrigger(fair=0.5), [5, 8, 4.99, 9, 9], "CCCDDD"),
        (WinStayLoseShift(fair=0.5), [5, 0, 5, 0, 5, 4, 4], "CCDDCCDC"),
        (Forgiving(fair=0.5), [0, 5, 0, 0, 0, 5, 0], "CCCCDDCC"),
        (Forgiving(fair=0.5, patience=1), [0, 5, 0, 0], "CDCDD"),
        (Forgiving(fair=0.5, patience=3), [0, 0, 0, 5], "CCCDC"),
    ],
)
def test_moves_answer_what_was_earned(strategy, earned_gbp, moves, mechanism):
    assert moves_after(strategy, earned_gbp, mechanism) == moves


def test_tit_for_tat_concedes_in_part_what_was_conceded_in_part():
    assert bids_after(TitForTat(fair=0.5), [2.5], "hco")[1] == [[0, 0, 1000 - 150]]
    assert bids_after(TitForTat(fair=0.5), [4.5], "hco")[1] == [[400 - 90, 0, 1000 - 30]]


def test_a_third_of_all_wrongs_is_pardoned():
    _, bids = bids_after(GenerousTitForTat(fair=0.5), [0.0], "hco", matches=3000)

    pardoned = np.array([bid == MOVES["hco"]["C"] for bid in bids])
    hard = np.array([bid == MOVES["hco"]["D"] for bid in bids])
    assert (pardoned | hard).all()
    np.testing.assert_allclose(pardoned.mean(), 1 / 3, atol=0.03)


def test_the_share_is_of_a_whole_session_and_none_is_wanted_of_nothing():
    strategy = TitForTat(fair=0.5)
    knowledge = known([[OWN, [0.0, 0.0, 2.0]], [[0.0] * 3] * 2], strategy)
    earned = [[7.0, -4.0], [-1.0, 0.0]]

    after = strategy.learn(happened(knowledge, OTHERS["hco"], 0, earned_gbp=earned))

    assert after.trust.tolist() == [0.5, 1.0], "3 of 6, and nothing of nothing"


def test_matches_are_judged_each_by_itself():
    strategy = GrimTrigger(fair=0.5)
    knowledge = known(np.tile(OWN, (2, 1, 1)), strategy)
    experience = happened(knowledge, OTHERS["hco"], 0, earned_gbp=[[5.0], [4.0]])
    knowledge = replace(knowledge, memory=strategy.learn(experience))

    bids = strategy.bid(knowledge, some_draws(matches=2))[:, 0].tolist()

    assert bids == [MOVES["hco"]["C"], MOVES["hco"]["D"]]


@pytest.mark.parametrize("mechanism", ["hco", "rps"])
def test_two_grim_parties_turn_on_each_other_once_one_is_wronged(mechanism):
    costs = np.tile([[[6.0, 10.0, 0.0]], [[0.0, 4.0, 6.0]]], (1, 1, 5, 1))
    terms = agreed(mechanism=mechanism, options=3)
    play = a_play([GrimTrigger(fair=0.9), GrimTrigger(fair=0.0)], terms, costs)

    first = np.stack([session.bids[0, :, 0] for session in sessions(play)])

    assert (first[:, 1] == first[0, 1]).all(), "who wants no share is never wronged"
    assert (first[0, 0] != first[-1, 0]).any()
    assert (first[-1, 0] == first[-2, 0]).all()


def tried(*histories, seat=0, parties=2):
    """Return a strategy and what it knows, once parties were present or blocked."""
    strategy = TruthfulUntilCheated()
    bids = np.tile(OTHERS["hco"][1], (parties, 1))
    knowledge = known(OWN, strategy, seat=seat, parties=parties)
    for present, blocked in histories:
        shape = 1, parties, 1
        experience = happened(
            knowledge,
            bids,
            0,
            present=np.reshape(present, shape),
            blocked=np.reshape(blocked, shape),
        )
        knowledge = replace(knowledge, memory=strategy.learn(experience))
    return strategy, knowledge


KEPT = ([True, True], [False, False])
BLOCKED = ([True, True], [False, True])
AWAY = ([True, False], [False, False])


@pytest.mark.parametrize(
    ("histories", "cheated"),
    [
        ([], False),
        ([KEPT, KEPT], False),
        ([BLOCKED], True),
        ([BLOCKED, KEPT, KEPT], True),
        ([AWAY, AWAY], False),
        ([KEPT, AWAY], True),
        ([AWAY, KEPT], False),
        ([([True, True], [True, False])], False),
        ([KEPT, ([False, True], [False, False])], False),
    ],
)
def test_the_truth_is_told_until_another_party_breaks_the_contract(histories, cheated):
    strategy, knowledge = tried(*histories)

    bid = strategy.bid(knowledge, some_draws())[0, 0].tolist()

    hard = BestResponse().bid(replace(knowledge, memory=knowledge.memory.seen), some_draws())
    assert bid == (hard[0, 0].tolist() if cheated else [400, 0, 1000])
    if cheated:
        assert hard[0, 0].tolist() != [400, 0, 1000], "the moves can be told apart"


def test_one_cheat_among_several_is_enough():
    present = [True, True, True]
    strategy, knowledge = tried((present, [False, False, True]), seat=1, parties=3)

    assert knowledge.memory.cheated.tolist() == [True]
    assert knowledge.memory.came.tolist() == [present]
    assert strategy.bid(knowledge, some_draws())[0, 0].tolist() != [400, 0, 1000]
