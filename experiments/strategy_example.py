"""How a strategy bids: in one window of the Anglesey case, and over a day of it."""

import inspect
from dataclasses import dataclass, fields, is_dataclass
from typing import Final

import numpy as np

from agents.draws import Draws, chances
from agents.lookup import parse
from agents.play import Costs, Play
from agents.player import Player
from agents.strategies.base import Setting, Strategy, before_play, setting
from agents.strategies.truthful import Truthful
from experiments.scenario import Scenario, read_scenario
from experiments.wiring import Progress, Study, strategy, study, terms
from market import money
from market.floor import Salts
from market.local_floor import LocalFloor
from market.types import Bids, Floats

WINDOW: Final = 36
"""Six in the evening, when demand is near its highest."""

DAYS: Final = 2
"""How many days are played: the last is shown, when a strategy has learnt what it can."""


@dataclass(frozen=True)
class Example:
    """What a strategy makes of the costs of a window."""

    name: str
    meaning: str
    description: str
    """Its docstring."""

    keys: dict[str, str]
    """What it can be given, and what that is unless given."""

    where: str
    """Whose window it is."""

    set_point_mw: tuple[float, ...]
    cost_gbp: tuple[float, ...]
    value_gbp: tuple[float, ...]
    offers: tuple[int, ...]
    """In ticks, for mechanisms that ask for offers."""

    ranks: tuple[int, ...]
    """For mechanisms that ask for ranks."""


def meaning_of(text: str, made: Strategy) -> str:
    """Return what a strategy does, and with which parameters if it was given any.

    >>> from agents.lookup import find
    >>> meaning_of("shaded(share=0.7)", find("shaded(share=0.7)"))
    'offers 80 % of what an option is worth, to pay less; here share=0.7'
    """
    keys = parse(text).keys
    here = ", ".join(f"{key}={value.name}" for key, value in keys.items())
    return f"{made.meaning}; here {here}" if here else made.meaning


@dataclass(frozen=True, eq=False)
class Day:
    """What a strategy bids in every window of a day."""

    name: str
    where: str
    """Whose day it is."""

    set_point_mw: tuple[float, ...]
    cost_gbp: Floats
    """Shape (window, option)."""

    offers_gbp: Floats
    """Shape (window, option)."""

    ranks: Bids
    """Shape (window, option)."""


@dataclass(frozen=True)
class Stage:
    """A scenario with network 1 in seat 0, where strategies are shown."""

    scenario: Scenario
    seen: Study

    @property
    def costs_gbp(self) -> Floats:
        """What its first day costs each network, shape (party, window, option)."""
        return self.seen.costs_gbp(self.scenario.play.pair, day=0)

    @property
    def set_point_mw(self) -> tuple[float, ...]:
        """The middle of each option."""
        return tuple((low + high) / 2000 for low, high in self.seen.options)

    @property
    def where(self) -> str:
        """Whose seat it is."""
        return f"{self.seen.parties[0]}, loading {self.scenario.play.pair[0]}"

    def setting(self, mechanism: str, seat: int = 0) -> Setting:
        """Return what a party knows of a match."""
        agreed = terms(self.scenario, self.seen, mechanism)
        return setting(agreed, seat, self.scenario.market.tick_gbp)


def stage(progress: Progress | None = None) -> Stage:
    """Return the Anglesey case."""
    scenario = read_scenario("anglesey")
    return Stage(scenario, study(scenario, progress))


def example(name: str, on: Stage) -> Example:
    """Have a strategy bid in one window, with offers and with ranks."""
    chosen = strategy(name)
    costs = on.costs_gbp[0, WINDOW]

    def bid(mechanism: str) -> tuple[int, ...]:
        of = on.setting(mechanism)
        seeds, _ = chances(on.scenario.seed, of.parties)
        player = Player(chosen, of, Draws(seeds[:1]))
        known = before_play(of, np.array([WINDOW]), costs[np.newaxis])
        return tuple(player.bid(known)[0, 0].tolist())

    tick = on.scenario.market.tick_gbp
    return Example(
        name=name,
        meaning=meaning_of(name, chosen),
        description=inspect.getdoc(chosen) or "",
        keys=keys(chosen),
        where=f"{on.where}, window {WINDOW}, ticks of GBP {tick:g}",
        set_point_mw=on.set_point_mw,
        cost_gbp=tuple(costs.tolist()),
        value_gbp=tuple(money.values(costs).tolist()),
        offers=bid("hco"),
        ranks=bid("rps"),
    )


def day(name: str, on: Stage) -> Day:
    """Have a strategy play a day against the truth, and a second like it, which is shown."""
    offers = _last_day(strategy(name), on, "hco")
    return Day(
        name=name,
        where=f"{on.where}, day {DAYS} of play against truthful",
        set_point_mw=on.set_point_mw,
        cost_gbp=on.costs_gbp[0],
        offers_gbp=np.asarray(offers * on.scenario.market.tick_gbp, np.float64),
        ranks=_last_day(strategy(name), on, "rps"),
    )


def keys(of: Strategy) -> dict[str, str]:
    """Return the parameters of a strategy, in words.

    >>> from agents.strategies.scaled import Shaded
    >>> keys(Shaded())
    {'share': '0.8'}
    """
    return {f.name: _in_words(getattr(of, f.name)) for f in fields(of)}


def _in_words(value: object) -> str:
    """Return a parameter as it would be written; a nested one by its class."""
    named = getattr(value, "name", None)
    if isinstance(named, str):
        return named
    if isinstance(value, tuple):
        return ", ".join(_in_words(each) for each in value)
    if is_dataclass(value):
        inner = [f"{f.name}={_in_words(getattr(value, f.name))}" for f in fields(value)]
        return f"{type(value).__name__}({', '.join(inner)})"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _last_day(shown: Strategy, on: Stage, mechanism: str) -> Bids:
    """Return the bids of seat 0 in the last day, shape (window, option)."""
    agreed = terms(on.scenario, on.seen, mechanism)
    seeds, secrets = chances(on.scenario.seed, agreed.parties)
    seated = [shown, *[Truthful()] * (agreed.parties - 1)]
    players = [
        Player(each, on.setting(mechanism, seat), Draws([seed]))
        for seat, (each, seed) in enumerate(zip(seated, seeds, strict=True))
    ]
    costs = Costs(np.concatenate([on.costs_gbp] * DAYS, 1)[np.newaxis])
    working = round(on.scenario.market.deposit_gbp / on.scenario.market.tick_gbp)
    play = Play(LocalFloor(agreed, Salts([secrets])), costs, players, working)
    held = []
    while play.window < play.windows:
        held.append(play.hold().bids[0, 0])
    return np.concatenate(held)[-on.costs_gbp.shape[1] :]
