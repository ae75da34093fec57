"""Ranked preference selection over all undominated options.

RULES §3; the Methods of the paper. Algorithm 2, line 4, prints the inequality the wrong
way round: with 1 as best it would keep the options that nobody wants.
"""

from dataclasses import dataclass

import numpy as np

from market.mechanisms.rps import RankedPreferenceSelection
from market.types import Bids, Mask


@dataclass(frozen=True)
class ParetoPreferenceSelection(RankedPreferenceSelection):
    """Let authority choose among the undominated options [1]_; nobody pays.

    An option is dominated if another is ranked strictly better by every party.
    Nothing dominates a party's first choice, so authority always gets its own.

    References
    ----------
    .. [1] L. Thomas et al., "A general form of smart contract for decentralised energy
       systems management", Nature Energy 4, 2019, eq. (4) and Algorithm 2.

    Examples
    --------
    >>> ranks, both = np.array([[1, 2, 3], [2, 1, 3]]), np.array([True, True])
    >>> ParetoPreferenceSelection().candidates(ranks, both).tolist()
    [True, True, False]
    """

    def candidates(self, bids: Bids, present: Mask) -> Mask:
        """Drop every option that all would give up for one other."""
        better = bids[..., :, None, :] < bids[..., :, :, None]
        by_all = (better | ~present[..., :, None, None]).all(-3)
        return np.logical_not(by_all.any(-1))
