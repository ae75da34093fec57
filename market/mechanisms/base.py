"""What a mechanism is: a choice rule and a payment rule, each a pure function."""

from typing import ClassVar, Literal, Protocol, TypeAlias

from market.types import Bids, Mask, Seats, Ticks

Form: TypeAlias = Literal["offers", "ranks"]
"""What a bid is made of."""


class Mechanism(Protocol):
    """A rule of RULES §2 or §3; every method takes any number of leading axes.

    Bids of a party that takes no part are never read: `present`, of shape
    ``(…, party)``, says who does.
    """

    form: ClassVar[Form]
    """What the mechanism asks the parties for."""

    lottery: ClassVar[bool]
    """Whether ties are broken by lot from revealed salts, and not by authority."""

    def merit(self, bids: Bids) -> Bids:
        """Return how a party orders options, shape of `bids`; more is better."""
        ...

    def candidates(self, bids: Bids, present: Mask) -> Mask:
        """Return which options may be chosen, shape ``(…, option)``."""
        ...

    def charge(self, offers: Bids, present: Mask) -> Ticks:
        """Return what each pays given its bid at the chosen option, both ``(…, party)``."""
        ...

    def instructor(self, offers: Bids, present: Mask) -> Seats:
        """Return whose exact set-point is instructed, shape ``(…)``; -1: the middle."""
        ...
