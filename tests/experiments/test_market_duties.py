"""What households do next: in any order, seeing late, killed at any moment."""

import json
import random
from dataclasses import replace

import pytest

from chain.accounts import account
from chain.deploy import market_deployment
from chain.market_agreement import MarketAgreement
from chain.packing import Packed
from chain.reverts import reverts_as_market_errors
from chain.standing import Held, Standing, fold
from chain.trades import pack_orders, pack_readings
from experiments.errors import InputRefused, OutputRefused
from experiments.operator.duties import Action, Duty, MeterDuty, has_ended
from experiments.operator.journal import Entry
from experiments.operator.market_duties import market_meter_steps, market_steps
from experiments.operator.metered import append_flows, read_flows, sessions_shown
from market.errors import MarketError
from market.local import IN_FLIGHT
from market.trading.local import LocalMarketplace
from market.trading.orders import Order, book
from market.trading.settlement import locks
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms

METER, DEPLOYER = 3, 9  # as in test_operator_duties
TERMS = MarketTerms(parties=3, tariff=Tariff(2500, 500), penalty=100, horizon=2, period=100)
SHARED = replace(TERMS, trading="mid-market-rate")
SESSIONS, DEPOSIT = 3, 10**6


def entry(agreed, seat, session, orders):
    needed = locks(agreed.terms.rule, agreed.terms.tariff, book([orders]), agreed.terms.penalty)
    covered = sum(1 << place for place, order in enumerate(orders) if order)
    return Entry(
        agreed.chain_id,
        agreed.address,
        seat,
        session,
        covered,
        "",
        pack_orders(orders).hex(),
        bytes(32).hex(),
        int(needed.sum()),
    )


class Community:
    """A contract in process, the journals of its households, and their meters."""

    def __init__(self, evm, terms, orders, taken, folder):
        self.evm, self.terms, self.orders, self.taken = evm, terms, orders, taken
        parties = tuple(evm.account(seat) for seat in range(terms.parties))
        contract = market_deployment(terms, parties, account(METER).address)
        address = evm.deploy(DEPLOYER, contract).contract
        who = parties, account(METER).address
        opening, number = evm.now, evm.chain_id
        self.agreed = MarketAgreement(address, terms, *who, terms.tick_wei, opening, number)
        self.journals = {seat: {} for seat in range(terms.parties)}
        self.meters = folder / "meters.jsonl"
        self.logs, self.done = [], []
        self.withdrawn = [0] * terms.parties

    @property
    def now(self):
        return self.evm.now - self.agreed.opening

    def look(self):
        interface, address = self.agreed.interface, self.agreed.address
        view = self.evm.view(address, interface.call("freeDeposits"))
        (free,) = interface.answer("freeDeposits", view)
        return replace(fold(Standing(), interface, self.logs), free=tuple(free))

    def due(self, seat, standing):
        if seat == METER:
            duty = MeterDuty(self.agreed, SESSIONS, self.meters)
            return list(market_meter_steps(duty, standing, self.now))
        shown = sessions_shown(self.meters, 3, seat, self.terms.horizon)
        duty = Duty(self.agreed, seat, SESSIONS, DEPOSIT)
        return list(market_steps(duty, standing, self.journals[seat], shown, self.now))

    def part(self, rows, session):
        return rows[session * self.terms.horizon : (session + 1) * self.terms.horizon]

    def perform(self, seat, action):
        """Do what an operator does, and forget that it was done, as if it were killed."""
        session, arguments = action.session, action.arguments
        if action.stage == "plan":
            assert session not in self.journals[seat], "planned twice"
            orders = self.part(self.orders[seat], session)
            self.journals[seat][session] = entry(self.agreed, seat, session, orders)
            return
        if action.stage == "deliver":
            metered = self.part(self.taken[seat], session)
            append_flows(self.meters, seat, session * self.terms.horizon, metered)
            return
        if action.stage == "report":
            _, _, metered = arguments
            arguments += (self.agreed.signature(account(METER), session, metered),)
        message = self.agreed.interface.call(action.stage, *arguments)
        with reverts_as_market_errors(self.agreed.interface, action.stage):
            value = action.ticks * self.agreed.tick_wei
            receipt = self.evm.send(seat, self.agreed.address, message, value)
        self.logs += receipt.logs
        self.done.append((seat, action.stage, session))
        if action.stage == "withdraw":
            self.withdrawn[seat] += arguments[-1]

    def work(self, chance):
        """Let all act in any order, each having seen at least what it did itself."""
        seats = [*range(self.terms.parties), METER]
        busy = True
        while busy:
            seen, acted = self.look(), set()
            for seat in chance.choices(seats, k=8):
                standing = self.look() if seat in acted else seen
                for action in self.due(seat, standing)[:1]:
                    acted.add(seat)
                    try:
                        self.perform(seat, action)
                    except MarketError:
                        assert standing != self.look(), "refused, though it saw all there is"
            busy = bool(acted) or any(self.due(seat, self.look()) for seat in seats)


