"""What a marketplace says of itself on a real node, and what happened there."""

from dataclasses import replace

import numpy as np
import pytest

from chain import market_agreement
from chain.accounts import account
from chain.agreement import Agreement
from chain.deploy import MARKET_OF, deployment, market_deployment
from chain.errors import ContractUnknown
from chain.history import read_history
from chain.market_agreement import read_contract
from chain.marketplace import ContractMarketplace
from market.errors import NotAParty, NotTheMeter
from market.terms import Terms
from market.trading.orders import Order
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms
from tests.chain.anvil import anvil

TERMS = MarketTerms(parties=3, tariff=Tariff(2500, 500), penalty=100, horizon=2, period=60)
LINK = Terms(parties=3, options=((-5, -1), (0, 0), (1, 5)))
METER = account(3)


@pytest.fixture(scope="module")
def chain():
    """Start a node that mines at once."""
    with anvil() as running:
        yield running


def deployed(node, terms):
    parties = [account(seat).address for seat in range(3)]
    make = market_deployment if isinstance(terms, MarketTerms) else deployment
    return node.deploy(3, make(terms, parties, METER.address)).contract


@pytest.mark.parametrize("trading", MARKET_OF)
def test_a_marketplace_says_what_it_was_deployed_with(chain, trading):
    k = {"k": 0.25} if MARKET_OF[trading][0] == "DoubleAuction" else {}
    terms, node = replace(TERMS, trading=trading, **k), chain.node()

    agreed = read_contract(node, deployed(node, terms).lower())

    assert agreed.terms == terms
    assert (agreed.tick_wei, agreed.chain_id) == (terms.tick_wei, node.chain_id)
    assert agreed.seat_of(account(1).address) == 1
    with pytest.raises(NotAParty):
        agreed.seat_of(METER.address)
    agreed.check_meter(METER.address)
    with pytest.raises(NotTheMeter):
        agreed.check_meter(account(1).address)


def test_a_contract_about_a_link_is_told_from_a_marketplace(chain):
    node = chain.node()
    address = deployed(node, LINK)

    assert isinstance(read_contract(node, address), Agreement)
    assert isinstance(read_contract(node, address, "rps"), Agreement)


def test_a_rule_may_be_named_where_a_marketplace_has_other_code(chain):
    node = chain.node()

    agreed = read_contract(node, deployed(node, TERMS), "pay-as-bid")

    assert agreed.terms.trading == "uniform-price"  # the contract knows better


def test_contracts_that_nobody_knows_are_refused(chain, monkeypatch):
    node = chain.node()
    address = deployed(node, TERMS)

    with pytest.raises(ContractUnknown, match="holds no contract"):
        read_contract(node, account(9).address)
    with pytest.raises(ContractUnknown, match="has no rule 'hc', wanted one of hco, rps"):
        read_contract(node, address, "hc")
    monkeypatch.setattr(market_agreement, "fits", lambda *_: False)
    with pytest.raises(ContractUnknown, match="sessions that no transaction could clear"):
        read_contract(node, address)
    monkeypatch.setattr(MarketTerms, "_conditions", lambda _: {"k": (False, "another")})
    with pytest.raises(ContractUnknown, match=r"that we refuse: k is 0\.5, wanted another"):
        read_contract(node, address)


def test_what_happened_is_read_back_from_events(chain):
    node = chain.node(moves_time=True)
    market = ContractMarketplace(TERMS, node, METER)
    agreed = read_contract(node, market._address)
    assert read_history(node, agreed).traded_wh.shape == (3, 0)
    for seat in range(3):
        market.deposit(seat, 10**6)
    trades = []
    for session in range(2):
        orders = ([Order(4, 20), None], [Order(-5, 8), None], [None, Order(1, 9)])
        for seat, own in enumerate(orders):
            market.submit(session, seat, own)
        trades += market.clear(session)
    market.report(1, [[3, -4, 0], [0, 0, 7]])
    market.wait_until(TERMS.meter_deadline(0))
    market.settle(0)

    history = read_history(node, agreed)

    assert history.traded_wh.T.tolist() == [list(trade.traded_wh) for trade in trades]
    assert history.payments.T.tolist() == [list(trade.payments) for trade in trades]
    assert history.price.tolist() == [trade.price for trade in trades]
    assert history.metered.tolist() == [False, False, True, True]
    assert history.metered_wh.T.tolist() == [[4, -4, 0], [0, 0, 0], [3, -4, 0], [0, 0, 7]]
    assert np.array_equal(history.traded_wh.sum(0), np.zeros(4))
