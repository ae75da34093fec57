"""Bids by chance: the yardsticks that any thought should beat."""

from dataclasses import dataclass
from typing import ClassVar

from agents.draws import Draws
from agents.strategies.base import Knowledge, Strategy
from market.types import Bids


@dataclass(frozen=True)
class Random(Strategy):
    """State a random value for each option, up to what the best one is worth.

    It may offer more for an option than that is worth to it, as the unconstrained traders
    of Gode and Sunder may [1]_.

    References
    ----------
    .. [1] D. K. Gode and S. Sunder, "Allocative efficiency of markets with
       zero-intelligence traders", Journal of Political Economy 101(1), 1993.
    """

    meaning: ClassVar[str] = "offers by chance, up to what its best option is worth"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Draw every value alike."""
        best = knowledge.values_gbp.max(-1, keepdims=True)
        return knowledge.bid(draws.uniform(*knowledge.values_gbp.shape[1:]) * best)


@dataclass(frozen=True)
class ZeroIntelligence(Strategy):
    """State a random value for each option, up to what that option is worth.

    The constrained trader of Gode and Sunder [1]_: it thinks no more than `Random`, but never
    offers at a loss, and that alone made their markets nearly efficient.

    References
    ----------
    .. [1] D. K. Gode and S. Sunder, "Allocative efficiency of markets with
       zero-intelligence traders", Journal of Political Economy 101(1), 1993.
    """

    meaning: ClassVar[str] = "offers by chance, but no more for an option than it is worth"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Draw a share of every value."""
        share = draws.uniform(*knowledge.values_gbp.shape[1:])
        return knowledge.bid(share * knowledge.values_gbp)
