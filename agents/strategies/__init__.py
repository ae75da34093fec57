"""The registry of strategies."""

from collections.abc import Callable
from typing import Final

from agents.strategies.base import Strategy
from agents.strategies.chance import Random
from agents.strategies.indifferent import Indifferent
from agents.strategies.scaled import Inflated, Shaded
from agents.strategies.truthful import Truthful

STRATEGIES: Final[dict[str, Callable[[], Strategy]]] = {
    "truthful": Truthful,
    "shaded": Shaded,
    "inflated": Inflated,
    "indifferent": Indifferent,
    "random": Random,
}
"""Name to class; every one works without arguments."""
