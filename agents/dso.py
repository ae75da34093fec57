"""A network operator as an agent, in the three layers of the paper's Fig. 1."""

from typing import TYPE_CHECKING

import mesa

from agents.play import Session
from agents.player import Player
from agents.strategies.base import Strategy
from market import money
from market.types import Floats

if TYPE_CHECKING:
    from agents.model import Negotiation


class DSO(mesa.Agent):
    """A distribution system operator with a seat at the shared element.

    A shell: what to bid is for the strategy, whether it counts for the venue.

    Parameters
    ----------
    model : Negotiation
        Where it lives.
    player : Player
        Its strategy and what it remembers. Mesa also numbers its agents, but from one.
    costs_gbp : ndarray of float, shape (window, option)
        What each window costs it at each option: the forecast of its own network.
    """

    model: "Negotiation"

    def __init__(self, model: "Negotiation", player: Player, costs_gbp: Floats) -> None:
        super().__init__(model)
        self.player = player
        self.seat = player.seat
        self.costs_gbp = costs_gbp
        self.cost_gbp = 0.0
        """What the last window cost it."""
        self.paid_ticks = 0
        """What it paid for the last window, penalties included."""
        self.present = False
        """Whether its bids counted in the last window."""

    # Data processing: what forecasts and meters say.

    def forecast_gbp(self, window: int) -> Floats:
        """Return the cost of a window at each option."""
        return self.costs_gbp[window]

    def read_meter(self, held: Session, place: int) -> None:
        """Learn what a window of a session cost, and what was paid for it."""
        self.cost_gbp = float(held.cost_gbp[0, self.seat, place])
        self.paid_ticks = int(held.paid[0, self.seat, place])
        self.present = bool(held.outcome.present[0, self.seat, place])

    # Decision support: from costs to what the options are worth.

    def value_gbp(self, window: int) -> Floats:
        """Return what each option saves against the worst."""
        return money.values(self.forecast_gbp(window))

    # Decision: what to bid.

    @property
    def strategy(self) -> Strategy:
        """How it bids."""
        return self.player.strategy
