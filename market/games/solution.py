"""What a solver of games found, and what it may have missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from market.games.equilibria import pure_equilibria
from market.games.normal_form import deviation_gains
from market.games.profiles import Mixture, pure_mixture
from market.types import Floats

Profile: TypeAlias = tuple[Mixture, ...]
"""A mixture for each player."""

SAME: Final = 1e-6
"""Profiles whose probabilities differ by less are one."""


@dataclass(frozen=True)
class Solution:
    """Equilibria of a game as a solver returns them, unchecked."""

    method: str
    """The name of the solver, as in `market.games.mixed.METHODS`."""

    profiles: tuple[Profile, ...]

    complete: bool = False
    """Whether these are known to be all isolated equilibria."""

    components: tuple[tuple[int, ...], ...] = ()
    """Of complete solutions: which profiles belong to one connected set of equilibria."""

    subsets: tuple[tuple[int, ...], ...] = ()
    """Of complete solutions: which profiles span a maximal Nash subset."""

    time_up: bool = False
    """Whether the solver was stopped by the time limit."""

    notes: tuple[str, ...] = ()
    """What a reader should know."""


def pure_profiles(payoffs: Floats) -> tuple[Profile, ...]:
    """Return all pure equilibria as mixtures.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game whose payoffs are between 0 and 1.

    Examples
    --------
    >>> pure_profiles(np.array([[0.0, 1.0]]))
    (((0.0, 1.0),),)
    """
    deviation_gains(payoffs)
    return tuple(
        tuple(pure_mixture(a, n) for a, n in zip(found.actions, payoffs.shape[1:], strict=True))
        for found in pure_equilibria(payoffs)
    )


def distinct(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return profiles without those that are hardly different from an earlier one.

    >>> distinct([((0.5, 0.5),), ((0.5 + 1e-9, 0.5 - 1e-9),)])
    (((0.5, 0.5),),)
    """
    kept: list[Profile] = []
    for profile in profiles:
        flat = np.concatenate(profile)
        if all(np.abs(flat - np.concatenate(other)).max() > SAME for other in kept):
            kept.append(profile)
    return tuple(kept)
