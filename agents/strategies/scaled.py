"""A fixed change of the truth: less to pay less, more to win more, or no more than it has."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.draws import Draws
from agents.ranges import ranged
from agents.strategies.base import Knowledge, Strategy
from market.types import Bids


@dataclass(frozen=True)
class Shaded(Strategy):
    """Offer a fixed share of what every option is worth.

    A party so risks its favourite option for a lower payment [1]_. The paper expects
    it of Network 1. Ranks do not change: every option is scaled alike.

    References
    ----------
    .. [1] V. Krishna, *Auction Theory*, 2nd ed., Academic Press, 2009, ch. 2.
    """

    meaning: ClassVar[str] = "offers 80 % of what an option is worth, to pay less"

    share: float = ranged(0.8)
    """Of the value; the truth is 1."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Scale every value alike."""
        return knowledge.bid(self.share * knowledge.values_gbp)


@dataclass(frozen=True)
class Inflated(Shaded):
    """Offer more than every option is worth, to have it more often.

    Nothing but what it then pays keeps a party from claiming to want more than it does [1]_.

    References
    ----------
    .. [1] P. A. Samuelson, "The pure theory of public expenditure", Review of Economics and
       Statistics 36(4), 1954.
    """

    meaning: ClassVar[str] = "offers 120 % of what an option is worth, to have its way"

    share: float = ranged(1.2)


@dataclass(frozen=True)
class Clipped(Strategy):
    """Tell the truth, but offer no more than a budget for any option of a window [1]_.

    All options that are worth more look alike to the mechanism, so that a party with little
    cash is outbid where it matters most to it. Ranks cost nothing, and are true.

    References
    ----------
    .. [1] Y.-K. Che and I. Gale, "Standard auctions with financially constrained bidders",
       Review of Economic Studies 65(1), 1998.
    """

    meaning: ClassVar[str] = "offers the truth, but never more than a budget of GBP 12"

    budget_gbp: float = ranged(12.0)
    """The most it offers; on Anglesey the best options are worth from 15 to 48."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State every value up to the budget."""
        if knowledge.setting.form == "ranks":
            return knowledge.bid(knowledge.values_gbp)
        return knowledge.bid(np.minimum(knowledge.values_gbp, self.budget_gbp))
