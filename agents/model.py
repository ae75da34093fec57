"""The Mesa model: operators negotiate one window after another, on any venue."""

from collections.abc import Sequence
from typing import Final

import mesa
import numpy as np

from agents.draws import Draws, chances
from agents.dso import DSO
from agents.play import Costs, Play, Session
from agents.player import Player
from agents.strategies.base import Strategy, setting
from market.floor import Salts
from market.types import Floats
from market.venue import Award, Venue
from market.venue_floor import VenueFloor

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
    rng : int or sequence of int
        Seed; each party draws from a stream of its own.
    tick_gbp : float
        What a tick is worth.
    working_ticks : int
        What a party keeps in its account.
    isolated_gbp : ndarray of float, shape (party, window), optional
        What each window costs each party with the element out of service, in GBP.
    day : int
        How many windows a day has.
    """

    def __init__(
        self,
        venue: Venue,
        costs_gbp: Floats,
        strategies: Sequence[Strategy],
        rng: int | Sequence[int] = 0,
        tick_gbp: float = 0.01,
        working_ticks: int = WORKING_TICKS,
        isolated_gbp: Floats | None = None,
        day: int = 48,
    ) -> None:
        super().__init__(rng=rng)
        self.venue = venue
        self.windows: int = costs_gbp.shape[1]
        self.window = 0
        """The window that the next step plays."""
        self.award: Award | None = None
        """The outcome of the last step."""
        self.session: Session | None = None
        """The session that the last window was part of."""
        self.stopped = False
        """Whether a party isolated its busbar in the last window."""
        self.gas = 0
        """What the calls of the last window used; those of a session count with its first."""
        seeds, secrets = chances(rng, venue.terms.parties)
        players = [
            Player(strategy, setting(venue.terms, seat, tick_gbp, day), Draws([seed]))
            for seat, (strategy, seed) in enumerate(zip(strategies, seeds, strict=True))
        ]
        for player, costs in zip(players, costs_gbp, strict=True):
            DSO(self, player, costs)
        self.floor = VenueFloor(venue, Salts([secrets]))
        isolated = None if isolated_gbp is None else isolated_gbp[np.newaxis]
        costs = Costs(costs_gbp[np.newaxis], isolated)
        self.play = Play(self.floor, costs, players, working_ticks)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "window": lambda model: model.award.window,
                "option": lambda model: model.award.option,
                "set_point": lambda model: model.award.set_point,
                "authority": lambda model: model.award.authority,
                "authority_used": lambda model: model.award.authority_used,
                "stopped": "stopped",
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
        if place == 0 or self.session is None:
            self.session = self._hold()
        self.award = self.floor.awards[place]
        self.stopped = bool(self.session.blocked[..., place].any())
        for party in self.agents:
            party.read_meter(self.session, place)
        self.datacollector.collect(self)
        self.window += 1
        self.running = self.window < self.windows

    def _hold(self) -> Session:
        """Negotiate and settle a session."""
        before = len(self.venue.calls)
        held = self.play.hold()
        calls = self.venue.calls[before:]
        self.gas = sum(call.gas for call in calls if call.session is not None)
        return held

    def run(self) -> None:
        """Play every window that is left."""
        while self.window < self.windows:
            self.step()
