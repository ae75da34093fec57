"""Double auctions, held against pairing orders one by one and against linear programmes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from market.trading.auction import PayAsBid, UniformPrice, k_price, merit_order, witness
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY, MOST_ORDERS, Orders
from market.trading.tariff import Tariff
from tests.market.trading.books import TARIFF, any_books, book, books, pairs

RULES = [UniformPrice, PayAsBid]
SHARES = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)

both_rules = pytest.mark.parametrize("kind", RULES)


def clear(kind, orders, k=0.5):
    return kind(k).clear(orders, TARIFF)


def of_each(cleared):
    return cleared.traded_wh[:, 0].tolist(), cleared.payments[:, 0].tolist()


def one_by_one(kind, orders, k):
    """Return what each seat trades and pays, pair by pair."""
    limit, found = orders.limit[:, 0].tolist(), pairs(orders)
    traded, paid = [0] * len(limit), [0] * len(limit)
    price = [limit[s] + round(1000 * k) * (limit[b] - limit[s]) // 1000 for b, s, _ in found]
    for (buyer, seller, amount), own in zip(found, price, strict=True):
        at = price[-1] if kind is UniformPrice else own
        for seat, sign in ((buyer, 1), (seller, -1)):
            traded[seat] += sign * amount
            paid[seat] += sign * amount * at
    return traded, paid


@both_rules
@given(orders=any_books(), k=SHARES)
def test_it_is_as_pairing_the_orders_one_by_one(kind, orders, k):
    assert of_each(clear(kind, orders, k)) == one_by_one(kind, orders, k)


@both_rules
@given(orders=any_books(), k=SHARES)
def test_nobody_trades_at_a_price_beyond_its_limit_nor_more_than_it_ordered(kind, orders, k):
    cleared = clear(kind, orders, k)
    traded = cleared.traded_wh

    assert (cleared.payments <= orders.limit * traded).all()
    assert (traded * np.sign(orders.quantity_wh) >= 0).all()
    assert (abs(traded) <= abs(orders.quantity_wh)).all()


@both_rules
@given(orders=any_books(), k=SHARES)
def test_energy_and_money_stay_among_the_parties(kind, orders, k):
    cleared = clear(kind, orders, k)

    assert cleared.traded_wh.sum() == 0
    assert cleared.payments.sum() == 0


@given(orders=books())
def test_no_trade_is_worth_more_to_the_traders(orders):
    wanted, limit = orders.quantity_wh[:, 0], orders.limit[:, 0]
    ranges = np.stack([np.minimum(wanted, 0), np.maximum(wanted, 0)], -1)
    best = linprog(-limit, A_eq=np.ones((1, len(limit))), b_eq=[0], bounds=ranges)

    worth = (limit * clear(UniformPrice, orders).traded_wh[:, 0]).sum()
    assert worth == pytest.approx(-best.fun, abs=1e-6)


@given(orders=books())
def test_no_more_can_be_traded_without_a_loss_at_the_margin(orders):
    traded = clear(UniformPrice, orders).traded_wh[:, 0]
    wanted, limit = orders.quantity_wh[:, 0], orders.limit[:, 0]
    left = abs(wanted) > abs(traded)

    for buyer in np.flatnonzero(left & (wanted > 0)):
        for seller in np.flatnonzero(left & (wanted < 0)):
            assert limit[buyer] < limit[seller]


@both_rules
@given(orders=books(), data=st.data())
def test_a_better_limit_never_trades_less(kind, orders, data):
    seat = data.draw(st.integers(0, len(orders.limit) - 1))
    side = np.sign(orders.quantity_wh[seat, 0])
    better = orders.limit.copy()
    better[seat] = max(0, better[seat, 0] + side * data.draw(st.integers(0, 9)))
    before = clear(kind, orders).traded_wh[seat, 0]

    after = clear(kind, Orders(orders.quantity_wh, better)).traded_wh[seat, 0]
    assert abs(after) >= abs(before)


@both_rules
@given(orders=books(), low=SHARES, high=SHARES)
def test_the_larger_k_is_the_more_sellers_are_paid(kind, orders, low, high):
    low, high = sorted((low, high))
    selling = orders.quantity_wh < 0

    of_low, of_high = (clear(kind, orders, k).payments[selling] for k in (low, high))
    assert (of_low >= of_high).all(), "a payment below zero is paid out"


@both_rules
@given(data=st.data())
def test_a_batch_is_its_windows(kind, data):
    alone = [data.draw(books(parties=(4, 4))) for _ in range(6)]
    together = Orders(
        np.concatenate([orders.quantity_wh for orders in alone], -1).reshape(4, 2, 3),
        np.concatenate([orders.limit for orders in alone], -1).reshape(4, 2, 3),
    )
    together = Orders(together.quantity_wh.swapaxes(0, 1), together.limit.swapaxes(0, 1))

    found = clear(kind, together)
    for place, orders in enumerate(alone):
        cleared = clear(kind, orders)
        at = divmod(place, 3)
        assert found.traded_wh[at[0], :, at[1]].tolist() == cleared.traded_wh[:, 0].tolist()
        assert found.payments[at[0], :, at[1]].tolist() == cleared.payments[:, 0].tolist()
        assert found.price[at] == cleared.price[0]


@pytest.mark.parametrize(("k", "price"), [(0, 12), (0.25, 14), (0.5, 16), (0.999, 19), (1, 20)])
def test_one_price_divides_what_the_last_pair_gains(k, price):
    orders = book((5, 20), (-4, 8), (3, 30), (-2, 12))

    cleared = clear(UniformPrice, orders, k)
    assert cleared.price.tolist() == [price]
    assert of_each(cleared) == ([3, -4, 3, -2], [3 * price, -4 * price, 3 * price, -2 * price])


@pytest.mark.parametrize(
    ("k", "payments"),
    [(0, [32, -32, 24, -24]), (0.5, [46, -71, 57, -32]), (1, [60, -110, 90, -40])],
)
def test_each_pair_divides_what_it_gains(k, payments):
    """Hand-worked: 3 Wh for 30 against 8, 1 Wh for 20 against 8, 2 Wh for 20 against 12."""
    orders = book((5, 20), (-4, 8), (3, 30), (-2, 12))

    cleared = clear(PayAsBid, orders, k)
    assert of_each(cleared) == ([3, -4, 3, -2], payments)
    assert cleared.price.tolist() == [sum(p for p in payments if p > 0) // 6]


@both_rules
def test_equal_limits_are_served_by_seat(kind):
    assert of_each(clear(kind, book((2, 9), (2, 9), (-3, 4))))[0] == [2, 1, -3]
    assert of_each(clear(kind, book((3, 9), (-2, 4), (-2, 4))))[0] == [3, -2, -1]


@both_rules
def test_equal_limits_of_both_sides_trade_at_just_that(kind):
    cleared = clear(kind, book((2, 9), (-2, 9)), k=0.3)

    assert of_each(cleared) == ([2, -2], [18, -18])


@both_rules
@pytest.mark.parametrize(
    "orders",
    [
        book((5, 7), (-5, 8)),
        book((5, 7), (4, 7)),
        book((-5, 7), (-4, 7)),
        book((0, 7), (0, 0)),
        book((5, 7)),
    ],
    ids=["apart", "no sellers", "no buyers", "no orders", "alone"],
)
def test_without_trade_nobody_pays_and_there_is_no_price(kind, orders):
    cleared = clear(kind, orders)

    assert not cleared.traded_wh.any()
    assert not cleared.payments.any()
    assert not cleared.price.any()


@both_rules
def test_as_many_and_as_large_orders_as_there_may_be_are_cleared_to_the_tick(kind):
    side = np.where(np.arange(MOST_ORDERS) % 2, 1, -1)[:, np.newaxis]
    orders = Orders(side * HIGHEST_QUANTITY, np.full_like(side, HIGHEST_PRICE))

    cleared = clear(kind, orders)
    assert (cleared.traded_wh == orders.quantity_wh).all()
    assert (cleared.payments == orders.quantity_wh * HIGHEST_PRICE).all()
    assert cleared.price.tolist() == [HIGHEST_PRICE]


@both_rules
def test_truth_trades_between_the_two_prices_of_the_tariff(kind):
    truth = book((900, TARIFF.buy), (-700, TARIFF.sell), (300, TARIFF.buy))

    expected = kind(0.25).price(np.array(700.0), np.array(1200.0), TARIFF)
    assert kind(0.25).clear(truth, TARIFF).price.tolist() == [expected] == [1000]


@pytest.mark.parametrize("k", [-0.1, 1.1, 0.0005, float("nan")])
@both_rules
def test_k_is_from_nothing_to_all_in_thousandths(kind, k):
    with pytest.raises(ValueError, match="k is"):
        kind(k)


@given(orders=any_books())
def test_the_merit_order_is_complete_and_strict(orders):
    ((buyers, sellers),) = witness(orders)
    wanted, limit = orders.quantity_wh[:, 0], orders.limit[:, 0]

    assert set(buyers) == set(np.flatnonzero(wanted > 0))
    assert set(sellers) == set(np.flatnonzero(wanted < 0))
    for side, better in ((buyers, -1), (sellers, 1)):
        places = [(better * limit[seat], seat) for seat in side]
        assert places == sorted(set(places))


@given(orders=any_books())
def test_the_merit_order_of_each_side_names_every_seat_once(orders):
    merit = merit_order(orders)

    for side in (merit.buyers, merit.sellers):
        assert sorted(side[:, 0].tolist()) == list(range(len(orders.limit)))


@given(st.integers(0, HIGHEST_PRICE), st.integers(0, HIGHEST_PRICE), SHARES)
def test_a_price_lies_between_the_limits(one, other, k):
    sell, buy = sorted((one, other))

    assert sell <= k_price(np.array(buy), np.array(sell), k) <= buy


def test_an_auction_does_not_read_the_tariff():
    orders = book((5, 20), (-4, 8))

    assert of_each(UniformPrice().clear(orders, Tariff(0, 0))) == of_each(
        UniformPrice().clear(orders, TARIFF)
    )


def test_a_seller_at_the_highest_price_comes_before_all_who_sell_nothing():
    orders = book((5, 9), (-4, HIGHEST_PRICE))

    assert witness(orders) == (((0,), (1,)),)
