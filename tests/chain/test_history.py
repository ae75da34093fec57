"""What a community traded is read back from events, on a chain that needs no node."""

import pytest

from chain.history import read_history
from chain.market_agreement import MarketAgreement
from chain.marketplace import ContractMarketplace
from chain.venue import EVMS
from market.trading.orders import Order
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms

TERMS = MarketTerms(parties=3, tariff=Tariff(2500, 500), penalty=100, horizon=2)
READINGS = [[3, -4, 0], [0, 0, 7]]


class Blocks:
    """A chain in process that keeps the events of each transaction, as a node does."""

    def __init__(self):
        self._evm, self._logs = EVMS["eth-tester"](), [()]

    def __getattr__(self, name):
        return getattr(self._evm, name)

    def send(self, *arguments, **value):
        receipt = self._evm.send(*arguments, **value)
        self._logs.append(receipt.logs)
        return receipt

    @property
    def head(self):
        return len(self._logs) - 1

    def block(self, number):
        return "", number

    def logs(self, _, first, last):
        return [log for logs in self._logs[first : last + 1] for log in logs]


@pytest.mark.parametrize("reported", [(), (0,), (1,), (2, 0)])
def test_a_window_is_metered_where_a_meter_has_reported(reported):
    blocks = Blocks()
    market = ContractMarketplace(TERMS, blocks)
    agreed = MarketAgreement(
        market._address, TERMS, parties=(), meter="", tick_wei=0, opening=0, chain_id=0
    )
    for seat in range(3):
        market.deposit(seat, 10**6)
    for session in range(3):
        for seat, own in enumerate(([Order(4, 20), None], [Order(-5, 8), None], [None, None])):
            market.submit(session, seat, own)
        market.clear(session)
    for session in reported:
        market.report(session, READINGS)

    history = read_history(blocks, agreed)

    assert history.metered.tolist() == [session in reported for session in (0, 0, 1, 1, 2, 2)]
    traded = [[4, -4, 0], [0, 0, 0]]
    shown = [READINGS if session in reported else traded for session in range(3)]
    assert history.metered_wh.T.tolist() == [window for both in shown for window in both]
    assert history.traded_wh.T.tolist() == 3 * traded
