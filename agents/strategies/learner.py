"""Learn which bids earn most: a menu of strategies, mixed by a learning rule."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from agents.disposition import DISPOSITIONS, Disposition
from agents.draws import Draws
from agents.learning.base import LearningRule, choose
from agents.learning.hedge import Hedge
from agents.strategies.base import Experience, Knowledge, Setting, Strategy
from agents.strategies.best_response import BestResponse, stated_worth
from agents.strategies.manipulators import AntiRanking, Burying
from agents.strategies.scaled import Shaded
from agents.strategies.truthful import Truthful
from market.games.hindsight import would_earn
from market.mechanisms.entries import at
from market.types import Bids, Floats, Options

MENUS: Final[dict[str, tuple[Strategy, ...]]] = {
    "bids": (Truthful(), Shaded(share=0.5), AntiRanking(), Burying(), BestResponse()),
    "shading": tuple(Shaded(share=share) for share in (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)),
    "dispositions": tuple(
        BestResponse(disposition=Disposition(degrees)) for degrees in (-45.0, 0.0, 45.0, 90.0)
    ),
}
"""What a learner may choose from: ways of bidding, or values of one parameter. Ranks do not
change with shading, so that menu is for offers."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """The memory of a learner."""

    state: Floats
    """That of its rule, shape ``(match, …, action)``."""

    memories: tuple[Any, ...]
    """Those of the strategies on the menu."""

    bids: Bids | None = None
    """What each would bid now, shape ``(match, action, window, option)``."""

    action: Options | None = None
    """Which of them it follows, shape ``(match,)``."""


@dataclass(frozen=True)
class Learner(Strategy):
    """Follow a strategy of the menu for a session, by what following it has earned.

    A rule with full information hears what every bid on the menu would have earned against
    what the others revealed; one with bandit feedback what its own has earned. Payoffs are
    scaled by what its best option was worth, from a loss as great (0) to a gain (1) [1]_.

    References
    ----------
    .. [1] D. Fudenberg and D. K. Levine, *The Theory of Learning in Games*, MIT Press, 1998.
    """

    rule: LearningRule = Hedge()  # noqa: RUF009  frozen
    """How it learns."""

    menu: tuple[Strategy, ...] = MENUS["bids"]
    """What it chooses from."""

    disposition: Disposition = DISPOSITIONS["individualistic"]
    """How it weighs the others' payoffs."""

    @property
    def meaning(self) -> str:  # type: ignore[override]
        """What it does, in a sentence about the party."""
        return f"{self.rule.meaning} ({self.rule.feedback} feedback)"

    def start(self, setting: Setting) -> Any:
        """Know nothing."""
        state = self.rule.start((setting.matches,), len(self.menu))
        return Learnt(state, tuple(strategy.start(setting) for strategy in self.menu))

    def think(self, knowledge: Knowledge, draws: Draws) -> Any:
        """Work out every bid on the menu, and draw which to follow."""
        learnt: Learnt = knowledge.memory
        uniform = draws.uniform()
        memories, bids = [], []
        for strategy, memory in zip(self.menu, learnt.memories, strict=True):
            known = replace(knowledge, memory=memory)
            memories.append(strategy.think(known, draws))
            bids.append(strategy.bid(replace(known, memory=memories[-1]), draws))
        return Learnt(
            state=learnt.state,
            memories=tuple(memories),
            bids=np.stack(bids, 1),
            action=choose(self.rule.mix(learnt.state), uniform),
        )

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Bid what it chose."""
        bids, action = _chosen(knowledge.memory)
        return bids[np.arange(len(action)), action]

    def learn(self, experience: Experience) -> Any:
        """Hear what was earned, and let the menu remember what was bid."""
        learnt: Learnt = experience.knowledge.memory
        _, action = _chosen(learnt)
        if self.rule.feedback == "full":
            earned = self.hindsight_gbp(experience)
            state = self.rule.learn(learnt.state, _scaled(experience.knowledge, earned))
        else:
            state = self.rule.learn(learnt.state, action, self._earned(experience))
        memories = tuple(
            strategy.learn(_remembering(experience, memory))
            for strategy, memory in zip(self.menu, learnt.memories, strict=True)
        )
        return Learnt(state, memories)

    def hindsight_gbp(self, experience: Experience) -> Floats:
        """Return what each bid on the menu would have earned, (match, action, window)."""
        knowledge = experience.knowledge
        bids, _ = _chosen(knowledge.memory)
        setting = knowledge.setting
        shown = np.moveaxis(experience.bids, 1, 2)
        earned = would_earn(
            setting.rule,
            knowledge.values_gbp / setting.tick_gbp,
            shown,
            np.moveaxis(experience.present, 1, 2),
            experience.authority,
            setting.seat,
            np.moveaxis(bids, 1, 2),
            self.disposition.weights,
            stated_worth(knowledge, shown),
        )
        return np.moveaxis(earned, 1, 2) * setting.tick_gbp

    def _earned(self, experience: Experience) -> Floats:
        """Return what its own bid has earned, from 0 to 1, shape (match,)."""
        knowledge = experience.knowledge
        own, others = self.disposition.weights
        worth = stated_worth(knowledge, np.moveaxis(experience.bids, 1, 2))
        there = at(worth, experience.option)
        received = there + experience.payments[:, knowledge.setting.seat]
        earned = own * experience.earned_gbp + others * received * knowledge.setting.tick_gbp
        return _scaled(knowledge, earned[:, np.newaxis])[:, 0]


def _scaled(knowledge: Knowledge, earned_gbp: Floats) -> Floats:
    """Return payoffs as rules take them: from 0 to 1, the mean over the windows.

    Parameters
    ----------
    knowledge : Knowledge
        For what the best option of each window is worth.
    earned_gbp : ndarray of float, shape (match, action, window)
        Payoffs.
    """
    best = knowledge.values_gbp.max(-1)[:, np.newaxis]
    share = earned_gbp / np.where(best > 0, best, 1.0)
    return (np.clip(share, -1.0, 1.0).mean(-1) + 1.0) / 2.0


def _chosen(learnt: Learnt) -> tuple[Bids, Options]:
    if learnt.bids is None or learnt.action is None:
        raise ValueError("a learner bids and learns after it has thought")
    return learnt.bids, learnt.action


def _remembering(experience: Experience, memory: Any) -> Experience:
    return replace(experience, knowledge=replace(experience.knowledge, memory=memory))
