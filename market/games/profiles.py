"""Mixed profiles: what each player earns, and what it would gain by its best deviation.

A mixed profile gives each player a probability for each of its actions. What is reported of
one is worked out in rational numbers from the payoffs as they are, whatever found it: an
epsilon is that of the very numbers printed, rounded once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from market.games.normal_form import deviation_gains
from market.types import Floats

Mixture: TypeAlias = tuple[float, ...]
"""A probability for each action of a player."""

Exact: TypeAlias = NDArray[Any]
"""Rational numbers or whole ones of any length, in an array of objects."""


@dataclass(frozen=True)
class MixedProfile:
    """Probabilities of actions for each player, and what speaks against them."""

    profile: tuple[Mixture, ...]
    """The probability of each action, by player."""

    payoffs: tuple[float, ...]
    """What each player earns on average."""

    gains: tuple[float, ...]
    """What each player would gain by its best deviation."""

    @property
    def epsilon(self) -> float:
        """The least epsilon for which this is an epsilon-Nash equilibrium."""
        return max(self.gains)

    @property
    def pure(self) -> bool:
        """Whether every player takes one action for sure."""
        return all(max(mixture) == 1.0 for mixture in self.profile)


def mixed_profile(payoffs: Floats, profile: Sequence[Sequence[float]]) -> MixedProfile:
    """Return what speaks against a mixed profile, reckoned in rational numbers.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    profile : sequence of sequence of float
        For each player a weight for each action; they are divided by their sum.

    Raises
    ------
    ValueError
        If there is not one weight for each action, or one is negative, or all are zero.

    Examples
    --------
    The evader of matching pennies loses half a coin where the other shows heads too often:

    >>> pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> found = mixed_profile(pennies, [[0.75, 0.25], [0.5, 0.5]])
    >>> found.payoffs, found.gains
    ((0.0, 0.0), (0.0, 0.5))
    """
    weights = _normalised(payoffs, profile)
    values = [action_values(payoffs, weights, player) for player in range(len(payoffs))]
    earned = [own @ value for own, value in zip(weights, values, strict=True)]
    return MixedProfile(
        profile=tuple(tuple(map(float, own)) for own in weights),
        payoffs=tuple(map(float, earned)),
        gains=tuple(float(v.max() - e) for v, e in zip(values, earned, strict=True)),
    )


def action_values(payoffs: Floats, profile: Sequence[Exact], player: int) -> Exact:
    """Return what each action of a player earns against the mixtures of the others.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game.
    profile : sequence of ndarray, each of shape (action,)
        A probability for each action, by player; floats or rational numbers.
    player : int
        Whose actions; its own mixture does not count.

    Returns
    -------
    ndarray, shape (action,)
        Rational numbers if the probabilities are, in the unit of the payoffs.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> action_values(dilemma, [np.array([1.0, 0.0]), np.array([0.5, 0.5])], 0)
    array([1.5, 3. ])
    """
    played = [np.flatnonzero(mixture) for mixture in profile]
    played[player] = np.arange(len(profile[player]))
    values: Exact = np.moveaxis(payoffs[player][np.ix_(*played)], player, 0)
    if profile[player].dtype == object:
        values = rational(values)
    for other in reversed([j for j in range(len(profile)) if j != player]):
        values = values @ profile[other][played[other]]
    return values


def rational(numbers: NDArray[Any]) -> Exact:
    """Return floats as the rational numbers that they are.

    >>> rational(np.array([0.5]))
    array([Fraction(1, 2)], dtype=object)
    """
    exact = [Fraction(number) for number in np.ravel(numbers).tolist()]
    return np.array(exact, dtype=object).reshape(np.shape(numbers))


def pure_mixture(action: int, count: int) -> Mixture:
    """Return the mixture that takes an action for sure.

    >>> pure_mixture(1, 3)
    (0.0, 1.0, 0.0)
    """
    return tuple(float(other == action) for other in range(count))


def _normalised(payoffs: Floats, profile: Sequence[Sequence[float]]) -> list[Exact]:
    """Return the weights of each player over their sum, refusing what is no mixture."""
    deviation_gains(payoffs[..., :0] if payoffs.ndim < 2 else payoffs)
    if tuple(map(len, profile)) != payoffs.shape[1:]:
        raise ValueError(
            f"profile has {list(map(len, profile))} weights, wanted {list(payoffs.shape[1:])}"
        )
    if not all(np.isfinite(own).all() and min(own) >= 0 < sum(own) for own in profile):
        raise ValueError("profile has a mixture that is none, wanted weights of 0 or more")
    weights = [rational(np.asarray(own)) for own in profile]
    return [own / own.sum() for own in weights]
