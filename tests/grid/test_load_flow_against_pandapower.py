"""Batched load flows equal pandapower's, one by one with the same controls."""

import numpy as np
import pytest

from grid.batch import drawn_mva
from grid.case import Controls
from grid.load_flow import Asked, solve
from grid.model import build_model
from grid.reference import build_reference, solve_by_reference

N, D, G = range(3)
SATURATED = [(D, 36, 27.5), (D, 20, -27.5), (G, 26, 27.5), (N, 3, -27.5)]
FULL = [(N, 24, 30.0), (D, 24, -30.0), (D, 24, 30.0), (G, 26, -30.0)]


def pose(case, model, seat, points):
    """Ask for load flows at (scenario, window, set-point), NaN where there is no link."""
    scenario, window, p_mw = np.array(points).T
    places = scenario.astype(int), np.zeros(len(points), dtype=int), window.astype(int)
    linked = ~np.isnan(p_mw)
    link_mw = np.where(linked, p_mw, 0.0) * case.networks[seat].link_share
    return Asked(drawn_mva(case, model, seat, *places), link_mw, linked)


def compare(case, seat, points, controls=None):
    controls = controls or case.controls
    model = build_model(case.networks[seat], controls)
    asked = pose(case, model, seat, points)
    ours = solve(model, asked, controls)
    theirs = solve_by_reference(build_reference(case.networks[seat], controls), asked, controls)
    np.testing.assert_array_equal(ours.converged, theirs.converged)
    np.testing.assert_array_equal(ours.taps, theirs.taps)
    np.testing.assert_allclose(ours.voltage, theirs.voltage, rtol=0, atol=1e-6)
    np.testing.assert_allclose(ours.flow, theirs.flow, rtol=0, atol=1e-6)
    np.testing.assert_allclose(ours.q_link_mvar, theirs.q_link_mvar, rtol=0, atol=1e-5)
    losses = [flows.flow.real.sum(axis=(1, 2)) for flows in (ours, theirs)]
    np.testing.assert_allclose(*losses, rtol=0, atol=1e-6)
    return ours


@pytest.mark.parametrize("seat", [0, 1])
def test_at_random_points_of_every_scenario(case, seat, rng):
    points = [(s, rng.integers(48), rng.uniform(-30, 30)) for s in (N, D, G) for _ in range(6)]

    flows = compare(case, seat, points)

    assert flows.converged.all()


@pytest.mark.parametrize("seat", [0, 1])
def test_where_reactive_power_is_at_its_limit(case, seat):
    flows = compare(case, seat, SATURATED)

    limit = np.sqrt(30**2 - 27.5**2)
    assert np.isclose(np.abs(flows.q_link_mvar), limit).any()


@pytest.mark.parametrize("seat", [0, 1])
def test_at_the_rating_where_no_reactive_power_is_left(case, seat):
    flows = compare(case, seat, FULL)

    np.testing.assert_allclose(flows.q_link_mvar, 0.0, atol=1e-9)


@pytest.mark.parametrize("seat", [0, 1])
def test_without_the_link(case, seat):
    flows = compare(case, seat, [(s, w, np.nan) for s in (N, D, G) for w in (3, 26, 36)])

    np.testing.assert_array_equal(flows.q_link_mvar, 0.0)


def test_with_tap_changers_that_move_far_and_reach_their_limit(case):
    controls = Controls(tap_target_pu=1.25)

    flows = compare(case, 0, [(N, 24, 0.0), (D, 36, np.nan)], controls)

    assert flows.taps.min() == -12


def test_with_tap_changers_that_never_come_to_rest(case):
    controls = Controls(dead_band_steps=0.05)

    flows = compare(case, 0, [(D, 36, np.nan), (N, 3, 0.0)], controls)

    assert not flows.converged.all()


def test_where_there_is_no_solution(case):
    heavy = build_model(case.networks[0], case.controls)
    asked = pose(case, heavy, 0, [(N, 24, 0.0), (D, 24, 5.0)])
    asked.drawn[1] *= 20
    net = build_reference(case.networks[0], case.controls)

    theirs = solve_by_reference(net, asked, case.controls)
    ours = solve(heavy, asked, case.controls)

    assert ours.converged.tolist() == theirs.converged.tolist() == [True, False]
    np.testing.assert_array_equal(np.isnan(ours.voltage), np.isnan(theirs.voltage))
