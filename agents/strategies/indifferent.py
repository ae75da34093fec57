"""Bids that say nothing of what a party wants, or that it sends no bid, or wants no change."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.draws import Draws
from agents.strategies.base import Conduct, Knowledge, Strategy
from agents.strategies.truthful import Truthful
from market.types import Bids


@dataclass(frozen=True)
class Indifferent(Strategy):
    """Offer nothing for any option; rank the options by their index.

    The third of the dispositions whose effect the paper leaves to others to study [1]_.

    References
    ----------
    .. [1] L. Thomas et al., "A general form of smart contract for decentralised energy
       systems management", Nature Energy 4, 2019, "Discussion".
    """

    meaning: ClassVar[str] = "states no preference, and lets the others decide"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State that all options are worth the same."""
        return knowledge.bid(np.zeros_like(knowledge.values_gbp))


@dataclass(frozen=True)
class Flat(Strategy):
    """Offer as much for every option: what they are worth on average.

    Its bids say nothing of what it wants, as babbling does [1]_, but not nothing at all:
    whatever the others choose, it pays for it like one who wants it.

    References
    ----------
    .. [1] V. P. Crawford and J. Sobel, "Strategic information transmission", Econometrica
       50(6), 1982.
    """

    meaning: ClassVar[str] = "offers its mean value for every option alike"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State the mean of its values for each option."""
        mean = knowledge.values_gbp.mean(-1, keepdims=True)
        return knowledge.bid(np.broadcast_to(mean, knowledge.values_gbp.shape))


@dataclass(frozen=True)
class Absent(Truthful):
    """Send no bid at all, though it would be true.

    Who stays out pays nothing and leaves the choice to the others: it has the use of the
    element without a part in it [1]_.

    References
    ----------
    .. [1] T. R. Palfrey and H. Rosenthal, "Participation and the provision of discrete public
       goods: a strategic analysis", Journal of Public Economics 24(2), 1984.
    """

    meaning: ClassVar[str] = "takes no part, and has the others decide"

    @property
    def conduct(self) -> Conduct:
        """Send nothing."""
        return Conduct(sends="never")


@dataclass(frozen=True)
class StatusQuo(Strategy):
    """Want no transfer, whatever it is worth: the network as it was without the element.

    It states what its best option is worth for the set-point nearest zero, and the less for
    another the further that is from zero, down to nothing for the furthest. Change itself
    is what it shuns, as many do [1]_.

    References
    ----------
    .. [1] W. Samuelson and R. Zeckhauser, "Status quo bias in decision making", Journal of
       Risk and Uncertainty 1(1), 1988.
    """

    meaning: ClassVar[str] = "wants no transfer, whatever another set-point is worth"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State values that fall with the distance from zero."""
        distance = np.abs(knowledge.setting.set_points)
        further = distance - distance.min()
        liking = 1.0 - further / max(further.max(), np.finfo(float).tiny)
        best = knowledge.values_gbp.max(-1, keepdims=True)
        return knowledge.bid(best * liking)
