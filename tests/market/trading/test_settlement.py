"""Locks, shortfalls and charges, held against the rules said plainly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY, MOST_ORDERS
from market.trading.rules import TRADING_RULES
from market.trading.settlement import charges, dues, locks, shortfall
from tests.market.trading.books import TARIFF, any_books, book

FLOWS = st.one_of(st.integers(-9, 9), st.integers(-HIGHEST_QUANTITY, HIGHEST_QUANTITY))
PENALTIES = st.one_of(st.integers(0, 9), st.integers(0, HIGHEST_PRICE))

every_rule = pytest.mark.parametrize("name", TRADING_RULES)


def flows_like(orders):
    return npst.arrays(np.int64, orders.quantity_wh.shape, elements=FLOWS)


def missing(traded, metered):
    if traded < 0:
        return max(-traded - max(-metered, 0), 0)
    return max(traded - max(metered, 0), 0)


@given(traded=FLOWS, metered=FLOWS)
def test_what_is_missing_is_what_was_traded_and_did_not_flow(traded, metered):
    found = shortfall(np.array(traded), np.array(metered))

    assert found == missing(traded, metered)


@every_rule
@given(orders=any_books(), penalty=PENALTIES, data=st.data())
def test_money_is_neither_made_nor_lost_and_nobody_pays_more_than_it_locked(
    name, orders, penalty, data
):
    rule, metered = TRADING_RULES[name], data.draw(flows_like(orders))
    lock = locks(rule, TARIFF, orders, penalty)

    freed = dues(lock, rule.clear(orders, TARIFF), metered, penalty)
    assert freed.sum() == lock.sum()
    assert (freed >= 0).all()


@every_rule
@given(orders=any_books(), penalty=PENALTIES, data=st.data())
def test_who_delivers_pays_no_penalty_and_who_does_not_gains_none_by_it(
    name, orders, penalty, data
):
    traded = TRADING_RULES[name].clear(orders, TARIFF).traded_wh
    metered = data.draw(flows_like(orders))
    short = shortfall(traded, metered)

    paid = charges(traded, metered, penalty)
    assert (paid[short == 0] <= 0).all()
    assert (paid <= penalty * short).all()
    assert not paid[traded == 0].any()
    delivered = np.where(np.arange(len(traded))[:, None] == 0, traded, metered)
    assert paid[0] >= charges(traded, delivered, penalty)[0]


@given(orders=any_books(), penalty=PENALTIES)
def test_the_energy_of_meters_is_that_of_residuals_so_the_community_balances(orders, penalty):
    traded = TRADING_RULES["uniform-price"].clear(orders, TARIFF).traded_wh

    residual = orders.quantity_wh - traded
    assert residual.sum() == orders.quantity_wh.sum()
    assert not charges(traded, orders.quantity_wh, penalty).any(), "who does as ordered"


def test_a_penalty_is_shared_among_the_others_who_traded_odd_ticks_to_the_lowest_seats():
    traded, metered = np.array([[-6], [2], [0], [2], [2]]), np.array([[0], [9], [5], [2], [2]])

    paid = charges(traded, metered, penalty=5)
    assert paid.ravel().tolist() == [30, -10, 0, -10, -10]
    assert charges(traded // 2, metered // 2, penalty=1).ravel().tolist() == [3, -1, 0, -1, -1]


def test_odd_ticks_are_not_lost():
    traded = np.array([[-4], [0], [1], [3]])

    paid = charges(traded, np.array([[-1], [0], [1], [3]]), penalty=1)
    assert paid.ravel().tolist() == [3, 0, -1, -2]


def test_penalties_of_several_are_shared_each_among_the_others():
    """Hand-worked: 8 from the first is 4 to each other, 4 from the last is 2 to each other."""
    traded, metered = np.array([[-4], [2], [2]]), np.array([[0], [2], [0]])

    assert charges(traded, metered, penalty=2).ravel().tolist() == [8 - 2, -4 - 2, 4 - 4]


def test_a_rule_without_limits_locks_what_the_grid_charges():
    orders = book((5, 60_000), (-4, 8))

    lock = locks(TRADING_RULES["mid-market-rate"], TARIFF, orders, penalty=3)
    assert lock.ravel().tolist() == [5 * TARIFF.buy + 15, 12]


def test_the_most_that_can_be_owed_is_counted_to_the_tick():
    side = np.where(np.arange(MOST_ORDERS) % 2, 1, -1)[:, np.newaxis]
    traded = side * HIGHEST_QUANTITY

    paid = charges(traded, np.where(side > 0, traded, 0), HIGHEST_PRICE)
    owed, half = HIGHEST_QUANTITY * HIGHEST_PRICE, MOST_ORDERS // 2
    shared = half * owed / (MOST_ORDERS - 1)
    assert paid.sum() == 0
    assert abs(paid[1, 0] + shared) <= 1
    assert abs(paid[0, 0] - (owed - (half - 1) * owed / (MOST_ORDERS - 1))) <= 1
