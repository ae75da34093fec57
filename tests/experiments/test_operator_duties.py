"""Whatever operators see, in whatever order they act, the market ends as in memory."""

import random
from dataclasses import replace

import pytest

from chain.accounts import account
from chain.agreement import Agreement
from chain.deploy import TICK_WEI, deployment
from chain.metering import sign_report
from chain.packing import Packed
from chain.reverts import reverts_as_market_errors
from chain.standing import Held, Standing, fold
from experiments.operator.bids import planned
from experiments.operator.duties import (
    Action,
    Duty,
    MeterDuty,
    has_ended,
    meter_steps,
    steps,
)
from market.bids import Bid
from market.errors import MarketError
from market.local import LocalVenue
from market.terms import Terms

METER, DEPLOYER = 3, 9  # the twins of revm stay in step for an account that only deploys
OPTIONS = ((-5000, -1000), (0, 0), (1000, 5000))
TERMS = Terms(parties=3, options=OPTIONS, bond=5, horizon=2, period=100, revealing=60)
OPEN = replace(TERMS, revealing=0)
RANKED = replace(TERMS, mechanism="rps")
SESSIONS = 3
DEPOSIT = 500


def next_step(duty, standing, plans, now):
    """Return what is to be done first, or None if there is nothing to do yet."""
    return next(steps(duty, standing, plans, now), None)


class Market:
    """A contract in process, and the journals of its operators."""

    def __init__(self, evm, terms, bids):
        parties = tuple(evm.account(seat) for seat in range(terms.parties))
        contract = deployment(terms, parties, account(METER).address)
        self.evm = evm
        self.terms = terms
        self.bids = bids
        self.address = evm.deploy(DEPLOYER, contract).contract
        self.opening = evm.now
        self.agreed = Agreement(
            self.address,
            terms,
            parties,
            account(METER).address,
            TICK_WEI,
            self.opening,
            evm.chain_id,
        )
        self.journals = {seat: {} for seat in range(terms.parties)}
        self.logs = []
        self.done = []
        self.withdrawn = [0] * terms.parties

    @property
    def now(self):
        return self.evm.now - self.opening

    def duty(self, seat, **options):
        return Duty(self.agreed, seat, SESSIONS, DEPOSIT, **options)

    def look(self):
        interface = self.agreed.interface
        view = self.evm.view(self.address, interface.call("freeDeposits"))
        (free,) = interface.answer("freeDeposits", view)
        return replace(fold(Standing(), interface, self.logs), free=tuple(free))

    def due(self, seat, standing):
        if seat == METER:
            return list(meter_steps(MeterDuty(self.agreed, SESSIONS), standing, self.now))
        return list(steps(self.duty(seat), standing, self.journals[seat], self.now))

    def perform(self, seat, action):
        """Do what an operator does, and forget that it was done, as if it were killed."""
        if action.stage == "plan":
            part = self.bids[seat][action.session * self.terms.horizon :]
            entry = planned(self.agreed, seat, action.session, part[: self.terms.horizon])
            assert action.session not in self.journals[seat], "planned twice"
            self.journals[seat][action.session] = entry
            return
        arguments = action.arguments
        if action.stage == "report":
            session, _, flows, blocked = arguments
            key = account(METER)
            arguments += (
                sign_report(key, self.evm.chain_id, self.address, session, flows, blocked),
            )
        message = self.agreed.interface.call(action.stage, *arguments)
        with reverts_as_market_errors(self.agreed.interface, action.stage):
            value = action.ticks * TICK_WEI
            receipt = self.evm.send(seat, self.address, message, value)
        self.logs += receipt.logs
        self.done.append((seat, action.stage, action.session))
        if action.stage == "withdraw":
            self.withdrawn[seat] += action.arguments[-1]

    def work(self, chance):
        """Let all act in any order, each having seen at least what it did itself."""
        seats = [*range(self.terms.parties), METER]
        busy = True
        while busy:
            seen, acted = self.look(), set()
            for seat in chance.choices(seats, k=8):
                standing = self.look() if seat in acted else seen
                self.act(seat, standing, acted)
            busy = bool(acted) or any(self.due(seat, self.look()) for seat in seats)

    def act(self, seat, standing, acted):
        """Try the first thing that is due as seen in a standing."""
        for action in self.due(seat, standing)[:1]:
            acted.add(seat)
            try:
                self.perform(seat, action)
            except MarketError:
                assert standing != self.look(), "refused though it saw the chain as it is"

    def wait_until(self, seconds):
        self.evm.wait_until(self.opening + seconds)


def in_memory(terms, bids):
    venue = LocalVenue(terms)
    for seat in range(terms.parties):
        venue.deposit(seat, DEPOSIT)
    for session in range(SESSIONS):
        start = session * terms.horizon
        parts = [row[start : start + terms.horizon] for row in bids]
        bidding = [seat for seat, part in enumerate(parts) if any(part)]
        for seat in bidding:
            venue.submit(session, seat, parts[seat])
        venue.wait_until(terms.bids_close(session))
        for seat in bidding:
            venue.reveal(session, seat)
        venue.report(session, [award.set_point for award in venue.decide(session)])
    return venue.free


def draw_bids(terms, chance):
    """Return bids of each seat for each window, many of them missing."""

    def bid():
        if terms.rule.form == "ranks":
            return Bid(tuple(chance.sample([1, 2, 3], 3)))
        return Bid(tuple(chance.randint(0, 6) for _ in OPTIONS))

    windows = range(SESSIONS * terms.horizon)
    return [[bid() if chance.random() < 0.7 else None for _ in windows] for _ in range(3)]


