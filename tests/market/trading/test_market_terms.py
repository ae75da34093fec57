"""What a community can agree, and the registry of its rules."""

import pytest

from market.trading.auction import PayAsBid, UniformPrice
from market.trading.rules import AUCTIONS, TRADING_RULES, trading_rule
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms
from tests.market.trading.books import TARIFF


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parties", 1),
        ("parties", 256),
        ("tariff", Tariff(2**16, 5)),
        ("trading", "lottery"),
        ("k", -0.001),
        ("k", 1.001),
        ("k", 0.0005),
        ("k", float("nan")),
        ("penalty", -1),
        ("penalty", 2**16),
        ("horizon", 0),
        ("horizon", 65),
        ("period", 0),
        ("period", 2**32),
        ("tick_wei", 0),
        ("tick_wei", 2**64),
    ],
)
def test_terms_that_no_contract_could_hold_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"^{name} is "):
        MarketTerms(**{"parties": 2, "tariff": TARIFF} | {name: value})


def test_terms_name_the_rule_and_its_k():
    terms = MarketTerms(parties=2, tariff=TARIFF, trading="pay-as-bid", k=0.125)

    assert terms.rule == PayAsBid(0.125)


def test_one_period_is_for_delivery_and_one_for_the_meter():
    terms = MarketTerms(parties=2, tariff=TARIFF, period=60)

    assert (terms.orders_close(2), terms.meter_deadline(2)) == (180, 300)


def test_the_registry_has_every_rule_by_its_name():
    assert list(TRADING_RULES) == [
        "uniform-price",
        "pay-as-bid",
        "supply-demand-ratio",
        "mid-market-rate",
        "bill-sharing",
    ]
    assert TRADING_RULES["uniform-price"] == UniformPrice(0.5)
    assert all(rule.limits == (name in AUCTIONS) for name, rule in TRADING_RULES.items())
    assert all(rule.meaning.endswith(".") for rule in TRADING_RULES.values())


def test_k_means_nothing_to_a_sharing_rule():
    assert trading_rule("bill-sharing", 0.1) is trading_rule("bill-sharing", 0.9)


@pytest.mark.parametrize("tariff", [(5, 6), (5, -1)])
def test_a_tariff_that_pays_more_than_it_charges_is_refused(tariff):
    with pytest.raises(ValueError, match="sell is"):
        Tariff(*tariff)
