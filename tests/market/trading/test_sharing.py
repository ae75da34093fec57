"""Sharing rules, held against the bills of the papers: one price a side for all energy."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.trading.base import (
    HIGHEST_PRICE,
    HIGHEST_QUANTITY,
    MOST_ORDERS,
    Orders,
    anticipated_bill,
)
from market.trading.sharing import SHARING_RULES, in_proportion
from market.trading.tariff import Tariff
from tests.market.trading.books import any_books, book

every_rule = pytest.mark.parametrize("name", SHARING_RULES)

TARIFFS = st.tuples(st.integers(0, HIGHEST_PRICE), st.integers(0, HIGHEST_PRICE)).map(
    lambda prices: Tariff(buy=max(prices), sell=min(prices))
)


def published(name, supply, demand, tariff):
    """Return what buyers pay and sellers are paid for all their energy in the papers."""
    buy, sell = Fraction(tariff.buy), Fraction(tariff.sell)
    mid = (buy + sell) / 2
    ratio = Fraction(supply, demand)
    if name == "supply-demand-ratio":
        if ratio > 1:
            return sell, sell
        below = (buy - sell) * ratio + sell
        own = buy * sell / below if below else Fraction(0)
        return own * ratio + buy * (1 - ratio), own
    if name == "mid-market-rate":
        return (
            (supply * mid + (demand - supply) * buy) / demand if ratio < 1 else mid,
            (demand * mid + (supply - demand) * sell) / supply if ratio > 1 else mid,
        )
    return (
        max(demand - supply, 0) * buy / demand,
        max(supply - demand, 0) * sell / supply,
    )


@every_rule
@given(orders=any_books(), tariff=TARIFFS)
def test_bills_are_those_of_the_papers_but_for_rounding(name, orders, tariff):
    wanted = orders.quantity_wh[:, 0]
    supply, demand = int(-wanted[wanted < 0].sum()), int(wanted[wanted > 0].sum())
    if not supply or not demand:
        return
    cleared = SHARING_RULES[name].clear(orders, tariff)
    bills = cleared.payments + tariff.bill(orders.quantity_wh - cleared.traded_wh)

    of_buyers, of_sellers = published(name, supply, demand, tariff)
    for quantity, bill in zip(wanted.tolist(), bills[:, 0].tolist(), strict=True):
        exact = quantity * (of_buyers if quantity > 0 else of_sellers)
        assert abs(bill - exact) <= abs(quantity) + tariff.buy, "a tick a Wh, and a Wh"


@every_rule
@given(orders=any_books(), tariff=TARIFFS)
def test_energy_and_money_stay_among_the_parties(name, orders, tariff):
    cleared = SHARING_RULES[name].clear(orders, tariff)
    wanted = orders.quantity_wh
    matched = min(np.maximum(wanted, 0).sum(), np.maximum(-wanted, 0).sum())

    assert cleared.traded_wh.sum() == 0
    assert cleared.payments.sum() == 0
    assert np.maximum(cleared.traded_wh, 0).sum() == matched, "the shorter side trades all"
    assert (cleared.traded_wh * np.sign(wanted) >= 0).all()
    assert (abs(cleared.traded_wh) <= abs(wanted)).all()
    assert 0 <= cleared.price[0] <= tariff.buy


@pytest.mark.parametrize("name", ["supply-demand-ratio", "mid-market-rate"])
@given(orders=any_books(), tariff=TARIFFS)
def test_nobody_is_worse_off_than_at_the_tariff(name, orders, tariff):
    cleared = SHARING_RULES[name].clear(orders, tariff)

    saved = tariff.bill(cleared.traded_wh) - cleared.payments
    assert (saved >= 0).all()


@pytest.mark.parametrize(
    ("name", "price"),
    [("supply-demand-ratio", 833), ("mid-market-rate", 1500), ("bill-sharing", 0)],
)
def test_a_half_hour_worked_by_hand(name, price):
    """Half as much supply as demand, at 25 and 5 pence: 25·5 / (20/2 + 5) = 8.33 pence."""
    cleared = SHARING_RULES[name].clear(book((-10, 0), (15, 0), (5, 0)), Tariff(2500, 500))

    assert cleared.price.tolist() == [price]
    assert cleared.traded_wh.ravel().tolist() == [-10, 7, 3]
    assert cleared.payments.ravel().tolist() == [-10 * price, 7 * price, 3 * price]


@pytest.mark.parametrize("name", SHARING_RULES)
@pytest.mark.parametrize(("supply", "demand"), [(1, 4), (4, 4), (9, 4)])
def test_the_price_is_that_of_truthful_orders(name, supply, demand):
    tariff, rule = Tariff(2500, 500), SHARING_RULES[name]
    price = rule.price(np.array(float(supply)), np.array(float(demand)), tariff)

    cleared = rule.clear(book((-supply, 0), (demand, 0)), tariff)
    assert cleared.price.tolist() == [int(price)]


@every_rule
def test_a_party_expects_the_bill_that_it_gets(name):
    tariff, rule = Tariff(2400, 600), SHARING_RULES[name]
    orders = book((8000, 0), (-10_000, 0), (12_000, 0))
    cleared = rule.clear(orders, tariff)
    got = cleared.payments + tariff.bill(orders.quantity_wh - cleared.traded_wh)

    own, others = np.array(8000.0), (np.array(10_000.0), np.array(12_000.0))
    expected = anticipated_bill(rule, tariff, own, *others)
    assert expected == pytest.approx(got[0, 0], abs=8000)


def test_energy_for_nothing_is_free_also_where_nobody_gives_any():
    rule, free = SHARING_RULES["supply-demand-ratio"], Tariff(2500, 0)

    assert rule.price(np.array(0.0), np.array(5.0), free) == 0
    assert rule.clear(book((-3, 0), (5, 0)), free).price.tolist() == [0]


@every_rule
def test_as_many_and_as_large_orders_as_there_may_be_are_shared_to_the_watt_hour(name):
    side = np.where(np.arange(MOST_ORDERS) % 4, 1, -1)[:, np.newaxis]
    orders = Orders(side * HIGHEST_QUANTITY, 0 * side)

    cleared = SHARING_RULES[name].clear(orders, Tariff(HIGHEST_PRICE, 1))
    selling = side < 0
    assert (cleared.traded_wh[selling] == -HIGHEST_QUANTITY).all()
    bought = cleared.traded_wh[~selling]
    assert set(np.unique(bought)) <= {HIGHEST_QUANTITY // 3, HIGHEST_QUANTITY // 3 + 1}
    assert cleared.traded_wh.sum() == cleared.payments.sum() == 0


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 54))
def test_shares_are_within_a_watt_hour_of_exact(wanted, matched):
    total, wanted = sum(wanted), np.array(wanted)[:, np.newaxis]
    matched = min(matched, total)

    shares = in_proportion(wanted, np.array([matched]))
    assert shares.sum() == matched
    assert (abs(shares - wanted * matched / max(total, 1)) < 1).all()


def test_shares_are_exact_where_products_first_exceed_63_bits():
    wanted = np.array([[2**31], [2**31]])

    assert in_proportion(wanted, np.array([2**31])).ravel().tolist() == [2**30, 2**30]