@pytest.mark.parametrize("terms", [TERMS, OPEN, RANKED], ids=["sealed", "open", "ranks"])
@pytest.mark.parametrize("seed", range(8))
def test_operators_that_see_late_and_act_in_any_order_end_as_in_memory(chains, terms, seed):
    chance = random.Random(seed)
    bids = draw_bids(terms, chance)
    market = Market(chains("revm"), terms, bids)

    for session in range(SESSIONS + 4):
        for instant in (session * terms.period, session * terms.period + terms.revealing):
            market.wait_until(instant)
            market.work(chance)

    assert all(has_ended(market.duty(seat), market.look()) for seat in range(3))
    assert market.evm.balance(market.address) == 0
    assert tuple(market.withdrawn) == in_memory(terms, bids)
    assert len(set(market.done)) == len(market.done), "something was done twice"


AGREED = Agreement("0x" + "11" * 20, TERMS, ("0x" + "22" * 20,) * 3, "0x" + "33" * 20, 1, 0, 1)
DUTY = Duty(AGREED, seat=0, until=2, deposit=100)
PAID = Standing(deposited={0: 100}, free=(100, 0, 0))
BIDS = [Bid((9, 0, 1)), None]


def plan(session=0, bids=BIDS):
    return {session: planned(AGREED, 0, session, bids)}


def test_money_goes_in_before_anything_else():
    assert next_step(DUTY, Standing(free=(0, 0, 0)), {}, 0) == Action(
        "deposit", None, (0,), ticks=100
    )


def test_what_is_paid_in_already_is_not_paid_again():
    half = replace(PAID, deposited={0: 60}, free=(60, 0, 0))

    assert next_step(DUTY, half, {}, 0) == Action("deposit", None, (0,), ticks=40)
    assert next_step(DUTY, PAID, {}, 0) == Action("plan", 0)


def test_a_bid_is_sent_only_from_the_journal_and_only_once():
    plans = plan()

    sent = next_step(DUTY, PAID, plans, 0)
    assert sent.stage == "commit"
    packed = Packed(1, plans[0].packed.caps, b"", sent.arguments[-1])
    after = replace(PAID, sessions={0: Held(sent={0: packed})})
    assert next_step(DUTY, after, plans, 50) is None


def test_a_bid_that_the_deposit_does_not_cover_waits():
    assert next_step(DUTY, replace(PAID, free=(13, 0, 0)), plan(), 0) is None
    assert next_step(DUTY, replace(PAID, free=(14, 0, 0)), plan(), 0).stage == "commit"


def test_who_does_not_bid_for_any_window_sends_nothing():
    assert next_step(DUTY, PAID, plan(bids=[None, None]), 0) is None


def committed(plans):
    seal = next_step(DUTY, PAID, plans, 0).arguments[-1]
    return replace(PAID, sessions={0: Held(sent={0: plans[0].packed.hidden(seal)})})


@pytest.mark.parametrize(("now", "revealed"), [(99, False), (100, True), (159, True)])
def test_a_bid_is_revealed_from_the_closing_of_bids_on(now, revealed):
    plans = plan()

    due = list(steps(DUTY, committed(plans), plans, now))

    assert (Action("reveal", 0, (0, 0, plans[0].packed.arguments)) in due) == revealed


def test_a_bid_that_was_not_revealed_in_time_is_let_go():
    plans = plan()

    due = [step.stage for step in steps(DUTY, committed(plans), plans, 160)]

    assert due == ["plan", "decide"]


def test_nothing_is_revealed_that_another_journal_holds():
    assert "reveal" not in [step.stage for step in steps(DUTY, committed(plan()), plan(), 100)]
    assert "reveal" not in [step.stage for step in steps(DUTY, committed(plan()), {}, 100)]


def test_a_session_with_a_fee_cap_is_opened_first_and_left_alone_if_it_is_dear():
    capped = replace(DUTY, agreement=replace(AGREED, terms=replace(TERMS, fee_cap=9)))

    assert next_step(capped, PAID, plan(), 0) == Action("open", 0, (0,))
    cheap = replace(PAID, sessions={0: Held(dear=False)})
    assert next_step(capped, cheap, plan(), 0).stage == "commit"
    dear = replace(PAID, sessions={0: Held(dear=True)})
    assert next_step(capped, dear, plan(), 0).stage == "decide"


def test_sessions_that_all_have_missed_are_decided_empty_one_after_another():
    late = next_step(DUTY, PAID, {1: plan(1)[1]}, 250)

    assert late == Action("decide", 0, (0, [Packed().arguments] * 3))


def test_a_full_ring_waits_for_its_oldest_session():
    sessions = {session: Held(outcome=b"x") for session in range(8)}
    full = replace(PAID, decided=8, sessions=sessions)
    long = replace(DUTY, until=20)

    assert [step.stage for step in steps(long, full, {9: plan(9)[9]}, 960)][:1] != ["decide"]


def test_a_session_is_settled_by_anyone_after_the_deadline_of_the_meter():
    decided = replace(PAID, decided=2, sessions={1: Held(outcome=b"out")})

    assert next_step(DUTY, decided, {}, TERMS.meter_deadline(1) - 1) is None
    assert next_step(DUTY, decided, {}, TERMS.meter_deadline(1)) == Action(
        "settle", 1, (1, b"out")
    )


def test_what_is_free_is_withdrawn_when_all_is_settled_unless_it_is_to_be_kept():
    over = replace(PAID, decided=2)

    assert next_step(DUTY, over, {}, 900) == Action("withdraw", None, (0, 100))
    assert next_step(replace(DUTY, keeps=True), over, {}, 900) is None
    assert has_ended(replace(DUTY, keeps=True), over)
    assert not has_ended(DUTY, over)
    assert has_ended(DUTY, replace(over, free=(0, 0, 0)))
