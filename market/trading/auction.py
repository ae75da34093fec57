"""Double auctions: buyers by the highest limit meet sellers by the lowest, while both gain.

Orders are laid end to end in order of merit, buys and sells each along one axis of energy.
Wherever an order of either side ends, a new *stretch* begins; on a stretch one buyer faces one
seller, and they trade if the buyer's limit reaches the seller's. Limits only grow apart along
the axis, so what is traded is as much as can be, and worth as much to the traders as can be.

A pair shares its surplus by k, as in the k-double auction [1]_: the price is the seller's limit
and k of what the buyer's is above it. One price for all is that of the last pair that trades.
Nobody trades at a price beyond its limit under either rule.

References
----------
.. [1] M. Satterthwaite and S. Williams, "Bilateral trade with the sealed bid k-double auction:
   existence and efficiency", Journal of Economic Theory 48(1), 1989.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from market.trading.base import HIGHEST_PRICE, Cleared, Orders
from market.trading.tariff import Tariff
from market.types import Floats, Mask, Prices, Seats, WattHours


@dataclass(frozen=True, eq=False)
class MeritOrder:
    """Seats with the best order first, equal limits by seat, shape ``(…, party, window)``.

    Those who order nothing on a side come last on it.
    """

    buyers: Seats
    sellers: Seats


def merit_order(orders: Orders) -> MeritOrder:
    """Return the seats by the merit of their orders.

    Examples
    --------
    Seats 0 and 2 buy, the latter for more; seats 1 and 3 sell for the same:

    >>> wanted, limits = np.array([[5], [-4], [3], [-2]]), np.array([[20], [9], [30], [9]])
    >>> found = merit_order(Orders(wanted, limits))
    >>> found.buyers.ravel().tolist(), found.sellers.ravel().tolist()
    ([2, 0, 1, 3], [1, 3, 0, 2])
    """
    wanted, limit = orders.quantity_wh, orders.limit
    last = HIGHEST_PRICE + 1
    return MeritOrder(
        np.where(wanted > 0, -limit, last).argsort(-2, kind="stable"),
        np.where(wanted < 0, limit, last).argsort(-2, kind="stable"),
    )


def witness(orders: Orders) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return for each window of one session its buyers and its sellers, the best first.

    It is what a contract is shown instead of sorting: each side strictly in order of its limit
    and then of its seat, and none left out.

    Parameters
    ----------
    orders : Orders
        Of shape ``(party, window)``.

    Examples
    --------
    >>> witness(Orders(np.array([[5], [-4], [3], [0]]), np.array([[20], [9], [30], [0]])))
    (((2, 0), (1,)),)
    """
    merit = merit_order(orders)
    buys, sells = (orders.quantity_wh > 0).sum(-2), (orders.quantity_wh < 0).sum(-2)
    return tuple(
        (
            tuple(merit.buyers[: buys[window], window].tolist()),
            tuple(merit.sellers[: sells[window], window].tolist()),
        )
        for window in range(orders.quantity_wh.shape[-1])
    )


def is_share(k: float) -> bool:
    """Return whether k is from 0 to 1 in whole thousandths, so that contracts hold it.

    >>> is_share(0.125), is_share(0.0625), is_share(float("nan"))
    (True, False, False)
    """
    return 0 <= k <= 1 and k == round(1000 * k) / 1000


def k_price(buy: Prices, sell: Prices, k: float) -> Prices:
    """Return the price between two limits, in whole ticks, rounded down.

    >>> k_price(np.array([30, 30]), np.array([9, 10]), k=0.5).tolist()
    [19, 20]
    """
    return sell + round(1000 * k) * (buy - sell) // 1000


@dataclass(frozen=True)
class Auction:
    """Match orders by merit."""

    k: float = 0.5
    """Whose the surplus is: 0 the buyers', 1 the sellers'; counted in whole thousandths."""

    limits: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not is_share(self.k):
            raise ValueError(f"k is {self.k}, wanted 0 to 1 in whole thousandths")

    def price(self, supply_wh: Floats, demand_wh: Floats, tariff: Tariff) -> Floats:
        """Return the price of orders with the tariff as their limits."""
        shape = np.broadcast(supply_wh, demand_wh).shape
        return np.full(shape, tariff.sell + self.k * (tariff.buy - tariff.sell))


@dataclass(frozen=True)
class UniformPrice(Auction):
    """All who trade in a window do so at one price."""

    meaning: ClassVar[str] = "Match orders by merit; all trade at the price of the last pair."

    def clear(self, orders: Orders, tariff: Tariff) -> Cleared:
        """Return what came of orders; the tariff is not read.

        Examples
        --------
        Two want 5 Wh and 3 Wh for up to 20 and 30 ticks, two give 4 Wh and 2 Wh from 8 and 12:

        >>> wanted, limits = np.array([[5], [-4], [3], [-2]]), np.array([[20], [8], [30], [12]])
        >>> found = UniformPrice(k=0.5).clear(Orders(wanted, limits), Tariff(2500, 500))
        >>> found.traded_wh.ravel().tolist(), found.payments.ravel().tolist()
        ([3, -4, 3, -2], [48, -64, 48, -32])
        """
        met = _meet(orders)
        last = k_price(met.last(met.buy), met.last(met.sell), self.k)
        price = last * (met.energy > 0).any(-1)
        traded = met.by_seat(met.energy)
        return Cleared(traded, price[..., np.newaxis, :] * traded, price)


