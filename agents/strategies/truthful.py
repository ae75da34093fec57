"""The truth: what the paper's operators bid."""

from dataclasses import dataclass
from typing import ClassVar

from agents.draws import Draws
from agents.strategies.base import Knowledge, Strategy
from market.types import Bids


@dataclass(frozen=True)
class Truthful(Strategy):
    """Offer what each option is worth: the worst cost less its cost [1]_.

    References
    ----------
    .. [1] L. Thomas et al., Nature Energy 4, 2019, "Translation of modelled costs".
    """

    meaning: ClassVar[str] = "offers what each option saves it against its worst option"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State the true values."""
        return knowledge.bid(knowledge.values_gbp)
