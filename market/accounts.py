"""What a window locks, and what settlement frees; every function takes leading axes."""

import numpy as np

from market.errors import DepositRefused
from market.mechanisms.base import Mechanism
from market.terms import MOST_TICKS
from market.types import Bids, Mask, Ticks


def check_deposit(ticks: int) -> None:
    """Raise `DepositRefused` for what nobody can pay in, whoever asks.

    >>> check_deposit(1000)
    """
    if not 0 <= ticks <= MOST_TICKS:
        raise DepositRefused(ticks, MOST_TICKS)


def locks(rule: Mechanism, bids: Bids, bond: int) -> Ticks:
    """Return what an open bid locks: its highest offer (ranks: nothing) and the bond.

    Examples
    --------
    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> locks(HighestCombinedOffer(), np.array([[10, 4, 0], [0, 7, 8]]), bond=5).tolist()
    [15, 13]
    """
    stake = bids.max(-1) if rule.form == "offers" else np.zeros(bids.shape[:-1], np.int64)
    return stake + bond


def penalties(losers: Mask, present: Mask, bond: int) -> Ticks:
    """Return what each party loses, or gains if negative, when some forfeit their bonds.

    A bond is shared among the other participants (none: the other seats), rounded
    down, odd ticks to the lowest seats.

    Parameters
    ----------
    losers : ndarray of bool, shape (…, party)
        Who forfeits its bond: it blocked the transfer, or did not reveal.
    present : ndarray of bool, shape (…, party)
        Who took part.
    bond : int
        In ticks.

    Examples
    --------
    >>> penalties(np.array([False, True, False]), np.array([True, True, True]), 5).tolist()
    [-3, 5, -2]
    """
    if not losers.any():
        return np.zeros(losers.shape, np.int64)
    others = ~np.eye(losers.shape[-1], dtype=bool)
    takers = present[..., None, :] & others
    takers = np.where(takers.any(-1, keepdims=True), takers, others)
    share, odd = np.divmod(bond, takers.sum(-1, keepdims=True))
    received = takers * (share + (takers.cumsum(-1) <= odd))
    return bond * losers - (received * losers[..., None]).sum(-2)


def top_up(free: Ticks, keeps: Ticks) -> Ticks:
    """Return what a party pays in: up to what it keeps, if less than half of that is left.

    >>> top_up(np.array([0, 499, 500, 9000]), np.array(1000)).tolist()
    [1000, 501, 0, 0]
    """
    return np.where(2 * free < keeps, keeps - free, 0)


def excess(free: Ticks, keeps: Ticks) -> Ticks:
    """Return what a party takes out: down to what it keeps, if it has more than twice that.

    >>> excess(np.array([0, 2000, 2001]), np.array(1000)).tolist()
    [0, 0, 1001]
    """
    return np.where(free > 2 * keeps, free - keeps, 0)
