"""Best-response dynamics in the game of bids itself: where it ends, or that it goes round."""

from dataclasses import dataclass

import numpy as np

from market.games.best_response import best_response, deviation_gain
from market.mechanisms.base import Mechanism
from market.types import Bids, Floats, Mask, Seats

TOLERANCE = 1e-6
"""Gains up to this, in ticks, move nobody."""


@dataclass(frozen=True, eq=False)
class Dynamics:
    """Where parties got to that answered each other's bids in turn."""

    bids: Bids
    """The last ones, shape ``(…, party, option)``."""

    settled: Mask
    """Where nobody gains any more: an exact equilibrium of the bid game, shape ``(…)``."""

    circling: Mask
    """Where the same bids came back, so that it will never settle, shape ``(…)``."""

    epsilon: Floats
    """The most that a party would gain by another bid, in ticks, shape ``(…)``."""

    rounds: int
    """How many rounds were played."""


def best_response_dynamics(
    rule: Mechanism, values: Floats, bids: Bids, authority: Seats, rounds: int = 64
) -> Dynamics:
    """Let parties in turn replace their bid by an exact best response, if that gains.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (…, party, option)
        What each option is worth to each party, in ticks.
    bids : ndarray of int64, shape (…, party, option)
        Where to start: offers in ticks, or ranks.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie.
    rounds : int
        After which to stop, if some still move. Bids that come back are found by comparing
        with those of the rounds 1, 2, 4, 8, … [1]_.

    References
    ----------
    .. [1] R. P. Brent, "An improved Monte Carlo factorization algorithm", BIT 20, 1980.

    Examples
    --------
    Two who want opposite options, where seat 0 breaks ties: it ends with equal offers.

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> values = np.array([[9.0, 0.0], [0.0, 4.0]])
    >>> found = best_response_dynamics(
    ...     HighestCombinedOffer(), values, values.astype(np.int64), np.array(0)
    ... )
    >>> found.bids.tolist(), bool(found.settled), float(found.epsilon)
    ([[4, 0], [0, 4]], True, 0.0)
    """
    settled = np.zeros(authority.shape, bool)
    circling = settled.copy()
    seen, power, done = bids, 1, 0
    while done < rounds and not (settled | circling).all():
        before = bids
        bids = _round(rule, values, bids, authority)
        done += 1
        settled = np.asarray(np.equal(before, bids).all((-1, -2)))
        circling |= np.equal(seen, bids).all((-1, -2)) & ~settled
        if done == power:
            seen, power = bids, 2 * power
    gains = [
        deviation_gain(rule, values[..., seat, :], bids, seat, authority)
        for seat in range(bids.shape[-2])
    ]
    return Dynamics(bids, settled, circling, np.max(gains, axis=0), done)


def _round(rule: Mechanism, values: Floats, bids: Bids, authority: Seats) -> Bids:
    """Return the bids once each party has answered, the lowest seat first."""
    for seat in range(bids.shape[-2]):
        own = values[..., seat, :]
        better = deviation_gain(rule, own, bids, seat, authority) > TOLERANCE
        answer = best_response(rule, own, bids, seat, authority).bids
        changed = bids.copy()
        changed[..., seat, :] = np.where(better[..., None], answer, bids[..., seat, :])
        bids = changed
    return bids
