"""No preference: the third of the paper's dispositions."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.draws import Draws
from agents.strategies.base import Knowledge, Strategy
from market.types import Bids


@dataclass(frozen=True)
class Indifferent(Strategy):
    """Offer nothing for any option; rank the options by their index."""

    meaning: ClassVar[str] = "states no preference, and lets the others decide"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State that all options are worth the same."""
        return knowledge.bid(np.zeros_like(knowledge.values_gbp))
