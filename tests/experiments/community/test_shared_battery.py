"""A battery that neighbours share, against one controller and others."""

import numpy as np
import pytest

from experiments.community.battery_study import BIDDERS, CONTROLLER, NONE, SHARES, battery_table
from experiments.community.shared_battery import (
    OFFER_GBP,
    SharedBattery,
    by_one_controller,
    each_its_share,
    moved,
    negotiated,
)
from market.trading.tariff import TICK_GBP, Tariff
from tests.experiments.community.small import small_world

TARIFF = Tariff(buy=2500, sell=500)
BATTERY = SharedBattery()
every_mechanism = pytest.mark.parametrize("mechanism", ["hco", "rps"])
everybody = pytest.mark.parametrize("names", BIDDERS.values(), ids=BIDDERS)


@pytest.fixture(scope="module")
def net():
    """Return what five parties take on three days without a battery."""
    return np.random.default_rng(3).integers(-1500, 1500, (3, 5, 12))


@every_mechanism
@everybody
def test_levels_stay_within_bounds_and_steps_within_power(net, mechanism, names):
    found = negotiated(BATTERY, net, TARIFF, mechanism, names)

    assert found.level.min() >= 0
    assert found.level.max() <= BATTERY.full
    path = np.insert(found.level, 0, BATTERY.full // 2, axis=1)
    assert np.abs(np.diff(path)).max() <= BATTERY.steps


@every_mechanism
@everybody
def test_what_parties_pay_each_other_sums_to_zero(net, mechanism, names):
    paid = negotiated(BATTERY, net, TARIFF, mechanism, names).payments_gbp

    np.testing.assert_allclose(paid.sum(-1), 0, atol=1e-9)
    assert mechanism == "hco" or not paid.any(), "ranks move no money"


@every_mechanism
@everybody
def test_one_controller_is_never_dearer(net, mechanism, names):
    best = by_one_controller(BATTERY, net, TARIFF).bill_gbp.sum(-1)
    found = negotiated(BATTERY, net, TARIFF, mechanism, names)

    assert (best <= found.bill_gbp.sum(-1) + 1e-9).all()
    rest = TARIFF.bill(net).sum((1, 2)) * TICK_GBP
    assert (best <= rest + 1e-9).all(), "it may leave the battery at rest"


def test_a_battery_of_its_own_costs_nobody_more_than_its_share_of_a_common_one(net):
    own = each_its_share(BATTERY, net, TARIFF)

    for found in (
        by_one_controller(BATTERY, net, TARIFF),
        negotiated(BATTERY, net, TARIFF, "hco", ["truthful"] * 5),
    ):
        assert (own <= found.bill_gbp + 1e-9).all()


@every_mechanism
def test_parties_that_want_the_same_and_say_so_are_as_good_as_one_controller(net, mechanism):
    """Values of like parties add up to the controller's, to the rounding of offers."""
    alike = np.repeat(net[:, :1], 5, axis=1)

    best = by_one_controller(BATTERY, alike, TARIFF).bill_gbp.sum(-1)
    found = negotiated(BATTERY, alike, TARIFF, mechanism, ["truthful"] * 5)

    rounding = 5 * OFFER_GBP * alike.shape[2]
    np.testing.assert_allclose(found.bill_gbp.sum(-1), best, atol=rounding)


def test_a_step_beyond_its_bounds_is_cut_short():
    top, bottom = np.array([BATTERY.full - 1]), np.array([1])

    assert moved(BATTERY, top, np.array([2 * BATTERY.steps])) == BATTERY.full
    assert moved(BATTERY, bottom, np.array([0])) == 0


def test_the_same_seed_gives_the_same_day(net):
    one, two = (negotiated(BATTERY, net, TARIFF, "hco", ["random"] * 5, seed=4) for _ in "ab")

    np.testing.assert_array_equal(one.level, two.level)
    np.testing.assert_array_equal(one.payments_gbp, two.payments_gbp)


def test_the_table_has_a_row_for_each_way_and_day():
    table = battery_table(small_world(days=2))

    assert len(table) == 2 * (3 + 2 * len(BIDDERS))
    bills = table.groupby(["mechanism", "bidders"])["bill_gbp"].sum()
    assert bills["", SHARES] <= bills["", CONTROLLER] <= bills["", NONE]
    assert bills["", CONTROLLER] <= bills["hco"].min()
    assert (table.loc[table["bidders"] == NONE, "worst_gbp"] == 0).all()


def test_as_many_share_it_as_live_there_if_they_are_few():
    assert len(battery_table(small_world(prosumers=3))) == 3 + 2 * len(BIDDERS)
