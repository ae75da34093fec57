"""A fixed share of the truth: less to pay less, or more to win more."""

from dataclasses import dataclass
from typing import ClassVar

from agents.draws import Draws
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

    share: float = 0.8
    """Of the value; the truth is 1."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Scale every value alike."""
        return knowledge.bid(self.share * knowledge.values_gbp)


@dataclass(frozen=True)
class Inflated(Shaded):
    """Offer more than every option is worth, to have it more often."""

    meaning: ClassVar[str] = "offers 120 % of what an option is worth, to have its way"

    share: float = 1.2
