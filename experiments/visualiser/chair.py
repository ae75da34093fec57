"""A person's chair: bids that come from the page, and the truth where none has come."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from agents.draws import Draws
from agents.model import Negotiation
from agents.strategies.base import Knowledge, Strategy
from market import money
from market.games.hindsight import would_earn
from market.types import Bids


@dataclass(eq=False)
class Orders:
    """What a person has asked for, window by window."""

    numbers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Offers in ticks, or ranks, by window."""


@dataclass(frozen=True)
class Chair(Strategy):
    """Bid what a person said, and the truth in windows the person said nothing about."""

    meaning: ClassVar[str] = "bids what a person says on the page"

    orders: Orders = field(default_factory=Orders)

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Look the windows up."""
        bids = knowledge.bid(knowledge.values_gbp)
        for place, window in enumerate(knowledge.windows.tolist()):
            said = self.orders.numbers.get(window)
            if said is not None:
                bids[:, place] = said
        return bids


def take_chair(model: Negotiation, seat: int) -> Orders:
    """Put a person in a seat of a match that has not begun, and return what it listens to."""
    orders, player = Orders(), model.play.players[seat]
    player.strategy = Chair(orders)
    player.memory = player.strategy.start(player.setting)
    return orders


def chair_view(model: Negotiation, seat: int, window: int) -> dict[str, Any]:
    """Return what a person in a seat may know of a window: its own costs, and a true bid."""
    player = model.play.players[seat]
    costs = next(agent for agent in model.agents if agent.seat == seat).forecast_gbp(window)
    setting = player.setting
    true = money.bids(money.values(costs), setting.form, setting.tick_gbp)
    return {
        "seat": seat,
        "window": window,
        "form": setting.form,
        "tick_gbp": setting.tick_gbp,
        "costs": np.round(costs, 2).tolist(),
        "truth": true.tolist(),
    }


def refused(form: str, numbers: list[int], options: int) -> str:
    """Return what is wrong with a person's bid, or nothing.

    >>> refused("ranks", [1, 1, 3], 3)
    'ranks are 1, 1, 3: wanted each from 1 to 3 once'
    >>> refused("offers", [0, 700, 20], 3)
    ''
    """
    if len(numbers) != options:
        return f"{len(numbers)} numbers, wanted {options}: one for each option"
    if form == "ranks" and sorted(numbers) != list(range(1, options + 1)):
        told = ", ".join(map(str, numbers))
        return f"ranks are {told}: wanted each from 1 to {options} once"
    if min(numbers) < 0 or max(numbers) > 2**32 - 1:
        return "an offer is below nothing or beyond 32 bits"
    return ""


def truth_gbp(model: Negotiation, seat: int) -> float:
    """Return what the truth would have earned a seat in the last session, in GBP.

    The others' bids being what they were, and payments those of the rule.
    """
    held = model.session
    if held is None:
        raise ValueError("no session was held yet, wanted one")
    setting = model.play.players[seat].setting
    agent = next(agent for agent in model.agents if agent.seat == seat)
    values = np.stack([agent.value_gbp(window) for window in held.windows])
    true = money.bids(values, setting.form, setting.tick_gbp)
    earned = would_earn(
        setting.rule,
        values / setting.tick_gbp,
        np.moveaxis(held.bids[0], 0, 1),
        held.outcome.present[0].T,
        held.outcome.authority[0],
        seat,
        true[:, np.newaxis],
    )
    return float(earned.sum() * setting.tick_gbp)
