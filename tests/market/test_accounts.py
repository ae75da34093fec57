"""What is locked, and who loses and gains a bond (RULES §4.1 and §4.5)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.accounts import locks, penalties
from market.mechanisms import MECHANISMS
from tests.draws import batches, presence


@st.composite
def blocks(draw):
    """Who blocked, who took part, and the bond."""
    parties = draw(st.integers(2, 6))
    return draw(presence(parties)), draw(presence(parties)), draw(st.integers(0, 100))


def by_hand(losers, present, bond):
    """Return penalties one bond at a time, whether or not its loser took part."""
    seats = range(len(present))
    lost = [0] * len(present)
    for loser in seats:
        if not losers[loser]:
            continue
        takers = [s for s in seats if s != loser and present[s]] or [
            s for s in seats if s != loser
        ]
        lost[loser] += bond
        for place, taker in enumerate(takers):
            lost[taker] -= bond // len(takers) + (place < bond % len(takers))
    return lost


@given(case=blocks())
def test_each_bond_is_shared_among_the_other_participants(case):
    assert penalties(*case).tolist() == by_hand(*case)


@given(case=blocks())
def test_penalties_sum_to_zero(case):
    assert penalties(*case).sum() == 0


@given(case=blocks())
def test_nobody_loses_more_than_its_bond_and_only_losers_lose(case):
    losers, _, bond = case

    lost = penalties(*case)

    assert (lost <= bond).all()
    assert (lost[~losers] <= 0).all()


def test_a_lone_participant_that_blocks_pays_the_other_seats():
    alone = np.array([False, True, False])

    assert penalties(alone, alone, 5).tolist() == [-3, 5, -2]


def test_who_did_not_reveal_pays_those_who_did():
    hidden, present = np.array([False, True, False]), np.array([True, False, False])

    assert penalties(hidden, present, 5).tolist() == [-5, 5, 0]


@settings(max_examples=30)
@given(case=batches("offers"), other=batches("offers"))
def test_a_batch_is_penalised_as_its_windows_are(case, other):
    present, blocked = case[1], other[1]

    together = penalties(blocked.reshape(2, 3, 3), present.reshape(2, 3, 3), 7)

    one_by_one = [penalties(blocked[w], present[w], 7) for w in range(6)]
    np.testing.assert_array_equal(together.reshape(6, 3), one_by_one)


@pytest.mark.parametrize("name", MECHANISMS)
@settings(max_examples=30)
@given(data=st.data())
def test_a_bid_locks_its_highest_offer_and_the_bond_and_ranks_the_bond(name, data):
    rule = MECHANISMS[name]("difference")
    bids, _, _ = data.draw(batches(rule.form))

    locked = locks(rule, bids.reshape(2, 3, 3, 4), bond=7)

    highest = bids.max(-1) if rule.form == "offers" else np.zeros((6, 3))
    np.testing.assert_array_equal(locked.reshape(6, 3), highest + 7)
