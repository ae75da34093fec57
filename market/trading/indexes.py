"""Six indexes of energy sharing, three economic and three technical, each 1 at best.

Their names, and what each is to show, are from [1]_. The formulas are *as defined here*: the
paper normalises each against a reference case of its own, and was not at hand to be followed
to the letter. So compare values with each other, not with the paper's.

Where an index would divide nothing by nothing, there was nothing to do better: it is 1.

References
----------
.. [1] Y. Zhou, J. Wu, C. Long, "Evaluation of peer-to-peer energy sharing mechanisms based on
   a multiagent simulation framework", Applied Energy 222, 2018.
"""

import numpy as np

from market.games.welfare import gini
from market.types import Floats


def value_tapping(alone: Floats, shared: Floats, optimum: Floats) -> Floats:
    """Return which part of what a community could save it does save.

    As defined here: what sharing saves, over what one controller of everything would save.

    Parameters
    ----------
    alone, shared : ndarray of float, shape (…, party)
        The bill of each party if it trades with the grid alone, and in the community; any unit.
    optimum : ndarray of float, shape (…)
        The least bill that the community could have together, at most what it pays alone.

    Returns
    -------
    ndarray of float, shape (…)
        1 if all is tapped, 0 if nothing is, below 0 if sharing costs more.

    Examples
    --------
    Two pay 60 and 40 alone, together 90, and could pay 80:

    >>> float(value_tapping(np.array([60.0, 40.0]), np.array([52.0, 38.0]), np.array(80.0)))
    0.5
    """
    return _part(alone.sum(-1) - shared.sum(-1), alone.sum(-1) - optimum)


def participation_willingness(alone: Floats, shared: Floats) -> Floats:
    """Return which part of the parties pays no more in the community than alone.

    Parameters
    ----------
    alone, shared : ndarray of float, shape (…, party)
        Bills as in `value_tapping`.

    Returns
    -------
    ndarray of float, shape (…)
        From 0 to 1.

    Examples
    --------
    >>> float(participation_willingness(np.array([6.0, 4.0, -1.0]), np.array([5.0, 4.0, 0.0])))
    0.6666666666666666
    """
    return np.less_equal(shared, alone).mean(-1)


def equality(alone: Floats, shared: Floats) -> float:
    """Return how equally the savings are shared among the parties.

    As defined here: 1 less Gini's index of savings; who pays more than alone counts as one who
    saves nothing, since the index knows no amounts below zero.

    Parameters
    ----------
    alone, shared : ndarray of float, shape (party,)
        Bills as in `value_tapping`.

    Returns
    -------
    float
        1 if all save the same; one over the number of parties if one saves all.

    Raises
    ------
    ValueError
        If there is no party, or a bill is not a number.

    Examples
    --------
    >>> equality(np.array([60.0, 40.0]), np.array([52.0, 32.0]))
    1.0
    >>> equality(np.array([60.0, 40.0]), np.array([52.0, 40.0]))
    0.5
    """
    return 1.0 - gini(np.maximum(alone - shared, 0.0))


def energy_balance(net_wh: Floats) -> Floats:
    """Return which part of the energy at the parties' meters meets its counterpart inside.

    As defined here: 1 less what the community exchanges with the grid, over what its parties
    take and give in all; half-hours do not make up for each other.

    Parameters
    ----------
    net_wh : ndarray of float, shape (…, party, window)
        What each party takes, negative where it gives, Wh.

    Returns
    -------
    ndarray of float, shape (…)
        1 if nothing is exchanged with the grid, 0 if all is.

    Examples
    --------
    Of 4 kWh given, 3 kWh are taken next door; then one of them takes 1 kWh:

    >>> float(energy_balance(np.array([[-4000.0, 1000.0], [3000.0, 0.0]])))
    0.75
    """
    exchanged = np.abs(net_wh.sum(-2)).sum(-1)
    return 1.0 - _part(exchanged, np.abs(net_wh).sum((-2, -1)), none=0.0)


def power_flatness(net_wh: Floats) -> Floats:
    """Return how even the community's exchange with the grid is over time.

    As defined here: the mean exchange, over the largest in any half-hour, whatever its
    direction; a load factor, in which taking and giving cancel.

    Parameters
    ----------
    net_wh : ndarray of float, shape (…, party, window)
        As in `energy_balance`.

    Returns
    -------
    ndarray of float, shape (…)
        1 if the exchange never changes, near 0 if it is one peak, or swings about nothing.

    Examples
    --------
    >>> float(power_flatness(np.array([[3000.0, 1000.0], [0.0, -1000.0]])))
    0.5
    """
    exchange = net_wh.sum(-2)
    return _part(np.abs(exchange.mean(-1)), np.abs(exchange).max(-1))


def self_sufficiency(net_wh: Floats, load_wh: Floats) -> Floats:
    """Return which part of what the parties use the community does not take from the grid.

    Parameters
    ----------
    net_wh : ndarray of float, shape (…, party, window)
        As in `energy_balance`.
    load_wh : ndarray of float, shape (…, party, window)
        What each party uses behind its meter, whoever generates it, Wh, not negative.

    Returns
    -------
    ndarray of float, shape (…)
        1 if nothing is taken from the grid; below 0 only if stores take more than is used.

    Examples
    --------
    Both use 2 kWh; the first makes 5 kWh, of which 1 kWh is left over:

    >>> noon, used = np.array([[-3000.0], [2000.0]]), np.array([[2000.0], [2000.0]])
    >>> float(self_sufficiency(noon, used))
    1.0

    In another half-hour they use as much, and make nothing:

    >>> float(self_sufficiency(np.hstack([noon, used]), np.hstack([used, used])))
    0.5
    """
    taken = np.maximum(net_wh.sum(-2), 0.0).sum(-1)
    return 1.0 - _part(taken, load_wh.sum((-2, -1)), none=0.0)


def _part(part: Floats, whole: Floats, none: float = 1.0) -> Floats:
    """Return a part over a whole of 0 or more, and what is said of a whole of nothing."""
    some = np.greater(whole, 0)
    return np.where(some, part / np.where(some, whole, 1.0), none)
