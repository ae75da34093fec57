"""No preference: the third of the paper's dispositions."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.strategies.base import Knowledge
from market.types import Bids


@dataclass(frozen=True)
class Indifferent:
    """Offer nothing for any option; rank the options by their index."""

    meaning: ClassVar[str] = "states no preference, and lets the others decide"

    def bid(self, knowledge: Knowledge, rng: np.random.Generator) -> Bids:
        """State that all options are worth the same."""
        return knowledge.bid(np.zeros_like(knowledge.values_gbp))
