"""What a community agrees before the first session, and the contract never changes."""

from dataclasses import dataclass
from typing import Final

from market.terms import MOST_PARTIES, MOST_WINDOWS
from market.trading.auction import is_share
from market.trading.base import HIGHEST_PRICE, TradingRule
from market.trading.rules import TRADING_RULES, trading_rule
from market.trading.tariff import Tariff

TICK_WEI: Final = 10**7
"""What a tick of GBP 1e-7 is worth on a chain by default; as 10¹² wei for a penny."""


@dataclass(frozen=True, kw_only=True)
class MarketTerms:
    """A community's constitution: who trades, by which rule, and what not delivering costs."""

    parties: int
    """How many seats, two or more."""

    tariff: Tariff
    """What the grid charges and pays: it prices the sharing rules, and what they lock."""

    trading: str = "uniform-price"
    """Key into `TRADING_RULES`."""

    k: float = 0.5
    """Whose an auction's surplus is: 0 the buyers', 1 the sellers'; in whole thousandths."""

    penalty: int = 0
    """What a party is charged for each watt-hour that it did not deliver, in ticks."""

    horizon: int = 1
    """How many windows a session has: one, or a day's."""

    period: int = 1800
    """Seconds between the closing of one session's orders and the next's."""

    tick_wei: int = TICK_WEI
    """What a tick is worth on a chain."""

    def __post_init__(self) -> None:
        """Refuse terms that no contract could hold."""
        for name, (holds, wanted) in self._conditions().items():
            if not holds:
                raise ValueError(f"{name} is {getattr(self, name)!r}, wanted {wanted}")

    def _conditions(self) -> dict[str, tuple[bool, str]]:
        """Return for each term whether it can be held, and what is wanted of it."""
        prices = f"0 to {HIGHEST_PRICE} ticks for a watt-hour"
        return {
            "parties": (2 <= self.parties <= MOST_PARTIES, f"2 to {MOST_PARTIES}"),
            "tariff": (self.tariff.buy <= HIGHEST_PRICE, prices),
            "trading": (self.trading in TRADING_RULES, f"one of {sorted(TRADING_RULES)}"),
            "k": (is_share(self.k), "0 to 1 in whole thousandths"),
            "penalty": (0 <= self.penalty <= HIGHEST_PRICE, prices),
            "horizon": (1 <= self.horizon <= MOST_WINDOWS, f"1 to {MOST_WINDOWS} windows"),
            "period": (0 < self.period < 2**32, "1 second or more, in 32 bits"),
            "tick_wei": (0 < self.tick_wei < 2**64, "1 wei or more, in 64 bits"),
        }

    @property
    def rule(self) -> TradingRule:
        """The trading rule itself."""
        return trading_rule(self.trading, self.k)

    def orders_close(self, session: int) -> int:
        """Return when the orders for a session close, in seconds since the opening."""
        return (session + 1) * self.period

    def meter_deadline(self, session: int) -> int:
        """Return when a session may be settled without a report, in seconds since the opening.

        One period is for delivery, and one more for the meter.
        """
        return self.orders_close(session) + 2 * self.period
