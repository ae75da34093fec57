"""What an order locks, and what settlement frees of it; every function takes leading axes.

A party delivers its trade if its own meter shows at least as much flow, in the direction of the
trade. What is missing is charged by the watt-hour and shared among the others who traded in
that window, so that no money is made or lost. All else that the meters show is settled with the
grid at each party's tariff, outside: what the meters sum to is what the community exchanges.
"""

import numpy as np

from market.payments import difference
from market.trading.base import Cleared, Orders, TradingRule
from market.trading.tariff import Tariff
from market.types import Ticks, WattHours


def locks(rule: TradingRule, tariff: Tariff, orders: Orders, penalty: int) -> Ticks:
    """Return the most that orders can cost: all that is wanted at the limit, and all penalties.

    Under a rule that reads no limits, at what the grid charges, beyond which no rule goes.

    Parameters
    ----------
    rule : TradingRule
        Which will clear.
    tariff : Tariff
        Of the community.
    orders : Orders
        Of shape ``(…, party, window)``, as what is returned.
    penalty : int
        For each watt-hour that is not delivered, in ticks.

    Examples
    --------
    One takes 5 Wh for up to 20 ticks, another gives 4 Wh; not to deliver costs 3 ticks:

    >>> from market.trading.auction import UniformPrice
    >>> orders = Orders(np.array([[5], [-4]]), np.array([[20], [8]]))
    >>> locks(UniformPrice(), Tariff(25, 5), orders, penalty=3).ravel().tolist()
    [115, 12]
    """
    most = orders.limit if rule.limits else tariff.buy
    return np.maximum(orders.quantity_wh, 0) * most + np.abs(orders.quantity_wh) * penalty


def shortfall(traded_wh: WattHours, metered_wh: WattHours) -> WattHours:
    """Return how much of its trade each party did not deliver, in watt-hours, never negative.

    A seller delivers by giving to its grid connection, a buyer by taking.

    Examples
    --------
    Sellers of 4 Wh that gave 1, gave 9 and took 2; buyers of 4 Wh that took 3 and gave 1:

    >>> traded = np.array([-4, -4, -4, 4, 4])
    >>> shortfall(traded, np.array([-1, -9, 2, 3, -1])).tolist()
    [3, 0, 4, 1, 4]
    """
    delivered = np.maximum(np.sign(traded_wh) * metered_wh, 0)
    return np.maximum(np.abs(traded_wh) - delivered, 0)


def charges(traded_wh: WattHours, metered_wh: WattHours, penalty: int) -> Ticks:
    """Return what each party pays for what was not delivered, negative if it is compensated.

    Each who traded pays its own penalty less the mean of the others' penalties, which is the
    payment rule `market.payments.difference`: rounded down, odd ticks to the lowest seats.

    Parameters
    ----------
    traded_wh, metered_wh : ndarray of int64, shape (…, party, window)
        Trades sum to zero over the parties.
    penalty : int
        For each watt-hour, in ticks.

    Returns
    -------
    ndarray of int64, shape (…, party, window)
        The parties sum to zero; nobody pays more than its trade times the penalty.

    Examples
    --------
    The first gave 1 Wh of the 4 Wh that it sold to the last two; the second traded nothing:

    >>> traded = np.array([[-4], [0], [1], [3]])
    >>> charges(traded, np.array([[-1], [7], [1], [3]]), penalty=5).ravel().tolist()
    [15, 0, -7, -8]
    """
    owed = penalty * shortfall(traded_wh, metered_wh)
    parties_last = difference(np.swapaxes(owed, -1, -2), np.swapaxes(traded_wh, -1, -2) != 0)
    return np.swapaxes(parties_last, -1, -2)


def dues(lock: Ticks, cleared: Cleared, metered_wh: WattHours, penalty: int) -> Ticks:
    """Return what settlement frees for each party, in ticks, never negative.

    Parameters
    ----------
    lock : ndarray of int64, shape (…, party, window)
        What `locks` returned for the orders that were cleared.
    cleared : Cleared
        What came of them.
    metered_wh : ndarray of int64, shape (…, party, window)
        What each party took through its meter, negative if it gave.
    penalty : int
        For each watt-hour that is not delivered, in ticks.

    Returns
    -------
    ndarray of int64, shape (…, party)
        The parties sum to what they locked.

    Examples
    --------
    >>> traded = np.array([[4], [-4]])
    >>> cleared = Cleared(traded, 14 * traded, np.array([14]))
    >>> dues(np.array([[115], [12]]), cleared, np.array([[4], [-3]]), penalty=3).tolist()
    [62, 65]
    """
    lost = charges(cleared.traded_wh, metered_wh, penalty)
    return (lock - cleared.payments - lost).sum(-1)
