"""Orders as a marketplace takes them, and what makes them well formed."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from market.errors import (
    LimitOutOfRange,
    OrdersMalformed,
    QuantityOutOfRange,
    ReadingsMalformed,
)
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY, Orders
from market.trading.terms import MarketTerms


@dataclass(frozen=True)
class Order:
    """What a party wants in one window: so much energy, at this price or better."""

    quantity_wh: int
    """What it wants to take, negative if it wants to give; an order of 0 is none."""

    limit: int
    """The most it pays, or the least it takes, in ticks for a watt-hour."""


def check_orders(terms: MarketTerms, seat: int, orders: Sequence[Order | None]) -> None:
    """Raise what keeps the orders for a session from being sent, whatever its state.

    Raises
    ------
    OrdersMalformed
        Not one order, or None, for each window.
    QuantityOutOfRange, LimitOutOfRange
        The first that is no whole number, or not in its range.

    Examples
    --------
    >>> from market.trading.tariff import Tariff
    >>> terms = MarketTerms(parties=2, tariff=Tariff(2500, 500), horizon=2)
    >>> check_orders(terms, 0, [Order(-400, limit=900), None])
    >>> check_orders(terms, 0, [Order(-400, limit=900)])
    Traceback (most recent call last):
    market.errors.OrdersMalformed: seat 0 sent orders for 1 windows, wanted 2
    """
    if len(orders) != terms.horizon:
        raise OrdersMalformed(seat, len(orders), terms.horizon)
    for window, order in enumerate(orders):
        if order is None:
            continue
        if not is_whole(order.quantity_wh, -HIGHEST_QUANTITY, HIGHEST_QUANTITY):
            raise QuantityOutOfRange(seat, window, order.quantity_wh)
        if not is_whole(order.limit, 0, HIGHEST_PRICE):
            raise LimitOutOfRange(seat, window, order.limit)


def check_readings(
    terms: MarketTerms, session: int, metered_wh: Sequence[Sequence[int]]
) -> None:
    """Raise what keeps readings of a session from being reported, whatever its state.

    Raises
    ------
    ReadingsMalformed
        With the first window that is missing, is one too many, or has not one whole flow of
        each party.

    Examples
    --------
    >>> from market.trading.tariff import Tariff
    >>> terms = MarketTerms(parties=2, tariff=Tariff(2500, 500), horizon=2)
    >>> check_readings(terms, 0, [[400, -400], [0, 0]])
    >>> check_readings(terms, 0, [[400, -400]])
    Traceback (most recent call last):
    market.errors.ReadingsMalformed: readings of session 0 are malformed at window 1
    """
    for window, flows in enumerate(metered_wh[: terms.horizon]):
        whole = all(is_whole(flow, -HIGHEST_QUANTITY, HIGHEST_QUANTITY) for flow in flows)
        if len(flows) != terms.parties or not whole:
            raise ReadingsMalformed(session, window)
    if len(metered_wh) != terms.horizon:
        raise ReadingsMalformed(session, min(len(metered_wh), terms.horizon))


def book(orders: Sequence[Sequence[Order | None]]) -> Orders:
    """Return the orders of each party for each window as arrays ``(party, window)``.

    Examples
    --------
    >>> found = book([[Order(5, limit=20), None], [None, Order(-4, limit=8)]])
    >>> found.quantity_wh.tolist(), found.limit.tolist()
    ([[5, 0], [0, -4]], [[20, 0], [0, 8]])
    """
    filled = [[order or Order(0, limit=0) for order in of_party] for of_party in orders]
    return Orders(
        np.array([[order.quantity_wh for order in row] for row in filled], np.int64),
        np.array([[order.limit for order in row] for row in filled], np.int64),
    )


def is_whole(number: object, low: int, high: int) -> bool:
    """Return whether something is a whole number from low to high.

    >>> is_whole(3, 0, 9), is_whole(3.0, 0, 9), is_whole(float("nan"), 0, 9)
    (True, False, False)
    """
    return isinstance(number, Integral) and low <= int(number) <= high
