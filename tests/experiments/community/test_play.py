"""Days of communities that trade: who lives there, chances, and where planning ends."""

import numpy as np
import pytest

from agents.prosumers.manners import NotForProsumers
from experiments.community.play import (
    market_terms,
    mixed,
    play_days,
    prosumers_of,
    rows_of,
)
from market.trading.tariff import TICK_GBP
from tests.agents.prosumers.days import every_plan
from tests.experiments.community.small import small_world


@pytest.mark.parametrize(
    ("shares", "counts"),
    [
        ({"truthful": 1.0}, {"truthful": 6}),
        ({"truthful": 2, "adversarial": 1}, {"truthful": 4, "adversarial": 2}),
        ({"truthful": 0.5, "adversarial": 0.5}, {"truthful": 3, "adversarial": 3}),
        ({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}, dict.fromkeys("abcdef", 1)),
    ],
)
def test_shares_of_households_are_exact_where_they_can_be(shares, counts):
    names = mixed(small_world(), shares, copies=3, seed=0)

    for community in names:
        kinds, found = np.unique(community, return_counts=True)
        assert dict(zip(kinds.tolist(), found.tolist(), strict=True)) == counts


@pytest.mark.parametrize("share", np.linspace(0.05, 0.95, 7))
def test_elsewhere_shares_are_rounded_to_whole_households(share):
    world = small_world(prosumers=7, per_feeder=7)

    names = mixed(world, {"one": share, "two": 1 - share}, copies=1, seed=0)

    assert abs((names == "one").sum() - 7 * share) <= 0.5 + 1e-9


def test_who_follows_which_is_drawn_by_the_seed_and_by_copy():
    world = small_world(prosumers=12)
    shares = {"one": 0.5, "two": 0.5}

    names = mixed(world, shares, copies=2, seed=0)

    np.testing.assert_array_equal(names, mixed(world, shares, copies=2, seed=0))
    assert (names[0] != names[1]).any()
    assert (names != mixed(world, shares, copies=2, seed=1)).any()
    assert np.unique(names).tolist() == ["one", "two"]


def test_the_same_seed_gives_the_same_days_and_a_batch_goes_as_each_alone():
    world = small_world(days=2)
    names = mixed(world, {"exp3": 0.5, "random": 0.5}, copies=2, seed=0)

    def payments(of, rows, seed=0):
        days = play_days(world, "uniform-price", of, rows, seed)
        return np.stack([day.cleared.payments for day in days], 1)

    both = payments(names, rows_of(world, 2))

    np.testing.assert_array_equal(both, payments(names, rows_of(world, 2)))
    np.testing.assert_array_equal(both[:1], payments(names[:1], rows_of(world, 1)))
    assert (both != payments(names, rows_of(world, 2), seed=5)).any()


@pytest.mark.parametrize("rule", ["uniform-price", "supply-demand-ratio"])
@pytest.mark.parametrize("who", ["cooperative", "truthful"])
def test_where_planning_converged_no_store_gains_by_any_other_plan(rule, who):
    """Batteries of few levels are tried exhaustively, with all else as planned."""
    world = small_world(
        prosumers=3,
        photovoltaics=1.0,
        batteries=1.0,
        cars=0.0,
        heat_pumps=0.0,
        forecast="perfect",
    )
    prosumers = prosumers_of(
        world, market_terms(world, rule), mixed(world, {who: 1.0}, 1, 0), 0
    )
    households = tiny(world.planning(0, np.array([0])))
    found = prosumers.plan(households)
    of, billing = prosumers.attitudes, prosumers.billing

    assert found.converged.all()
    movable = households.stores.movable[0]
    for home in range(3):
        (store,) = [households.stores[0, home, s] for s in np.flatnonzero(movable[home])]
        others = np.delete(found.net_wh[0], home, 0)
        supply, demand = np.maximum(-others, 0).sum(0), np.maximum(others, 0).sum(0)
        plans = households.base_wh[0, home] + store.energy_wh(every_plan(store))
        costs = billing.weighed(of[0, home], plans.astype(float), supply, demand).sum(-1)
        now = billing.weighed(
            of[0, home], found.net_wh[0, home].astype(float), supply, demand
        ).sum()
        assert len(plans) > 50
        assert (now - costs.min()) * TICK_GBP <= 0.001 + 1e-6


def tiny(households):
    """Return six half-hours around noon, and batteries of at most a step each way."""
    from dataclasses import replace

    part = slice(20, 44, 4)
    stores = households.stores
    cut = {
        name: np.minimum(getattr(stores, name)[..., part], 1)
        for name in ("most_up", "most_down")
    }
    low, high = stores.start - 2, stores.start + 2
    ones = np.ones(6, np.int64)
    smaller = replace(
        stores, **cut, low=low[..., np.newaxis] * ones, high=high[..., np.newaxis] * ones
    )
    return replace(households, base_wh=households.base_wh[..., part], stores=smaller)


def test_a_strategy_that_no_prosumer_can_follow_is_refused():
    world = small_world()

    with pytest.raises(NotForProsumers, match="hedge"):
        next(play_days(world, "pay-as-bid", np.full((1, 6), "hedge"), rows_of(world, 1)))
