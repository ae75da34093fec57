"""The registry of learning rules."""

from collections.abc import Callable
from typing import Final

from agents.learning.bandits import UCB1, Exp3
from agents.learning.base import LearningRule
from agents.learning.fictitious_play import FictitiousPlay, SmoothBestResponse
from agents.learning.hedge import Hedge
from agents.learning.q_learning import BoltzmannQ, GreedyQ
from agents.learning.regret_matching import RegretMatching, RegretMatchingPlus
from agents.learning.roth_erev import RothErev

LEARNING_RULES: Final[dict[str, Callable[[], LearningRule]]] = {
    "roth-erev": RothErev,
    "q-greedy": GreedyQ,
    "q-boltzmann": BoltzmannQ,
    "ucb": UCB1,
    "exp3": Exp3,
    "hedge": Hedge,
    "regret-matching": RegretMatching,
    "regret-matching-plus": RegretMatchingPlus,
    "fictitious-play": FictitiousPlay,
    "smooth-best-response": SmoothBestResponse,
}
"""Name to class; every one works without arguments."""