def drawn(chance):
    """Return orders of each seat for each window, many missing, and what each takes."""

    def order():
        return Order(chance.randint(-9, 9), chance.randint(0, 30))

    windows = range(SESSIONS * TERMS.horizon)
    orders = [[order() if chance.random() < 0.8 else None for _ in windows] for _ in range(3)]
    for row in orders:  # an order of nothing is none
        row[:] = [one if one and one.quantity_wh else None for one in row]
    return orders, [[chance.randint(-9, 9) for _ in windows] for _ in range(3)]


def in_memory(terms, orders, taken):
    venue = LocalMarketplace(terms)
    for seat in range(3):
        venue.deposit(seat, DEPOSIT)
    for session in range(SESSIONS):
        part = slice(session * terms.horizon, (session + 1) * terms.horizon)
        for seat, row in enumerate(orders):
            if any(row[part]):
                venue.submit(session, seat, row[part])
        venue.wait_until(terms.orders_close(session))
        venue.clear(session)
        venue.report(session, list(zip(*(row[part] for row in taken), strict=True)))
    return venue.free


@pytest.mark.parametrize("terms", [TERMS, SHARED], ids=["auction", "sharing"])
@pytest.mark.parametrize("seed", range(6))
def test_households_that_see_late_and_act_in_any_order_end_as_in_memory(
    chains, tmp_path, terms, seed
):
    chance = random.Random(seed)
    orders, taken = drawn(chance)
    market = Community(chains("revm"), terms, orders, taken, tmp_path)

    for session in range(SESSIONS + 2):
        market.evm.wait_until(market.agreed.opening + session * terms.period)
        market.work(chance)

    duties = [Duty(market.agreed, seat, SESSIONS, DEPOSIT) for seat in range(3)]
    assert all(has_ended(duty, market.look()) for duty in duties)
    assert market.evm.balance(market.agreed.address) == 0
    assert tuple(market.withdrawn) == in_memory(terms, orders, taken)
    assert len(set(market.done)) == len(market.done), "something was done twice"
    assert (METER, "report", SESSIONS - 1) in market.done


WHO = ("0x" + "22" * 20,) * 3, "0x" + "33" * 20
AGREED = MarketAgreement("0x" + "11" * 20, TERMS, *WHO, 1, 0, 1)
DUTY = Duty(AGREED, seat=0, until=2, deposit=100)
PAID = Standing(deposited={0: 100}, free=(100, 0, 0))
ORDERS = [Order(1, 0), None]


def plan(orders=ORDERS):
    return {0: entry(AGREED, 0, 0, orders)}


def due(standing, plans, now, shown=None, duty=DUTY):
    return list(market_steps(duty, standing, plans, shown, now))


def test_orders_go_out_from_the_journal_once_and_if_the_deposit_covers_them():
    packed = pack_orders(ORDERS)

    assert due(PAID, {}, 0) == [Action("plan", 0)]
    assert due(PAID, plan(), 0) == [Action("submit", 0, (0, 0, packed))]
    assert due(replace(PAID, free=(99, 0, 0)), plan(), 0) == []
    assert due(PAID, plan([None, None]), 0) == []
    sent = replace(PAID, sessions={0: Held(sent={0: Packed(bids=packed)})})
    assert due(sent, plan(), 50) == []


