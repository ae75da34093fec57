"""Ranked preference selection: the option with the lowest sum of ranks.

RULES §3. The option with the lowest sum is never dominated, since an option ranked
better by every party would have a lower sum; so the Pareto filter of the paper's
Algorithm 2 would change nothing, and the rule takes time linear in the options.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from market.mechanisms.base import Form
from market.mechanisms.entries import highest
from market.types import Bids, Mask, Seats, Ticks


@dataclass(frozen=True)
class RankedPreferenceSelection:
    """Choose the option with the lowest sum of ranks [1]_; nobody pays.

    References
    ----------
    .. [1] L. Thomas et al., "A general form of smart contract for decentralised energy
       systems management", Nature Energy 4, 2019, legends of Figs 3 and 8.

    Examples
    --------
    >>> ranks, both = np.array([[1, 2, 3], [2, 1, 3]]), np.array([True, True])
    >>> RankedPreferenceSelection().candidates(ranks, both).tolist()
    [True, True, False]
    """

    payment: str = "none"
    """Not used: ranks are not money."""

    form: ClassVar[Form] = "ranks"
    lottery: ClassVar[bool] = False

    def merit(self, bids: Bids) -> Bids:
        """Prefer the lower rank."""
        return -bids

    def candidates(self, bids: Bids, present: Mask) -> Mask:
        """Keep the options with the lowest sum of ranks."""
        better = -np.einsum("...po,...p->...o", bids, present.astype(np.int64))
        return np.equal(better, highest(better))

    def charge(self, offers: Bids, present: Mask) -> Ticks:
        """Charge nothing."""
        return np.zeros_like(offers)

    def instructor(self, offers: Bids, present: Mask) -> Seats:
        """Instruct the middle of the option."""
        return np.full(offers.shape[:-1], -1)
