"""The Mesa model: operators negotiate one window after another, on any venue."""

from collections.abc import Sequence
from typing import Final

import mesa
import numpy as np

from agents.dso import DSO
from agents.strategies.base import Strategy
from market.types import Floats
from market.venue import Award, Venue

WORKING_TICKS: Final = 1_000_000
"""What a party keeps in its account by default: GBP 10,000."""


class Negotiation(mesa.Model):
    """Parties share an element by contract; a step is a window through all six stages.

    Parameters
    ----------
    venue : Venue
        Where windows are held; it fixes mechanism, options and seats.
    costs_gbp : ndarray of float, shape (party, window, option)
        What each window costs each party at each option, in GBP.
    strategies : sequence of Strategy
        One for each seat.
    rng : int
        Seed; each party draws from a stream of its own.
    tick_gbp : float
        What a tick is worth.
    working_ticks : int
        What a party keeps in its account.
    """

    def __init__(
        self,
        venue: Venue,
        costs_gbp: Floats,
        strategies: Sequence[Strategy],
        rng: int = 0,
        tick_gbp: float = 0.01,
        working_ticks: int = WORKING_TICKS,
    ) -> None:
        super().__init__(rng=rng)
        self.venue = venue
        self.tick_gbp = tick_gbp
        self.working_ticks = working_ticks
        self.windows: int = costs_gbp.shape[1]
        self.window = 0
        """The window that the next step plays."""
        self.award: Award | None = None
        """The outcome of the last step."""
        self.gas = 0
        """What the calls of the last window used; those of a session count with its first."""
        self._awards: tuple[Award, ...] = ()
        self._penalties: list[int] = []
        source = np.random.SeedSequence(rng)
        bids, salts = (source.spawn(len(strategies)) for _ in range(2))
        for seat, (costs, strategy) in enumerate(zip(costs_gbp, strategies, strict=True)):
            draws = (np.random.default_rng(stream[seat]) for stream in (bids, salts))
            DSO(self, seat, costs, strategy, *draws)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "window": lambda model: model.award.window,
                "option": lambda model: model.award.option,
                "set_point": lambda model: model.award.set_point,
                "authority": lambda model: model.award.authority,
                "authority_used": lambda model: model.award.authority_used,
                "gas": "gas",
            },
            agent_reporters={
                "seat": "seat",
                "cost_gbp": "cost_gbp",
                "paid_ticks": "paid_ticks",
            },
        )

    def step(self) -> None:
        """Play a window through the six stages of the paper's Fig. 1.

        Where a session has many windows, all are negotiated with the first of them.
        """
        place = self.window % self.venue.terms.horizon
        self.gas = 0
        if place == 0:
            self._hold(self.window // self.venue.terms.horizon)
        self.award = self._awards[place]
        last = place == len(self._awards) - 1 or self.window == self.windows - 1
        for party in self.agents:
            party.read_meter(self.award, self._penalties[party.seat] if last else 0)
        self.datacollector.collect(self)
        self.window += 1
        self.running = self.window < self.windows

    def _hold(self, session: int) -> None:
        """Negotiate and settle a session."""
        terms, calls_before = self.venue.terms, len(self.venue.calls)
        first = session * terms.horizon
        windows = range(first, min(first + terms.horizon, self.windows))
        self.agents.do("fund")
        before = self.venue.free
        self.agents.do("submit", session, windows)
        if any(party.absent for party in self.agents):
            self.venue.wait_until(terms.bids_close(session))
        self.agents.do("reveal", session)
        self._awards = self.venue.decide(session)
        self.venue.report(session, flows=[award.set_point for award in self._awards])
        self._penalties = [
            before[seat] - after - sum(award.payments[seat] for award in self._awards)
            for seat, after in enumerate(self.venue.free)
        ]
        self.agents.do("withdraw")
        calls = self.venue.calls[calls_before:]
        self.gas = sum(call.gas for call in calls if call.session == session)

    def run(self) -> None:
        """Play every window that is left."""
        while self.window < self.windows:
            self.step()
