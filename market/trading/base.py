"""What a trading rule is: from orders to who trades how much, and at what price.

A rule clears trade *inside* a community. What a household takes or gives beyond what it
traded, it buys from or sells to the grid at its tariff. So the trades sum to zero, and so do
the payments, whatever anybody ordered or delivered.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from market.trading.tariff import Tariff
from market.types import Floats, Prices, Ticks, WattHours

MOST_ORDERS: Final = 10_000
"""The most orders that one window clears.

So a sum of payments is below 10,000 · 2³¹ · 2¹⁶ < 2⁶¹, and fits the 63 bits of an int64.
"""

HIGHEST_QUANTITY: Final = 2**31 - 1
"""The most that an order takes or gives, in watt-hours; a contract holds it in 32 bits."""

HIGHEST_PRICE: Final = 2**16 - 1
"""The highest limit, tariff or penalty, in ticks for a watt-hour; 16 bits on a contract."""


@dataclass(frozen=True, eq=False)
class Orders:
    """One order of each party for each window: so much energy, at this price or better.

    Leading axes are free; a party that sends no order has a quantity of zero.
    """

    quantity_wh: WattHours
    """What it wants to take, negative if it wants to give, shape ``(…, party, window)``."""

    limit: Prices
    """The most it pays, or the least it takes, in ticks for a watt-hour, the same shape."""

    def __post_init__(self) -> None:
        """Refuse what could not be cleared to the tick."""
        parties = self.quantity_wh.shape[-2] if self.quantity_wh.ndim > 1 else 0
        if not 1 <= parties <= MOST_ORDERS or self.limit.shape != self.quantity_wh.shape:
            raise ValueError(
                f"orders have shapes {self.quantity_wh.shape} and {self.limit.shape},"
                f" wanted the same (…, party, window) with 1 to {MOST_ORDERS} parties"
            )
        _check_whole("quantity_wh", self.quantity_wh, -HIGHEST_QUANTITY, HIGHEST_QUANTITY)
        _check_whole("limit", self.limit, 0, HIGHEST_PRICE)


def _check_whole(name: str, numbers: NDArray[np.int64], low: int, high: int) -> None:
    if numbers.dtype != np.int64:
        raise ValueError(f"{name} is {numbers.dtype}, wanted int64")
    if numbers.size and not low <= numbers.min() <= numbers.max() <= high:
        raise ValueError(
            f"{name} is from {numbers.min()} to {numbers.max()}, wanted {low} to {high}"
        )


@dataclass(frozen=True, eq=False)
class Cleared:
    """What came of the orders."""

    traded_wh: WattHours
    """What each party takes from the others, negative if it gives; the parties sum to zero.

    Shape ``(…, party, window)``.
    """

    payments: Ticks
    """What each party pays the others, negative if it is paid; the parties sum to zero."""

    price: Prices
    """The price of the trade in ticks for a watt-hour, shape ``(…, window)``; 0 without trade.

    Where each pays its own, the mean, rounded down.
    """


class TradingRule(Protocol):
    """A rule of trade; every method takes any number of leading axes."""

    meaning: ClassVar[str]
    """What it does, in a sentence."""

    limits: ClassVar[bool]
    """Whether it reads the limits of orders, or quantities alone."""

    def clear(self, orders: Orders, tariff: Tariff) -> Cleared:
        """Return what came of orders."""
        ...

    def price(self, supply_wh: Floats, demand_wh: Floats, tariff: Tariff) -> Floats:
        """Return the price, in ticks for a watt-hour, at which truthful orders trade.

        Of any shape; what it says where supply or demand is none means nothing.
        """
        ...


def anticipated_bill(
    rule: TradingRule,
    tariff: Tariff,
    own_wh: Floats,
    others_supply: Floats,
    others_demand: Floats,
) -> Floats:
    """Return what a party expects to pay in all, if everybody orders what it takes or gives.

    The longer side trades in proportion, the rest goes to the grid at the tariff. That is the
    sharing rules themselves, and of an auction what a party can expect before it knows whose
    order comes first.

    Parameters
    ----------
    rule : TradingRule
        Which clears.
    tariff : Tariff
        For what is not traded.
    own_wh : ndarray of float, shape (…)
        What the party takes, negative if it gives, Wh.
    others_supply, others_demand : ndarray of float, broadcasting to (…)
        What the other parties give and take, Wh, both positive.

    Examples
    --------
    Ten kWh of sun for two who want eight each, of whom this is one, at a price midway:

    >>> from market.trading.sharing import MidMarketRate
    >>> expected = anticipated_bill(
    ...     MidMarketRate(), Tariff(buy=2500, sell=500),
    ...     np.array(8000.0), np.array(10000.0), np.array(8000.0)
    ... )
    >>> round(float(expected) / 1e7, 3)  # GBP: 5 kWh at 15 p and 3 kWh at 25 p
    1.5
    """
    taken, given = np.maximum(own_wh, 0.0), np.maximum(-own_wh, 0.0)
    supply, demand = others_supply + given, others_demand + taken
    matched = np.minimum(supply, demand)
    bought = taken * matched / np.maximum(demand, 1.0)
    sold = given * matched / np.maximum(supply, 1.0)
    internal = rule.price(supply, demand, tariff) * (bought - sold)
    return internal + tariff.buy * (taken - bought) - tariff.sell * (given - sold)
