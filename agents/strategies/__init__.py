"""The registry of strategies."""

from collections.abc import Callable
from functools import partial
from typing import Final

from agents.learning import LEARNING_RULES
from agents.strategies.base import Strategy
from agents.strategies.best_response import (
    Adversarial,
    Altruistic,
    BestResponse,
    BestResponseToMean,
    Cooperative,
    OracleBestResponse,
)
from agents.strategies.chance import Random, ZeroIntelligence
from agents.strategies.defaulting import DepositStarver, LateBidder, Unrevealed, Withholder
from agents.strategies.indifferent import Absent, Flat, Indifferent, StatusQuo
from agents.strategies.learner import Learner
from agents.strategies.manipulators import AntiRanking, Burying, Pivotal
from agents.strategies.reciprocal import (
    Forgiving,
    GenerousTitForTat,
    GrimTrigger,
    TitForTat,
    TruthfulUntilCheated,
    WinStayLoseShift,
)
from agents.strategies.scaled import Clipped, Inflated, Shaded
from agents.strategies.truthful import Truthful

STRATEGIES: Final[dict[str, Callable[[], Strategy]]] = {
    "truthful": Truthful,
    "shaded": Shaded,
    "inflated": Inflated,
    "clipped": Clipped,
    "indifferent": Indifferent,
    "flat": Flat,
    "status-quo": StatusQuo,
    "random": Random,
    "zero-intelligence": ZeroIntelligence,
    "best-response": BestResponse,
    "best-response-to-mean": BestResponseToMean,
    "cooperative": Cooperative,
    "adversarial": Adversarial,
    "altruistic": Altruistic,
    "oracle-best-response": OracleBestResponse,
    "tit-for-tat": TitForTat,
    "generous": GenerousTitForTat,
    "grim-trigger": GrimTrigger,
    "win-stay-lose-shift": WinStayLoseShift,
    "forgiving": Forgiving,
    "truthful-until-cheated": TruthfulUntilCheated,
    "pivotal": Pivotal,
    "anti-ranking": AntiRanking,
    "burying": Burying,
    "absent": Absent,
    "late-bidder": LateBidder,
    "deposit-starver": DepositStarver,
    "unrevealed": Unrevealed,
    "withholder": Withholder,
    **{name: partial(Learner, rule=rule()) for name, rule in LEARNING_RULES.items()},
}
"""Name to class; every one works without arguments."""
