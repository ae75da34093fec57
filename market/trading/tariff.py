"""What the grid charges a household that trades with nobody: its outside option.

Energy is in whole watt-hours, positive where a household takes it. A price is in whole ticks
for a watt-hour; at the tick of communities, GBP 1e-7, a penny a kilowatt-hour is a hundred.
So every sum of money is a whole number of ticks, and nothing is ever rounded.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from market.types import Floats, WattHours

Amount = TypeVar("Amount", WattHours, Floats)
"""Whole, or as a linear programme has them."""

TICK_GBP: Final = 1e-7
"""What a tick is worth in markets of communities."""

TICKS_PER_PENNY: Final = 100
"""A price of a penny a kilowatt-hour, in ticks for a watt-hour."""


@dataclass(frozen=True)
class Tariff:
    """Retail prices, in ticks for a watt-hour.

    Examples
    --------
    A household takes 1 kWh and gives 2 kWh at 25 and 5 pence:

    >>> tariff = Tariff(buy=2500, sell=500)
    >>> (tariff.bill(np.array([1000, -2000])) * TICK_GBP).round(9).tolist()
    [0.25, -0.1]
    """

    buy: int
    """What a household pays for what it takes."""

    sell: int
    """What it is paid for what it gives; at most `buy`."""

    def __post_init__(self) -> None:
        if not 0 <= self.sell <= self.buy:
            raise ValueError(f"sell is {self.sell}, wanted 0 to what buying costs, {self.buy}")

    def bill(self, net_wh: Amount) -> Amount:
        """Return what each net flow in Wh costs in ticks, negative if it earns, same shape."""
        return np.where(net_wh > 0, self.buy * net_wh, self.sell * net_wh)
