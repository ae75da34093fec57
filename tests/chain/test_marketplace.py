"""What a marketplace has on a chain alone: gas, false orders of merit, and errors."""

import pytest

from chain.marketplace import ContractMarketplace
from chain.trades import pack_merit, pack_orders
from chain.venue import EVMS
from market.errors import BidMismatch, MeritMismatch, OrderMalformed, ReadingsMalformed
from market.local import IN_FLIGHT
from market.trading.orders import Order
from market.trading.rules import TRADING_RULES
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms

TERMS = MarketTerms(parties=3, tariff=Tariff(2500, 500), penalty=100)
ORDERS = [Order(4, limit=20), Order(-5, limit=8), Order(-1, limit=30)]
PACKED = b"".join(pack_orders([order]) for order in ORDERS)


def sent(name="revm", terms=TERMS):
    """Return a marketplace on a chain of its own, to which all orders were sent."""
    market = ContractMarketplace(terms, EVMS[name]())
    for seat, order in enumerate(ORDERS):
        market.deposit(seat, 10**6)
        market.submit(0, seat, [order] * terms.horizon)
    return market


@pytest.mark.parametrize(
    "merit",
    [
        ((0,), (2, 1)),
        ((0,), (1, 1)),
        ((0,), (1,)),
        ((0,), (1, 3)),
        ((1,), (0, 2)),
        ((0,), (1, 2, 0)),
        ((), ()),
    ],
)
def test_a_false_order_of_merit_clears_nothing(merit):
    market = sent()

    with pytest.raises(MeritMismatch) as caught:
        market._send("clear", 0, None, 0, PACKED, pack_merit([merit]))

    assert caught.value.session == 0
    assert market.clear(0)[0].traded_wh == (4, -4, 0)


def test_other_orders_clear_nothing():
    with pytest.raises(BidMismatch):
        sent()._send("clear", 0, None, 0, bytes(18), b"")


@pytest.mark.parametrize("packed", [b"", bytes(7), bytes.fromhex("800000000000")])
def test_orders_that_nobody_can_read_are_refused(packed):
    market = ContractMarketplace(TERMS, EVMS["revm"]())

    with pytest.raises(OrderMalformed):
        market._send("submit", 0, 0, 0, 0, packed)


def test_readings_of_another_length_are_refused():
    with pytest.raises(ReadingsMalformed):
        sent()._send("report", 0, None, 0, b"", b"", b"")


def test_the_contract_holds_what_it_owes():
    market = sent()
    market.clear(0)
    market.report(0, [[1, -2, 5]])
    market.withdraw(0, 1000)

    assert market.balance_wei == sum(market.free) * TERMS.tick_wei


def spent(market):
    return [(call.stage, call.session, call.seat, call.gas) for call in market.calls]


@pytest.mark.parametrize("trading", TRADING_RULES)
@pytest.mark.parametrize("horizon", [1, 48])
def test_every_call_uses_the_same_gas_on_both_chains(trading, horizon):
    terms = MarketTerms(
        parties=3, tariff=Tariff(2500, 500), trading=trading, penalty=10, horizon=horizon
    )
    markets = [sent(name, terms) for name in ("revm", "eth-tester")]
    for market in markets:
        market.clear(0)
        market.report(0, [[3, -3, 1]] * horizon)
        market.withdraw(1, 10)

    assert spent(markets[0]) == spent(markets[1])


def gas_an_order(parties):
    """Return the gas of a half-hour, by order, once storage is used for a second time."""
    market = ContractMarketplace(
        MarketTerms(parties=parties, tariff=Tariff(2500, 500), penalty=100), EVMS["revm"]()
    )
    for seat in range(parties):
        market.deposit(seat, 10**12)
    for session in range(IN_FLIGHT + 1):
        for seat in range(parties):
            sign = 1 if seat % 2 else -1
            market.submit(session, seat, [Order(sign * (500 + 37 * seat), 1500 + sign * seat)])
        (trade,) = market.clear(session)
        market.report(session, [trade.traded_wh])
    return sum(call.gas for call in market.calls if call.session == IN_FLIGHT) / parties


def test_an_order_costs_as_much_gas_however_many_there_are():
    few, some, many = map(gas_an_order, (30, 100, 200))

    assert many < some < few, "what a session costs is shared"
    assert few < 1.06 * many
