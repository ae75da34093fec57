"""The dearest calls of the largest communities fit into a transaction."""

import pytest

from chain.deploy import market_deployment
from chain.market_size import fits, most_bytes, most_gas
from chain.marketplace import ContractMarketplace
from chain.revm import Revm
from market.size import MOST_BYTES, MOST_GAS
from market.terms import MOST_PARTIES, MOST_WINDOWS
from market.trading.base import HIGHEST_PRICE
from market.trading.orders import Order
from market.trading.rules import TRADING_RULES
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms

AMOUNT = 0x01010101  # no byte is zero, and so cheap
TARIFF = Tariff(buy=HIGHEST_PRICE, sell=0x0101)


class Scales(Revm):
    """A machine that knows the longest message it was sent."""

    longest = 0

    def send(self, sender, to, message, value=0):
        self.longest = max(self.longest, len(message.data))
        return super().send(sender, to, message, value)


def orders(seat, horizon):
    """Return orders of which each trades, with two others where it can."""
    if seat % 2:
        return [Order(-AMOUNT * (1 + (seat + w) % 50), 0x0101 + seat) for w in range(horizon)]
    return [Order(AMOUNT * (1 + (seat + w) % 50), 0xFEFE - seat) for w in range(horizon)]


def largest(parties):
    return max(h for h in range(1, MOST_WINDOWS + 1) if fits(parties, h))


def held(trading, parties, horizon, machine):
    """Hold a session of orders that all trade, and that nobody delivers."""
    terms = MarketTerms(
        parties=parties,
        tariff=TARIFF,
        trading=trading,
        penalty=HIGHEST_PRICE,
        horizon=horizon,
    )
    market = ContractMarketplace(terms, machine)
    for seat in range(parties):
        for _ in range(8):
            market.deposit(seat, 10**15)
        market.submit(0, seat, orders(seat, horizon))
    trades = market.clear(0)
    market.report(
        0, [[-AMOUNT if wh > 0 else AMOUNT for wh in trade.traded_wh] for trade in trades]
    )
    return {call.stage: call.gas for call in market.calls}


@pytest.mark.parametrize("trading", TRADING_RULES)
@pytest.mark.parametrize("parties", [2, 3, 30, 150, 255])
def test_the_dearest_call_stays_within_the_bound(trading, parties):
    horizon = largest(parties)
    machine = Scales()

    gas = held(trading, parties, horizon, machine)

    assert max(gas["clear"], gas["report"]) <= most_gas(parties, horizon) <= MOST_GAS
    assert machine.longest <= most_bytes(parties, horizon) <= MOST_BYTES
    assert gas["deploy"] <= MOST_GAS


def test_the_bound_is_not_much_above_what_is_needed():
    """Else communities would be refused that could trade."""
    horizon = largest(150)

    gas = held("pay-as-bid", 150, horizon, Revm())

    assert gas["clear"] > 0.9 * most_gas(150, horizon)


def test_any_community_can_trade_half_hour_by_half_hour():
    assert all(fits(parties, 1) for parties in range(2, MOST_PARTIES + 1))


def test_more_than_a_transaction_clears_is_not_deployed():
    terms = MarketTerms(parties=255, tariff=TARIFF, horizon=48)

    with pytest.raises(ValueError, match="255 parties order for 48 windows at once"):
        market_deployment(terms, [], "")
