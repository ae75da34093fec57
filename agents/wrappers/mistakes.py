"""Bids that come out other than they were meant."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.draws import Draws
from agents.ranges import ranged
from agents.strategies.base import Knowledge
from agents.strategies.chance import Random
from agents.wrappers.base import Wrapper
from market import money
from market.types import Bids


@dataclass(frozen=True)
class Noise(Wrapper):
    """Bid about what was meant: better options likelier, but no more than that [1]_.

    Offers are off by a lognormal factor. Ranks are ordered again once a normal error was
    added to each.

    References
    ----------
    .. [1] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for normal form
       games", Games and Economic Behavior 10(1), 1995.
    """

    meaning: ClassVar[str] = "bids with a small error in every number"

    size: float = ranged(0.1)
    """Of the error: of an offer as a share of it, of a rank as a share of all options."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Err in every number."""
        meant = self.inner.bid(knowledge, draws)
        error = self.size * draws.normal(*meant.shape[1:])
        if knowledge.setting.form == "ranks":
            return money.ranks(-(meant + error * knowledge.setting.options))
        return money.offers(np.exp(error) * meant, tick_gbp=1.0)


@dataclass(frozen=True)
class Tremble(Wrapper):
    """Bid at random for a whole session now and then, by a trembling hand [1]_.

    References
    ----------
    .. [1] R. Selten, "Reexamination of the perfectness concept for equilibrium points in
       extensive games", International Journal of Game Theory 4(1), 1975.
    """

    meaning: ClassVar[str] = "bids at random in one session of twenty"

    chance: float = ranged(0.05, most=1.0)
    """Of a random bid."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Bid as meant, or tremble; both are drawn, so that every match draws as much."""
        meant = self.inner.bid(knowledge, draws)
        trembles = draws.uniform() < self.chance
        erratic = Random().bid(knowledge, draws)
        return np.where(trembles[:, np.newaxis, np.newaxis], erratic, meant)