@dataclass(frozen=True)
class PayAsBid(Auction):
    """Each buyer pays each seller that it meets a price between their own two limits."""

    meaning: ClassVar[str] = "Match orders by merit; each pair trades at a price of its own."

    def clear(self, orders: Orders, tariff: Tariff) -> Cleared:
        """Return what came of orders; the tariff is not read.

        Examples
        --------
        The orders of `UniformPrice.clear`: 3 Wh at 19, 1 Wh at 14 and 2 Wh at 16 ticks:

        >>> wanted, limits = np.array([[5], [-4], [3], [-2]]), np.array([[20], [8], [30], [12]])
        >>> found = PayAsBid(k=0.5).clear(Orders(wanted, limits), Tariff(2500, 500))
        >>> found.payments.ravel().tolist(), found.price.tolist()
        ([46, -71, 57, -32], [17])
        """
        met = _meet(orders)
        paid = met.energy * k_price(met.buy, met.sell, self.k)
        price = paid.sum(-1) // np.maximum(met.energy.sum(-1), 1)
        return Cleared(met.by_seat(met.energy), met.by_seat(paid), price)


@dataclass(frozen=True, eq=False)
class _Meeting:
    """The stretches of a window, of which there are as many as orders on both sides.

    An order of nothing ends where it begins, so its stretches have no length.
    """

    merit: MeritOrder

    ends: NDArray[np.int64]
    """The stretch on which each order ends, the buys before the sells, by merit.

    Shape ``(…, window, 2 · party)``.
    """

    energy: WattHours
    """What is traded on each stretch, shape ``(…, window, stretch)``."""

    buy: Prices
    """The limit of the buyer on each stretch, the same shape."""

    sell: Prices
    """The limit of the seller."""

    def last(self, limits: Prices) -> Prices:
        """Return what stands on the last stretch with trade, or on any where there is none."""
        behind = (self.energy[..., ::-1] > 0).argmax(-1)[..., np.newaxis]
        return np.take_along_axis(limits[..., ::-1], behind, -1)[..., 0]

    def by_seat(self, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return amounts on stretches as what each seat has of them, negative if it sells.

        Shape ``(…, party, window)``.
        """
        so_far = np.take_along_axis(amounts.cumsum(-1), self.ends, -1)
        bought, sold = (np.diff(side, axis=-1, prepend=0) for side in np.split(so_far, 2, -1))
        merit = self.merit
        return _seated(bought, merit.buyers) - _seated(sold, merit.sellers)


def _meet(orders: Orders) -> _Meeting:
    """Lay the orders of both sides end to end, and see who faces whom."""
    merit = merit_order(orders)
    buyers, sellers = _windows_first(merit.buyers), _windows_first(merit.sellers)
    wanted, limit = _windows_first(orders.quantity_wh), _windows_first(orders.limit)
    bought = np.take_along_axis(np.maximum(wanted, 0), buyers, -1).cumsum(-1)
    sold = np.take_along_axis(np.maximum(-wanted, 0), sellers, -1).cumsum(-1)
    reached = np.concatenate([bought, sold], -1)
    order = reached.argsort(-1, kind="stable")
    ends = np.empty_like(order)
    np.put_along_axis(ends, order, np.broadcast_to(np.arange(order.shape[-1]), order.shape), -1)
    lengths = np.diff(np.take_along_axis(reached, order, -1), axis=-1, prepend=0)
    is_buy = order < bought.shape[-1]
    buy, buying = _facing(np.take_along_axis(limit, buyers, -1), is_buy)
    sell, selling = _facing(np.take_along_axis(limit, sellers, -1), ~is_buy)
    return _Meeting(merit, ends, lengths * (buying & selling & (buy >= sell)), buy, sell)


def _facing(limits: Prices, ends_here: Mask) -> tuple[Prices, Mask]:
    """Return the limit of whose turn it is on each stretch, and whether anybody is left."""
    passed = ends_here.cumsum(-1) - ends_here
    left = passed < limits.shape[-1]
    return np.take_along_axis(limits, np.where(left, passed, 0), -1), left


def _seated(by_merit: NDArray[np.int64], seats: Seats) -> NDArray[np.int64]:
    """Return what each seat has, ``(…, party, window)``, of what each place by merit has."""
    found = np.empty_like(seats)
    np.put_along_axis(found, seats, _windows_first(by_merit), -2)
    return found


def _windows_first(of_parties: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.swapaxes(of_parties, -1, -2)
