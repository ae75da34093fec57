"""What it takes to win an option by ranks, under each of the ranked mechanisms.

Who ranks an option first keeps it undominated and lowers its sum the most, so that nothing
is won by other ranks that is not won by these; the rest is where to put the rivals.
"""

import numpy as np

from market.mechanisms.entries import at, row_of, summed_but
from market.money import ranks
from market.types import Bids, Floats, Mask, Options, Seats


def thresholds(others: Bids, seat: int, authority: Seats) -> Bids:
    """Return how badly each rival must be ranked for an option to win under ``rps``.

    An option that is ranked first has the lowest sum if no rival `c` of it is ranked
    better than ``1 + R_b - R_c``, with `R` the sums of the others' ranks; and one worse
    where a tie between them would be lost.

    Parameters
    ----------
    others : ndarray of int64, shape (…, party, option)
        Ranks; the row of `seat` is not read.
    seat : int
        Who ranks.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie; -1: not known, and every tie is lost.

    Returns
    -------
    ndarray of int64, shape (…, option, rival)
        Ranks: 1 for the option itself, 2 or more for its rivals.

    Examples
    --------
    >>> thresholds(np.array([[0, 0, 0], [1, 2, 3]]), 0, np.array(0)).tolist()
    [[1, 2, 2], [2, 1, 2], [3, 2, 1]]
    """
    every = (np.full(others.shape[:-2], option) for option in range(others.shape[-1]))
    return np.stack([rivals_of(option, others, seat, authority) for option in every], -2)


def reachable(least: Bids) -> Mask:
    """Return which options can be made to win, given the thresholds of their rivals.

    The rivals in ascending order of threshold get the ranks in ascending order, so an
    option wins if none of them falls short. One always does: the option that the others
    together rank best, whoever breaks ties.

    Parameters
    ----------
    least : ndarray of int64, shape (…, option, rival)
        Least ranks, from `thresholds`.

    Examples
    --------
    Authority can win every option, the other party all but what authority ranks last:

    >>> same = np.array([[1, 2, 3], [1, 2, 3]])
    >>> [reachable(thresholds(same, 0, np.array(holder))).tolist() for holder in (0, 1)]
    [[True, True, True], [True, True, False]]
    """
    places = np.arange(1, least.shape[-1] + 1)
    return np.all(np.sort(least, -1) <= places, axis=-1)


def rivals_of(option: Options, others: Bids, seat: int, authority: Seats) -> Bids:
    """Return how badly each rival of one option must be ranked: a row of `thresholds`.

    Parameters
    ----------
    option : ndarray of int64, shape (…)
        The one that is to win.
    others : ndarray of int64, shape (…, party, option)
        Ranks; the row of `seat` is not read.
    seat : int
        Who ranks.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie; -1: not known, and every tie is lost.

    Returns
    -------
    ndarray of int64, shape (…, rival)

    Examples
    --------
    >>> rivals_of(np.array(2), np.array([[0, 0, 0], [1, 2, 3]]), 0, np.array(0)).tolist()
    [3, 2, 1]
    """
    summed = summed_but(others, seat)
    merit = row_of(np.maximum(authority, 0), others)
    lost = merit < at(merit, option)[..., None]
    lost &= ~np.equal(authority, seat)[..., None]
    lost |= (authority < 0)[..., None]
    least = 1 + at(summed, option)[..., None] - summed + lost
    itself = np.equal(np.arange(others.shape[-1]), option[..., None])
    return np.where(itself, 1, np.maximum(least, 2))


def within_reach(others: Bids, seat: int, authority: Seats) -> Mask:
    """Return which options a party can make win, shape ``(…, option)``.

    Against one other party that is every option if it breaks ties, and if not all but the
    one that the other ranks last (RULES §5.6).

    Parameters
    ----------
    others : ndarray of int64, shape (…, party, option)
        Ranks; the row of `seat` is not read.
    seat : int
        Who ranks.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie; -1: not known, and every tie is lost.
    """
    if others.shape[-2] > 2:
        return reachable(thresholds(others, seat, authority))
    other = others[..., 1 - seat, :]
    return np.equal(authority, seat)[..., None] | (other < other.shape[-1])


def favourites(bids: Bids) -> Options:
    """Return what each party ranks first, which authority gets under ``rps-pareto``.

    Nothing dominates a first choice, so no report of another party keeps it from the holder
    of authority, and none but the holder's own changes the outcome.

    Parameters
    ----------
    bids : ndarray of int64, shape (…, party, option)
        Ranks, 1 best.

    Examples
    --------
    >>> favourites(np.array([[2, 1, 3], [3, 2, 1]])).tolist()
    [1, 2]
    """
    return bids.argmin(-1)


def best_draw(worth: Floats, other: Bids) -> Mask:
    """Return the best set to draw from under ``rps-random``, against one other party.

    In the other's order, an option is undominated if it is ranked better than all before it.
    So every set can be made that holds the other's favourite, and no set without it; of
    these the best has, beside it, the options of the greatest worth, down to the mean.

    Parameters
    ----------
    worth : ndarray of float, shape (…, option)
        Worth of each option, any unit.
    other : ndarray of int64, shape (…, option)
        The other party's ranks.

    Returns
    -------
    ndarray of bool, shape (…, option)
        Of sets that are worth the same, the smallest.

    Examples
    --------
    >>> best_draw(np.array([0.0, 9.0, 1.0]), np.array([1, 2, 3])).tolist()
    [True, True, False]
    """
    forced = np.where(np.equal(other, 1), np.inf, worth)
    order = (-forced).argsort(-1, kind="stable")
    sizes = np.arange(1, worth.shape[-1] + 1)
    means = np.take_along_axis(worth, order, -1).cumsum(-1) / sizes
    return np.less_equal(ranks(forced), means.argmax(-1)[..., None] + 1)


def ranks_to_draw(drawn: Mask, other: Bids) -> Bids:
    """Return ranks that leave a set of options undominated, against one other party.

    Parameters
    ----------
    drawn : ndarray of bool, shape (…, option)
        The set, with the other's favourite in it.
    other : ndarray of int64, shape (…, option)
        The other party's ranks.

    Examples
    --------
    >>> ranks_to_draw(np.array([True, False, True]), np.array([1, 2, 3])).tolist()
    [2, 3, 1]
    """
    return ranks(np.where(drawn, other, 0.0))
