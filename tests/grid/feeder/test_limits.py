"""Breaches are found, and shared among those who cause them."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid.feeder.flow import solve
from grid.feeder.limits import Limits, breaches, causes
from grid.feeder.sensitivity import sensitivities

STRICT = Limits(lowest_v=233.0, highest_v=239.0, loading=0.3)


@pytest.fixture(scope="module")
def slopes(feeder):
    return sensitivities(feeder, np.zeros(13))


def blame(feeder, slopes, p_kw, limits=STRICT):
    """Return breaches and causes where a household stands at each point."""
    flows = solve(feeder, p_kw)
    found = breaches(flows, limits)
    return found, causes(found, flows, p_kw, np.arange(13), slopes)


def test_a_quiet_feeder_breaches_nothing(feeder):
    found = breaches(solve(feeder, np.zeros((2, 3, 13))))

    assert found.count.tolist() == [[0, 0, 0], [0, 0, 0]]
    assert found.transformer.shape == (2, 3, 1)


def test_statutory_limits_count_from_230_volts(feeder):
    flows = solve(feeder, np.zeros((1, 13)))
    volts = np.array([[216.1, 216.2, 253.0, 253.1, *[230.0] * 9]])

    found = breaches(dataclasses.replace(flows, voltage_v=volts))

    assert np.flatnonzero(found.low).tolist() == [0]
    assert np.flatnonzero(found.high).tolist() == [3]
    assert found.count.tolist() == [2]


def test_overload_forward_and_reverse(feeder):
    found = breaches(solve(feeder, np.array([[20.0], [-20.0]]) * np.ones(13)))

    assert found.transformer.all()


def test_no_solution_is_a_breach(feeder):
    found = breaches(solve(feeder, np.full((1, 13), 2000.0)))

    assert found.unsolved.tolist() == [True]
    assert found.count.tolist() == [1]


def test_who_injects_answers_for_over_voltage(feeder, slopes):
    p_kw = np.full((1, 13), 1.0)
    p_kw[0, 3] = -40.0

    found, by = blame(feeder, slopes, p_kw)

    assert found.high.any()
    assert by.high[0, 3] == found.high.sum()
    assert np.delete(by.high[0], 3).max() == 0
    assert by.low.sum() == 0


def test_who_draws_answers_for_under_voltage(feeder, slopes):
    p_kw = np.full((1, 13), -1.0)
    p_kw[0, [3, 4]] = 40.0

    found, by = blame(feeder, slopes, p_kw)

    assert found.low.any()
    assert by.low[0, [3, 4]].sum() == pytest.approx(found.low.sum())
    assert by.high.sum() == 0


@pytest.mark.parametrize("way", [1, -1])
def test_an_overload_is_shared_by_net_power_in_its_direction(feeder, slopes, way):
    p_kw = way * np.array([[10.0, 20.0, 30.0, -5.0, *[0.0] * 9]])

    found, by = blame(feeder, slopes, p_kw)

    assert found.transformer.all()
    np.testing.assert_allclose(by.transformer[0, :4], [1 / 6, 1 / 3, 1 / 2, 0], atol=0.01)


def test_neighbours_at_one_point_answer_for_their_own(feeder, slopes):
    p_kw = np.array([[60.0, 20.0, -8.0]])
    flows = solve(feeder, np.array([[72.0, *[0.0] * 12]]))
    found = breaches(flows, STRICT)

    by = causes(found, flows, p_kw, np.zeros(3, dtype=int), slopes)

    np.testing.assert_allclose(by.transformer, [[0.75, 0.25, 0.0]])


def test_a_line_is_overloaded_by_those_behind_it(feeder, slopes):
    p_kw = np.zeros((1, 13))
    p_kw[0, [0, 3]] = 60.0

    found, by = blame(feeder, slopes, p_kw)
    line = int(np.argmax(slopes.line_kw[:, 3] ** 2 * (np.abs(slopes.line_kw[:, 0]) < 0.1)))

    assert found.line[0, line]
    assert by.line[0, 3] > 0
    assert by.line[0].sum() == pytest.approx(found.line.sum())
    assert (by.line[0, [1, 2, *range(4, 13)]] == 0).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-30, 30), min_size=13, max_size=13))
def test_every_breach_is_shared_whole_or_is_nobodys(feeder, slopes, p_kw):
    p_kw = np.array(p_kw).reshape(1, 13)

    found, by = blame(feeder, slopes, p_kw)

    for kind in ("low", "high", "line", "transformer"):
        shares = getattr(by, kind)
        assert (shares >= 0).all()
        assert shares.sum() <= getattr(found, kind).sum() + 1e-9
    assert by.low.sum() == pytest.approx(found.low.sum())
    assert by.total.shape == (1, 13)


def test_a_breach_that_nobody_pushes_towards_is_nobodys(feeder, slopes):
    found, by = blame(feeder, slopes, np.zeros((1, 13)), Limits(highest_v=230.0))

    assert found.high.sum() == 13
    assert by.total.sum() == 0
