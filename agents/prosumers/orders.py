"""From what a household plans, and how it bids, to its orders.

To a prosumer a half-hour is a choice between two options: not to trade with the rest of its
community, or to trade what it plans to take or give. To trade is worth, at the most, that much
energy at the spread between what the grid charges and what it pays. So a strategy is asked
what it offers for either, as a network operator is for a set-point; how much more it offers
for trade, as a share of what trade is worth, is its *candour*. With all of it a household
orders at its tariff, which is the truth; with none, it orders nothing.

An auction reads limits: with half its candour a household wants half the spread for itself.
A sharing rule reads quantities alone: there it states half of what it has.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from agents.strategies.base import Experience, Knowledge, Setting
from market.mechanisms.hco import HighestCombinedOffer
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY, Orders
from market.trading.tariff import TICK_GBP, Tariff
from market.types import Bids, Floats, Mask, Options, Ticks, WattHours

NOT_TO_TRADE, TO_TRADE = range(2)

ITSELF, THE_REST = range(2)

HIGHEST_CANDOUR: Final = 100.0
"""So that no quantity goes beyond what an order can hold."""


def two_options(matches: int, windows: int) -> Setting:
    """Return what a strategy knows in the seat of prosumers: two parties, two options.

    Parameters
    ----------
    matches : int
        How many households follow it.
    windows : int
        How many a day has; they are ordered for together.
    """
    return Setting(
        rule=HighestCombinedOffer("difference"),
        seat=ITSELF,
        parties=2,
        set_points=np.array([0.0, 1.0]),
        matches=matches,
        horizon=windows,
        day=windows,
        tick_gbp=TICK_GBP,
    )


def worth_gbp(net_wh: WattHours, tariff: Tariff) -> Floats:
    """Return what not to trade and to trade are worth, at the most.

    Parameters
    ----------
    net_wh : ndarray of int64, shape (…, window)
        What each plans to take, negative if it gives.

    Returns
    -------
    ndarray of float, shape (…, window, 2)
        In GBP.

    Examples
    --------
    >>> worth_gbp(np.array([1000, -500]), Tariff(buy=2500, sell=500)).round(9).tolist()
    [[0.0, 0.2], [0.0, 0.1]]
    """
    trade = np.abs(net_wh) * (tariff.buy - tariff.sell) * TICK_GBP
    return np.stack([np.zeros_like(trade), trade], -1)


def knowledge(setting: Setting, net_wh: WattHours, tariff: Tariff, day: int) -> Knowledge:
    """Return what prosumers of one strategy know before they order for a day.

    Parameters
    ----------
    setting : Setting
        Theirs.
    net_wh : ndarray of int64, shape (match, window)
        What each plans to take.
    tariff : Tariff
        Of the grid.
    day : int
        Counted over all days.
    """
    matches, windows = net_wh.shape
    return Knowledge(
        setting=setting,
        windows=day * windows + np.arange(windows),
        values_gbp=worth_gbp(net_wh, tariff),
        authority=np.full((matches, windows), -1),
        free=np.zeros(matches, np.int64),
    )


def with_trade_worth(known: Knowledge, saved_gbp: Floats) -> Knowledge:
    """Return what prosumers know once orders are cleared: what their trade is worth.

    Parameters
    ----------
    known : Knowledge
        Upon which was bid.
    saved_gbp : ndarray of float, shape (match, window)
        What the trade saves each, negative if it loses by it.
    """
    return replace(known, values_gbp=np.stack([np.zeros_like(saved_gbp), saved_gbp], -1))


def candour(known: Knowledge, offers: Bids) -> Floats:
    """Return how much of what trade is worth is offered for it, shape ``(match, window)``.

    Not negative; 1 is the truth, and also where there is nothing to trade.

    Parameters
    ----------
    known : Knowledge
        Upon which was bid.
    offers : ndarray of int64, shape (match, window, 2)
        In ticks.
    """
    truth = known.bid(known.values_gbp)[..., TO_TRADE]
    more = np.maximum(offers[..., TO_TRADE] - offers[..., NOT_TO_TRADE], 0)
    share = np.where(truth > 0, more / np.maximum(truth, 1), 1.0)
    return np.minimum(share, HIGHEST_CANDOUR)


def limited(net_wh: WattHours, share: Floats, tariff: Tariff) -> Orders:
    """Return orders for an auction: all that is planned, at limits by candour.

    Parameters
    ----------
    net_wh : ndarray of int64, shape (…, party, window)
        What each plans to take.
    share : ndarray of float, the same shape
        Its candour.

    Examples
    --------
    Two who tell the truth, and two who want half the spread:

    >>> net, share = np.array([[5], [-5], [5], [-5]]), np.array([[1.0], [1.0], [0.5], [0.5]])
    >>> limited(net, share, Tariff(buy=2500, sell=500)).limit.ravel().tolist()
    [2500, 500, 1500, 1500]
    """
    conceded = np.rint(share * (tariff.buy - tariff.sell)).astype(np.int64)
    limit = np.where(net_wh > 0, tariff.sell + conceded, tariff.buy - conceded)
    return Orders(np.where(share > 0, net_wh, 0), np.clip(limit, 0, HIGHEST_PRICE))


def scaled(net_wh: WattHours, share: Floats, tariff: Tariff) -> Orders:
    """Return orders for a sharing rule: as much of what is planned as candour says.

    Limits are those of the tariff. Shapes as for `limited`.

    Examples
    --------
    >>> scaled(np.array([[10], [-10]]), np.array([[0.5], [1.2]]), Tariff(25, 5)).quantity_wh
    array([[  5],
           [-12]])
    """
    stated = np.clip(np.rint(share * net_wh), -HIGHEST_QUANTITY, HIGHEST_QUANTITY)
    limit = np.where(net_wh > 0, tariff.buy, tariff.sell)
    return Orders(stated.astype(np.int64), limit)


def saving_gbp(
    tariff: Tariff, traded_wh: WattHours, paid: Ticks, metered_wh: WattHours
) -> Floats:
    """Return what trade saved each against its tariff alone, of any one shape.

    What a meter shows beyond or short of what was traded goes to the grid.

    Parameters
    ----------
    traded_wh, metered_wh : ndarray of int64
        What each took from the others, and in all.
    paid : ndarray of int64
        What it paid the others, with what it was charged for not delivering.

    Examples
    --------
    It bought 1 kWh of 3 for 15 pence, which the grid has for 25:

    >>> saved = saving_gbp(Tariff(2500, 500), np.array(1000), np.array(1500000), np.array(3000))
    >>> round(float(saved), 9)
    0.1
    """
    through_trade = paid + tariff.bill(metered_wh - traded_wh)
    return (tariff.bill(metered_wh) - through_trade) * TICK_GBP


def wanted_by_rest(orders: Orders) -> Floats:
    """Return how much of each order the other side asked for, from 0 to 1.

    Shape ``(…, party, window)``; 0 for who ordered nothing.

    Examples
    --------
    >>> wanted = np.array([[6], [2], [-3]])
    >>> wanted_by_rest(Orders(wanted, 0 * wanted)).ravel().tolist()
    [0.5, 1.0, 1.0]
    """
    taken, given = np.maximum(orders.quantity_wh, 0), np.maximum(-orders.quantity_wh, 0)
    supply, demand = given.sum(-2, keepdims=True), taken.sum(-2, keepdims=True)
    asked = np.where(taken > 0, supply, demand)
    own = np.abs(orders.quantity_wh)
    return np.where(own > 0, np.minimum(asked / np.maximum(own, 1), 1.0), 0.0)


def experience(
    known: Knowledge,
    offers: Bids,
    wanted: Floats,
    sent: Mask,
    blocked: Mask,
    option: Options,
    paid: Ticks,
    earned_gbp: Floats,
) -> Experience:
    """Return what prosumers of one strategy see of a day once it is settled.

    The rest of the community counts as a second party: it is taken to want as much of each
    household's trade as was ordered on the other side, and to be paid what that paid.

    Parameters
    ----------
    known : Knowledge
        Upon which was bid.
    offers : ndarray of int64, shape (match, window, 2)
        What was bid.
    wanted : ndarray of float, shape (match, window)
        See `wanted_by_rest`.
    sent, blocked : ndarray of bool, shape (match, window)
        Whether its orders counted, and whether it did not deliver.
    option : ndarray of int, shape (match, window)
        Whether it came to trade.
    paid : ndarray of int64, shape (match, window)
        What it paid.
    earned_gbp : ndarray of float, shape (match, window)
        See `saving_gbp`.
    """
    theirs = known.bid(known.values_gbp * wanted[..., np.newaxis])
    return Experience(
        knowledge=known,
        bids=np.stack([offers * sent[..., np.newaxis], theirs], 1),
        present=np.stack([sent, np.ones_like(sent)], 1),
        blocked=np.stack([blocked, np.zeros_like(blocked)], 1),
        option=option,
        authority=known.authority,
        payments=np.stack([paid, -paid], 1),
        penalties=np.zeros((len(paid), 2), np.int64),
        earned_gbp=earned_gbp,
    )
