"""What a chain charges communities that trade: gas of a session, in steady state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from chain.market_size import fits
from chain.marketplace import ContractMarketplace
from chain.revm import Revm
from market.local import IN_FLIGHT
from market.terms import MOST_PARTIES
from market.trading.orders import Order
from market.trading.rules import TRADING_RULES
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms

ORDERS: Final = (10, 30, 100, 200)
"""Of one half-hour, each by another party."""

USUAL: Final = 100
DAY: Final = 48
TARIFF: Final = Tariff(buy=2500, sell=500)


@dataclass(frozen=True)
class Community:
    """A marketplace whose gas is measured."""

    trading: str
    parties: int
    horizon: int

    @cached_property
    def gas(self) -> dict[str, int]:
        """Gas by stage of a session once storage is used for a second time."""
        terms = MarketTerms(
            parties=self.parties,
            tariff=TARIFF,
            trading=self.trading,
            penalty=100,
            horizon=self.horizon,
        )
        market = ContractMarketplace(terms, Revm())
        rng = np.random.default_rng(0)
        for seat in range(self.parties):
            market.deposit(seat, 10**12)
        for session in range(IN_FLIGHT + 1):
            hold(market, session, rng)
        last = [call for call in market.calls if call.session == IN_FLIGHT]
        stages = ("submit", "clear", "report")
        return {stage: sum(c.gas for c in last if c.stage == stage) for stage in stages}

    @property
    def an_order(self) -> int:
        """Gas of an order, with its share of clearing and settlement."""
        return round(sum(self.gas.values()) / (self.parties * self.horizon))


def hold(market: ContractMarketplace, session: int, rng: np.random.Generator) -> None:
    """Have all parties order, and deliver some of what they trade."""
    shape = market.terms.parties, market.terms.horizon
    quantities = rng.integers(-3000, 3000, shape).tolist()
    limits = rng.integers(TARIFF.sell, TARIFF.buy, shape).tolist()
    for seat, (wanted, limit) in enumerate(zip(quantities, limits, strict=True)):
        market.submit(session, seat, list(map(Order, wanted, limit)))
    trades = market.clear(session)
    delivered = rng.random((shape[1], shape[0]))
    flows = np.array([trade.traded_wh for trade in trades]) * delivered
    market.report(session, flows.astype(np.int64).tolist())


def trading_section() -> Iterator[str]:
    """Yield the lines of the page's section."""
    yield from (
        "## Communities",
        "",
        f"Each party sends an order for each window. {USUAL} parties, by rule:",
        "",
        *_table(
            [Community(rule, USUAL, windows) for rule in TRADING_RULES for windows in (1, DAY)]
        ),
        "",
        "What a session costs besides its orders is shared among them, so an order costs as "
        "much however many there are:",
        "",
        *_table([Community("uniform-price", orders, 1) for orders in ORDERS]),
        "",
        f"One transaction clears and one settles a session of {_most(1)} parties for a single "
        f"window (seats, and the gas of the deployment, end there), or of {_most(DAY)} for "
        f"{DAY} windows.",
    )


def _table(communities: Sequence[Community]) -> Iterator[str]:
    yield "| rule | parties | windows a session | orders | clearing | report | **an order** |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for one in communities:
        cells = (
            f"`{one.trading}`",
            str(one.parties),
            str(one.horizon),
            *(f"{gas:,}" for gas in one.gas.values()),
            f"**{one.an_order:,}**",
        )
        yield f"| {' | '.join(cells)} |"


def _most(horizon: int) -> int:
    return max(n for n in range(2, MOST_PARTIES + 1) if fits(n, horizon))
