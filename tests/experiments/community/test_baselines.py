"""What communities do without a market."""

import numpy as np
import pytest

from agents.prosumers.best_response import CostToGo, steps_of
from agents.prosumers.devices import BATTERY
from agents.prosumers.scheduling import EPSILON_GBP
from experiments.community.baselines import BASELINES, alone, controlled, metered, unshifted
from experiments.community.central import central_optimum
from experiments.community.play import alone_bills_gbp, mixed, play_days, rows_of
from market.trading.tariff import TICK_GBP
from tests.experiments.community.small import RULES, small_world

ONE = np.array([0])


def test_alone_each_pays_its_tariff_for_what_it_takes_and_has_for_what_it_gives():
    world = small_world()

    found = alone(world, 0, ONE)

    taken, given = np.maximum(found.net_wh, 0).sum(), np.maximum(-found.net_wh, 0).sum()
    assert found.bill[0] == pytest.approx(2500 * taken - 500 * given)
    assert alone_bills_gbp(world)[0].sum() == pytest.approx(found.bill[0] * TICK_GBP)


def test_alone_each_store_has_the_best_plan_there_is_for_the_forecast():
    world = small_world(prosumers=4, heat_pumps=0.0, cars=0.0)
    planning, found = world.planning(0, ONE), alone(world, 0, ONE)
    planned = found.net_wh - world.base_wh(0) + planning.base_wh

    homes = np.argwhere(planning.stores.movable[0])
    assert len(homes) > 1
    for home, slot in homes:
        store = planning.stores[0, home, slot : slot + 1]
        net = planning.base_wh[0, home][:, np.newaxis, np.newaxis]
        costs = world.tariff.bill(net + store.energy_wh(steps_of(store)).T[np.newaxis])
        least = CostToGo.of(store, costs.astype(float)).least[0]
        assert world.tariff.bill(planned[0, home]).sum() <= least + EPSILON_GBP / TICK_GBP


def test_shifting_alone_is_no_worse_than_not_shifting_with_a_perfect_forecast():
    world = small_world(forecast="perfect")

    assert alone(world, 0, ONE).bill <= unshifted(world, 0, ONE).bill


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rule", RULES)
def test_no_plan_costs_a_community_less_than_one_controller_who_knows(rule, seed):
    world = small_world(seed=seed)
    least = controlled(world, 0, ONE, perfect=True).bill[0] * TICK_GBP

    names = mixed(world, {"cooperative": 0.5, "truthful": 0.5}, copies=1, seed=seed)
    (day,) = play_days(world, rule, names, rows_of(world, 1))

    assert least <= day.bill_gbp.sum() + 1e-6
    assert least <= alone(world, 0, ONE).bill[0] * TICK_GBP + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_knowing_what_will_be_costs_a_controller_no_more_than_a_forecast(seed):
    world = small_world(seed=seed)

    perfect, forecast = (controlled(world, 0, ONE, perfect=p) for p in (True, False))

    assert perfect.bill <= forecast.bill + 1


@pytest.mark.parametrize("seed", range(3))
def test_a_battery_by_its_meter_costs_no_household_more_and_no_less_than_who_knows(seed):
    world = small_world(days=2, seed=seed)
    for day in range(2):
        resting, found = unshifted(world, day, ONE), metered(world, day, ONE)

        without, bills = (world.tariff.bill(one.net_wh).sum(-1) for one in (resting, found))
        assert (bills <= without + 1).all()
        assert controlled(world, day, ONE, perfect=True).bill <= found.bill + 1


def test_by_its_meter_only_batteries_move_and_what_they_lose_is_drawn_beside():
    world = small_world(batteries=0.5)
    base, homes = world.base_wh(0)[0], world.homes

    moved = metered(world, 0, ONE).net_wh[0] - base

    owners = homes.battery_kwh[0] > 0
    assert (moved[~owners] == 0).all()
    store = world.planning(0, ONE).stores[0, :, BATTERY]
    charged, given = np.maximum(moved, 0).sum(-1), np.maximum(-moved, 0).sum(-1)
    assert charged.sum() > 1000
    np.testing.assert_allclose(given, charged * store.fall_wh / store.rise_wh, atol=1.0)
    np.testing.assert_allclose(given, charged * homes.battery_efficiency**2, rtol=0.02)


def test_every_baseline_tells_its_bill_of_every_community():
    world = small_world(prosumers=7, per_feeder=4)
    rows = rows_of(world, 1)

    for name, run in BASELINES.items():
        found = run(world, 0, rows)
        assert found.net_wh.shape == (2, 4, 48), name
        assert found.bill.shape == found.feasible.shape == (2,)
        assert (found.net_wh[1, 3] == 0).all(), "there is nobody at an empty place"


def test_one_controller_shifts_by_the_forecast_and_meets_what_is_measured():
    world = small_world()
    foreseen = world.planning(0, ONE)
    planned = central_optimum(foreseen.base_wh[0], foreseen.stores[0], world.tariff).net_wh

    found = controlled(world, 0, ONE)

    shifted = found.net_wh[0] - world.base_wh(0)[0]
    assert not np.array_equal(foreseen.base_wh[0], world.base_wh(0)[0])
    np.testing.assert_allclose(shifted, planned - foreseen.base_wh[0], atol=1e-6)
