"""The sharing rules of the Cardiff group: whoever is short in a half-hour is served alike.

The shorter side, supply or demand, trades all it has; the longer side trades in proportion.
What differs is the price inside the community. That gives the same bills as the prices for
all energy that the sources state [1]_ [2]_ [3]_: a buyer there pays the mean of this price for
its share of the supply and of the tariff for the rest.

References
----------
.. [1] N. Liu et al., "Energy-sharing model with price-based demand response for microgrids of
   peer-to-peer prosumers", IEEE Transactions on Power Systems 32(5), 2017: supply-demand ratio.
.. [2] C. Long et al., "Peer-to-peer energy trading in a community microgrid", IEEE PES General
   Meeting, 2017: mid-market rate and bill sharing.
.. [3] Y. Zhou, J. Wu, C. Long, "Evaluation of peer-to-peer energy sharing mechanisms based on
   a multiagent simulation framework", Applied Energy 222, 2018: all three, and their indexes.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from market.trading.base import Cleared, Orders, TradingRule
from market.trading.tariff import Tariff
from market.types import Floats, Prices, WattHours


@dataclass(frozen=True)
class SharingRule(ABC):
    """Trade in proportion to what each wants to take or to give."""

    limits: ClassVar[bool] = False

    def clear(self, orders: Orders, tariff: Tariff) -> Cleared:
        """Return what came of orders; their limits are not read.

        Examples
        --------
        One gives 10 Wh to two who want 15 Wh and 5 Wh, midway between 25 and 5 pence:

        >>> orders = np.array([[-10], [15], [5]])
        >>> found = MidMarketRate().clear(Orders(orders, 0 * orders), Tariff(2500, 500))
        >>> found.traded_wh.ravel().tolist(), found.price.tolist()
        ([-10, 7, 3], [1500])
        """
        given, taken = np.maximum(-orders.quantity_wh, 0), np.maximum(orders.quantity_wh, 0)
        supply, demand = given.sum(-2), taken.sum(-2)
        matched = np.minimum(supply, demand)
        traded = in_proportion(taken, matched) - in_proportion(given, matched)
        price = self.whole_price(supply, demand, tariff) * (matched > 0)
        return Cleared(traded, price[..., np.newaxis, :] * traded, price)

    @abstractmethod
    def whole_price(self, supply: WattHours, demand: WattHours, tariff: Tariff) -> Prices:
        """Return `price` in whole ticks, rounded down; twin of the contract's."""


def in_proportion(wanted_wh: WattHours, matched_wh: WattHours) -> WattHours:
    """Return the share of each party in what is matched, in whole watt-hours.

    Each has what all up to it have together, rounded down, less what those before it have; so
    they add up.

    Parameters
    ----------
    wanted_wh : ndarray of int64, shape (…, party, window)
        Not negative.
    matched_wh : ndarray of int64, shape (…, window)
        At most the sum of what is wanted.

    Examples
    --------
    >>> in_proportion(np.array([[15], [5]]), np.array([10])).ravel().tolist()
    [7, 3]
    """
    so_far = wanted_wh.cumsum(-2)
    total = np.maximum(so_far[..., -1:, :], 1)
    reached = _times_over(so_far, matched_wh[..., np.newaxis, :], total)
    return np.diff(reached, axis=-2, prepend=0)


def _times_over(first: WattHours, second: WattHours, divisor: WattHours) -> WattHours:
    """Return ``first · second // divisor``, also where the product is beyond 63 bits."""
    if int(first.max(initial=0)) * int(second.max(initial=0)) < 2**63:
        return first * second // divisor
    return (first.astype(object) * second // divisor).astype(np.int64)


@dataclass(frozen=True)
class MidMarketRate(SharingRule):
    """Trade midway between what the grid charges and what it pays."""

    meaning: ClassVar[str] = "Trade in proportion, midway between the tariff's two prices."

    def price(self, supply_wh: Floats, demand_wh: Floats, tariff: Tariff) -> Floats:
        """Return the price in ticks for a watt-hour."""
        return np.full(np.broadcast(supply_wh, demand_wh).shape, (tariff.buy + tariff.sell) / 2)

    def whole_price(self, supply: WattHours, demand: WattHours, tariff: Tariff) -> Prices:
        """Return the price rounded down."""
        return np.full_like(supply, (tariff.buy + tariff.sell) // 2)


@dataclass(frozen=True)
class BillSharing(SharingRule):
    """Trade for nothing: the community pays, and is paid, for what it exchanges with the grid.

    The bill of each half-hour is shared among those who take energy, and its income among
    those who give it, each in proportion.
    """

    meaning: ClassVar[str] = "Share the community's bill in proportion; trade itself is free."

    def price(self, supply_wh: Floats, demand_wh: Floats, tariff: Tariff) -> Floats:
        """Return zero."""
        return np.zeros(np.broadcast(supply_wh, demand_wh).shape)

    def whole_price(self, supply: WattHours, demand: WattHours, tariff: Tariff) -> Prices:
        """Return zero."""
        return np.zeros_like(supply)


@dataclass(frozen=True)
class SupplyDemandRatio(SharingRule):
    """Trade at a price that falls as supply nears demand.

    With as much supply as demand, or more, it is what the grid pays; with next to none, what
    the grid charges (equation 12 of [1]_, as [3]_ has it without compensation).
    """

    meaning: ClassVar[str] = "Trade in proportion, cheaper the more supply there is to demand."

    def price(self, supply_wh: Floats, demand_wh: Floats, tariff: Tariff) -> Floats:
        """Return the price in ticks for a watt-hour."""
        ratio = np.minimum(supply_wh / np.maximum(demand_wh, 1e-9), 1.0)
        below = (tariff.buy - tariff.sell) * ratio + tariff.sell
        return np.where(below > 0, tariff.buy * tariff.sell / np.maximum(below, 1e-9), 0.0)

    def whole_price(self, supply: WattHours, demand: WattHours, tariff: Tariff) -> Prices:
        """Return the price rounded down."""
        supply = np.minimum(supply, demand)
        below = (tariff.buy - tariff.sell) * supply + tariff.sell * demand
        return _times_over(np.array(tariff.buy * tariff.sell), demand, np.maximum(below, 1))


SHARING_RULES: Final[dict[str, TradingRule]] = {
    "supply-demand-ratio": SupplyDemandRatio(),
    "mid-market-rate": MidMarketRate(),
    "bill-sharing": BillSharing(),
}
"""By the name that scenarios use."""
