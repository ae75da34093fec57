"""Communities as a scenario describes them; load flows against pandapower."""

from dataclasses import replace

import numpy as np
import pandapower as pp
import pytest

from experiments.community.play import market_terms, mixed, play_days, rows_of
from experiments.community.world import world as world_of
from grid.errors import NetworkRefused
from grid.feeder.extract import FEEDER
from grid.feeder.flow import drawn_kw
from tests.experiments.community.small import small_scenario, small_world


def test_losses_and_voltages_are_those_of_pandapower():
    world = small_world()
    (day,) = play_days(
        world, "mid-market-rate", mixed(world, {"truthful": 1.0}, 1, 0), rows_of(world, 1)
    )
    flows = world.flows(day.metered_wh.astype(float), np.array([0]), np.array([0]))
    net, points = pp.from_json(str(FEEDER)), world.feeder.points
    order = net.load.sort_values("bus").index
    net.sgen.drop(net.sgen.index, inplace=True)
    energies = day.metered_wh[0], world.homes.reactive_varh[0, 0]
    p_kw, q_kvar = (drawn_kw(one, world.homes.point, len(points)) for one in energies)

    for window in (0, 24, 38):
        net.load.loc[order, "p_mw"] = p_kw[window] / 1000
        net.load.loc[order, "q_mvar"] = q_kvar[window] / 1000
        pp.runpp(net, tolerance_mva=1e-10)
        lost = 1000 * (net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum())
        assert flows.losses_kw[0, window] == pytest.approx(lost, abs=1e-4)
        at = net.load.bus[order]
        volts = net.res_bus.vm_pu[at].to_numpy() * net.bus.vn_kv[at].to_numpy() * 1000 / 3**0.5
        np.testing.assert_allclose(flows.voltage_v[0, window], volts, atol=1e-3)


def test_the_exchange_that_is_scored_is_what_meters_show_and_the_feeder_loses():
    world = small_world()
    net = world.base_wh(0).astype(float)

    scores = world.scores(net, np.array([0]), np.array([0]))

    metered = net.sum(1)[0] / 1000
    taken = scores.imported_kwh[0] - scores.exported_kwh[0]
    assert taken == pytest.approx(metered.sum() + scores.losses_kwh[0], abs=1e-6)


def test_forecasts_are_of_days_before_and_perfect_ones_of_the_day():
    world, knowing = small_world(), small_world(forecast="perfect")

    assert (world.foreseen_wh(0) != world.base_wh(0)).any()
    np.testing.assert_array_equal(world.foreseen_wh(0, perfect=True), world.base_wh(0))
    np.testing.assert_array_equal(knowing.foreseen_wh(0), knowing.base_wh(0))


def test_prices_are_pence_a_kilowatt_hour():
    world = small_world(buy_pence=25.0, sell_pence=5.24, penalty_pence=2.0, charge_pence=3.0)

    assert (world.tariff.buy, world.tariff.sell, world.penalty) == (2500, 524, 200)
    assert market_terms(world, "pay-as-bid").penalty == 200
    assert world.billing(None).charge == pytest.approx(300 / 6000)


def test_the_same_seed_gives_the_same_communities_and_another_gives_others():
    scenario = small_scenario()
    one, two, other = (world_of(s) for s in (scenario, scenario, replace(scenario, seed=1)))

    np.testing.assert_array_equal(one.base_wh(0), two.base_wh(0))
    assert (one.base_wh(0) != other.base_wh(0)).any()


def test_a_feeder_that_is_none_is_refused(tmp_path):
    (tmp_path / "mine.json").write_text("{}")
    scenario = replace(small_scenario(feeder="mine.json"), folder=tmp_path)

    with pytest.raises(NetworkRefused):
        world_of(scenario)
