"""One controller of all stores: never dearer than any plan, and within limits that bite."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.community.baselines import controlled
from experiments.community.central import Limits, central_optimum
from market.trading.tariff import Tariff
from tests.agents.prosumers.days import few_households
from tests.experiments.community.small import small_world

TARIFF = Tariff(buy=2500, sell=500)
ONE = np.array([0])


@pytest.fixture(scope="module")
def crowded():
    """Return a winter's day of a feeder that its cars and heat pumps would overload."""
    return small_world(
        prosumers=100, per_feeder=100, first_day=20,
        photovoltaics=0.9, batteries=0.5, cars=0.8, heat_pumps=0.8,
    )  # fmt: skip


def random_plans(rng, stores, count):
    """Return steps that keep the bounds of stores, shape (plan, household, slot, window)."""
    found = []
    while len(found) < count:
        most = np.maximum(stores.most_up, stores.most_down)
        steps = rng.integers(-most, most + 1)
        steps[..., -1] -= steps.sum(-1)  # a battery ends as it began
        if stores.allows(steps).all():
            found.append(steps)
    return np.array(found)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_plan_of_whole_levels_costs_the_community_less(seed):
    rng = np.random.default_rng(seed)
    few = few_households(rng, communities=1, households=2)

    best = central_optimum(few.base_wh[0], few.stores[0], TARIFF)

    for steps in random_plans(rng, few.stores[0], count=30):
        net = few.base_wh[0] + few.stores[0].energy_wh(steps).sum(-2)
        assert best.bill <= TARIFF.bill(net.sum(0)).sum() + 1e-3


def test_a_battery_worked_by_hand_moves_the_sun_to_the_evening():
    rng = np.random.default_rng(0)
    few = few_households(rng, communities=1, households=1)
    base = np.array([[-500, 0, 500]])

    best = central_optimum(base, few.stores[0], TARIFF)

    np.testing.assert_allclose(best.net_wh, 0, atol=1e-6)
    assert best.bill == pytest.approx(0, abs=1e-3)


def test_a_limit_on_what_is_taken_is_kept_and_an_impossible_one_is_told():
    rng = np.random.default_rng(0)
    few = few_households(rng, communities=1, households=1)
    base = np.array([[0, 0, 800]])

    def limited(most):
        high = np.full((1, 3), float(most))
        return Limits(np.ones((1, 1)), np.full((1, 3), -np.inf), high)

    kept = central_optimum(base, few.stores[0], TARIFF, limited(500))
    broken = central_optimum(base, few.stores[0], TARIFF, limited(10))

    assert kept.feasible
    assert kept.net_wh.max() <= 500 + 1e-6
    assert not broken.feasible


def test_limits_that_bite_hold_in_the_load_flow_and_cost_something(crowded):
    free, kept = (controlled(crowded, 0, ONE, perfect=True, limited=on) for on in (False, True))

    loading = [
        crowded.flows(found.net_wh, ONE, ONE).transformer_loading.max()
        for found in (free, kept)
    ]
    assert loading[0] > 1.2, "without limits the transformer is overloaded"
    assert kept.feasible[0]
    assert loading[1] <= 1.0
    assert kept.bill[0] > free.bill[0] + 1000
