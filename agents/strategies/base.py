"""What a strategy is: a pure function from what a party may know to its bid."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from market import money
from market.mechanisms.base import Form
from market.types import Bids, Floats


@dataclass(frozen=True)
class Knowledge:
    """What a party may know when it bids: never the others' present costs."""

    seat: int
    """Its own seat."""

    window: int
    """The index of the window."""

    form: Form
    """Whether the mechanism asks for offers or for ranks."""

    values_gbp: Floats
    """What each option is worth to it, shape ``(…, option)``."""

    tick_gbp: float = 0.01
    """What a tick is worth."""

    def bid(self, stated_gbp: Floats) -> Bids:
        """Return values, true or not, in the form that the mechanism asks for."""
        return money.bids(stated_gbp, self.form, self.tick_gbp)


class Strategy(Protocol):
    """How a party turns what its options are worth into a bid.

    A strategy is a frozen dataclass. It keeps no state, takes any number of leading
    axes, and draws only from `rng`.
    """

    meaning: ClassVar[str]
    """What it does, in a sentence about the party."""

    def bid(self, knowledge: Knowledge, rng: np.random.Generator) -> Bids:
        """Return offers in ticks, or ranks, shape of ``knowledge.values_gbp``."""
        ...
