"""The registry of strategies."""

from collections.abc import Callable
from functools import partial
from typing import Final

from agents.learning import LEARNING_RULES
from agents.strategies.base import Strategy
from agents.strategies.chance import Random, ZeroIntelligence
from agents.strategies.defaulting import DepositStarver, LateBidder, Unrevealed, Withholder
from agents.strategies.indifferent import Absent, Flat, Indifferent, StatusQuo
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
    "absent": Absent,
    "late-bidder": LateBidder,
    "deposit-starver": DepositStarver,
    "unrevealed": Unrevealed,
    "withholder": Withholder,
    **{name: partial(Learner, rule=rule()) for name, rule in LEARNING_RULES.items()},
}
"""Name to what makes it; every one works without arguments."""
