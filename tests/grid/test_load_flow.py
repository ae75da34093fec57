"""A load flow that does not converge is an outcome, and nobody else's affair."""

import numpy as np
import pytest

from grid.anglesey import anglesey
from grid.appraisal import appraise
from grid.batch import drawn_mva
from grid.case import Controls
from grid.load_flow import Asked, solve
from grid.model import build_model

PHYSICS = ("losses_mw", "line_utilisation", "voltage_index", "vm_min_pu", "vm_max_pu")


@pytest.fixture(scope="module")
def model(case):
    return build_model(case.networks[0], case.controls)


@pytest.fixture
def asked(case, model):
    window = np.arange(48)
    drawn = drawn_mva(case, model, 0, window % 3, window * 0, window)
    return Asked(drawn, np.linspace(-30, 30, 48), np.ones(48, dtype=bool))


@pytest.fixture(scope="module")
def overloaded(tmp_path_factory):
    case = anglesey(scenarios={"N": (1.0, 1.0), "X": (40.0, 1.0)})
    return case, appraise(case, tmp_path_factory.mktemp("overloaded"))


def test_diverging_cases_leave_their_neighbours_in_the_batch_unaffected(case, model, asked):
    alone = solve(model, asked, case.controls)
    asked.drawn[5::7] *= 40

    together = solve(model, asked, case.controls)

    failed = np.zeros(48, dtype=bool)
    failed[5::7] = True
    np.testing.assert_array_equal(together.converged, ~failed)
    for name in ("voltage", "flow", "q_link_mvar", "taps"):
        np.testing.assert_array_equal(
            getattr(together, name)[~failed], getattr(alone, name)[~failed]
        )


def test_diverging_cases_hold_no_numbers(case, model, asked):
    asked.drawn[7] *= 40

    flows = solve(model, asked, case.controls)

    assert np.isnan(flows.voltage[7]).all()
    assert np.isnan(flows.flow[7]).all()
    assert np.isnan(flows.q_link_mvar[7])


def test_an_outcome_does_not_depend_on_the_order_of_the_batch(case, model, asked):
    forth = solve(model, asked, case.controls)

    back = solve(model, asked[np.arange(48)[::-1]], case.controls)

    np.testing.assert_allclose(back.voltage[::-1], forth.voltage, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(back.taps[::-1], forth.taps)


def test_tap_changers_come_to_rest_within_their_dead_band(case, model, asked):
    flows = solve(model, asked, case.controls)

    error = np.abs(np.abs(flows.voltage[:, model.changers.bus]) - 1.0)
    assert (error <= 0.6 * model.changers.step).all()


def test_tap_changers_that_never_come_to_rest_count_as_no_solution(model, asked):
    controls = Controls(dead_band_steps=0.01)

    flows = solve(model, asked, controls)

    assert not flows.converged.all()
    assert np.isnan(flows.voltage[~flows.converged]).all()


def test_without_a_solution_the_demand_counts_as_lost_load(overloaded):
    case, appraisal = overloaded
    demand = case.networks[0].demand[0, :, 0] * 16.0 * 40

    cost = appraisal.cost_gbp[0, 1, 0]

    assert not appraisal.converged[0, 1].any()
    np.testing.assert_allclose(cost, (demand * 0.5 * 16_940)[:, np.newaxis] * np.ones(13))


def test_without_a_solution_the_physics_is_nan_and_the_limits_count_as_breached(overloaded):
    _, appraisal = overloaded

    for name in (*PHYSICS, "loading_max", "exchange_mw", "q_link_mvar"):
        assert np.isnan(getattr(appraisal, name)[:, 1]).all()
        assert np.isnan(getattr(appraisal.no_link, name)[:, 1]).all()
    assert appraisal.breaches[:, 1].all()
    assert np.isnan(appraisal.vm_pu[1][1]).all()


def test_a_scenario_without_solutions_leaves_the_others_alone(overloaded, appraisal):
    _, beside = overloaded

    for name in (*PHYSICS, "cost_gbp"):
        np.testing.assert_array_equal(
            getattr(beside, name)[:, 0], getattr(appraisal, name)[:, 0]
        )
