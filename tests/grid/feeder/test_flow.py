"""Load flows of a feeder agree with pandapower, and energy is conserved."""

import time

import numpy as np
import pandapower as pp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid.feeder.extract import FEEDER
from grid.feeder.feeder import read_feeder
from grid.feeder.flow import drawn_kw, solve
from grid.own_network import number_anew, read_supported


@pytest.fixture(scope="module")
def oracle(powers):
    """Solve the first cases by pandapower."""
    net = read_supported(FEEDER)
    number_anew(net)
    net.sgen = net.sgen.iloc[:0]
    by_bus = net.load.sort_values("bus").index
    solved = []
    for p_kw, q_kvar in zip(*(power[:8] for power in powers), strict=True):
        net.load.loc[by_bus, "p_mw"] = p_kw / 1000
        net.load.loc[by_bus, "q_mvar"] = q_kvar / 1000
        pp.runpp(net, tolerance_mva=1e-10)
        points = np.sort(net.load.bus)
        solved.append(
            {
                "voltage_v": net.res_bus.vm_pu[points] * 400 / np.sqrt(3),
                "line_loading": net.res_line.loading_percent / 100,
                "transformer_loading": net.res_trafo.loading_percent / 100,
                "line_kw": net.res_line.p_from_mw * 1000,
                "transformer_kw": net.res_trafo.p_hv_mw * 1000,
                "losses_kw": (net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum()) * 1000,
                "head_kw": net.res_ext_grid.p_mw[0] * 1000,
                "head_kvar": net.res_ext_grid.q_mvar[0] * 1000,
            }
        )
    return {name: np.array([each[name] for each in solved]) for name in solved[0]}


def test_pandapower_says_the_same(feeder, powers, oracle):
    flows = solve(feeder, *powers)[:8]

    assert flows.converged.all()
    for name, expected in oracle.items():
        np.testing.assert_allclose(getattr(flows, name), expected, rtol=1e-7, atol=1e-6)


def test_the_head_gives_what_points_draw_and_losses(feeder, powers):
    flows = solve(feeder, *powers)

    np.testing.assert_allclose(flows.head_kw, powers[0].sum(-1) + flows.losses_kw, atol=1e-6)
    np.testing.assert_allclose(flows.transformer_kw[:, 0], flows.head_kw, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=13, max_size=13), st.floats(-0.5, 0.5))
def test_energy_is_conserved_whatever_is_drawn(p_kw, share):
    p_kw = np.array(p_kw)
    flows = solve(FEEDER_READ, p_kw, share * p_kw)

    assert flows.converged
    assert flows.losses_kw > 0
    assert flows.head_kw == pytest.approx(p_kw.sum() + flows.losses_kw, abs=1e-6)


FEEDER_READ = read_feeder()


def test_a_case_does_not_depend_on_the_others(feeder, powers):
    together = solve(feeder, powers[0].reshape(5, 8, 13), powers[1].reshape(5, 8, 13))
    alone = solve(feeder, powers[0][11], powers[1][11])

    np.testing.assert_allclose(together[1, 3].voltage_v, alone.voltage_v, rtol=1e-12)
    assert together.line_loading.shape == (5, 8, 13)
    assert alone.head_kw.shape == ()


def test_injection_raises_the_voltage(feeder):
    given_, nothing, drawn = solve(
        feeder, np.array([[-3.0], [0.0], [3.0]]) * np.ones(13)
    ).voltage_v

    assert (given_ > nothing).all()
    assert (drawn < nothing).all()


def test_no_cases_give_no_flows(feeder):
    assert solve(feeder, np.zeros((0, 4, 13))).voltage_v.shape == (0, 4, 13)


def test_a_load_flow_that_does_not_converge_is_an_outcome(feeder):
    flows = solve(feeder, np.array([[0.0], [2000.0]]) * np.ones(13))

    assert flows.converged.tolist() == [True, False]
    assert np.isnan(flows[1].voltage_v).all()
    assert np.isnan(flows[1].head_kw)
    assert np.isfinite(flows[0].voltage_v).all()


def test_powers_of_households_add_up_at_their_points(rng):
    energy = rng.integers(-900, 900, (2, 3, 20, 48))
    point = np.arange(20) % 13

    power = drawn_kw(energy, point, 13)

    assert power.shape == (2, 3, 48, 13)
    np.testing.assert_allclose(power.sum(-1), energy.sum(-2) / 500)
    np.testing.assert_allclose(power[1, 2, 5, 0], energy[1, 2, [0, 13], 5].sum() / 500)


def test_ten_thousand_households_take_moments(feeder, rng):
    p_kw = rng.uniform(-5, 10, (257, 48, 13))

    began = time.process_time()
    assert solve(feeder, p_kw, 0.1 * p_kw).converged.all()

    assert time.process_time() - began < 2.0
