"""Parties that answer in kind: they concede to those who conceded to them.

Nobody sees what another party's options are worth to it, so a move is judged by its result:
the others cooperated in a session if it earned a party its fair share of what its best
options were worth. A party cooperates by the truth. It defects by a hard bid: its own values
less what the others want, which is the same move under offers and ranks:

* Under offers it offers nothing where the others want more, so that they pay in full for
  their way (and not just the difference to its own truthful offer), and no more than its
  lead elsewhere, so that less is paid to them for its own way.
* Under ranks it puts what it wants and they do not at the top, and what they want and it
  does not at the bottom.

It is no best response: what it costs the others may cost itself as much.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from agents.beliefs import LAST, Belief, Past
from agents.draws import Draws
from agents.ranges import ranged
from agents.strategies.base import Experience, Knowledge, Setting, Strategy
from agents.strategies.best_response import BestResponse
from agents.strategies.watchful import wanted_gbp
from market.types import Bids, Floats, Mask


@dataclass(frozen=True, eq=False)
class Standing:
    """How a party stands with the others."""

    trust: Floats
    """Its move: from 0 for a hard bid to 1 for the truth, shape ``(match,)``."""

    wronged: Floats
    """In how many sessions on end it got less than its share, shape ``(match,)``."""

    seen: Past
    """What the others bid."""


@dataclass(frozen=True)
class Reciprocal(Strategy):
    """Tell the truth to those who gave it its share, and bid hard against the others."""

    fair: float = ranged(0.25)
    """Its share: of what its best options were worth.

    On Anglesey a truthful partner leaves a party a little more than a quarter of it under
    offers, and a partner that responds best next to nothing.
    """

    belief: Belief = LAST
    """What it expects the others to bid."""

    def start(self, setting: Setting) -> Any:
        """Trust everybody."""
        nobody = np.zeros(setting.matches)
        return Standing(1.0 - nobody, nobody, self.belief.start(setting))

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State its values, less what the others want in so far as it does not trust them."""
        memory: Standing = knowledge.memory
        wanted, _ = wanted_gbp(self.belief, memory.seen, knowledge)
        doubt = (1.0 - memory.trust)[:, np.newaxis, np.newaxis]
        return knowledge.bid(knowledge.values_gbp - doubt * wanted)

    def learn(self, experience: Experience) -> Any:
        """Judge what the others conceded, and remember what they bid."""
        before: Standing = experience.knowledge.memory
        conceded = self.conceded(experience)
        wronged = np.where(conceded < 1.0, before.wronged + 1.0, 0.0)
        seen = self.belief.learn(before.seen, experience)
        return Standing(self.trusts(before.trust, conceded, wronged), wronged, seen)

    def conceded(self, experience: Experience) -> Floats:
        """Return how much of its share a session earned it, from 0 to 1, ``(match,)``."""
        share = self.fair * experience.knowledge.values_gbp.max(-1).sum(-1)
        earned = experience.earned_gbp.sum(-1)
        some = share > 0.0
        return np.where(some, np.clip(earned / np.where(some, share, 1.0), 0.0, 1.0), 1.0)

    def trusts(self, trust: Floats, conceded: Floats, wronged: Floats) -> Floats:
        """Return its next move, from its last and from how it was treated, ``(match,)``."""
        raise NotImplementedError


@dataclass(frozen=True)
class TitForTat(Reciprocal):
    """Concede as much as the others conceded in the last session, and the truth at first.

    The strategy that won Axelrod's tournaments [1]_, graded like concessions in a
    negotiation [2]_: half a share is answered with a bid halfway between the truth and a
    hard one.

    References
    ----------
    .. [1] R. Axelrod and W. D. Hamilton, "The evolution of cooperation", Science 211, 1981.
    .. [2] P. Faratin, C. Sierra and N. R. Jennings, "Negotiation decision functions for
       autonomous agents", Robotics and Autonomous Systems 24(3-4), 1998.
    """

    meaning: ClassVar[str] = "concedes as much as the others conceded last time"

    def trusts(self, trust: Floats, conceded: Floats, wronged: Floats) -> Floats:
        """Answer in kind."""
        return conceded


