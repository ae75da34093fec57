"""What can be ordered and reported, and how what cannot is refused."""

import numpy as np
import pytest

from market.errors import (
    LimitOutOfRange,
    OrderMalformed,
    OrdersMalformed,
    QuantityOutOfRange,
    ReadingsMalformed,
)
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY, MOST_ORDERS, Orders
from market.trading.orders import Order, book, check_orders, check_readings
from market.trading.terms import MarketTerms
from tests.market.trading.books import TARIFF

TERMS = MarketTerms(parties=2, tariff=TARIFF, horizon=2)
NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "order",
    [
        None,
        Order(0, 0),
        Order(HIGHEST_QUANTITY, HIGHEST_PRICE),
        Order(-HIGHEST_QUANTITY, 0),
        Order(np.int64(5), np.int32(7)),
    ],
)
def test_what_a_contract_can_hold_is_well_formed(order):
    check_orders(TERMS, 0, [order, None])


@pytest.mark.parametrize(
    "quantity", [HIGHEST_QUANTITY + 1, -HIGHEST_QUANTITY - 1, 1.5, NAN, INF, -INF, "5"]
)
def test_a_quantity_out_of_range_is_refused_by_name(quantity):
    with pytest.raises(QuantityOutOfRange) as refused:
        check_orders(TERMS, 1, [None, Order(quantity, 7)])

    assert (refused.value.seat, refused.value.window) == (1, 1)


@pytest.mark.parametrize("limit", [-1, HIGHEST_PRICE + 1, 0.5, NAN, INF, -INF, None])
def test_a_limit_out_of_range_is_refused_by_name(limit):
    with pytest.raises(LimitOutOfRange) as refused:
        check_orders(TERMS, 1, [Order(5, limit), None])

    assert (refused.value.seat, refused.value.window) == (1, 0)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_orders_for_too_few_or_too_many_windows_are_refused(count):
    with pytest.raises(OrdersMalformed) as refused:
        check_orders(TERMS, 1, [None] * count)

    assert (refused.value.seat, refused.value.length, refused.value.wanted) == (1, count, 2)


@pytest.mark.parametrize(
    ("readings", "window"),
    [
        ([], 0),
        ([[1, 2]], 1),
        ([[1, 2]] * 3, 2),
        ([[1, 2], [1]], 1),
        ([[1, 2, 3], [1, 2]], 0),
        ([[1, 2], [1, NAN]], 1),
        ([[1, 2], [1, INF]], 1),
        ([[0.5, 2], [1, 2]], 0),
        ([[1, 2], [2**31, 2]], 1),
        ([[1, -(2**31)], [1, 2]], 0),
    ],
)
def test_readings_are_refused_with_the_first_window_that_is_wrong(readings, window):
    with pytest.raises(ReadingsMalformed) as refused:
        check_readings(TERMS, 4, readings)

    assert (refused.value.session, refused.value.window) == (4, window)


def test_a_contract_names_the_order_that_it_cannot_read():
    refused = OrderMalformed(3, 7)

    assert (refused.seat, refused.window) == (3, 7)
    assert str(refused) == "order of seat 3 for window 7 cannot be read"


def test_no_order_is_an_order_of_nothing():
    found = book([[None, Order(5, 9)], [Order(-5, 3), None]])

    assert found.quantity_wh.tolist() == [[0, 5], [-5, 0]]
    assert found.limit.tolist() == [[0, 9], [3, 0]]


@pytest.mark.parametrize(
    ("quantity", "limit", "what"),
    [
        (np.zeros(3, np.int64), np.zeros(3, np.int64), "orders have shapes"),
        (np.zeros((3, 1), np.int64), np.zeros((2, 1), np.int64), "orders have shapes"),
        (np.zeros((0, 1), np.int64), np.zeros((0, 1), np.int64), "orders have shapes"),
        (*2 * [np.zeros((MOST_ORDERS + 1, 1), np.int64)], "orders have shapes"),
        (np.zeros((3, 1)), np.zeros((3, 1), np.int64), "quantity_wh is float64"),
        (np.full((3, 1), 2**31), np.zeros((3, 1), np.int64), "quantity_wh is from"),
        (np.full((3, 1), -(2**31)), np.zeros((3, 1), np.int64), "quantity_wh is from"),
        (np.zeros((3, 1), np.int64), np.full((3, 1), np.nan), "limit is float64"),
        (np.zeros((3, 1), np.int64), np.full((3, 1), -1), "limit is from -1 to -1"),
        (np.zeros((3, 1), np.int64), np.full((3, 1), 2**16), "limit is from 65536"),
    ],
)
def test_what_cannot_be_cleared_to_the_tick_is_no_book(quantity, limit, what):
    with pytest.raises(ValueError, match=what):
        Orders(quantity, limit)


def test_a_book_may_be_of_no_windows():
    assert Orders(np.zeros((3, 0), np.int64), np.zeros((3, 0), np.int64)).limit.size == 0
