"""How a strategy bids: on one window of the Anglesey case."""

import inspect
from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.draws import Draws, chances
from agents.player import Player
from agents.strategies.base import before_play, setting
from experiments.scenario import read_scenario
from experiments.wiring import Progress, strategy, study, terms
from market import money

WINDOW: Final = 36
"""Six in the evening, when demand is near its highest."""


@dataclass(frozen=True)
class Example:
    """What a strategy makes of the costs of a window."""

    name: str
    meaning: str
    description: str
    """Its docstring."""

    where: str
    """Whose window it is."""

    set_point_mw: tuple[float, ...]
    cost_gbp: tuple[float, ...]
    value_gbp: tuple[float, ...]
    offers: tuple[int, ...]
    """In ticks, for mechanisms that ask for offers."""

    ranks: tuple[int, ...]
    """For mechanisms that ask for ranks."""


def example(name: str, progress: Progress | None = None) -> Example:
    """Have a strategy bid for network 1, with offers and with ranks."""
    scenario = read_scenario("anglesey")
    seen = study(scenario, progress)
    costs = seen.costs_gbp(scenario.play.pair, day=0)[0, WINDOW]
    values = money.values(costs)
    chosen = strategy(name)

    def bid(mechanism: str) -> tuple[int, ...]:
        of = setting(terms(scenario, seen, mechanism), 0, scenario.market.tick_gbp)
        seeds, _ = chances(scenario.seed, of.parties)
        player = Player(chosen, of, Draws(seeds[:1]))
        known = before_play(of, np.array([WINDOW]), costs[np.newaxis])
        return tuple(player.bid(known)[0, 0].tolist())

    place = f"{seen.parties[0]}, loading {scenario.play.pair[0]}, window {WINDOW}"
    return Example(
        name=name,
        meaning=chosen.meaning,
        description=inspect.getdoc(chosen) or "",
        where=f"{place}, ticks of GBP {scenario.market.tick_gbp:g}",
        set_point_mw=tuple((low + high) / 2000 for low, high in seen.options),
        cost_gbp=tuple(costs.tolist()),
        value_gbp=tuple(values.tolist()),
        offers=bid("hco"),
        ranks=bid("rps"),
    )
