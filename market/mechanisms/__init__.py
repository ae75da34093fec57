"""The registry of mechanisms."""

from collections.abc import Callable
from typing import Final

from market.mechanisms.base import Mechanism
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from market.mechanisms.rps_pareto import ParetoPreferenceSelection
from market.mechanisms.rps_random import RandomPreferenceSelection

MECHANISMS: Final[dict[str, Callable[[str], Mechanism]]] = {
    "hco": HighestCombinedOffer,
    "rps": RankedPreferenceSelection,
    "rps-pareto": ParetoPreferenceSelection,
    "rps-random": RandomPreferenceSelection,
}
"""Name to class; the argument is a key into `PAYMENT_RULES`."""
