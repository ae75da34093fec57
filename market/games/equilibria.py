"""Pure Nash equilibria: profiles in which nobody gains by another action of its own."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from market.games.normal_form import deviation_gains
from market.types import Floats

TOLERANCE: Final = 1e-9
"""Gains up to this count as none: what adding floats in another order may leave."""


@dataclass(frozen=True)
class PureProfile:
    """An action for each player, and what speaks against it."""

    actions: tuple[int, ...]
    """The action of each player."""

    payoffs: tuple[float, ...]
    """What each player earns."""

    gains: tuple[float, ...]
    """What each player would gain by its best deviation."""

    strict: bool
    """Whether every player would lose by every deviation."""

    @property
    def epsilon(self) -> float:
        """The least epsilon for which this is an epsilon-Nash equilibrium."""
        return max(self.gains)


def pure_equilibria(payoffs: Floats, tolerance: float = TOLERANCE) -> tuple[PureProfile, ...]:
    """Return all pure Nash equilibria, weak ones too, in the order of their actions.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game.
    tolerance : float
        Gains up to this count as none.

    Examples
    --------
    Two drivers both keep left, or both right:

    >>> side = np.array([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]])
    >>> [found.actions for found in pure_equilibria(side)]
    [(0, 0), (1, 1)]

    Where nothing matters, everything is an equilibrium, and none of them is strict:

    >>> nothing = pure_equilibria(np.zeros((2, 2, 2)))
    >>> len(nothing), any(found.strict for found in nothing)
    (4, False)
    """
    epsilon = deviation_gains(payoffs).max(axis=0)
    found = np.argwhere(epsilon <= tolerance).tolist()
    return tuple(pure_profile(payoffs, tuple(actions), tolerance) for actions in found)


def nearest_equilibrium(payoffs: Floats) -> PureProfile:
    """Return the pure profile with the least epsilon; of equal ones the first.

    Examples
    --------
    Matching pennies has no pure equilibrium, and all its profiles are as far from one:

    >>> pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> pure_equilibria(pennies), nearest_equilibrium(pennies).epsilon
    ((), 2.0)
    """
    epsilon = deviation_gains(payoffs).max(axis=0)
    place = np.unravel_index(epsilon.argmin(), epsilon.shape)
    return pure_profile(payoffs, tuple(int(action) for action in place))


def pure_profile(
    payoffs: Floats, actions: tuple[int, ...], tolerance: float = TOLERANCE
) -> PureProfile:
    """Return what speaks against a profile.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game.
    actions : tuple of int
        An action for each player.
    tolerance : float
        Losses up to this count as none.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> silent = pure_profile(dilemma, (0, 0))
    >>> silent.payoffs, silent.gains, silent.strict
    ((3.0, 3.0), (2.0, 2.0), False)
    """
    gains = deviation_gains(payoffs)
    players = range(len(payoffs))
    return PureProfile(
        actions=actions,
        payoffs=tuple(float(payoffs[player][actions]) for player in players),
        gains=tuple(float(gains[player][actions]) for player in players),
        strict=all(_only_best(payoffs[p], p, actions, tolerance) for p in players),
    )


def _only_best(own: Floats, player: int, actions: tuple[int, ...], tolerance: float) -> bool:
    """Return whether a player, by its own payoffs, would lose by every deviation."""
    rest = actions[:player] + actions[player + 1 :]
    choices = np.moveaxis(own, player, -1)[rest]
    others = np.delete(choices, actions[player])
    return bool((others < own[actions] - tolerance).all())
