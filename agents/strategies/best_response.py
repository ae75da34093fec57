"""Exact best responses to what the others are expected to bid, for any disposition."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from agents.beliefs import LAST, MEAN_BY_HALF_HOUR, Belief, Past
from agents.disposition import DISPOSITIONS, Disposition
from agents.draws import Draws
from agents.strategies.base import Experience, Knowledge, Setting, Strategy
from market.games.best_ranks import rivals_of
from market.games.best_response import BestResponse as Answer
from market.games.best_response import best_response
from market.mechanisms.entries import summed_but
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from market.money import ranks
from market.types import Bids, Floats, Mask

TWO: Final = 2
"""A lottery among more parties has no best response that is known here: the truth stands in."""


@dataclass(frozen=True)
class BestResponse(Strategy):
    """Bid what would earn most if the others bid as they did last time [1]_.

    Under offers that is a bid for one option only, just enough to win it; under ranks, an
    order that makes the best reachable option win (RULES §5, facts 5 and 6). Until everybody
    has been seen to bid it tells the truth. Where the truth about other options costs it
    nothing it tells as much of it as it cares for the others, so that they can do the same.

    References
    ----------
    .. [1] A. A. Cournot, *Recherches sur les principes mathématiques de la théorie des
       richesses*, 1838, ch. 7.
    """

    meaning: ClassVar[str] = "bids what would have earned most against the others' last bids"

    disposition: Disposition = DISPOSITIONS["individualistic"]
    """How it weighs the others' payoffs."""

    belief: Belief = LAST
    """What it expects the others to bid."""

    def start(self, setting: Setting) -> Any:
        """Have seen nothing."""
        return self.belief.start(setting)

    def learn(self, experience: Experience) -> Any:
        """Remember what was bid."""
        past: Past = experience.knowledge.memory
        return self.belief.learn(past, experience)

    def expected(self, knowledge: Knowledge) -> tuple[Bids, Mask]:
        """Return what the others will bid, and in which windows that is known.

        Shapes ``(match, window, party, option)`` and ``(match, window)``.
        """
        others, known = self.belief.expect(knowledge.memory, knowledge)
        known[..., knowledge.setting.seat] = True
        return others, np.asarray(known.all(-1))

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Respond to what is expected; tell the truth where nothing is."""
        setting = knowledge.setting
        others, known = self.expected(knowledge)
        if not known.any() or (setting.rule.lottery and setting.parties > TWO):
            return knowledge.bid(knowledge.values_gbp)
        told = self._answer(knowledge, others)
        if known.all():
            return told
        return np.where(known[..., np.newaxis], told, knowledge.bid(knowledge.values_gbp))

    def _answer(self, knowledge: Knowledge, others: Bids) -> Bids:
        """Return the best bids against what the others are expected to bid."""
        setting, weights = knowledge.setting, self.disposition.weights
        answer = best_response(
            setting.rule,
            knowledge.values_gbp / setting.tick_gbp,
            others,
            setting.seat,
            knowledge.authority,
            weights,
            stated_worth(knowledge, others) if weights[1] else None,
        )
        return _candid(knowledge, others, answer, self.disposition.candour)


def stated_worth(knowledge: Knowledge, others: Bids) -> Floats:
    """Return what the others together seem to earn at each option, by their bids, in ticks.

    Offers are taken at their word. Ranks carry no money: each party is taken to have as much
    at stake as this one, spread evenly over its order.

    Parameters
    ----------
    knowledge : Knowledge
        Of the party that asks.
    others : ndarray of int64, shape (match, window, party, option)
        Bids; its own row is not read. Rows of zeros are those of parties that did not bid.
    """
    setting = knowledge.setting
    if setting.form == "offers":
        return summed_but(others, setting.seat).astype(float)
    at_stake = np.where(others > 0, setting.options - others, 0) / (setting.options - 1)
    share = summed_but(at_stake, setting.seat)
    return share * knowledge.values_gbp.max(-1, keepdims=True) / setting.tick_gbp


def _candid(knowledge: Knowledge, others: Bids, answer: Answer, candour: float) -> Bids:
    """Return bids that lead to the same option at no cost to the party, and tell more."""
    rule = knowledge.setting.rule
    if candour > 0 and isinstance(rule, HighestCombinedOffer):
        return _candid_offers(knowledge, others, answer, candour)
    if candour >= 1 and type(rule) is RankedPreferenceSelection:
        return _candid_ranks(knowledge, others, answer)
    return answer.bids


def _candid_offers(knowledge: Knowledge, others: Bids, answer: Answer, candour: float) -> Bids:
    """Offer as much of the truth for every other option as does not win it.

    One who tells all does not care who of them pays, and tells it of the target too.
    """
    setting = knowledge.setting
    target = np.arange(setting.options) == answer.option[..., np.newaxis]
    combined = summed_but(others, setting.seat)
    truth = np.floor(candour * knowledge.values_gbp / setting.tick_gbp).astype(np.int64)
    enough = np.maximum(answer.bids, truth) if candour >= 1 else answer.bids
    winning = ((enough + combined) * target).sum(-1, keepdims=True)
    spare = np.minimum(truth, winning - combined - 1)
    return np.where(target, enough, np.maximum(spare, 0))


def _candid_ranks(knowledge: Knowledge, others: Bids, answer: Answer) -> Bids:
    """Put the target first, and the rest in their true order if that is enough to win it."""
    setting = knowledge.setting
    target = np.arange(setting.options) == answer.option[..., np.newaxis]
    order = ranks(np.where(target, np.inf, knowledge.values_gbp))
    rivals = rivals_of(answer.option, others, setting.seat, knowledge.authority)
    enough = (order >= rivals).all(-1, keepdims=True)
    return np.where(enough, order, answer.bids)


@dataclass(frozen=True)
class BestResponseToMean(BestResponse):
    """Bid what would earn most against the mean of all bids seen so far [1]_.

    References
    ----------
    .. [1] G. W. Brown, "Iterative solution of games by fictitious play", in *Activity
       Analysis of Production and Allocation*, Wiley, 1951.
    """

    meaning: ClassVar[str] = "bids what would have earned most against the others' mean bids"

    belief: Belief = MEAN_BY_HALF_HOUR


@dataclass(frozen=True)
class Cooperative(BestResponse):
    """Bid for what is best for all, as the others' bids tell what that is."""

    meaning: ClassVar[str] = "bids for the option that is best for all, by what others stated"

    disposition: Disposition = DISPOSITIONS["cooperative"]


