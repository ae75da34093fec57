"""Prosumers plan, order, deliver and learn, day by day."""

import numpy as np
import pytest

from agents.prosumers.community import Prosumers
from market.trading.settlement import charges
from market.trading.terms import MarketTerms
from tests.agents.prosumers.days import TARIFF, few_households

SUN = np.array([[[-3000, -2000], [1000, 1500], [1500, 1000]]])
"""What a household with sun and two without take, in two windows."""


def terms(trading="mid-market-rate", **more):
    return MarketTerms(parties=3, tariff=TARIFF, trading=trading, horizon=2, **more)


def prosumers(*names, trading="mid-market-rate", penalty=0, **more):
    return Prosumers(np.array([names]), terms(trading, penalty=penalty), **more)


def a_day(these, net=SUN):
    """Return orders, what came of them, who did not deliver, and what each saved."""
    placed = these.order(net)
    cleared = these.terms.rule.clear(placed.orders, these.terms.tariff)
    blocked = these.blocks(placed, cleared)
    saved = these.learn(placed, cleared, blocked, np.where(blocked, 0, net))
    return placed, cleared, blocked, saved


def test_the_truthful_order_what_they_plan_at_their_tariff():
    placed, *_ = a_day(
        prosumers("truthful", "truthful", "cooperative", trading="uniform-price")
    )

    np.testing.assert_array_equal(placed.orders.quantity_wh, SUN)
    assert placed.orders.limit[0, :, 0].tolist() == [500, 2500, 2500]


def test_in_an_auction_less_candour_is_a_harder_limit():
    placed, *_ = a_day(prosumers("shaded", "adversarial", "inflated", trading="uniform-price"))

    assert placed.orders.limit[0, :, 0].tolist() == [900, 1500, 2900]


def test_under_a_sharing_rule_less_candour_is_a_smaller_quantity():
    placed, *_ = a_day(prosumers("shaded", "adversarial", "inflated"))

    assert placed.orders.quantity_wh[0, :, 0].tolist() == [-2400, 500, 1800]


def test_what_trade_saves_all_is_what_the_community_does_not_exchange_with_the_grid():
    *_, saved = a_day(prosumers("truthful", "truthful", "truthful"))

    assert saved.sum() == pytest.approx((2500 + 2000) * 2000 * 1e-7)


@pytest.mark.parametrize("name", ["absent", "late-bidder", "indifferent"])
def test_who_sends_nothing_in_time_or_wants_nothing_does_not_trade(name):
    placed, cleared, *_ = a_day(prosumers("truthful", name, "truthful"))

    assert not placed.orders.quantity_wh[0, 1].any()
    assert not cleared.traded_wh[0, 1].any()
    assert placed.sent[0].tolist() == [True, name == "indifferent", True]


def test_orders_need_an_account_that_covers_them():
    these = prosumers("truthful", "deposit-starver", "truthful", working_ticks=10**7)
    placed, *_ = a_day(these)

    assert placed.sent[0].tolist() == [True, False, True]


def test_a_withholder_does_not_deliver_what_it_loses_by():
    these = prosumers("withholder", "withholder", "truthful", trading="bill-sharing", penalty=9)
    _, cleared, blocked, saved = a_day(these)

    assert blocked[0].tolist() == [[True, True], [False, False], [False, False]]
    assert (saved[0, 0] < -9 * 1e-7 * np.abs(cleared.traded_wh[0, 0])).all()


@pytest.mark.parametrize("trading", ["mid-market-rate", "uniform-price"])
def test_a_withholder_delivers_what_it_gains_by(trading):
    _, _, blocked, _ = a_day(prosumers("withholder", "withholder", "truthful", trading=trading))

    assert not blocked.any()


def test_who_sells_more_than_its_battery_gives_is_charged_and_nobody_else_loses():
    net = np.array([[[-2000, -2000], [3000, 2500], [1500, 2500]]])
    these = prosumers("inflated", "truthful", "truthful", penalty=500)
    placed, cleared, blocked, saved = a_day(these, net)

    oversold = net[0, 0] - cleared.traded_wh[0, 0]
    lost = charges(cleared.traded_wh, net, penalty=500)
    assert placed.orders.quantity_wh[0, 0].tolist() == [-2400, -2400]
    assert not blocked.any()
    assert (cleared.traded_wh.sum(1) == 0).all()
    assert (lost.sum(1) == 0).all()
    assert lost[0, 0].tolist() == (500 * oversold).tolist() == [200_000, 200_000]
    assert (saved[0, 1:] > 0).all()
    alone = TARIFF.bill(net).sum() * 1e-7
    after = (TARIFF.bill(net - cleared.traded_wh) + cleared.payments + lost).sum() * 1e-7
    assert saved.sum() == pytest.approx(alone - after)


def test_bandits_come_to_concede_what_earns():
    these = Prosumers(np.array([["truthful", "exp3", "q-greedy"]] * 20), terms())
    net = np.repeat(SUN, 20, axis=0)
    shares = [a_day(these, net)[0].candour[:, 1:].mean() for _ in range(150)]

    assert these.day == 150
    assert np.mean(shares[-20:]) > np.mean(shares[:5])


def test_tit_for_tat_concedes_less_to_those_who_left_it_nothing():
    net = np.array([[[-3000, -3000], [1000, 1500], [1000, 500]]])
    these = prosumers("tit-for-tat", "truthful", "truthful", trading="supply-demand-ratio")
    first, second = (a_day(these, net)[0].candour[0, 0] for _ in range(2))

    assert first.tolist() == [1.0, 1.0]
    np.testing.assert_allclose(second, 1 / 3, atol=1e-6)  # the others wanted two thirds


def test_each_household_has_chances_of_its_own_in_a_batch_of_any_size():
    names = np.array([["random", "truthful", "random"], ["random", "random", "random"]])
    both = Prosumers(names, terms()).order(np.repeat(SUN, 2, axis=0))
    alone = Prosumers(names[:1], terms()).order(SUN)

    np.testing.assert_array_equal(both.candour[0], alone.candour[0])
    assert (both.candour[1, 0] != both.candour[1, 2]).any()


def test_plans_weigh_bills_as_strategies_do():
    these = Prosumers(np.array([["cooperative", "indifferent", "absent"]]), terms())

    assert these.attitudes.others[0].round(3).tolist() == [0.707, 0.0, 0.0]
    assert these.attitudes.heeds[0].tolist() == [True, False, True]


def test_a_day_goes_from_stores_to_savings():
    households = few_households(np.random.default_rng(2), 4, 3, windows=2)
    these = Prosumers(np.full((4, 3), "truthful"), terms(), charge=0.01)
    plan = these.plan(households)
    *_, saved = a_day(these, plan.net_wh)

    assert plan.steps.any()
    assert saved.min() >= 0


def test_nobody_delivers_before_it_has_ordered():
    placed, cleared, blocked, _ = a_day(prosumers("tit-for-tat", "truthful", "truthful"))

    with pytest.raises(ValueError, match="after they have ordered"):
        prosumers("tit-for-tat", "truthful", "truthful").learn(placed, cleared, blocked, SUN)


@pytest.mark.parametrize(("short", "sent"), [(0, True), (1, False)])
def test_an_account_that_just_covers_orders_is_enough(short, sent):
    needed = 2500 * (1000 + 1500)  # the second household buys both at the tariff
    these = prosumers("absent", "truthful", "absent", working_ticks=needed - short)

    assert these.order(SUN).sent[0].tolist() == [False, sent, False]
