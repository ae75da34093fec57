"""The port through which windows are held, in memory or on a chain.

The six stages of the paper's Fig. 1 are its methods: `deposit`; `open`, `submit` and `reveal`
(setting of preferences); `decide` (negotiation and instruction); `report` or `settle`
(settlement); and `withdraw`. A session is the windows that one bid covers: one, or a day's.
Sealed and open markets are used alike: what `submit` sends is sealed if the terms say so,
and then wants a `reveal`. Whatever goes wrong is a `MarketError`, the same from every venue.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from market.bids import Bids
from market.terms import Terms

Stage: TypeAlias = Literal[
    "deploy",
    "deposit",
    "open",
    "submit",
    "commit",
    "reveal",
    "decide",
    "clear",
    "report",
    "settle",
    "withdraw",
]
"""What a call to a venue, or to a marketplace, was for."""


@dataclass(frozen=True)
class Award:
    """The outcome of one window."""

    window: int
    """Counted over all sessions."""

    option: int
    """The chosen option."""

    set_point: int
    """What the element is told, in thousandths of its unit."""

    payments: tuple[int, ...]
    """What each seat pays in ticks, negative if it receives."""

    candidates: tuple[int, ...]
    """The options between which authority, or the lot, chose."""

    authority: int
    """The seat that held authority when the window was decided."""

    authority_used: bool
    """Whether authority broke a tie."""

    participants: tuple[int, ...]
    """The seats whose bids counted."""


@dataclass(frozen=True)
class Call:
    """One call to a venue: a transaction, if there is a chain."""

    stage: Stage
    session: int | None
    """None for what belongs to no session: deployment, deposits, withdrawals."""

    seat: int | None
    """None for calls that anyone may make."""

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

    def open(self, session: int) -> None:
        """Compare the fee with its cap; raise `WindowNotReady` if there is none."""
        ...

    def submit(
        self,
        session: int,
        seat: int,
        bids: Bids,
        salt: bytes = bytes(32),
        caps: Sequence[int] | None = None,
    ) -> None:
        """Send bids, and lock what they stake; raise a `BidRejected`.

        Sealed bids are committed with a salt of 32 bytes, and a public cap in ticks
        for each covered window: the highest offer in it unless another is given.
        """
        ...

    def reveal(self, session: int, seat: int) -> None:
        """Reveal what was sealed, if anything is; raise `WindowNotReady` or `BidMismatch`."""
        ...

    def wait_until(self, seconds: int) -> None:
        """Let time pass until so many seconds after the opening; never go back."""
        ...

    def decide(self, session: int) -> tuple[Award, ...]:
        """Decide and instruct every window; raise `WindowNotReady` or `WindowOutOfOrder`."""
        ...

    def report(
        self, session: int, flows: Sequence[int], blocked: Sequence[Collection[int]] = ()
    ) -> None:
        """Meter a decided session and settle it; raise `WindowNotReady` or `WindowSettled`.

        Flows are in thousandths of the unit, one for each window; blocked, if given,
        names for each window the seats that made the transfer impossible.
        """
        ...

    def settle(self, session: int) -> None:
        """Settle as instructed after the meter's deadline; raise as `report` does."""
        ...

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take free money out; raise `NotAParty` or `BalanceTooSmall`."""
        ...


def gas_of(venue: Venue, session: int) -> int:
    """Return the gas of every call of a session."""
    return sum(call.gas for call in venue.calls if call.session == session)
