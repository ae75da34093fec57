"""A person in a seat bids what it says, knows its own costs, and hears its regret."""

import numpy as np
import pytest

from experiments.visualiser.chair import refused, truth_gbp
from experiments.visualiser.snapshot import Look
from tests.experiments.visualiser.small import small_live


def test_a_person_finds_the_truth_and_its_own_costs():
    chair = small_live(chair="network-2").look(Look()).chair

    assert chair["party"] == "network-2"
    assert chair["open"]
    (window,) = chair["session"]
    assert window["costs"] == [7.0, 4.0, 2.0]
    assert window["truth"] == [0, 300, 500]


def test_what_a_person_says_is_what_is_bid():
    live = small_live(chair="network-2")
    live.order({0: (0, 0, 501)})
    live.step()

    assert live.matches[0].record.bids[1, 0].tolist() == [0, 0, 501]
    assert live.matches[0].record.seats == ("truthful", "you")


def test_regret_is_what_the_best_answers_would_have_added():
    """By RULES 5.5: seat 0 could have had option 0 for 5.00, and pays as much by the truth."""
    live = small_live(chair="network-1", days=1)
    live.step()
    live.step()

    chair = live.look(Look()).chair
    record = live.matches[0].record
    assert chair["finished"]
    assert chair["regret"] == pytest.approx(np.nansum(record.gain_gbp[0]))
    assert chair["earned"] == pytest.approx(chair["truth_earned"])
    assert chair["earned"] == pytest.approx((5 - 5) + (10 + 9))


def test_other_bids_than_the_truth_are_judged_beside_it():
    live = small_live(chair="network-1", days=1)
    live.order({0: (0, 0, 0)})
    live.step()

    chair = live.look(Look()).chair
    assert chair["earned"] == pytest.approx(5.0)  # paid for option 2, which is worth nothing
    assert chair["truth_earned"] == pytest.approx(0.0)


def test_a_day_is_bid_for_at_once():
    live = small_live(chair="network-1", session="day", mechanism="rps")
    chair = live.look(Look()).chair

    assert [window["window"] for window in chair["session"]] == [0, 1, 2, 3]
    live.order({1: (3, 2, 1)})
    live.step()
    assert live.matches[0].record.bids[0, 1].tolist() == [3, 2, 1]
    assert not live.look(Look()).chair["open"]


@pytest.mark.parametrize(
    ("form", "numbers", "words"),
    [
        ("offers", [1, 2], "2 numbers, wanted 3"),
        ("offers", [1, 2, -3], "below nothing"),
        ("ranks", [1, 2, 2], "wanted each from 1 to 3 once"),
        ("ranks", [3, 1, 2], ""),
    ],
)
def test_a_bid_that_is_none_is_refused_in_words(form, numbers, words):
    found = refused(form, numbers, 3)
    assert words in found if words else found == ""


def test_the_truth_is_judged_after_a_session_only():
    live = small_live(chair="network-1")
    with pytest.raises(ValueError, match="no session was held"):
        truth_gbp(live.matches[0].model, 0)


def test_an_offer_has_32_bits_and_no_more():
    assert not refused("offers", [0, 2**32 - 1], 2)
    assert "beyond 32 bits" in refused("offers", [0, 2**32], 2)
    assert "below nothing" in refused("offers", [-1, 0], 2)
