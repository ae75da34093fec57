"""Whoever lives there, under any rule: no energy and no money is made or lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.community.play import mixed, play_days, rows_of
from experiments.community.replay import check_day, session_terms
from market.trading.local import LocalMarketplace
from tests.experiments.community.small import RULES, small_world

FEW = settings(max_examples=20, deadline=None)

communities = st.builds(
    small_world,
    seed=st.integers(0, 3),
    prosumers=st.integers(3, 7),
    per_feeder=st.integers(3, 4),
    photovoltaics=st.sampled_from([0.0, 0.5, 1.0]),
    sell_pence=st.sampled_from([0.0, 5.0, 25.0]),
    charge_pence=st.sampled_from([0.0, 10.0]),
)
mixes = st.dictionaries(
    st.sampled_from(
        ["truthful", "cooperative", "adversarial", "indifferent", "withholder", "exp3"]
    ),
    st.floats(0.1, 1.0),
    min_size=1,
    max_size=3,
)
any_day = {"world": communities, "rule": st.sampled_from(RULES), "mix": mixes}


def first_day(world, rule, mix):
    names = mixed(world, mix, copies=1, seed=0)
    return next(iter(play_days(world, rule, names, rows_of(world, 1))))


@FEW
@given(**any_day)
def test_bought_is_sold_and_taken_from_the_grid_each_half_hour(world, rule, mix):
    day = first_day(world, rule, mix)

    bought, sold = np.maximum(day.cleared.traded_wh, 0), np.maximum(-day.cleared.traded_wh, 0)
    residual = day.metered_wh - day.cleared.traded_wh
    np.testing.assert_array_equal(bought.sum(1), sold.sum(1))
    np.testing.assert_array_equal(residual.sum(1), day.metered_wh.sum(1))
    assert (day.cleared.traded_wh[~world.present] == 0).all(), "nobody trades at empty places"


@FEW
@given(**any_day)
def test_what_some_pay_others_are_paid_to_the_tick(world, rule, mix):
    day = first_day(world, rule, mix)

    assert (day.cleared.payments.sum(1) == 0).all()
    assert (day.charges.sum(1) == 0).all()
    residual = day.metered_wh - day.cleared.traded_wh
    np.testing.assert_array_equal(day.grid, world.tariff.bill(residual))
    ticks = (day.grid + day.cleared.payments + day.charges).sum((1, 2))
    np.testing.assert_allclose(day.bill_gbp.sum(-1), ticks * 1e-7)


@FEW
@given(**any_day)
def test_a_marketplace_takes_the_day_call_by_call_to_the_same_accounts(world, rule, mix):
    day = first_day(world, rule, mix)

    check_day(LocalMarketplace(session_terms(world, rule)), day, place=0)


@pytest.mark.parametrize("rule", RULES)
def test_stores_keep_their_bounds_and_who_blocks_takes_nothing(rule):
    world = small_world(days=2)
    names = mixed(world, {"withholder": 0.5, "truthful": 0.5}, copies=1, seed=0)

    for day in play_days(world, rule, names, rows_of(world, 1)):
        stores = world.planning(day.day, rows_of(world, 1)).stores
        assert stores.allows(day.schedule.steps).all()
        assert (day.metered_wh[day.blocked] == 0).all()
