"""What every marketplace must do: the same script, the same answers, the same errors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.marketplace import ContractMarketplace
from chain.venue import EVMS
from market import errors
from market.errors import MarketError
from market.terms import MOST_TICKS
from market.trading.base import HIGHEST_PRICE, HIGHEST_QUANTITY
from market.trading.local import LocalMarketplace
from market.trading.orders import Order
from market.trading.rules import TRADING_RULES
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms

TARIFF = Tariff(buy=2500, sell=500)
THREE = MarketTerms(parties=3, tariff=TARIFF, penalty=100)
DAY = MarketTerms(parties=3, tariff=TARIFF, penalty=100, horizon=2)
DEADLINE = THREE.meter_deadline(0)
FUNDS = 1_000_000

ANNA, BERT, CARA = Order(4, limit=20), Order(-5, limit=8), Order(-1, limit=30)
"""Anna and Bert trade 4 Wh, at 14 ticks under the uniform price; Cara asks too much."""


@pytest.fixture(scope="session")
def open_market(chains):
    """Return a function that opens a marketplace by its name: a fresh contract."""

    def opened(name, terms):
        if name == "local":
            return LocalMarketplace(terms)
        return ContractMarketplace(terms, chains(name))

    return opened


@pytest.fixture(params=("local", *EVMS))
def open_here(request, open_market):
    """Return a function from terms to a marketplace, for each kind."""
    return lambda terms: open_market(request.param, terms)


def funded(market, ticks=FUNDS):
    for seat in range(market.terms.parties):
        market.deposit(seat, ticks)
    return market


def send(market, session, *orders):
    """Have each seat send one order for the only window of a session."""
    for seat, order in enumerate(orders):
        market.submit(session, seat, [order])


def cleared(market):
    """Have session 0 cleared: Anna is to pay 56 ticks to Bert."""
    send(funded(market), 0, ANNA, BERT, CARA)
    market.clear(0)
    return market


def gains(market):
    return [free - FUNDS for free in market.free]


def raised(kind, call, *arguments):
    """Return the facts of the error that a call must raise."""
    with pytest.raises(kind) as caught:
        call(*arguments)
    return vars(caught.value)


# Stages.


def test_a_session_goes_through_all_stages(open_here):
    market = funded(open_here(THREE))

    send(market, 0, ANNA, BERT, CARA)
    assert gains(market) == [-480, -500, -100], "what orders may cost is locked"
    (trade,) = market.clear(0)
    assert (trade.window, trade.participants) == (0, (0, 1, 2))
    assert (trade.traded_wh, trade.payments, trade.price) == ((4, -4, 0), (56, -56, 0), 14)
    assert gains(market) == [-480, -500, -100], "nothing is paid before settlement"
    market.report(0, [[4, -4, 9]])
    assert gains(market) == [-56, 56, 0]
    market.withdraw(1, FUNDS + 56)
    assert market.free == (FUNDS - 56, 0, FUNDS)


def test_every_call_is_recorded_with_its_stage_session_and_seat(open_here):
    market = cleared(open_here(THREE))
    market.wait_until(DEADLINE)
    market.settle(0)
    market.withdraw(1, 1)

    calls = [(call.stage, call.session, call.seat) for call in market.calls]

    assert [call for call in calls if call[0] not in {"deploy", "deposit"}] == [
        ("submit", 0, 0),
        ("submit", 0, 1),
        ("submit", 0, 2),
        ("clear", 0, None),
        ("settle", 0, None),
        ("withdraw", None, 1),
    ]


@pytest.mark.parametrize(
    ("trading", "traded", "payments", "price"),
    [
        ("uniform-price", (4, -4, 0), (56, -56, 0), 14),
        ("pay-as-bid", (4, -4, 0), (56, -56, 0), 14),
        ("supply-demand-ratio", (4, -3, -1), (2000, -1500, -500), 500),
        ("mid-market-rate", (4, -3, -1), (6000, -4500, -1500), 1500),
        ("bill-sharing", (4, -3, -1), (0, 0, 0), 0),
    ],
)
def test_each_rule_clears_alike_everywhere(open_here, trading, traded, payments, price):
    market = funded(open_here(MarketTerms(parties=3, tariff=TARIFF, trading=trading)))
    send(market, 0, ANNA, BERT, CARA)

    (trade,) = market.clear(0)

    assert (trade.traded_wh, trade.payments, trade.price) == (traded, payments, price)


def test_a_day_is_ordered_for_at_once(open_here):
    market = funded(open_here(DAY))

    for seat, orders in enumerate([[ANNA, None], [BERT, Order(-2, 1)], [None, Order(2, 3)]]):
        market.submit(0, seat, orders)
    first, second = market.clear(0)
    market.report(0, [[4, -3, 0], [0, -2, 1]])

    assert (first.window, first.traded_wh, first.participants) == (0, (4, -4, 0), (0, 1))
    assert (second.window, second.traded_wh, second.price) == (1, (0, -2, 2), 2)
    assert gains(market) == [-56 + 100, 56 - 100 + 4 + 100, -4 - 100]


def test_what_was_not_delivered_is_charged_for_the_others(open_here):
    market = cleared(open_here(THREE))

    market.report(0, [[4, -1, 7]])

    assert gains(market) == [-56 + 300, 56 - 300, 0]


def test_a_session_without_a_report_is_settled_as_traded(open_here):
    market = cleared(open_here(THREE))
    market.wait_until(DEADLINE - 5)
    assert raised(errors.WindowNotReady, market.settle, 0) == {"session": 0}
    market.wait_until(DEADLINE)

    market.settle(0)

    assert gains(market) == [-56, 56, 0]


def test_who_is_silent_delays_but_blocks_nobody(open_here):
    market = funded(open_here(THREE))
    market.submit(0, 1, [BERT])
    market.submit(0, 0, [ANNA])
    assert raised(errors.WindowNotReady, market.clear, 0) == {"session": 0}
    market.wait_until(THREE.orders_close(0))

    (trade,) = market.clear(0)

    assert (trade.traded_wh, trade.participants) == ((4, -4, 0), (0, 1))


def test_nobody_need_trade(open_here):
    market = funded(open_here(THREE))
    send(market, 0, None, Order(0, limit=7), Order(3, limit=7))

    (trade,) = market.clear(0)
    market.report(0, [[5, 5, 5]])

    assert (trade.traded_wh, trade.price, trade.participants) == ((0, 0, 0), 0, (2,))
    assert gains(market) == [0, 0, 0]


def test_the_largest_orders_are_held(open_here):
    terms = MarketTerms(parties=2, tariff=Tariff(HIGHEST_PRICE, 0), penalty=HIGHEST_PRICE)
    market = funded(open_here(terms), MOST_TICKS)

    send(market, 0, Order(HIGHEST_QUANTITY, HIGHEST_PRICE), Order(-HIGHEST_QUANTITY, 0))
    (trade,) = market.clear(0)
    market.report(0, [[-HIGHEST_QUANTITY, -HIGHEST_QUANTITY]])

    paid = HIGHEST_QUANTITY * (HIGHEST_PRICE // 2)
    fine = HIGHEST_QUANTITY * HIGHEST_PRICE
    assert trade.payments == (paid, -paid)
    assert market.free == (MOST_TICKS - paid - fine, MOST_TICKS + paid + fine)


# Errors.


def test_deposits_are_whole_and_bounded(open_here):
    market = open_here(THREE)

    facts = {"amount": MOST_TICKS + 1, "wanted": MOST_TICKS}
    assert raised(errors.DepositRefused, market.deposit, 0, MOST_TICKS + 1) == facts
    raised(errors.DepositRefused, market.deposit, 0, -1)
    raised(errors.DepositRefused, market.deposit, 0, 0.5)
    assert market.free == (0, 0, 0)


@pytest.mark.parametrize("seat", [3, -1])
def test_only_parties_take_part(open_here, seat):
    market = open_here(THREE)

    raised(errors.NotAParty, market.deposit, seat, 1)
    raised(errors.NotAParty, market.submit, 0, seat, [ANNA])
    raised(errors.NotAParty, market.withdraw, seat, 0)


def test_orders_are_whole_and_bounded(open_here):
    market = funded(open_here(THREE))

    facts = {"seat": 1, "length": 2, "wanted": 1}
    assert raised(errors.OrdersMalformed, market.submit, 0, 1, [None, None]) == facts
    too_much = Order(-HIGHEST_QUANTITY - 1, 0)
    facts = {"seat": 1, "window": 0, "quantity_wh": too_much.quantity_wh}
    assert raised(errors.QuantityOutOfRange, market.submit, 0, 1, [too_much]) == facts
    too_dear = Order(1, HIGHEST_PRICE + 1)
    facts = {"seat": 1, "window": 0, "limit": too_dear.limit}
    assert raised(errors.LimitOutOfRange, market.submit, 0, 1, [too_dear]) == facts


def test_orders_are_covered(open_here):
    market = funded(open_here(THREE), 479)

    facts = {"seat": 0, "free": 479, "needed": 480}
    assert raised(errors.DepositTooSmall, market.submit, 0, 0, [ANNA]) == facts
    market.deposit(0, 1)
    market.submit(0, 0, [ANNA])
    assert market.free[0] == 0


def test_orders_are_sent_once_in_time_and_not_too_far_ahead(open_here):
    market = funded(open_here(THREE))
    market.submit(0, 0, [ANNA])

    again = raised(errors.AlreadyBid, market.submit, 0, 0, [ANNA])
    ahead = raised(errors.WindowClosed, market.submit, 8, 1, [ANNA])
    market.submit(7, 1, [ANNA])
    market.wait_until(THREE.orders_close(0))
    late = raised(errors.WindowClosed, market.submit, 0, 1, [ANNA])

    assert (again, ahead) == ({"session": 0, "seat": 0}, {"session": 8})
    assert late == {"session": 0}


def test_sessions_clear_in_order(open_here):
    market = funded(open_here(THREE))
    send(market, 1, ANNA, BERT, CARA)

    facts = {"session": 1, "expected": 0}
    assert raised(errors.WindowOutOfOrder, market.clear, 1) == facts
    send(market, 0, ANNA, BERT, CARA)
    market.clear(0)
    raised(errors.WindowOutOfOrder, market.clear, 0)
    raised(errors.WindowClosed, market.submit, 0, 0, [ANNA])
    (trade,) = market.clear(1)
    assert trade.window == 1


def test_a_session_waits_for_the_settlement_of_the_eighth_before_it(open_here):
    market = open_here(THREE)
    market.wait_until(THREE.orders_close(20))
    for session in range(8):
        market.clear(session)

    assert raised(errors.WindowNotReady, market.clear, 8) == {"session": 8}
    market.settle(0)
    market.clear(8)


def test_a_session_is_settled_once_and_after_its_clearing(open_here):
    market = funded(open_here(THREE))
    readings = [[4, -4, 0]]

    assert raised(errors.WindowNotReady, market.report, 0, readings) == {"session": 0}
    send(market, 0, ANNA, BERT, CARA)
    market.clear(0)
    market.report(0, readings)
    assert raised(errors.WindowSettled, market.report, 0, readings) == {"session": 0}
    market.wait_until(DEADLINE)
    assert raised(errors.WindowSettled, market.settle, 0) == {"session": 0}
    assert raised(errors.WindowNotReady, market.settle, 1) == {"session": 1}


def test_readings_are_one_of_each_party_for_each_window(open_here):
    market = cleared(open_here(THREE))

    facts = {"session": 0, "window": 0}
    assert raised(errors.ReadingsMalformed, market.report, 0, [[4, -4]]) == facts
    assert raised(errors.ReadingsMalformed, market.report, 0, []) == facts
    raised(errors.ReadingsMalformed, market.report, 0, [[4, -4, 2**31]])
    market.report(0, [[4, -4, 0]])


@pytest.mark.parametrize("ticks", [FUNDS + 1, -1, 0.5, 2**256])
def test_no_more_is_withdrawn_than_is_free(open_here, ticks):
    market = funded(open_here(THREE))

    facts = {"seat": 0, "free": FUNDS, "wanted": ticks}
    assert raised(errors.BalanceTooSmall, market.withdraw, 0, ticks) == facts


# Twins.


@st.composite
def markets(draw, trading):
    """Draw terms, and for some sessions what each seat sends and what its meter says."""
    buy = draw(st.sampled_from([0, 3, 2500, HIGHEST_PRICE]))
    terms = MarketTerms(
        parties=draw(st.integers(2, 6)),
        tariff=Tariff(buy, draw(st.integers(0, buy))),
        trading=trading,
        k=draw(st.integers(0, 1000)) / 1000,
        penalty=draw(st.sampled_from([0, 1, 7, HIGHEST_PRICE])),
        horizon=draw(st.integers(1, 3)),
    )
    most = draw(st.sampled_from([3, 5000, HIGHEST_QUANTITY]))
    limits = st.integers(0, draw(st.sampled_from([2, HIGHEST_PRICE])))
    flows = st.integers(-most, most)
    order = st.none() | st.builds(Order, flows, limits)
    orders = st.lists(order, min_size=terms.horizon, max_size=terms.horizon)
    seats = st.lists(st.none() | orders, min_size=terms.parties, max_size=terms.parties)
    row = st.lists(st.none() | flows, min_size=terms.parties, max_size=terms.parties)
    rows = st.none() | st.lists(row, min_size=terms.horizon, max_size=terms.horizon)
    return terms, draw(st.lists(st.tuples(seats, rows), min_size=1, max_size=3))


def played(market, sessions):
    """Hold sessions, and return all that can be seen of them."""
    terms = market.terms
    seen = [attempt(market.deposit, seat, 10**15) for seat in range(terms.parties)]
    for session, (sent, rows) in enumerate(sessions):
        for seat, orders in enumerate(sent):
            if orders is not None:
                seen.append(attempt(market.submit, session, seat, orders))
        market.wait_until(terms.orders_close(session))
        trades = market.clear(session)
        seen += [trades, market.free]
        if rows is None:
            market.wait_until(terms.meter_deadline(session))
            market.settle(session)
        else:
            market.report(session, [flows(*pair) for pair in zip(trades, rows, strict=True)])
        seen.append(market.free)
    assert sum(market.free) == terms.parties * 10**15, "money was made or lost"
    return seen


def flows(trade, row):
    """Return what meters say: something drawn, or just what was traded."""
    pairs = zip(trade.traded_wh, row, strict=True)
    return [traded if drawn is None else drawn for traded, drawn in pairs]


def attempt(call, *arguments):
    try:
        return call(*arguments)
    except MarketError as error:
        return type(error), vars(error)


every_rule = pytest.mark.parametrize("trading", TRADING_RULES)


@every_rule
@settings(max_examples=100)
@given(data=st.data())
def test_drawn_orders_trade_alike_in_memory_and_on_revm(open_market, trading, data):
    terms, sessions = data.draw(markets(trading))

    in_memory = played(open_market("local", terms), sessions)

    assert played(open_market("revm", terms), sessions) == in_memory


@every_rule
@settings(max_examples=4)
@given(data=st.data())
def test_drawn_orders_trade_alike_in_memory_and_on_eth_tester(open_market, trading, data):
    terms, sessions = data.draw(markets(trading))

    in_memory = played(open_market("local", terms), sessions)

    assert played(open_market("eth-tester", terms), sessions) == in_memory


@every_rule
def test_hundreds_trade_alike_in_memory_and_on_revm(open_market, trading):
    terms = MarketTerms(parties=255, tariff=TARIFF, trading=trading, penalty=7)
    orders = [[Order(seat * 7919 % 2001 - 1000, seat * 31 % 50)] for seat in range(255)]
    readings = [[seat * 104729 % 2001 - 1000 for seat in range(255)]]

    in_memory = played(open_market("local", terms), [(orders, readings)])

    assert played(open_market("revm", terms), [(orders, readings)]) == in_memory
