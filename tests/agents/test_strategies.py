"""What is special about strategies that need no memory, each worked by hand.

The rest is in the conformance suite; those with a memory are in files of their own.
"""

import numpy as np
import pytest

from agents.strategies.base import before_play
from agents.strategies.chance import Random, ZeroIntelligence
from agents.strategies.indifferent import Absent, Flat, Indifferent, StatusQuo
from agents.strategies.scaled import Clipped, Inflated, Shaded
from agents.strategies.truthful import Truthful
from tests.knowing import a_setting, known, some_draws

VALUES = np.array([4.0, 0.0, 10.0])
FORMS = {"offers": "hco", "ranks": "rps"}


def bid(strategy, form="offers", values=VALUES, seed=0, **setting):
    knowledge = known(values, strategy, mechanism=FORMS[form], **setting)
    matches = knowledge.setting.matches
    return strategy.bid(knowledge, some_draws(seed, matches))


@pytest.mark.parametrize(
    ("strategy", "offers", "ranks"),
    [
        (Truthful(), [400, 0, 1000], [2, 3, 1]),
        (Shaded(), [320, 0, 800], [2, 3, 1]),
        (Shaded(share=0.5), [200, 0, 500], [2, 3, 1]),
        (Inflated(), [480, 0, 1200], [2, 3, 1]),
        (Clipped(), [400, 0, 1000], [2, 3, 1]),
        (Clipped(budget_gbp=5.0), [400, 0, 500], [2, 3, 1]),
        (Clipped(budget_gbp=3.0), [300, 0, 300], [2, 3, 1]),
        (Indifferent(), [0, 0, 0], [1, 2, 3]),
        (Flat(), [467, 467, 467], [1, 2, 3]),
        (Absent(), [400, 0, 1000], [2, 3, 1]),
        (StatusQuo(), [0, 1000, 0], [2, 1, 3]),
    ],
)
def test_what_is_bid_for_a_value(strategy, offers, ranks):
    assert bid(strategy)[0, 0].tolist() == offers
    assert bid(strategy, "ranks")[0, 0].tolist() == ranks


def test_a_tick_may_be_worth_less_than_a_penny():
    assert bid(Truthful(), tick_gbp=0.001)[0, 0].tolist() == [4000, 0, 10_000]


def test_what_is_known_before_play_is_what_windows_cost():
    knowledge = before_play(
        a_setting(day=4), np.array([3, 4]), np.array([[6.0, 10.0, 0.0], [1.0, 1.0, 2.0]])
    )

    offers = Truthful().bid(knowledge, some_draws())

    assert offers.tolist() == [[[400, 0, 1000], [100, 100, 0]]]
    assert knowledge.half_hours.tolist() == [3, 0]
    assert (knowledge.authority.tolist(), knowledge.free.tolist()) == ([[-1, -1]], [0])


def test_windows_and_matches_are_bid_for_alike():
    values = np.arange(24.0).reshape(2, 4, 3)

    assert (bid(Shaded(share=0.5), values=values) == 50 * values).all()


def test_to_want_no_transfer_is_to_want_others_less_with_the_distance():
    assert bid(StatusQuo(), values=[0.0, 2.0, 8.0, 4.0, 0.0])[0, 0].tolist() == [
        0,
        400,
        800,
        400,
        0,
    ]
    assert bid(StatusQuo(), "ranks", values=np.zeros(3))[0, 0].tolist() == [1, 2, 3]


def test_where_all_set_points_are_as_far_from_zero_none_is_liked_less():
    knowledge = known([0.0, 3.0], set_points=np.array([-5.0, 5.0]))

    assert StatusQuo().bid(knowledge, some_draws())[0, 0].tolist() == [300, 300]


def test_the_absent_send_nothing():
    assert Absent().conduct.sends == "never"
    assert Truthful().conduct.sends == "in time"


MANY = np.broadcast_to(VALUES, (2000, 1, 3))


def test_chance_offers_up_to_what_the_best_option_is_worth():
    offers = bid(Random(), values=MANY)[:, 0]

    assert 0 <= offers.min() < 10
    assert 990 < offers.max() <= 1000
    np.testing.assert_allclose(offers.mean(0), 500, atol=25)


def test_chance_ranks_every_option_first_as_often():
    first = bid(Random(), "ranks", values=MANY)[:, 0] == 1

    np.testing.assert_allclose(first.mean(0), 1 / 3, atol=0.04)


def test_zero_intelligence_never_offers_at_a_loss():
    offers = bid(ZeroIntelligence(), values=MANY)[:, 0]

    assert (offers <= [400, 0, 1000]).all()
    np.testing.assert_allclose(offers.mean(0), [200, 0, 500], atol=25)


def test_zero_intelligence_ranks_what_is_worth_more_first_more_often():
    first = bid(ZeroIntelligence(), "ranks", values=MANY)[:, 0] == 1

    np.testing.assert_allclose(first.mean(0), [0.2, 0.0, 0.8], atol=0.04)
