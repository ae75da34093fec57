"""The marketplace in memory: what is special about it, and whatever is sent to it."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from market import errors
from market.terms import MOST_TICKS
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY
from market.trading.local import LocalMarketplace
from market.trading.orders import Order
from market.trading.rules import TRADING_RULES
from market.trading.terms import MarketTerms
from market.venue import Call
from tests.market.trading.books import TARIFF

PERIOD = 1800
RICH = 10**9


def marketplace(parties=3, **terms):
    found = LocalMarketplace(MarketTerms(parties=parties, tariff=TARIFF, **terms))
    for seat in range(parties):
        found.deposit(seat, RICH)
    return found


def submit_all(market, session, *orders):
    for seat, order in enumerate(orders):
        market.submit(session, seat, [order] * market.terms.horizon)


@pytest.fixture
def market():
    return marketplace(penalty=100)


BUY, SELL = Order(5, 2000), Order(-4, 1000)


def test_calls_are_recorded_in_order(market):
    submit_all(market, 0, BUY, SELL, None)
    market.clear(0)
    market.report(0, [[5, -4, 0]])
    market.withdraw(0, 5)

    assert market.calls[3:] == [
        *(Call("submit", 0, seat) for seat in range(3)),
        Call("clear", 0, None),
        Call("report", 0, None),
        Call("withdraw", None, 0),
    ]


def test_a_session_is_settled_as_traded_if_no_meter_reports(market):
    submit_all(market, 0, BUY, SELL, None)
    (trade,) = market.clear(0)
    with pytest.raises(errors.WindowNotReady):
        market.settle(0)

    market.wait_until(3 * PERIOD)
    market.settle(0)
    assert market.free == tuple(RICH - paid for paid in trade.payments)


def test_who_does_not_deliver_pays_who_traded(market):
    submit_all(market, 0, BUY, SELL, None)
    (trade,) = market.clear(0)

    market.report(0, [[4, -1, 0]])
    assert trade.payments == (6000, -6000, 0)
    assert market.free == (RICH - 6000 + 300, RICH + 6000 - 300, RICH)


def test_orders_are_cleared_before_they_close_only_once_everybody_sent_some(market):
    market.submit(0, 0, [BUY])
    market.submit(0, 1, [SELL])
    with pytest.raises(errors.WindowNotReady):
        market.clear(0)

    market.wait_until(PERIOD)
    (trade,) = market.clear(0)
    assert trade.participants == (0, 1)


def test_time_never_goes_back(market):
    market.wait_until(PERIOD)
    market.wait_until(0)

    with pytest.raises(errors.WindowClosed):
        market.submit(0, 0, [BUY])


def test_sessions_are_cleared_in_order_and_settled_in_any(market):
    for session in (1, 0):
        submit_all(market, session, BUY, SELL, None)
    with pytest.raises(errors.WindowOutOfOrder) as refused:
        market.clear(1)
    assert refused.value.expected == 0

    (first,), (second,) = market.clear(0), market.clear(1)
    assert (first.window, second.window) == (0, 1)
    for session in (1, 0):
        market.report(session, [[4, -4, 0]])
    assert market.free == (RICH - 12_000, RICH + 12_000, RICH)


def test_windows_of_a_day_are_cleared_apart():
    market = marketplace(parties=2, horizon=2)
    market.submit(0, 0, [BUY, SELL])
    market.submit(0, 1, [SELL, Order(0, 9)])

    sold, alone = market.clear(0)
    assert (sold.window, sold.traded_wh, sold.price) == (0, (4, -4), 1500)
    assert (alone.window, alone.traded_wh, alone.price) == (1, (0, 0), 0)
    assert (sold.participants, alone.participants) == ((0, 1), (0,))


def test_a_session_waits_until_the_eighth_before_it_is_settled(market):
    for session in range(8):
        submit_all(market, session, None, None, None)
        market.clear(session)
    submit_all(market, 8, None, None, None)
    with pytest.raises(errors.WindowNotReady):
        market.clear(8)

    market.report(0, [[0, 0, 0]])
    assert len(market.clear(8)) == 1


@pytest.mark.parametrize(
    ("send", "error"),
    [
        (lambda m: m.deposit(3, 5), errors.NotAParty),
        (lambda m: m.deposit(0, -1), errors.DepositRefused),
        (lambda m: m.deposit(0, MOST_TICKS + 1), errors.DepositRefused),
        (lambda m: m.deposit(0, 0.5), errors.DepositRefused),
        (lambda m: m.deposit(0, float("nan")), errors.DepositRefused),
        (lambda m: m.withdraw(-1, 5), errors.NotAParty),
        (lambda m: m.withdraw(2, RICH + 1), errors.BalanceTooSmall),
        (lambda m: m.withdraw(2, -1), errors.BalanceTooSmall),
        (lambda m: m.withdraw(2, float("inf")), errors.BalanceTooSmall),
        (lambda m: m.submit(0, 3, [BUY]), errors.NotAParty),
        (lambda m: m.submit(0, -1, [BUY]), errors.NotAParty),
        (lambda m: m.submit(0, 0.5, [BUY]), errors.NotAParty),
        (lambda m: m.submit(0, 0, [BUY]), errors.AlreadyBid),
        (lambda m: m.submit(0, 2, [BUY, BUY]), errors.OrdersMalformed),
        (lambda m: m.submit(0, 2, [Order(2**31, 5)]), errors.QuantityOutOfRange),
        (lambda m: m.submit(0, 2, [Order(5, -1)]), errors.LimitOutOfRange),
        (lambda m: m.submit(0, 2, [Order(RICH, 1)]), errors.DepositTooSmall),
        (lambda m: m.submit(-1, 2, [BUY]), errors.WindowClosed),
        (lambda m: m.submit(8, 2, [BUY]), errors.WindowClosed),
        (lambda m: m.clear(0), errors.WindowNotReady),
        (lambda m: m.clear(1), errors.WindowOutOfOrder),
        (lambda m: m.report(0, [[0, 0, 0]]), errors.WindowNotReady),
        (lambda m: m.report(0, [[0, 0]]), errors.ReadingsMalformed),
        (lambda m: m.settle(0), errors.WindowNotReady),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_the_rest_goes_on(market, send, error):
    market.submit(0, 0, [BUY])
    free, calls = market.free, list(market.calls)

    with pytest.raises(error):
        send(market)

    assert (market.free, market.calls) == (free, calls)
    market.submit(0, 1, [SELL])
    market.submit(0, 2, [None])
    assert market.clear(0)[0].traded_wh == (4, -4, 0)


def test_a_session_is_settled_once(market):
    submit_all(market, 0, BUY, SELL, None)
    market.clear(0)
    market.report(0, [[5, -4, 0]])
    market.wait_until(3 * PERIOD)

    for again in (lambda: market.report(0, [[0, 0, 0]]), lambda: market.settle(0)):
        with pytest.raises(errors.WindowSettled):
            again()


def test_a_cleared_session_takes_no_orders(market):
    submit_all(market, 0, BUY, SELL, None)
    market.clear(0)

    with pytest.raises(errors.WindowClosed):
        market.submit(0, 2, [BUY])


def test_the_witness_of_another_order_has_a_name():
    refused = errors.MeritMismatch(3, 7)

    assert (refused.session, refused.window) == (3, 7)


SEATS, SESSIONS = st.integers(-1, 4), st.integers(-1, 9)
WH = st.one_of(st.integers(-9, 9), st.integers(-HIGHEST_QUANTITY - 1, HIGHEST_QUANTITY + 1))
PRICE = st.one_of(st.integers(0, 9), st.integers(-1, HIGHEST_PRICE + 1))
ORDERS = st.one_of(st.none(), st.builds(Order, WH, PRICE), st.builds(Order, WH, PRICE))
FEW = st.integers(-9, 9)
SMALL = st.builds(Order, FEW, st.integers(0, 9))
TICKS = st.one_of(st.integers(-1, 1000), st.integers(0, MOST_TICKS + 1), st.just(MOST_TICKS))


class Anything(RuleBasedStateMachine):
    """Send anything, in any order: no money and no energy is made or lost."""

    @initialize(
        trading=st.sampled_from(sorted(TRADING_RULES)),
        penalty=st.sampled_from([0, 7, HIGHEST_PRICE]),
        horizon=st.integers(1, 2),
        k=st.sampled_from([0, 0.5, 1]),
    )
    def agree(self, trading, penalty, horizon, k):
        self.terms = MarketTerms(
            parties=4, tariff=TARIFF, trading=trading, penalty=penalty, horizon=horizon, k=k
        )
        self.market = LocalMarketplace(self.terms)
        self.inside, self.locked, self.now = 0, {}, 0
        self.unsettled = []
        for seat in range(4):
            self.deposit(seat, RICH)

    def attempt(self, call, *arguments):
        """Return what a call returns, in a list; an empty one if it was refused."""
        before = self.market.free, len(self.market.calls)
        try:
            done = [call(*arguments)]
        except errors.MarketError:
            assert (self.market.free, len(self.market.calls)) == before
            return []
        assert len(self.market.calls) == before[1] + 1
        return done

    @rule(seat=SEATS, ticks=TICKS)
    def deposit(self, seat, ticks):
        if self.attempt(self.market.deposit, seat, ticks):
            self.inside += ticks

    @rule(seat=SEATS, ticks=TICKS)
    def withdraw(self, seat, ticks):
        if self.attempt(self.market.withdraw, seat, ticks):
            self.inside -= ticks

    @rule(session=SESSIONS, seat=SEATS, orders=st.lists(ORDERS, max_size=3))
    def submit_anything(self, session, seat, orders):
        self.submit(session, seat, orders)

    @rule(orders=st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=4, max_size=4))
    def submit_all(self, orders):
        for seat, of_seat in enumerate(orders):
            self.submit(len(self.cleared()), seat, of_seat[: self.terms.horizon])

    def submit(self, session, seat, orders):
        free = sum(self.market.free)
        if self.attempt(self.market.submit, session, seat, orders):
            taken = free - sum(self.market.free)
            self.locked[session] = self.locked.get(session, 0) + taken

    @rule(periods=st.integers(0, 2))
    def wait(self, periods):
        self.now += periods * PERIOD
        self.market.wait_until(self.now)

    @rule(session=SESSIONS)
    def clear_anything(self, session):
        self.clear(session)

    @rule()
    def clear_next(self):
        self.clear(len(self.cleared()))

    def clear(self, session):
        for trades in self.attempt(self.market.clear, session):
            assert len(trades) == self.terms.horizon
            for trade in trades:
                assert sum(trade.traded_wh) == 0
                assert sum(trade.payments) == 0
                assert set(np.flatnonzero(trade.traded_wh)) <= set(trade.participants)

            self.unsettled.append(session)

    @rule(session=SESSIONS, metered=st.lists(st.lists(WH, min_size=4, max_size=4), max_size=2))
    def report_anything(self, session, metered):
        self.report(session, metered)

    @precondition(lambda self: self.unsettled)
    @rule(metered=st.lists(st.lists(FEW, min_size=4, max_size=4), min_size=2, max_size=2))
    def report_oldest(self, metered):
        self.report(min(self.unsettled), metered[: self.terms.horizon])

    def report(self, session, metered):
        self.free_locks(session, self.attempt(self.market.report, session, metered))

    @rule(session=SESSIONS)
    def settle(self, session):
        self.free_locks(session, self.attempt(self.market.settle, session))

    @precondition(lambda self: self.unsettled)
    @rule()
    def settle_oldest(self):
        session = min(self.unsettled)
        self.now = max(self.now, self.terms.meter_deadline(session))
        self.market.wait_until(self.now)
        self.settle(session)

    def free_locks(self, session, done):
        if done:
            self.locked.pop(session, None)
            self.unsettled.remove(session)

    def cleared(self):
        return [call for call in self.market.calls if call.stage == "clear"]

    @invariant()
    def money_is_conserved_and_nobody_owes_any(self):
        if hasattr(self, "market"):
            assert sum(self.market.free) + sum(self.locked.values()) == self.inside
            assert min(self.market.free) >= 0


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
