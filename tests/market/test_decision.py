"""How many take part, and who decides (RULES §4, participants)."""

import numpy as np
import pytest

from market.decision import decide
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection

TIE = np.array([[6, 2, 0, 0], [0, 0, 0, 6], [0, 6, 6, 0]])
"""With the first two, or the last two, several options are worth six together."""


def decided(present, authority, default=0):
    return decide(
        HighestCombinedOffer(), TIE, np.array(present), np.array(authority), default=default
    )


@pytest.mark.parametrize(
    ("present", "authority", "option", "moved_to"),
    [
        pytest.param([1, 1, 0], 0, 0, 1, id="the holder decides, the next seat follows"),
        pytest.param([1, 1, 0], 1, 3, 2, id="the second seat decides for itself"),
        pytest.param([1, 1, 0], 2, 0, 1, id="an absent holder is skipped, round the table"),
        pytest.param([0, 1, 1], 0, 3, 2, id="authority moves past who decided, not the holder"),
        pytest.param([0, 1, 1], 2, 1, 0, id="after the last seat comes the first"),
    ],
)
def test_the_first_participant_from_authority_on_breaks_a_tie(
    present, authority, option, moved_to
):
    decision = decided(np.array(present, bool), authority)

    assert decision.used
    assert (int(decision.option), int(decision.authority)) == (option, moved_to)


@pytest.mark.parametrize("authority", [0, 1, 2])
def test_authority_stays_where_one_candidate_is_left(authority):
    offers = np.array([[10, 4, 0], [0, 7, 8], [0, 0, 0]])

    decision = decide(
        HighestCombinedOffer(), offers, np.ones(3, bool), np.array(authority), default=2
    )

    assert not decision.used
    assert decision.authority == authority
    assert decision.candidates.tolist() == [False, True, False]


def test_control_reverts_to_a_lone_participant_at_its_own_point_for_nothing():
    decision = decided([False, False, True], authority=0)

    assert (int(decision.option), int(decision.instructor)) == (1, 2)
    assert decision.payments.tolist() == [0, 0, 0]
    assert decision.candidates.tolist() == [False, True, False, False]
    assert (bool(decision.used), int(decision.authority)) == (False, 0)


def test_control_reverts_to_the_first_rank_of_a_lone_participant_at_the_middle():
    ranks = np.array([[1, 2, 3], [3, 2, 1]])

    decision = decide(RankedPreferenceSelection(), ranks, np.array([False, True]), np.array(0))

    assert (int(decision.option), int(decision.instructor)) == (2, -1)


def test_the_default_option_is_taken_where_nobody_takes_part():
    decision = decided([False, False, False], authority=1, default=3)

    assert (int(decision.option), int(decision.instructor)) == (3, -1)
    assert decision.candidates.tolist() == [False, False, False, True]
    assert (bool(decision.used), int(decision.authority)) == (False, 1)
