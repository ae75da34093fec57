"""Games in normal form: what each player gains by its best deviation, others held fixed.

A game is an array of shape ``(player, *actions)``: ``payoffs[i, a_0, …, a_n]`` is what
player ``i`` earns when player ``j`` takes action ``a_j``. Costs are negative payoffs.
"""

import numpy as np

from market.types import Floats


def deviation_gains(payoffs: Floats) -> Floats:
    """Return what each player gains by its best deviation from every pure profile.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        What each player earns in each profile, in any unit of money.

    Returns
    -------
    ndarray of float, shape (player, *actions)
        Gains in the same unit, never negative. Over the players, their maximum is
        the least epsilon for which a profile is an epsilon-Nash equilibrium, and
        their sum is its NashConv [1]_.

    Raises
    ------
    ValueError
        If there is not one axis of actions for each player, or a payoff is no number.

    References
    ----------
    .. [1] M. Lanctot et al., "A unified game-theoretic approach to multiagent
       reinforcement learning", NeurIPS 2017.

    Examples
    --------
    In matching pennies somebody always gains by the other side of the coin:

    >>> pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> deviation_gains(pennies)[:, 0, 0]
    array([0., 2.])
    """
    if payoffs.ndim != len(payoffs) + 1 or not payoffs.size:
        raise ValueError(f"payoffs have shape {payoffs.shape}, wanted (player, *actions)")
    if not np.isfinite(payoffs).all():
        raise ValueError("a payoff is no number, wanted one for each profile and player")
    best = [own.max(axis=player, keepdims=True) for player, own in enumerate(payoffs)]
    return np.stack([top - own for top, own in zip(best, payoffs, strict=True)])


def nash_conv(payoffs: Floats) -> Floats:
    """Return the NashConv of every pure profile: the sum of all deviation gains.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game.

    Returns
    -------
    ndarray of float, shape (*actions)
        Zero at pure Nash equilibria, and only there.

    Examples
    --------
    In the prisoner's dilemma only mutual defection (1, 1) leaves nothing to gain:

    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> nash_conv(dilemma).tolist()
    [[4.0, 1.0], [1.0, 0.0]]
    """
    return deviation_gains(payoffs).sum(axis=0)
