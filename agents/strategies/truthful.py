"""The truth: what the paper's operators bid."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.strategies.base import Knowledge
from market.types import Bids


@dataclass(frozen=True)
class Truthful:
    """Offer what each option is worth: the worst cost less its cost [1]_.

    References
    ----------
    .. [1] L. Thomas et al., Nature Energy 4, 2019, "Translation of modelled costs".
    """

    meaning: ClassVar[str] = "offers what each option saves it against its worst option"

    def bid(self, knowledge: Knowledge, rng: np.random.Generator) -> Bids:
        """State the true values."""
        return knowledge.bid(knowledge.values_gbp)
