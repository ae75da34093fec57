"""Orders as a marketplace takes them, and what makes them well formed."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

from market.errors import LimitOutOfRange, OrdersMalformed, QuantityOutOfRange
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY


@dataclass(frozen=True)
class Order:
    """What a party wants in one window: so much energy, at this price or better."""

    quantity_wh: int
    """What it wants to take, negative if it wants to give; an order of 0 is none."""

    limit: int
    """The most it pays, or the least it takes, in ticks for a watt-hour."""


def check_orders(horizon: int, seat: int, orders: Sequence[Order | None]) -> None:
    """Raise what keeps the orders for a session from being sent, whatever its state.

    Raises
    ------
    OrdersMalformed
        Not one order, or None, for each window.
    QuantityOutOfRange, LimitOutOfRange
        The first that is no whole number, or not in its range.

    Examples
    --------
    >>> check_orders(2, 0, [Order(-400, limit=900), None])
    >>> check_orders(2, 0, [Order(-400, limit=900)])
    Traceback (most recent call last):
    market.errors.OrdersMalformed: seat 0 sent orders for 1 windows, wanted 2
    """
    if len(orders) != horizon:
        raise OrdersMalformed(seat, len(orders), horizon)
    for window, order in enumerate(orders):
        if order is None:
            continue
        if not _is_whole(order.quantity_wh, -HIGHEST_QUANTITY, HIGHEST_QUANTITY):
            raise QuantityOutOfRange(seat, window, order.quantity_wh)
        if not _is_whole(order.limit, 0, HIGHEST_PRICE):
            raise LimitOutOfRange(seat, window, order.limit)


def _is_whole(number: object, low: int, high: int) -> bool:
    return isinstance(number, Integral) and low <= int(number) <= high
