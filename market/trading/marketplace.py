"""The port through which a community trades, in memory or on a chain.

Its stages are its methods: `deposit`; `submit`, one signed order a window; `clear`, by the
trading rule; `report` or `settle`; and `withdraw`. A session is the windows that are ordered
for together: one, or a day's. Sessions clear in ascending order, each once every party has
submitted or its orders have closed, so who calls changes no outcome.

A party's trade is with the community. What its meter says beyond or short of its trade it
exchanges with the grid at its own tariff, outside the marketplace. Inside, only what it traded
and did not deliver costs it: see `market.trading.settlement`.

On a chain, orders are sorted outside the contract and checked inside it: `clear` presents the
seats in order of merit (`market.trading.auction.witness`), and all else is computed there.
Whatever goes wrong is a `MarketError`, the same from every marketplace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from market.trading.orders import Order
from market.trading.terms import MarketTerms
from market.venue import Call


@dataclass(frozen=True)
class Trade:
    """The outcome of one window."""

    window: int
    """Counted over all sessions."""

    traded_wh: tuple[int, ...]
    """What each seat takes from the others, negative if it gives; they sum to zero."""

    payments: tuple[int, ...]
    """What each seat pays in ticks, negative if it is paid; they sum to zero."""

    price: int
    """In ticks for a watt-hour, 0 without trade; where each pays its own, the mean."""

    participants: tuple[int, ...]
    """The seats that ordered something, whether or not they came to trade."""


class Marketplace(Protocol):
    """Where a community trades, under fixed terms."""

    terms: MarketTerms

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw now, in ticks."""
        ...

    @property
    def calls(self) -> Sequence[Call]:
        """Every call that was accepted, oldest first."""
        ...

    def deposit(self, seat: int, ticks: int) -> None:
        """Lock money in; raise `DepositRefused` or `NotAParty`."""
        ...

    def submit(self, session: int, seat: int, orders: Sequence[Order | None]) -> None:
        """Send one order for each window, None for no order, and lock what they may cost.

        In this order, raise what is wrong with the orders themselves: `OrdersMalformed`,
        `QuantityOutOfRange`, `LimitOutOfRange` (found before anything is sent), on a chain
        `OrderMalformed`; then `NotAParty`, `WindowClosed`, `AlreadyBid`, `DepositTooSmall`.
        """
        ...

    def wait_until(self, seconds: int) -> None:
        """Let time pass until so many seconds after the opening; never go back."""
        ...

    def clear(self, session: int) -> tuple[Trade, ...]:
        """Clear every window; raise `WindowOutOfOrder` or `WindowNotReady`."""
        ...

    def report(self, session: int, metered_wh: Sequence[Sequence[int]]) -> None:
        """Settle a cleared session by what the meters saw.

        For each window one flow of each seat, in watt-hours, positive where it takes. Raise
        `ReadingsMalformed` (found before anything is sent), `WindowNotReady` or
        `WindowSettled`.
        """
        ...

    def settle(self, session: int) -> None:
        """Settle as traded, after the meter's deadline; raise as `report` does."""
        ...

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take free money out; raise `NotAParty` or `BalanceTooSmall`."""
        ...
