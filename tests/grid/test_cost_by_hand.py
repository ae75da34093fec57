"""Losses, exchange and indexes of a two-bus network, by a hand calculation."""

import numpy as np
import pytest

from grid.case import Controls, Network, Prices
from grid.cost import cost_gbp, line_utilisation, operating_cost_gbp, voltage_index
from grid.load_flow import Asked, solve
from grid.model import build_model
from grid.scores import measure

RESISTANCE_OHM, REACTANCE_OHM, KV = 2.0, 4.0, 33.0


@pytest.fixture(scope="module")
def model():
    import pandapower as pp

    net = pp.create_empty_network()
    slack, far = (pp.create_bus(net, KV, name=name) for name in ("slack", "far"))
    pp.create_ext_grid(net, slack)
    pp.create_line_from_parameters(
        net, slack, far, 1.0, RESISTANCE_OHM, REACTANCE_OHM, 0.0, 0.2
    )
    pp.create_load(net, far, p_mw=1.0)
    net.trafo["oltc"] = False
    one = np.ones((1, 48, 1))
    network = Network("two", pp.to_json(net), far, 1.0, one, one[..., :0])
    return build_model(network, Controls())


def flows(model, drawn_mva, link_mw=0.0, linked=False):
    drawn = np.array([[1.0, drawn_mva]], dtype=complex)
    return solve(model, Asked(drawn, np.array([link_mw]), np.array([linked])), Controls())


def test_losses_loading_and_voltage_are_those_of_the_quadratic(model):
    p, q = 6.0, 2.0
    r, x = RESISTANCE_OHM / KV**2, REACTANCE_OHM / KV**2
    b = 1 - 2 * (r * p + x * q)  # |V|^4 - b |V|^2 + |z|^2 |S|^2 = 0
    v = np.sqrt((b + np.sqrt(b**2 - 4 * (r**2 + x**2) * (p**2 + q**2))) / 2)
    losses = r * (p**2 + q**2) / v**2
    current_ka = np.hypot(p, q) / (np.sqrt(3) * KV * v)

    physics = measure(model, flows(model, p + 1j * q), np.array([1.0]))

    assert physics.vm_min_pu[0] == pytest.approx(v, abs=1e-9)
    assert physics.losses_mw[0] == pytest.approx(losses, abs=1e-9)
    assert physics.loading_max[0] == pytest.approx(current_ka / 0.2, abs=1e-9)
    assert physics.line_utilisation[0] == pytest.approx(current_ka / 0.2, abs=1e-9)
    assert physics.voltage_index[0] == pytest.approx(1 - v, abs=1e-9)
    assert physics.exchange_mw[0] == pytest.approx(1.0 + p + losses, abs=1e-9)


def test_the_converter_gives_the_reactive_power_that_holds_nominal_voltage(model):
    solved = flows(model, 6.0 + 2.0j, link_mw=0.0, linked=True)
    r, x, p = RESISTANCE_OHM / KV**2, REACTANCE_OHM / KV**2, 6.0

    net = 2.0 - solved.q_link_mvar[0]

    assert abs(solved.voltage[0, 1]) == pytest.approx(1.0, abs=1e-9)
    assert 2 * (r * p + x * net) + (r**2 + x**2) * (p**2 + net**2) == pytest.approx(0, abs=1e-9)


def test_limits_are_breached_by_voltage_and_by_loading_alike(model):
    physics = measure(model, flows(model, 6.0 + 2.0j), np.zeros(1))
    low = measure(model, flows(model, 1.0 + 16.0j), np.zeros(1))
    loaded = measure(model, flows(model, 12.0 - 5.5j), np.zeros(1))

    assert not physics.breaches[0]
    assert low.vm_min_pu[0] < 0.94
    assert low.breaches[0]
    assert loaded.vm_min_pu[0] > 0.94
    assert loaded.loading_max[0] > 1
    assert loaded.breaches[0]


def test_the_cost_is_the_weighted_sum_of_equation_9():
    prices = Prices(losses=10.0, utilisation=50.0, voltage=700.0)

    cost = operating_cost_gbp(np.array([0.5]), np.array([0.2]), np.array([0.02]), prices)

    assert cost[0] == pytest.approx(5 + 10 + 14)


def test_indexes_are_root_mean_squares_over_the_last_axis():
    values = np.array([[0.3, 0.4], [0.0, 1.0]])

    np.testing.assert_allclose(line_utilisation(values), np.sqrt([0.125, 0.5]))
    np.testing.assert_allclose(voltage_index(1 + values), np.sqrt([0.125, 0.5]))


def test_what_did_not_converge_costs_its_demand_at_the_value_of_lost_load():
    nan = np.array([np.nan])

    cost = cost_gbp((nan, nan, nan), np.array([10.0]), np.array([False]), Prices())

    assert cost[0] == 10.0 * 0.5 * 16_940
