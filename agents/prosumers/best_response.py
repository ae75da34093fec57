"""The best plan of a store for the day, exactly, by dynamic programming over its levels.

The least cost of the rest of the day is reckoned backwards from the last window, for every
level; the best plan is then read off forwards (Bellman's principle of optimality [1]_).

Costs are whole numbers, so sums are exact and equal plans are known to be equal. Of equally
good plans the first is taken whose steps deviate least, from the first window on, and of
steps as long the one down.

References
----------
.. [1] R. Bellman, *Dynamic Programming*, Princeton University Press, 1957.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import as_strided

from agents.prosumers.stores import Levels, Stores
from market.types import Floats


def steps_of(stores: Stores) -> Levels:
    """Return all steps that any of the stores can make, from down to up, ``(step,)``."""
    return np.arange(-stores.most_down.max(), stores.most_up.max() + 1)


@dataclass(frozen=True, eq=False)
class CostToGo:
    """What the rest of the day costs at least, from every level, of any number of stores."""

    stores: Stores
    """Shape ``(store,)``."""

    costs: Floats
    """What each step costs, infinite where it cannot be made, ``(window, step, store)``."""

    rest: Floats
    """The least cost from each level on, before each window and after the last.

    Shape ``(window + 1, level, store)``, infinite outside the bounds; it has as many levels
    more at its ends as a step may go beyond.
    """

    lowest: int
    """The level that comes first among those of `rest`."""

    @classmethod
    def of(cls, stores: Stores, costs: Floats) -> Self:
        """Reckon backwards through the day.

        Parameters
        ----------
        stores : Stores
            One for each case, shape ``(store,)``.
        costs : ndarray of float, shape (window, step, store)
            What each of `steps_of` costs in each window; whole numbers.
        """
        steps = steps_of(stores)
        windows, cases = costs.shape[0], costs.shape[2]
        can = (steps[:, np.newaxis] <= stores.most_up.T[:, np.newaxis]) & (
            steps[:, np.newaxis] >= -stores.most_down.T[:, np.newaxis]
        )
        costs = np.where(can, costs, np.inf)
        first = min(stores.low.min(), stores.start.min())
        levels = np.arange(first, max(stores.high.max(), stores.start.max()) + 1)[:, np.newaxis]
        out = (levels < stores.low.T[:, np.newaxis]) | (levels > stores.high.T[:, np.newaxis])
        barred = np.where(out, np.inf, 0.0)
        below, count = -int(steps[0]), len(levels)
        rest = np.full((windows + 1, len(steps) - 1 + count, cases), np.inf)
        inner = rest[:, below : below + count]
        inner[-1] = barred[-1]
        day, row, case = rest.strides
        shape = windows + 1, len(steps), count, cases
        after = as_strided(rest, shape, (day, row, row, case), writeable=False)
        through = np.empty(shape[1:])
        prices = costs[:, :, np.newaxis]
        for window in range(windows - 1, -1, -1):
            np.add(after[window + 1], prices[window], out=through)
            np.minimum.reduce(through, axis=0, out=inner[window])
            if window:
                inner[window] += barred[window - 1]
        return cls(stores, costs, rest, int(first) - below)

    @property
    def least(self) -> Floats:
        """What the best plan costs, shape ``(store,)``."""
        return self.rest[0, self.stores.start - self.lowest, np.arange(self.rest.shape[2])]

    def cost(self, plan: Levels) -> Floats:
        """Return what plans cost, infinite if they cannot be made, shape ``(store,)``.

        Parameters
        ----------
        plan : ndarray of int64, shape (store, window)
            Among `steps_of` the stores, within the bounds of levels.
        """
        place = (plan - steps_of(self.stores)[0]).T[:, np.newaxis]
        return np.take_along_axis(self.costs, place, 1)[:, 0].sum(0)

    def best(self, which: Levels) -> Levels:
        """Return the best plans of some of the stores, shape ``(len(which), window)``."""
        steps = steps_of(self.stores)
        liked = np.lexsort((steps, np.abs(steps)))[:, np.newaxis]
        level = self.stores.start[which] - self.lowest
        plan = np.empty((len(which), len(self.costs)), np.int64)
        for window, costs in enumerate(self.costs):
            after = self.rest[window + 1, level + steps[liked], which]
            step = steps[liked[(after + costs[liked, which]).argmin(0), 0]]
            plan[:, window] = step
            level = level + step
        return plan
