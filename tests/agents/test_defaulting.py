"""Parties that fail the contract, each at a stage of its own."""

from dataclasses import asdict

import numpy as np
import pytest

from agents.strategies.base import Conduct
from agents.strategies.defaulting import DepositStarver, LateBidder, Unrevealed, Withholder
from agents.strategies.truthful import Truthful
from tests.knowing import a_play, agreed, known, sessions, some_draws

COSTS = np.tile([[[6.0, 10.0, 0.0]], [[0.0, 4.0, 16.0]]], (1, 1, 4, 1))
"""Worth 4, 0 and 10 pounds to the first, and 16, 12 and 0 to the second."""


def held(first, second=None, costs_gbp=COSTS, working_ticks=10**5, **terms):
    strategies = [first, second or Truthful()]
    return sessions(
        a_play(strategies, agreed(3, **terms), costs_gbp, working_ticks=working_ticks)
    )


@pytest.mark.parametrize("mechanism", ["hco", "rps"])
@pytest.mark.parametrize(
    "strategy", [Withholder(), DepositStarver(), LateBidder(), Unrevealed()]
)
def test_they_bid_the_truth(strategy, mechanism):
    knowledge = known([4.0, 0.0, 10.0], mechanism=mechanism)

    bids = [who.bid(knowledge, some_draws()).tolist() for who in (strategy, Truthful())]

    assert bids[0] == bids[1]


@pytest.mark.parametrize(
    ("strategy", "differs"),
    [
        (Withholder(), {}),
        (DepositStarver(), {"deposit": 0.004}),
        (DepositStarver(share=0.1), {"deposit": 0.1}),
        (LateBidder(), {"sends": "late"}),
        (Unrevealed(), {"reveals": False}),
    ],
)
def test_each_behaves_badly_in_one_way(strategy, differs):
    assert asdict(strategy.conduct) == asdict(Conduct()) | differs


def test_a_withholder_blocks_what_is_worse_than_no_transfer():
    knowledge = known([[[4.0, 3.0, 0.0], [0.0, 3.0, 3.0]]])

    blocks = [
        Withholder().blocks(knowledge, np.array([options])).tolist()
        for options in ([0, 0], [1, 1], [2, 2])
    ]

    assert blocks == [[[False, True]], [[False, False]], [[True, False]]]
    assert not Truthful().blocks(knowledge, np.array([[2, 0]])).any()


def test_a_withholder_loses_its_bond_and_nobody_has_the_transfer():
    costs = np.tile([[[0.0, 1.0, 9.0]], [[30.0, 20.0, 0.0]]], (1, 1, 1, 1))

    (session,) = held(Withholder(), costs_gbp=costs, bond=50)

    assert session.outcome.option.tolist() == [[2]]
    assert session.blocked[0, :, 0].tolist() == [True, False]
    assert session.cost_gbp[0, :, 0].tolist() == [1.0, 20.0]
    assert session.paid[0, :, 0].tolist() == [-3000 + 50, 3000 - 50]


def test_a_starver_is_left_out_while_its_account_does_not_cover_its_bids():
    starved = held(DepositStarver(), working_ticks=249_000)
    covered = held(DepositStarver(), working_ticks=250_000)

    assert [session.outcome.present[0, 0, 0] for session in starved] == [False] * 4
    assert all(session.outcome.present[0, 0, 0] for session in covered)


def test_a_late_bidder_is_left_out_without_a_penalty():
    for session in held(LateBidder(), bond=50):
        assert session.outcome.present[0, :, 0].tolist() == [False, True]
        assert session.outcome.option.tolist() == [[0]], "the other's favourite"
        assert session.paid.tolist() == [[[0], [0]]]


@pytest.mark.parametrize(
    ("revealing", "present", "paid"), [(300, False, [50, -50]), (0, True, [-1200, 1200])]
)
def test_who_does_not_reveal_pays_for_it_where_bids_are_sealed(revealing, present, paid):
    session, *_ = held(Unrevealed(), bond=50, revealing=revealing)

    assert session.outcome.present[0, 0, 0] == present
    assert session.paid[0, :, 0].tolist() == paid
