"""The contract's money after every step of any sequence, beside its twin in memory."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chain.revm import Revm
from chain.venue import ContractVenue
from market.bids import Bid
from market.local import LocalVenue
from market.terms import Terms
from tests.draws import outcome

PARTIES, OPTIONS = 3, ((-5, 0), (0, 0), (0, 5))
seats = st.integers(0, PARTIES - 1)
windows = st.integers(0, 3)
ticks = st.integers(0, 60)


class Ledger(RuleBasedStateMachine):
    """Two venues side by side, and all the money that went in and out."""

    @initialize(
        mechanism=st.sampled_from(["hco", "rps"]),
        payment=st.sampled_from(["difference", "equal-split"]),
        bond=st.integers(0, 7),
    )
    def open(self, mechanism, payment, bond):
        """Deploy."""
        terms = Terms(
            parties=PARTIES, options=OPTIONS, mechanism=mechanism, payment=payment, bond=bond
        )
        self.local, self.chain = LocalVenue(terms), ContractVenue(terms, Revm())
        self.paid_in = 0
        self.dues = {}

    def both(self, call, *arguments):
        """Call both venues, and return what both said."""
        here, there = (outcome(getattr(v, call), *arguments) for v in (self.local, self.chain))
        assert here == there, f"{call}{arguments}"
        return here

    @rule(seat=seats, amount=ticks)
    def deposit(self, seat, amount):
        """Pay in."""
        assert self.both("deposit", seat, amount) is None
        self.paid_in += amount

    @rule(seat=seats, amount=ticks)
    def withdraw(self, seat, amount):
        """Take out."""
        if self.both("withdraw", seat, amount) is None:
            self.paid_in -= amount

    @rule(seat=seats, window=windows, offers=st.tuples(ticks, ticks, ticks))
    def submit(self, seat, window, offers):
        """Bid; as ranks, by the order of the offers."""
        if self.local.terms.rule.form == "ranks":
            order = sorted(range(3), key=lambda option: -offers[option])
            offers = tuple(order.index(option) + 1 for option in range(3))
        before = sum(self.local.free)
        self.both("submit", window, seat, Bid(offers))
        self.dues[window] = self.dues.get(window, 0) + before - sum(self.local.free)

    @rule(periods=st.integers(1, 4))
    def wait(self, periods):
        """Let time pass."""
        for venue in (self.local, self.chain):
            venue.wait_until(periods * venue.terms.period)

    @rule(window=windows)
    def decide(self, window):
        """Decide, in order and in time or not."""
        self.both("decide", window)

    @rule(window=windows, blocked=st.sets(seats))
    def report(self, window, blocked):
        """Settle by the meter."""
        if self.both("report", window, 0, blocked) is None:
            self.dues[window] = 0

    @rule(window=windows)
    def settle(self, window):
        """Settle without it."""
        if self.both("settle", window) is None:
            self.dues[window] = 0

    @invariant()
    def money_is_conserved(self):
        """Hold what is free and what is locked, to the wei."""
        if not hasattr(self, "local"):
            return
        owed = sum(self.chain.free) + sum(self.dues.values())
        assert owed == self.paid_in
        assert owed * self.chain.tick_wei == self.chain.balance_wei
        assert self.chain.free == self.local.free
        assert self.chain.authority == self.local.authority


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=50, stateful_step_count=40, deadline=None, derandomize=True
)
