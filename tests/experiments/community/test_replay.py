"""A day in memory, again on the contract: the same to the tick, or the run ends."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.community.play import mixed, play_days, rows_of
from experiments.community.replay import can_replay, check_day, replayed, session_terms
from experiments.errors import CheckFailed
from market.trading.local import LocalMarketplace
from tests.experiments.community.small import RULES, small_world

MIX = {"truthful": 0.4, "adversarial": 0.3, "withholder": 0.3}


def a_day(rule):
    world = small_world(prosumers=7, per_feeder=4)
    return world, next(play_days(world, rule, mixed(world, MIX, 1, 0), rows_of(world, 1)))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("place", [0, 1])
def test_the_contract_clears_and_settles_a_day_alike(chains, rule, place):
    chains("revm")
    world, day = a_day(rule)

    found = replayed(world, rule, day, place)

    assert can_replay()
    assert found.rule == rule
    assert 0 < found.orders <= 4 * 48
    assert found.gas_per_order > 1000


@pytest.mark.parametrize("name", ["traded_wh", "payments", "price"])
def test_a_trade_that_differs_fails_the_run(name):
    world, day = a_day("mid-market-rate")
    other = replace(day.cleared, **{name: getattr(day.cleared, name) + 1})
    market = LocalMarketplace(session_terms(world, "mid-market-rate"))

    with pytest.raises(CheckFailed, match=f"mid-market-rate: {name} differs"):
        check_day(market, replace(day, cleared=other), place=0)


def test_money_that_differs_fails_the_run():
    world, day = a_day("pay-as-bid")
    market = LocalMarketplace(session_terms(world, "pay-as-bid"))

    with pytest.raises(CheckFailed, match="free after settlement"):
        check_day(market, replace(day, charges=day.charges + 1), place=0)


def test_a_day_of_many_is_cut_into_sessions_that_a_transaction_can_hold():
    assert session_terms(small_world(), "pay-as-bid").horizon == 48
    crowd = small_world(prosumers=255, per_feeder=255)
    assert session_terms(crowd, "pay-as-bid").horizon == 6
    assert np.isclose(session_terms(crowd, "pay-as-bid").parties, 255)
