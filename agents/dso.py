"""A network operator as an agent, in the three layers of the paper's Fig. 1."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import mesa
import numpy as np

from agents.strategies.base import Knowledge, Strategy
from market import money
from market.bids import Bid
from market.errors import DepositTooSmall
from market.types import Bids, Floats
from market.venue import Award

if TYPE_CHECKING:
    from agents.model import Negotiation


class DSO(mesa.Agent):
    """A distribution system operator with a seat at the shared element.

    A shell: what to bid is for the strategy, whether it counts for the venue.

    Parameters
    ----------
    model : Negotiation
        Where it lives.
    seat : int
        Its seat at the venue. Mesa also numbers its agents, but from one.
    costs_gbp : ndarray of float, shape (window, option)
        What each window costs it at each option: the forecast of its own network.
    strategy : Strategy
        How it bids.
    rng : numpy.random.Generator
        Its own stream, so that what others draw does not matter to it.
    salts : numpy.random.Generator
        Another, so that sealing changes no draw of the strategy.
    """

    model: "Negotiation"

    def __init__(
        self,
        model: "Negotiation",
        seat: int,
        costs_gbp: Floats,
        strategy: Strategy,
        rng: np.random.Generator,
        salts: np.random.Generator,
    ) -> None:
        super().__init__(model)
        self.seat = seat
        self.costs_gbp = costs_gbp
        self.strategy = strategy
        self.cost_gbp = 0.0
        """What the last window cost it."""
        self.paid_ticks = 0
        """What it paid for the last window, penalties included."""
        self.absent = False
        """Whether it stayed out of the present session."""
        self._rng, self._salts = rng, salts

    # Data processing: what forecasts and meters say.

    def forecast_gbp(self, window: int) -> Floats:
        """Return the cost of a window at each option."""
        return self.costs_gbp[window]

    def read_meter(self, award: Award, penalty_ticks: int) -> None:
        """Learn what a window cost, and what was paid for it."""
        self.cost_gbp = float(self.costs_gbp[award.window, award.option])
        self.paid_ticks = award.payments[self.seat] + penalty_ticks

    # Decision support: from costs to what the options are worth.

    def value_gbp(self, window: int) -> Floats:
        """Return what each option saves against the worst."""
        return money.values(self.forecast_gbp(window))

    # Decision: deposit, bid, withdrawal.

    def fund(self) -> None:
        """Pay in up to the working balance if less than half of it is left."""
        wanted = self.model.working_ticks
        free = self.model.venue.free[self.seat]
        if 2 * free < wanted:
            self.model.venue.deposit(self.seat, wanted - free)

    def submit(self, session: int, windows: Sequence[int]) -> None:
        """Bid for a session; bids that the deposit does not cover stay out of it."""
        venue = self.model.venue
        bids = [Bid(tuple(self._numbers(window).tolist())) for window in windows]
        try:
            venue.submit(session, self.seat, bids, self._salts.bytes(32))
        except DepositTooSmall:
            self.absent = True
        else:
            self.absent = False

    def reveal(self, session: int) -> None:
        """Reveal what was bid, if bids are sealed."""
        if not self.absent:
            self.model.venue.reveal(session, self.seat)

    def _numbers(self, window: int) -> Bids:
        """Return offers or ranks for a window."""
        knowledge = Knowledge(
            seat=self.seat,
            window=window,
            form=self.model.venue.terms.rule.form,
            values_gbp=self.value_gbp(window),
            tick_gbp=self.model.tick_gbp,
        )
        return self.strategy.bid(knowledge, self._rng)

    def withdraw(self) -> None:
        """Take out what exceeds twice the working balance, down to that balance."""
        wanted = self.model.working_ticks
        free = self.model.venue.free[self.seat]
        if free > 2 * wanted:
            self.model.venue.withdraw(self.seat, free - wanted)
