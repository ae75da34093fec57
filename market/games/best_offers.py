"""What it takes to win an option by money: the least offer, and what is paid for it.

For fixed offers of the others, raising the own offer at an option never lowers the own
payment there, whatever the payment rule and its rounding; and an offer at any other option
helps only that one. So the cheapest way to an option offers just enough there and nothing
elsewhere (RULES §5.5).
"""

import numpy as np

from market.mechanisms.base import Mechanism
from market.mechanisms.entries import at, highest, row_of, summed_but
from market.types import Bids, Mask, Seats, Ticks


def least_offers(others: Bids, seat: int, authority: Seats) -> Ticks:
    """Return the least offer that wins each option, with nothing offered elsewhere.

    Parameters
    ----------
    others : ndarray of int64, shape (…, party, option)
        Offers in ticks; the row of `seat` is not read.
    seat : int
        Who is to win.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie; -1: not known, and every tie is lost.

    Returns
    -------
    ndarray of int64, shape (…, option)
        Ticks; one more than makes a tie where the tie would be lost.

    Examples
    --------
    The other offers 7 for the last option. Seat 0 breaks ties, then seat 1, then who knows:

    >>> offers = np.array([[0, 0, 0], [0, 4, 7]])
    >>> [least_offers(offers, 0, np.array(holder)).tolist() for holder in (0, 1, -1)]
    [[7, 3, 0], [8, 4, 0], [8, 4, 0]]
    """
    combined = summed_but(others, seat)
    short = highest(combined) - combined
    return short + _tie_lost(short, _merit_of_holder(short, others, seat, authority), authority)


def own_payments(rule: Mechanism, offers: Ticks, others: Bids, seat: int) -> Ticks:
    """Return what a party pays for each option if it wins that one with its offer there.

    Parameters
    ----------
    rule : Mechanism
        The payment rule.
    offers : ndarray of int64, shape (…, option)
        The party's offers in ticks, each on its own.
    others : ndarray of int64, shape (…, party, option)
        Offers in ticks; the row of `seat` is not read.
    seat : int
        Who pays.

    Returns
    -------
    ndarray of int64, shape (…, option)
        Ticks; negative if it receives.

    Examples
    --------
    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> own_payments(
    ...     HighestCombinedOffer(), np.array([7, 3, 0]), np.array([[0, 0, 0], [0, 4, 7]]), 0
    ... ).tolist()
    [7, -1, -7]
    """
    of_each = np.moveaxis(others, -2, 0).copy()  # parties first: payments are sums over them
    of_each[seat] = offers
    everybody = np.ones(len(of_each), np.bool_)
    return rule.charge(np.moveaxis(of_each, 0, -1), everybody)[..., seat]


def _merit_of_holder(short: Ticks, others: Bids, seat: int, authority: Seats) -> Ticks:
    """Return how the holder orders options: by what it offers, which for `seat` is `short`."""
    merit = row_of(np.maximum(authority, 0), others)
    return np.where(np.equal(authority, seat)[..., None], short, merit)


def _tie_lost(short: Ticks, merit: Ticks, authority: Seats) -> Mask:
    """Return where an offer that makes a tie, or none if nothing is short, does not win."""
    options = np.arange(short.shape[-1])
    leads = np.equal(short, 0)
    rival = np.where(leads, merit, -1).argmax(-1)  # of the leaders, the holder's
    lead = at(merit, rival)[..., None]
    lost = (merit < lead) | (np.equal(merit, lead) & (options > rival[..., None]))
    alone = leads & np.equal(leads.sum(-1, keepdims=True), 1)
    return np.where((authority < 0)[..., None], ~alone, lost)