def test_a_session_is_cleared_once_it_closes_unless_the_ring_is_full():
    (action,) = (found for found in due(PAID, plan(), 100) if found.stage == "clear")
    assert action == Action("clear", 0, (0, bytes(36), b""))
    held = {session: Held(outcome=b"x") for session in range(IN_FLIGHT)}
    full = replace(PAID, decided=IN_FLIGHT, sessions=held)
    long = replace(DUTY, until=20)
    assert "clear" not in [found.stage for found in due(full, {}, 850, duty=long)]


CLEARED = replace(PAID, decided=1, sessions={0: Held(outcome=pack_readings([[4, -4, 0]] * 2))})


def test_what_is_taken_is_shown_when_the_session_is_over_and_once():
    def delivers(now, shown):
        return Action("deliver", 0, (bytes(36),)) in due(CLEARED, plan(), now, shown)

    assert [delivers(199, ()), delivers(200, ()), delivers(200, {0})] == [False, True, False]
    assert not delivers(200, None), "it has no meter here"


def test_a_meter_waits_for_all_readings_and_without_a_file_says_all_was_delivered(tmp_path):
    path = tmp_path / "meters.jsonl"
    outcome = CLEARED.held(0).outcome
    reading = MeterDuty(AGREED, 1, path)

    def reports(duty, now=200):
        return [found.arguments for found in market_meter_steps(duty, CLEARED, now)]

    assert reports(MeterDuty(AGREED, 1)) == [(0, outcome, outcome)]
    assert reports(MeterDuty(AGREED, 1), now=199) == []
    assert reports(reading) == [], "nothing was read yet"
    for seat in range(2):
        append_flows(path, seat, 0, [seat, -seat])
    assert reports(reading) == [], "one is missing"
    append_flows(path, 2, 0, [7, 8])
    assert reports(reading) == [(0, outcome, pack_readings([[0, 1, 7], [0, -1, 8]]))]


# What the meters showed.


def test_the_last_line_of_a_window_counts_and_half_a_line_is_left(tmp_path):
    path = tmp_path / "meters.jsonl"
    append_flows(path, 0, 4, [5, -6])
    append_flows(path, 0, 4, [7])
    with path.open("a") as file:
        file.write('{"seat": 1, "win')

    assert read_flows(path, 2) == {(0, 4): 7, (0, 5): -6}
    assert sessions_shown(path, 2, 0, horizon=2) == {2}
    assert sessions_shown(path, 2, 0, horizon=4) == set()
    assert sessions_shown(path, 2, 1, horizon=2) == set()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"seat": 2}, "line 1, seat is 2, wanted 0 to 1"),
        ({"window": -1}, "line 1, window is -1"),
        ({"metered_wh": 1.5}, "line 1, metered_wh is 1.5"),
        ({"metered_wh": 2**31}, "line 1, metered_wh is 2147483648"),
        ({"flow_mw": 1}, "line 1 has the unknown key 'flow_mw'"),
    ],
)
def test_a_line_that_is_no_reading_is_refused_by_its_number(tmp_path, change, reason):
    path = tmp_path / "meters.jsonl"
    path.write_text(json.dumps({"seat": 0, "window": 0, "metered_wh": 1} | change) + "\n")

    with pytest.raises(InputRefused, match=r"meters\.jsonl") as refused:
        read_flows(path, 2)

    assert reason in str(refused.value)


def test_files_that_cannot_be_read_or_written_are_refused(tmp_path):
    path = tmp_path / "meters.jsonl"
    path.write_text("{\n")
    with pytest.raises(InputRefused, match="line 1 is not JSON"):
        read_flows(path, 2)
    path.write_bytes(b"\xff\n")
    with pytest.raises(InputRefused, match="is not text"):
        read_flows(path, 2)
    with pytest.raises(OutputRefused, match="cannot be written to"):
        append_flows(tmp_path, 0, 0, [1])
