"""From costs in GBP to bids: the only place where a float becomes money or a rank."""

import numpy as np

from market.mechanisms.base import Form
from market.types import Bids, Floats


def values(costs_gbp: Floats) -> Floats:
    """Return what each option is worth: the worst cost less its cost (the paper, p. 13).

    Parameters
    ----------
    costs_gbp : ndarray of float, shape (…, option)
        What the window costs a party at each option, in GBP.

    Examples
    --------
    >>> values(np.array([3.0, 5.0, 4.5])).tolist()
    [2.0, 0.0, 0.5]
    """
    return costs_gbp.max(-1, keepdims=True) - costs_gbp


def offers(values_gbp: Floats, tick_gbp: float = 0.01) -> Bids:
    """Return offers in whole ticks, half to even; nobody offers less than nothing.

    Examples
    --------
    >>> offers(np.array([2.0, 0.125, 0.135, -1.0])).tolist()
    [200, 12, 14, 0]
    """
    ticks = np.rint(np.asarray(values_gbp) / tick_gbp)
    return np.clip(ticks, 0, 2**32 - 1).astype(np.int64)


def ranks(values_gbp: Floats) -> Bids:
    """Return ranks with 1 for the highest value; of equal ones the lower index is better.

    Examples
    --------
    >>> ranks(np.array([2.0, 0.0, 2.0, 3.0])).tolist()
    [2, 4, 3, 1]
    """
    order = np.argsort(-np.asarray(values_gbp), axis=-1, kind="stable")
    options = order.shape[-1]
    first = np.arange(0, order.size, options).reshape(*order.shape[:-1], 1)
    placed = np.empty(order.size, np.int64)
    placed[first + order] = np.arange(1, options + 1)
    return placed.reshape(order.shape)


def bids(values_gbp: Floats, form: Form, tick_gbp: float = 0.01) -> Bids:
    """Return stated values in the form that a mechanism asks for."""
    return offers(values_gbp, tick_gbp) if form == "offers" else ranks(values_gbp)
