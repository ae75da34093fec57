"""What a party would have earned by other bids, the others' being what they were."""

import numpy as np

from market.decision import decide
from market.mechanisms.base import Mechanism
from market.mechanisms.entries import at
from market.types import Bids, Floats, Mask, Seats


def would_earn(
    rule: Mechanism,
    values: Floats,
    bids: Bids,
    present: Mask,
    authority: Seats,
    seat: int,
    alternatives: Bids,
    weights: tuple[float, float] = (1.0, 0.0),
    others_values: Floats | None = None,
) -> Floats:
    r"""Return what each of some bids would have earned a party that takes part.

    As for a best response, that is :math:`\alpha (v_b - p_b) + \beta (W_b + p_b)` at what
    would have been chosen; in a lottery, its mean over the candidates.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (…, option)
        What each option is worth to the party, in ticks.
    bids : ndarray of int64, shape (…, party, option)
        What was bid; the row of `seat` is not read.
    present : ndarray of bool, shape (…, party)
        Who took part.
    authority : ndarray of int64, shape (…)
        Who broke ties.
    seat : int
        Whose earnings.
    alternatives : ndarray of int64, shape (…, action, option)
        What it might have bid.
    weights : tuple of float
        Alpha and beta.
    others_values : ndarray of float, shape (…, option), optional
        What the others together earn at each option before payments, in ticks.

    Returns
    -------
    ndarray of float, shape (…, action)
        In ticks.

    Examples
    --------
    Against the offers 0, 4, 7 the truth wins the second option, and is paid for it; silence
    would have left it the last:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> would_earn(
    ...     HighestCombinedOffer(),
    ...     values=np.array([9.0, 8.0, 1.0]),
    ...     bids=np.array([[9, 8, 1], [0, 4, 7]]),
    ...     present=np.array([True, True]),
    ...     authority=np.array(0),
    ...     seat=0,
    ...     alternatives=np.array([[9, 8, 1], [0, 0, 0]]),
    ... ).tolist()
    [4.0, 8.0]
    """
    actions = alternatives.shape[-2]
    table = np.repeat(bids[..., np.newaxis, :, :], actions, axis=-3)
    table[..., seat, :] = alternatives
    there = np.repeat(present[..., np.newaxis, :], actions, axis=-2)
    there[..., seat] = True
    alpha, beta = weights
    merit = alpha * values + (0.0 if others_values is None else beta * others_values)
    merit = merit[..., np.newaxis, :]
    if rule.lottery:
        drawn = rule.candidates(table, there)
        alone = there.sum(-1, keepdims=True) == 1
        drawn = np.where(alone, table[..., seat, :] == 1, drawn)
        return (merit * drawn).sum(-1) / drawn.sum(-1)
    holder = np.broadcast_to(authority[..., np.newaxis], there.shape[:-1])
    found = decide(rule, table, there, holder)
    chosen = at(merit, found.option)
    return chosen - (alpha - beta) * found.payments[..., seat]