@dataclass(frozen=True)
class Adversarial(BestResponse):
    """Give up a pound of its own to take one from the others [1]_.

    References
    ----------
    .. [1] J. Morgan, K. Steiglitz and G. Reis, "The spite motive and equilibrium behavior in
       auctions", Contributions to Economic Analysis and Policy 2(1), 2003.
    """

    meaning: ClassVar[str] = "bids against the others as much as for itself"

    disposition: Disposition = DISPOSITIONS["adversarial"]


@dataclass(frozen=True)
class Altruistic(BestResponse):
    """Bid for what the others want most, and give all that it is worth to itself."""

    meaning: ClassVar[str] = "bids for what the others want most, and pays what it can"

    disposition: Disposition = DISPOSITIONS["altruistic"]


@dataclass(frozen=True)
class OracleBestResponse(BestResponse):
    """Bid what earns most against what the others bid now: a bound, as nobody can know that.

    It takes another oracle to tell the truth.
    """

    meaning: ClassVar[str] = "knows what the others bid now, and bids what earns most: a bound"

    @property
    def oracle(self) -> bool:
        """Told what nobody can know."""
        return True

    def learn(self, experience: Experience) -> Any:
        """Need no memory."""
        return experience.knowledge.memory

    def expected(self, knowledge: Knowledge) -> tuple[Bids, Mask]:
        """Return what the others bid."""
        if knowledge.present_bids is None:
            raise ValueError("an oracle wants to be told the present bids")
        others = np.moveaxis(knowledge.present_bids, 1, 2)
        return others, np.ones(others.shape[:2], bool)
