"""What a household can shift: a battery, a car, a heat pump, all as stores with levels.

A store deviates from what its device would do anyway. At each half-hour it rises or falls by
whole levels, within what the device can do, and stays within bounds: those of a battery's
capacity, of the charge that a car needs when it leaves, of the warmth that a house may lead
or lag [1]_. So one method plans for all of them, and what it finds can be checked by
enumeration.

References
----------
.. [1] S. Barot, J. A. Taylor, "A concise, approximate representation of a collection of loads
   described by polytopes", International Journal of Electrical Power & Energy Systems 84, 2017.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from market.types import Mask, WattHours

Levels = NDArray[np.int64]
"""Levels of stores, or numbers of them to rise or fall."""


@dataclass(frozen=True, eq=False)
class Stores:
    """One store of each household of any number of communities.

    A household without one has a store that can neither rise nor fall.
    """

    rise_wh: WattHours
    """What the household draws to rise by a level, shape ``(community, household)``."""

    fall_wh: WattHours
    """What it gives, or draws less, to fall by a level, shape ``(community, household)``."""

    most_up: Levels
    """By how many levels it can rise, shape ``(community, household, window)``."""

    most_down: Levels
    """By how many levels it can fall, the same shape, not negative."""

    low: Levels
    """The lowest level at the end of each window, shape ``(community, household, window)``."""

    high: Levels
    """The highest level at the end of each window, the same shape."""

    start: Levels
    """The level before the first window, shape ``(community, household)``."""

    def __getitem__(self, household: int) -> "Stores":
        """Return the stores of one household of each community; its axis stays."""
        rows = slice(household, household + 1)
        return Stores(**{name: array[:, rows] for name, array in vars(self).items()})

    def energy_wh(self, steps: Levels) -> WattHours:
        """Return what rising by `steps` levels draws, shape ``(community, household, …)``.

        Negative steps fall.
        """
        shape = (*self.rise_wh.shape, *(1,) * (steps.ndim - 2))
        rise, fall = self.rise_wh.reshape(shape), self.fall_wh.reshape(shape)
        return np.where(steps > 0, rise * steps, fall * steps)

    def allows(self, steps: Levels) -> Mask:
        """Return whether a plan keeps all bounds, shape ``(community, household)``.

        Parameters
        ----------
        steps : ndarray of int64, shape (community, household, window)
            By how many levels each store rises.
        """
        level = self.start[..., np.newaxis] + steps.cumsum(-1)
        fits = (self.low <= level) & (level <= self.high)
        return np.asarray((fits & (-self.most_down <= steps) & (steps <= self.most_up)).all(-1))
