"""The game whose actions are bids: what each party earns by the rules of a mechanism."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from market.decision import decide
from market.mechanisms.base import Mechanism
from market.mechanisms.entries import at
from market.types import Bids, Floats, Seats

Menus: TypeAlias = tuple[Bids, ...]
"""The bids of each party, each of shape ``(bid, option)``."""


def bid_game(
    rule: Mechanism, values: Floats, menus: Sequence[Bids], authority: Seats
) -> Floats:
    """Return what each party earns if each makes one of some bids: a game in normal form.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (party, option)
        What each option is worth to each party, in ticks.
    menus : sequence of ndarray of int64, each of shape (bid, option)
        The bids of each party: offers in ticks, or ranks.
    authority : ndarray of int64, shape ()
        The seat that breaks a tie.

    Returns
    -------
    ndarray of float, shape (party, *bids)
        Ticks; in a lottery the mean over the lots.

    Examples
    --------
    Seat 0 tells the truth or offers just enough, seat 1 tells the truth:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> values = np.array([[9.0, 0.0], [0.0, 4.0]])
    >>> menus = np.array([[9, 0], [4, 0]]), np.array([[0, 4]])
    >>> bid_game(HighestCombinedOffer(), values, menus, np.array(0)).tolist()
    [[[0.0], [5.0]], [[9.0], [4.0]]]
    """
    bids, seats = every_profile(menus), range(len(menus))
    if rule.lottery:
        return np.stack([earned(rule, values[i], bids, i, authority) for i in seats])
    present = np.ones(bids.shape[:-1], np.bool_)
    found = decide(rule, bids, present, np.broadcast_to(authority, bids.shape[:-2]))
    return values[:, found.option] - np.moveaxis(found.payments, -1, 0)


def every_profile(menus: Sequence[Bids]) -> Bids:
    """Return all choices of one bid for each party, shape ``(*bids, party, option)``.

    >>> every_profile([np.array([[1, 2], [2, 1]]), np.array([[2, 1]])]).tolist()
    [[[[1, 2], [2, 1]]], [[[2, 1], [2, 1]]]]
    """
    places = np.indices([len(menu) for menu in menus])
    return np.stack([menu[place] for menu, place in zip(menus, places, strict=True)], axis=-2)


def earned(rule: Mechanism, values: Floats, bids: Bids, seat: int, authority: Seats) -> Floats:
    """Return what a party earns if all bid so, and all take part.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (…, option)
        What each option is worth to the party, in ticks.
    bids : ndarray of int64, shape (…, party, option)
        Everybody's offers in ticks, or ranks.
    seat : int
        Whose earnings are wanted.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie.

    Returns
    -------
    ndarray of float, shape (…)
        Ticks, less what it pays; in a lottery the mean over the lots.

    Examples
    --------
    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> offers = np.array([[8, 0], [0, 4]])
    >>> float(
    ...     earned(HighestCombinedOffer(), np.array([9.0, 0.0]), offers, 0, np.array(0))
    ... )
    1.0
    """
    if rule.lottery:
        drawn = rule.candidates(bids, np.ones(bids.shape[:-1], np.bool_))
        values, drawn = np.broadcast_arrays(values, drawn)
        return values.mean(-1, where=drawn)
    lead = np.broadcast_shapes(values.shape[:-1], bids.shape[:-2], authority.shape)
    bids = np.broadcast_to(bids, (*lead, *bids.shape[-2:]))
    present = np.ones(bids.shape[:-1], np.bool_)
    decision = decide(rule, bids, present, np.broadcast_to(authority, lead))
    values = np.broadcast_to(values, (*lead, values.shape[-1]))
    return at(values, decision.option) - decision.payments[..., seat]
