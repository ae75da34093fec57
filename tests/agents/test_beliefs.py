"""What is expected of others, from what they revealed."""

from dataclasses import replace

import numpy as np
import pytest

from agents.beliefs import LAST, MEAN_BY_HALF_HOUR, Belief
from tests.knowing import happened, known

VALUES = [1.0, 2.0, 3.0]


def taught(belief, *rows, mechanism="hco", present=True, first=0, day=48, windows=1):
    """Return what is seen and known after sessions in which seat 1 bid some rows."""
    values = np.tile(VALUES, (1, windows, 1))
    knowledge = known(values, mechanism=mechanism, first=first, day=day)
    seen = belief.start(knowledge.setting)
    for session, row in enumerate(rows):
        places = first + session * windows + np.arange(windows)
        knowledge = replace(knowledge, windows=places)
        there = np.broadcast_to(present, (1, 2, windows))
        seen = belief.learn(seen, happened(knowledge, [[0, 0, 0], row], 0, present=there))
    return seen, knowledge


def expected(belief, seen, knowledge, window=None):
    """Return what seat 1 is expected to bid in the first window, or None."""
    if window is not None:
        knowledge = replace(knowledge, windows=np.array([window]))
    bids, known_of = belief.expect(seen, knowledge)
    return bids[0, 0, 1].tolist() if known_of[0, 0, 1] else None


def test_nothing_is_expected_of_who_was_never_seen():
    for belief in (LAST, MEAN_BY_HALF_HOUR):
        assert expected(belief, *taught(belief)) is None
        assert expected(belief, *taught(belief, [1, 2, 3], present=False)) is None


@pytest.mark.parametrize(
    ("newest", "expects"),
    [(1.0, [20, 0, 9]), (0.0, [10, 0, 5]), (0.5, [12, 0, 6])],
)
def test_old_offers_fade_or_count_as_much(newest, expects):
    belief = Belief(newest=newest)

    found = expected(belief, *taught(belief, [0, 0, 0], [10, 0, 6], [20, 0, 9]))

    assert found == expects


def test_mean_ranks_are_made_ranks_again():
    belief = Belief(newest=0.0)
    seen, knowledge = taught(belief, [1, 2, 3], [1, 3, 2], [2, 3, 1], mechanism="rps")

    assert expected(belief, seen, knowledge) == [1, 3, 2], "means 4/3, 8/3 and 2"


def test_of_equal_mean_ranks_the_lower_index_is_better():
    belief = Belief(newest=0.0)

    assert expected(belief, *taught(belief, [1, 2, 3], [3, 2, 1], mechanism="rps")) == [1, 2, 3]


def test_each_half_hour_is_expected_by_itself_once_it_was_seen():
    belief = Belief(by_half_hour=True)
    seen, knowledge = taught(belief, [10, 0, 0], [0, 20, 0], first=5, day=6)

    assert expected(belief, seen, knowledge, window=5) == [10, 0, 0]
    assert expected(belief, seen, knowledge, window=11) == [10, 0, 0], "tomorrow"
    assert expected(belief, seen, knowledge, window=6) == [0, 20, 0], "the first of its day"
    assert expected(belief, seen, knowledge, window=8) == [0, 20, 0], "unseen: the last of all"


def test_the_mean_by_half_hour_is_over_days():
    belief = MEAN_BY_HALF_HOUR
    seen, knowledge = taught(belief, [10, 0, 0], [0, 20, 0], [30, 0, 0], day=2)

    assert expected(belief, seen, knowledge, window=4) == [20, 0, 0]
    assert expected(belief, seen, knowledge, window=5) == [0, 20, 0]


def test_a_session_of_many_windows_teaches_each_in_its_order():
    seen, knowledge = taught(Belief(by_half_hour=True), [7, 0, 0], windows=3, day=4)
    bids, known_of = Belief(by_half_hour=True).expect(seen, knowledge)

    assert [place.count[0, 1] for place in seen] == [1, 1, 1, 0, 3]
    assert bids[0, :, 1].tolist() == [[7, 0, 0]] * 3
    assert known_of.all()


def test_who_took_no_part_is_expected_to_bid_as_before():
    knowledge = known(np.tile(VALUES, (2, 1, 1)))
    seen = LAST.learn(
        LAST.start(knowledge.setting), happened(knowledge, [[1, 1, 1], [2, 2, 2]], 0)
    )
    away = np.array([[[True], [False]], [[True], [True]]])
    bids = np.array([[[[3, 3, 3]], [[0, 0, 0]]], [[[3, 3, 3]], [[4, 4, 4]]]])
    seen = LAST.learn(seen, happened(knowledge, bids, 0, present=away))

    found, known_of = LAST.expect(seen, knowledge)

    assert found[:, 0, 1, 0].tolist() == [2, 4], "match by match"
    assert found[:, 0, 0, 0].tolist() == [3, 3]
    assert known_of.all()


@pytest.mark.parametrize("belief", [LAST, MEAN_BY_HALF_HOUR])
def test_what_was_seen_is_not_written(belief):
    before, knowledge = taught(belief, [1, 2, 3])
    kept = [(seen.mean.copy(), seen.count.copy()) for seen in before]

    belief.learn(before, happened(knowledge, [[0, 0, 0], [9, 9, 9]], 0))

    for seen, (mean, count) in zip(before, kept, strict=True):
        np.testing.assert_array_equal(seen.mean, mean)
        np.testing.assert_array_equal(seen.count, count)
