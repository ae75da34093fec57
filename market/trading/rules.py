"""The registry of trading rules."""

from collections.abc import Callable
from typing import Final

from market.trading.auction import PayAsBid, UniformPrice
from market.trading.base import TradingRule
from market.trading.sharing import SHARING_RULES

AUCTIONS: Final[dict[str, Callable[[float], TradingRule]]] = {
    "uniform-price": UniformPrice,
    "pay-as-bid": PayAsBid,
}
"""By the name that scenarios use; the argument is k."""

TRADING_RULES: Final[dict[str, TradingRule]] = {
    **{name: auction(0.5) for name, auction in AUCTIONS.items()},
    **SHARING_RULES,
}
"""By the name that scenarios use; an auction shares the surplus equally."""


def trading_rule(name: str, k: float = 0.5) -> TradingRule:
    """Return a rule by its name; k says whose the surplus of an auction is.

    >>> trading_rule("uniform-price", k=0.25), trading_rule("mid-market-rate", k=0.25)
    (UniformPrice(k=0.25), MidMarketRate())
    """
    return AUCTIONS[name](k) if name in AUCTIONS else TRADING_RULES[name]
