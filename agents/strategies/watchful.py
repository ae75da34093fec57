"""What the others seem to want, for strategies that watch their bids."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.beliefs import LAST, Belief, Past
from agents.draws import Draws
from agents.strategies.base import Experience, Knowledge, Setting, Strategy
from agents.strategies.best_response import stated_worth
from market.types import Bids, Floats, Mask


def wanted_gbp(belief: Belief, past: Past, knowledge: Knowledge) -> tuple[Floats, Mask]:
    """Return what each option seems to be worth to the others, and where any was seen.

    Who has never been seen to bid is taken to want nothing.

    Returns
    -------
    ndarray of float, shape (match, window, option)
        For all others together, in GBP; ranks count as in `stated_worth`.
    ndarray of bool, shape (match, window)
        Whether any of them has been seen to bid.
    """
    setting = knowledge.setting
    others, known = belief.expect(past, knowledge)
    known[..., setting.seat] = False
    nothing = 0 if setting.form == "offers" else setting.options
    heard = np.where(known[..., np.newaxis], others, nothing)
    return stated_worth(knowledge, heard) * setting.tick_gbp, np.asarray(known.any(-1))


@dataclass(frozen=True)
class Watchful(Strategy):
    """Remember what the others bid, and tell the truth until one was seen to bid."""

    belief: Belief = LAST
    """What it expects the others to bid."""

    def start(self, setting: Setting) -> Any:
        """Have seen nothing."""
        return self.belief.start(setting)

    def learn(self, experience: Experience) -> Any:
        """Remember what was bid."""
        return self.belief.learn(experience.knowledge.memory, experience)

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State what serves it, now that it knows what the others want."""
        wanted, seen = wanted_gbp(self.belief, knowledge.memory, knowledge)
        stated = self.stated_gbp(knowledge.values_gbp, wanted)
        return knowledge.bid(np.where(seen[..., np.newaxis], stated, knowledge.values_gbp))

    def stated_gbp(self, own: Floats, wanted: Floats) -> Floats:
        """Return the values it states, shape ``(match, window, option)``.

        Parameters
        ----------
        own : ndarray of float, shape (match, window, option)
            What the options are worth to it, in GBP.
        wanted : ndarray of float, shape (match, window, option)
            What they seem to be worth to the others together, in GBP.
        """
        raise NotImplementedError
