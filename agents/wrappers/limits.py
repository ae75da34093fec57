"""Parties with little money, or with a short memory."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.draws import Draws
from agents.ranges import ranged
from agents.strategies.base import Experience, Knowledge, Setting
from agents.wrappers.base import Both, Remembering, Wrapper
from market.bids import HIGHEST_OFFER
from market.types import Bids, Ticks


@dataclass(frozen=True)
class Budget(Wrapper):
    """Offer no more over a session than a budget holds, whatever is chosen [1]_.

    All offers of a session are cut at one level, the highest at which the budget covers the
    highest offer of every window. Ranks cost nothing.

    References
    ----------
    .. [1] Y.-K. Che and I. Gale, "Standard auctions with financially constrained bidders",
       Review of Economic Studies 65(1), 1998.
    """

    meaning: ClassVar[str] = "offers no more over a session than GBP 12 for each window"

    budget_gbp: float = ranged(12.0)
    """For each window on average."""

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Cut what it cannot pay."""
        meant = self.inner.bid(knowledge, draws)
        if knowledge.setting.form == "ranks":
            return meant
        budget = self.budget_gbp * meant.shape[1] / knowledge.setting.tick_gbp
        level = affordable(meant.max(-1), int(budget))
        return np.minimum(meant, level[:, np.newaxis, np.newaxis])


def affordable(highest: Ticks, budget: int) -> Ticks:
    """Return the level at which amounts are cut so that a budget covers their sum.

    Parameters
    ----------
    highest : ndarray of int64, shape (match, window)
        Amounts in ticks.
    budget : int
        In ticks.

    Examples
    --------
    Of 11 ticks the smallest amount gets its 2, and the others share the rest:

    >>> affordable(np.array([[9, 2, 8], [1, 2, 3]]), budget=11).tolist()
    [4, 4294967295]
    """
    amounts = np.sort(highest, -1)
    left = budget - (amounts.cumsum(-1) - amounts)
    level = left // np.arange(amounts.shape[-1], 0, -1)  # once the smaller ones are paid
    short = amounts > level
    first = np.take_along_axis(level, short.argmax(-1)[:, np.newaxis], -1)[:, 0]
    return np.where(short.any(-1), first, HIGHEST_OFFER)


@dataclass(frozen=True)
class Forgetful(Remembering):
    """Forget everything every so many sessions, and start afresh.

    Nothing older can be rewarded or punished, which changes what can be kept up between
    parties [1]_.

    References
    ----------
    .. [1] R. J. Aumann and S. Sorin, "Cooperation and bounded recall", Games and Economic
       Behavior 1(1), 1989.
    """

    meaning: ClassVar[str] = "forgets everything after every 48 sessions"

    sessions: int = ranged(48, least=1)
    """How many it remembers at the most."""

    def begin(self, setting: Setting) -> int:
        """Count no session."""
        return 0

    def learn(self, experience: Experience) -> Both:
        """Learn as the other does, and then perhaps forget it."""
        learned: Both = super().learn(experience)
        if learned.own < self.sessions:
            return learned
        return self.start(experience.knowledge.setting)

    def keep(self, experience: Experience) -> int:
        """Count the session."""
        return experience.knowledge.memory.own + 1
