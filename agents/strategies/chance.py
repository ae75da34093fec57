"""Bids by chance: the yardstick that any thought should beat."""

from dataclasses import dataclass
from typing import ClassVar

from agents.draws import Draws
from agents.strategies.base import Knowledge, Strategy
from market.types import Bids


@dataclass(frozen=True)
class Random(Strategy):
    """State a random value for each option, up to what the best one is worth [1]_.

    References
    ----------
    .. [1] D. Gode and S. Sunder, "Allocative efficiency of markets with
       zero-intelligence traders", Journal of Political Economy 101(1), 1993.
    """

    meaning: ClassVar[str] = "offers by chance, up to what its best option is worth"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Draw every value alike."""
        best = knowledge.values_gbp.max(-1, keepdims=True)
        return knowledge.bid(draws.uniform(*knowledge.values_gbp.shape[1:]) * best)
