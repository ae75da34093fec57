"""Highest combined offer: the option that the parties together offer most for.

RULES §2; the paper's Algorithm 1, with its text on ties in place of its ``c > 0``.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from market.mechanisms.base import Form
from market.mechanisms.entries import highest
from market.payments import PAYMENT_RULES
from market.types import Bids, Mask, Seats, Ticks


@dataclass(frozen=True)
class HighestCombinedOffer:
    """Choose the option that the parties together offer most for [1]_.

    With truthful offers this is the option of least total cost, because the sum
    of offers is a constant less the sum of costs.

    References
    ----------
    .. [1] L. Thomas et al., "A general form of smart contract for decentralised energy
       systems management", Nature Energy 4, 2019, eq. (2) and Algorithm 1.

    Examples
    --------
    >>> offers, both = np.array([[10, 4, 0], [0, 7, 8]]), np.array([True, True])
    >>> hco = HighestCombinedOffer()
    >>> hco.candidates(offers, both).tolist(), hco.charge(offers[:, 1], both).tolist()
    ([False, True, False], [-3, 3])
    """

    payment: str = "difference"
    """Key into `PAYMENT_RULES`."""

    form: ClassVar[Form] = "offers"
    lottery: ClassVar[bool] = False

    def merit(self, bids: Bids) -> Bids:
        """Prefer more money."""
        return bids

    def candidates(self, bids: Bids, present: Mask) -> Mask:
        """Keep the options with the highest sum of offers."""
        combined = np.einsum("...po,...p->...o", bids, present.astype(np.int64))
        return np.equal(combined, highest(combined))

    def charge(self, offers: Bids, present: Mask) -> Ticks:
        """Apply the payment rule to the offers at the chosen option."""
        return PAYMENT_RULES[self.payment](offers, present)

    def instructor(self, offers: Bids, present: Mask) -> Seats:
        """Let the highest offer decide, the lowest seat among equals."""
        return np.where(present, offers, -1).argmax(-1)
