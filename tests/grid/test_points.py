"""Exact set-points are load flows of their own, each solved once."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid.appraisal import Scores
from grid.errors import SetPointOutOfRange, SetPointTooFine
from grid.points import appraise_points

NAMES = [f.name for f in fields(Scores)]


@given(
    network=st.integers(0, 1),
    scenario=st.integers(0, 2),
    window=st.integers(0, 47),
    option=st.integers(0, 12),
)
@settings(max_examples=25, deadline=None)
def test_the_middle_of_an_option_scores_what_the_option_does(
    case, appraisal, cache, network, scenario, window, option
):
    point = appraise_points(case, network, scenario, 0, window, case.middles_mw[option], cache)

    for name in NAMES:
        expected = getattr(appraisal, name)[network, scenario, 0, window, option]
        np.testing.assert_allclose(getattr(point, name), expected, rtol=0, atol=1e-7)


def test_arguments_broadcast_and_repeats_are_alike(case, appraisal, tmp_path):
    p_mw = np.array([-2.5, 7.5, -2.5])

    scores = appraise_points(case, [[0], [1]], 1, 0, 30, p_mw, tmp_path)

    expected = appraisal.cost_gbp[:, 1, 0, 30][:, [5, 8, 5]]
    assert scores.cost_gbp.shape == (2, 3)
    np.testing.assert_allclose(scores.cost_gbp, expected, atol=1e-6)


def test_a_point_is_solved_and_not_interpolated(case, tmp_path):
    low, point, high = appraise_points(case, 0, 1, 0, 36, [25.0, 27.0, 29.0], tmp_path).cost_gbp

    assert abs(point - (low + high) / 2) > 0.01


def test_points_are_kept_and_only_new_ones_solved(case, tmp_path, monkeypatch):
    first = appraise_points(case, 0, 0, 0, [3, 4], 1.234, tmp_path)
    solved = []
    solve_points = appraise_points.__globals__["solve_points"]

    def counted(*arguments):
        solved.append(arguments[-1].tolist())
        return solve_points(*arguments)

    monkeypatch.setitem(appraise_points.__globals__, "solve_points", counted)
    again = appraise_points(case, 0, 0, 0, [3, 4, 4], [1.234, 1.234, -5.001], tmp_path)

    assert solved == [[-5.001]]
    np.testing.assert_array_equal(again.losses_mw[:2], first.losses_mw)
    (path,) = tmp_path.iterdir()
    assert np.load(path)["place"].tolist() == [
        [0, 0, 0, 3, 1234],
        [0, 0, 0, 4, 1234],
        [0, 0, 0, 4, -5001],
    ]


def test_a_damaged_file_of_points_is_not_trusted(case, tmp_path):
    sound = appraise_points(case, 1, 2, 0, 20, 4.0, tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"damaged")

    again = appraise_points(case, 1, 2, 0, 20, 4.0, tmp_path)

    assert again.cost_gbp == sound.cost_gbp


def test_no_points_score_nothing(case, tmp_path):
    scores = appraise_points(case, 0, 0, 0, 0, np.zeros(0), tmp_path)

    assert scores.cost_gbp.shape == (0,)


@pytest.mark.parametrize("p_mw", [30.001, -31.0, np.nan])
def test_points_beyond_the_rating_are_refused(case, tmp_path, p_mw):
    with pytest.raises(SetPointOutOfRange) as refusal:
        appraise_points(case, 0, 0, 0, 0, [0.0, p_mw], tmp_path)

    assert refusal.value.rating_mw == 30
    np.testing.assert_equal(refusal.value.p_mw, p_mw)


def test_points_finer_than_a_kilowatt_are_refused(case, tmp_path):
    with pytest.raises(SetPointTooFine) as refusal:
        appraise_points(case, 0, 0, 0, 0, 0.0005, tmp_path)

    assert refusal.value.p_mw == 0.0005
