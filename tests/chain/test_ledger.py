"""Any sequence of calls, on the contract and on its twin in memory, compared after each."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chain.revm import Revm
from chain.venue import ContractVenue
from market.local import LocalVenue
from tests.draws import outcome, sendings, terms

seats = st.integers(0, 3)
"""Some of which nobody holds."""

steps = st.sampled_from([-1, 0, 0, 0, 0, 1])
"""How far ahead of the session that is to be decided next."""

ticks = st.sampled_from([0, 1, 6, 60, 600, 10**10])
moments = st.sampled_from(["bids_close", "reveals_close", "meter_deadline"])


class Ledger(RuleBasedStateMachine):
    """Two venues side by side, and all the money that went in and out."""

    @initialize(
        agreed=terms(parties=(2, 3), options=(2, 3)),
        cap=st.sampled_from([0, 0, 10**18]),
        paid=ticks,
    )
    def deploy(self, agreed, cap, paid):
        """Open the venues, with some money of each party."""
        self.terms = replace(agreed, fee_cap=cap)
        self.local, self.chain = LocalVenue(self.terms), ContractVenue(self.terms, Revm())
        self.next, self.paid_in = 0, 0
        self.locked = {}
        for seat in range(self.terms.parties):
            self.deposit(seat, paid)

    def both(self, call, *arguments):
        """Call both venues; return what both said."""
        here, there = (outcome(getattr(v, call), *arguments) for v in (self.local, self.chain))
        assert here == there, f"{call}{arguments}"
        return here

    @rule(seat=seats, amount=ticks)
    def deposit(self, seat, amount):
        """Pay in."""
        if self.both("deposit", seat, amount) is None:
            self.paid_in += amount

    @rule(seat=seats, amount=ticks)
    def withdraw(self, seat, amount):
        """Take out."""
        if self.both("withdraw", seat, amount) is None:
            self.paid_in -= amount

    @rule(ahead=steps)
    def open(self, ahead):
        """Compare the fee."""
        self.both("open", self.session(ahead))

    @rule(ahead=steps, seat=seats, data=st.data())
    def submit(self, ahead, seat, data):
        """Bid, with whatever may be wrong."""
        self.send(self.session(ahead), seat, data)

    @rule(ahead=steps, seat=seats)
    def reveal(self, ahead, seat):
        """Reveal, in time or not."""
        self.both("reveal", self.session(ahead), seat)

    @rule(ahead=steps, moment=moments, early=st.integers(0, 1))
    def wait(self, ahead, moment, early):
        """Let time pass, up to a deadline or a second less."""
        until = getattr(self.terms, moment)(self.session(ahead)) - early
        for venue in (self.local, self.chain):
            venue.wait_until(until)

    @rule(ahead=steps)
    def decide(self, ahead):
        """Decide, in order and in time or not."""
        if isinstance(self.both("decide", self.session(ahead))[0], str):
            return
        self.next += 1

    @rule(data=st.data())
    def hold(self, data):
        """Hold the next session as it should be, but for settlement."""
        self.both("open", self.next)
        session, parties = self.next, range(self.terms.parties)
        for seat in parties:
            self.send(session, seat, data)
        self.wait(0, "bids_close", 0)
        for seat in parties:
            self.both("reveal", session, seat)
        self.wait(0, "reveals_close", 0)
        self.decide(0)

    @rule(back=st.integers(0, 9), data=st.data())
    def report(self, back, data):
        """Settle by the meter."""
        session = max(0, self.next - back)
        windows = data.draw(st.sampled_from([self.terms.horizon, self.terms.horizon, 1, 0]))
        blocked = data.draw(st.lists(st.sets(seats), min_size=windows, max_size=windows))
        if self.both("report", session, [0] * windows, blocked) is None:
            self.locked.pop(session, None)

    @rule(back=st.integers(0, 9))
    def settle(self, back):
        """Settle without it."""
        session = max(0, self.next - back)
        if self.both("settle", session) is None:
            self.locked.pop(session, None)

    def session(self, ahead):
        return max(0, self.next + ahead)

    def send(self, session, seat, data):
        sent = data.draw(sendings(self.terms))
        before = sum(self.local.free)
        self.both("submit", session, seat, sent.bids, sent.salt, sent.caps)
        spent = before - sum(self.local.free)
        self.locked[session] = self.locked.get(session, 0) + spent

    @invariant()
    def money_is_conserved(self):
        """Hold what is free and what is locked, to the wei."""
        if not hasattr(self, "local"):
            return
        owed = sum(self.chain.free) + sum(self.locked.values())
        assert owed == self.paid_in
        assert owed * self.chain.tick_wei == self.chain.balance_wei
        assert self.chain.free == self.local.free
        assert self.chain.authority == self.local.authority


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, derandomize=True
)
