"""Payoffs in other units: no equilibrium changes when a player counts in another one.

Solvers see payoffs between 0 and 1, or whole numbers; neither overflows, whatever the money.
"""

from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from market.games.profiles import Exact
from market.types import Floats

NOISE: Final = 1e-12
"""Payoffs that differ by less, as a share of their range and size, are equal: sums in
another order leave as much."""

DIGITS: Final = 10**12
"""Into so many steps the range of payoffs is cut that are no simple fractions."""

DENOMINATOR: Final = 1000
"""The greatest of a simple fraction."""


def rescaled(payoffs: Floats) -> Floats:
    """Return the payoffs of each player between 0 and 1; 0 throughout if they are all equal.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.

    Examples
    --------
    >>> rescaled(np.array([[-1e308, 0.0, 1e308]]))
    array([[0. , 0.5, 1. ]])
    """
    axes = tuple(range(1, payoffs.ndim))
    half = payoffs / 2  # so that no difference overflows
    low, high = half.min(axis=axes, keepdims=True), half.max(axis=axes, keepdims=True)
    return (half - low) / np.where(high > low, high - low, 1.0)


def without_noise(payoffs: Floats) -> Floats:
    """Return payoffs of which those of a player that differ by mere noise are equal.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.

    Examples
    --------
    >>> without_noise(np.array([[0.1 + 0.2, 0.3, 5.0]])).tolist()
    [[0.3, 0.3, 5.0]]
    """
    return np.stack([_settled(own) for own in payoffs])


def noise_of(own: Floats) -> float:
    """Return up to what difference the payoffs of a player are the same.

    >>> noise_of(np.array([0.0, 1000.0]))
    2e-09
    """
    return float(NOISE * (own.max() / 2 - own.min() / 2) * 2 + NOISE * np.abs(own).max())


def _settled(own: Floats) -> Floats:
    """Return payoffs, each that is hardly more than the next lower one made equal to it."""
    values, places = np.unique(own, return_inverse=True)
    fresh = np.diff(values / 2, prepend=-np.inf) > noise_of(own) / 2
    kept = values[np.maximum.accumulate(np.where(fresh, np.arange(len(values)), 0))]
    return kept[places.reshape(own.shape)]


def whole_payoffs(own: Floats) -> Exact:
    """Return the payoffs of one player in steps, as whole numbers of which the least is 1.

    Payoffs that are simple fractions stay exactly what they are, but for the unit. Others
    are cut into 10¹² steps, and those that differ by mere noise become equal, so that ties
    stay ties.

    Parameters
    ----------
    own : ndarray of float, of any shape
        Payoffs of a player, in any unit of money.

    Examples
    --------
    >>> whole_payoffs(np.array([0.5, -1 / 3, 0.1 + 0.2 - 0.3]))
    array([6, 1, 3], dtype=object)
    """
    values, places = np.unique(without_noise(own[None])[0], return_inverse=True)
    steps = _simple(values)
    if steps is None:
        shares = rescaled(values[None])[0]
        steps = [round(Fraction(share) * DIGITS) for share in shares.tolist()]
    least = min(steps)
    counted = np.array([step - least + 1 for step in steps], dtype=object)
    return counted[places.reshape(own.shape)]


def _simple(values: Floats) -> list[int] | None:
    """Return values over a common denominator if they are simple fractions."""
    if np.abs(values).max() > DIGITS:
        return None
    found = [Fraction(value).limit_denominator(DENOMINATOR) for value in values.tolist()]
    noise = NOISE * (values[-1] - values[0])
    near = all(
        abs(f - Fraction(v)) <= noise for f, v in zip(found, values.tolist(), strict=True)
    )
    unit = lcm(*(fraction.denominator for fraction in found))
    return [int(fraction * unit) for fraction in found] if near and unit <= DIGITS else None
