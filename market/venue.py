"""The port through which a window is held, in memory or on a chain.

The six stages of the paper's Fig. 1 are its methods: `deposit`, `submit` (setting of
preferences), `decide` (negotiation and instruction), `report` or `settle`
(settlement), and `withdraw`. Whatever goes wrong is a `MarketError`, the same
from every venue.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from market.bids import Bid
from market.terms import Terms

Stage: TypeAlias = Literal[
    "deploy", "deposit", "submit", "decide", "report", "settle", "withdraw"
]
"""What a call to a venue was for."""


@dataclass(frozen=True)
class Award:
    """The outcome of one window."""

    window: int
    option: int
    """The chosen option."""

    set_point: int
    """What the element is told, in thousandths of its unit."""

    payments: tuple[int, ...]
    """What each seat pays in ticks, negative if it receives."""

    candidates: tuple[int, ...]
    """The options between which authority chose."""

    authority: int
    """The seat that held authority when the window was decided."""

    @property
    def authority_used(self) -> bool:
        """Whether more than one candidate was left."""
        return len(self.candidates) > 1


@dataclass(frozen=True)
class Call:
    """One call to a venue: a transaction, if there is a chain."""

    stage: Stage
    window: int | None
    """None for what belongs to no window: deployment, deposits, withdrawals."""

    seat: int | None
    """None for calls that anyone may make, or the meter."""

    gas: int = 0
    transaction: str | None = None
    """Hash, where transactions have one."""

    block: int | None = None
    """Number, where there are blocks."""


class Venue(Protocol):
    """Where windows are held, under fixed terms."""

    terms: Terms

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw now, in ticks."""
        ...

    @property
    def authority(self) -> int:
        """The seat that breaks the next tie."""
        ...

    @property
    def calls(self) -> Sequence[Call]:
        """Every call that was accepted, oldest first."""
        ...

    def deposit(self, seat: int, ticks: int) -> None:
        """Lock money in; raise `NotAParty` or `DepositRefused`."""
        ...

    def submit(self, window: int, seat: int, bid: Bid) -> None:
        """Record an open bid and lock what it stakes; raise a `BidRejected`."""
        ...

    def wait_until(self, seconds: int) -> None:
        """Let time pass until so many seconds after the opening; never go back."""
        ...

    def decide(self, window: int) -> Award:
        """Decide and instruct; raise `WindowNotReady` or `WindowOutOfOrder`."""
        ...

    def report(self, window: int, flow: int, blocked: Collection[int] = ()) -> None:
        """Meter a decided window and settle it; raise `WindowNotReady` or `WindowSettled`."""
        ...

    def settle(self, window: int) -> None:
        """Settle as instructed after the meter's deadline; raise as `report` does."""
        ...

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take free money out; raise `NotAParty` or `BalanceTooSmall`."""
        ...


def gas_of(venue: Venue, window: int) -> int:
    """Return the gas of every call of a window."""
    return sum(call.gas for call in venue.calls if call.window == window)
