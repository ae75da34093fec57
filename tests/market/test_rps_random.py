"""Facts of RULES §3 about the lottery."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.decision import decide
from market.mechanisms.rps_pareto import ParetoPreferenceSelection
from market.mechanisms.rps_random import RandomPreferenceSelection, draw_lot
from tests.draws import rank_tables

lottery = RandomPreferenceSelection()
salts = st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=8)


def everybody(ranks):
    return np.ones(ranks.shape[:-1], bool)


def drawn(ranks, lot, authority=0):
    lots = np.array(lot, dtype=object)
    return decide(lottery, ranks, everybody(ranks), np.array(authority), lots=lots)


def test_a_lot_is_the_hash_of_window_and_salts_as_solidity_encodes_them():
    """Word for word: the window, where the list starts, how long it is, and its items."""
    first, second = b"\x11" * 32, b"\x22" * 32
    words = (7).to_bytes(32, "big"), (64).to_bytes(32, "big"), (2).to_bytes(32, "big")

    digest = sha256(b"".join(words) + first + second).digest()

    assert draw_lot(7, [first, second]) == int.from_bytes(digest, "big")


@given(window=st.integers(0, 10**6), salts=salts)
def test_every_salt_and_the_window_and_the_order_of_seats_change_the_lot(window, salts):
    lot = draw_lot(window, salts)
    flipped = bytes([salts[0][0] ^ 1]) + salts[0][1:]

    assert draw_lot(window + 1, salts) != lot
    assert draw_lot(window, [flipped, *salts[1:]]) != lot
    assert draw_lot(window, salts[1:]) != lot
    if salts != salts[::-1]:
        assert draw_lot(window, salts[::-1]) != lot


@given(ranks=rank_tables(), lot=st.integers(0, 2**256 - 1))
def test_the_lot_counts_the_undominated_options_from_the_lowest(ranks, lot):
    mask = ParetoPreferenceSelection().candidates(ranks, everybody(ranks))
    undominated = np.flatnonzero(mask).tolist()

    decision = drawn(ranks, lot)

    assert decision.option == undominated[lot % len(undominated)]
    assert np.flatnonzero(decision.candidates).tolist() == undominated


@given(ranks=rank_tables(), lot=st.integers(0, 2**256 - 1), data=st.data())
def test_authority_is_neither_used_nor_moved_nor_does_it_matter(ranks, lot, data):
    holder = data.draw(st.integers(0, len(ranks) - 1))

    decision = drawn(ranks, lot, authority=holder)

    assert not decision.used
    assert decision.authority == holder
    assert decision.option == drawn(ranks, lot).option
    assert not decision.payments.any()


def test_every_undominated_option_is_drawn_about_as_often():
    ranks = np.array([[1, 2, 3], [3, 2, 1]])
    lots = [draw_lot(window, [bytes(32), bytes(32)]) for window in range(3000)]

    options = [int(drawn(ranks, lot).option) for lot in lots]

    np.testing.assert_allclose(np.bincount(options) / 3000, 1 / 3, atol=0.03)


@pytest.mark.parametrize(("present", "option"), [([True, False], 1), ([False, False], 2)])
def test_fewer_than_two_leave_nothing_to_draw(present, option):
    ranks = np.array([[2, 1, 3], [1, 2, 3]])

    decision = decide(
        lottery,
        ranks,
        np.array(present),
        np.array(0),
        default=2,
        lots=np.array(1, dtype=object),
    )

    assert decision.option == option
    assert decision.candidates.sum() == 1


def test_a_lottery_without_lots_is_refused():
    ranks = np.array([[1, 2], [2, 1]])

    with pytest.raises(ValueError, match="a lottery wants lots"):
        decide(lottery, ranks, everybody(ranks), np.array(0))