@dataclass(frozen=True)
class GenerousTitForTat(TitForTat):
    """Concede as the others did, but pardon them with a fixed chance [1]_.

    So a wrong that nobody meant does not echo for ever.

    References
    ----------
    .. [1] M. A. Nowak and K. Sigmund, "Tit for tat in heterogeneous populations", Nature 355,
       1992.
    """

    meaning: ClassVar[str] = "concedes as the others did, but pardons a third of all wrongs"

    generosity: float = ranged(1.0 / 3.0, most=1.0)
    """How likely it pardons."""

    def think(self, knowledge: Knowledge, draws: Draws) -> Any:
        """Pardon, or not."""
        memory: Standing = knowledge.memory
        pardon = draws.uniform() < self.generosity
        return replace(memory, trust=np.where(pardon, 1.0, memory.trust))


@dataclass(frozen=True)
class GrimTrigger(Reciprocal):
    """Tell the truth until it got less than its share once, and bid hard for ever after [1]_.

    References
    ----------
    .. [1] J. W. Friedman, "A non-cooperative equilibrium for supergames", Review of Economic
       Studies 38(1), 1971.
    """

    meaning: ClassVar[str] = "tells the truth until wronged once, then bids hard for ever"

    def trusts(self, trust: Floats, conceded: Floats, wronged: Floats) -> Floats:
        """Never trust again."""
        return np.where(conceded < 1.0, 0.0, trust)


@dataclass(frozen=True)
class WinStayLoseShift(Reciprocal):
    """Repeat its move if it earned its share, and make the other move if not [1]_.

    It corrects mistakes, as tit for tat does not, and takes from those who never strike back.

    References
    ----------
    .. [1] M. Nowak and K. Sigmund, "A strategy of win-stay, lose-shift that outperforms
       tit-for-tat in the Prisoner's Dilemma game", Nature 364, 1993.
    """

    meaning: ClassVar[str] = "repeats its move if that earned its share, else changes it"

    def trusts(self, trust: Floats, conceded: Floats, wronged: Floats) -> Floats:
        """Stay or shift."""
        return np.where(conceded < 1.0, 1.0 - trust, trust)


@dataclass(frozen=True)
class Forgiving(Reciprocal):
    """Bid hard only after it got less than its share several times on end.

    With two it is tit for two tats, which would have won the first of Axelrod's
    tournaments [1]_.

    References
    ----------
    .. [1] R. Axelrod, "Effective choice in the Prisoner's Dilemma", Journal of Conflict
       Resolution 24(1), 1980.
    """

    meaning: ClassVar[str] = "bids hard only after it was wronged twice on end"

    patience: int = ranged(2)
    """How many wrongs on end it answers."""

    def trusts(self, trust: Floats, conceded: Floats, wronged: Floats) -> Floats:
        """Trust until its patience ends."""
        return np.where(wronged < self.patience, 1.0, 0.0)


@dataclass(frozen=True, eq=False)
class Record:
    """How the others kept to the contract."""

    came: Mask
    """Who has taken part, shape ``(match, party)``."""

    cheated: Mask
    """Whether another party broke the contract, shape ``(match,)``."""

    seen: Past
    """What the others bid."""


@dataclass(frozen=True)
class TruthfulUntilCheated(BestResponse):
    """Tell the truth until another party breaks the contract, then take what it can for good.

    To break it is to isolate a busbar, or to stay away after having taken part: by silence,
    by an empty account, or late. It then returns to the equilibrium of a single session, or
    as near to that as its best responses bring it [1]_.

    References
    ----------
    .. [1] J. W. Friedman, "A non-cooperative equilibrium for supergames", Review of Economic
       Studies 38(1), 1971.
    """

    meaning: ClassVar[str] = "tells the truth until another breaks the contract, then no more"

    def start(self, setting: Setting) -> Any:
        """Suspect nobody."""
        came = np.zeros((setting.matches, setting.parties), bool)
        return Record(came, np.zeros(setting.matches, bool), self.belief.start(setting))

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Respond to what the others will bid, but only to cheats."""
        memory: Record = knowledge.memory
        truth = knowledge.bid(knowledge.values_gbp)
        if not memory.cheated.any():
            return truth
        response = super().bid(replace(knowledge, memory=memory.seen), draws)
        return np.where(memory.cheated[:, np.newaxis, np.newaxis], response, truth)

    def learn(self, experience: Experience) -> Any:
        """Note who blocked, and who stayed away."""
        before: Record = experience.knowledge.memory
        stayed_away = before.came & ~experience.present.all(-1)
        broke = experience.blocked.any(-1) | stayed_away
        broke[:, experience.knowledge.setting.seat] = False
        return Record(
            came=before.came | experience.present.any(-1),
            cheated=before.cheated | broke.any(-1),
            seen=self.belief.learn(before.seen, experience),
        )
