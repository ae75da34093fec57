"""What stands still while parties negotiate: costs, physics and the map of a scenario."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.community.coupling import with_communities
from experiments.community.world import world as communities_of
from experiments.scenario import Scenario
from experiments.visualiser.communities.neighbours import Neighbours
from experiments.visualiser.drawing import DayFlows, Plan, day_flows, draw
from experiments.wiring import Progress, Study, grid_case, study
from market.types import Floats

if TYPE_CHECKING:
    from grid.case import Case
    from grid.model import Model

WORLDS_KEPT: Final = 3
"""How many scenarios are remembered, over all visitors."""

DAYS_KEPT: Final = 4
"""How many days of load flows are remembered for each of them."""

_lock = threading.Lock()
_worlds: OrderedDict[str, "World"] = OrderedDict()
_opened: dict[str, "World"] = {}
"""The world that every visitor finds, never forgotten."""


@dataclass(frozen=True, eq=False)
class Physics:
    """A pair's scores over all days, shape (party, window, option); the last is no link."""

    exchange_mw: Floats
    losses_mw: Floats
    breaches: Floats


class World:
    """What a scenario's grid says; shared by visitors, never changed by them."""

    def __init__(
        self,
        scenario: Scenario,
        seen: Study,
        case: "Case | None" = None,
        neighbours: Neighbours | None = None,
    ) -> None:
        self.scenario, self.seen, self.case = scenario, seen, case
        self.neighbours = neighbours
        """The communities that network 1 feeds, if any; all their days are played."""
        self.drawn: list[tuple[Plan, Model]] = []
        if case is not None:
            self.drawn = [draw(case, seat) for seat in seen.seats]
        self._days: OrderedDict[Any, tuple[DayFlows, ...]] = OrderedDict()

    @property
    def plans(self) -> tuple[Plan, ...]:
        """How the networks are drawn; none where costs come from a table."""
        return tuple(plan for plan, _ in self.drawn)

    def flows(self, pair: tuple[str, ...], day: int) -> tuple[DayFlows, ...]:
        """Return what flows in each network on a day; solved when first asked for."""
        key = pair, day
        with _lock:
            if key not in self._days:
                self._days[key] = self._solved(pair, day)
                if len(self._days) > DAYS_KEPT:
                    self._days.popitem(last=False)
            return self._days[key]

    def _solved(self, pair: tuple[str, ...], day: int) -> tuple[DayFlows, ...]:
        if self.case is None:
            return ()
        return tuple(
            day_flows(self.case, model, plan, (seat, place, day))
            for seat, ((plan, model), place) in enumerate(
                zip(self.drawn, self.seen.places(pair), strict=True)
            )
        )

    def physics(self, pair: tuple[str, ...]) -> Physics | None:
        """Return the scores of a pair, or None where costs come from a table."""
        known = self.seen.appraisal
        if known is None:
            return None
        at = self.seen.seats, self.seen.places(pair)

        def joined(name: str) -> Floats:
            with_link, without = getattr(known, name)[at], getattr(known.no_link, name)[at]
            every = np.concatenate([with_link, without[..., np.newaxis]], axis=-1)
            return every.reshape(len(every), -1, every.shape[-1]).astype(float)

        return Physics(joined("exchange_mw"), joined("losses_mw"), joined("breaches"))


def open_world(scenario: Scenario, progress: Progress | None = None) -> World:
    """Return what the grid says of the scenario that every visitor finds."""
    found = world(scenario, progress)
    _opened.clear()
    _opened[_key(scenario)] = found
    return found


def world(scenario: Scenario, progress: Progress | None = None) -> World:
    """Return what a scenario's grid says, remembered from the last time if it was asked."""
    key = _key(scenario)
    with _lock:
        if key in _opened:
            return _opened[key]
        if key in _worlds:
            _worlds.move_to_end(key)
            return _worlds[key]
    found = _world(scenario, progress)
    with _lock:
        _worlds[key] = found
        while len(_worlds) > WORLDS_KEPT:
            _worlds.popitem(last=False)
    return found


def _key(scenario: Scenario) -> str:
    """Return what a world depends on."""
    return repr((scenario.grid, scenario.community, scenario.seed, scenario.folder))


def _world(scenario: Scenario, progress: Progress | None) -> World:
    if scenario.grid.costs:
        return World(scenario, study(scenario, progress))
    case, neighbours = grid_case(scenario), None
    if scenario.community.prosumers:
        neighbours = Neighbours(scenario, communities_of(scenario))
        added_mw = neighbours.added_mw(scenario.community.copies)
        case = with_communities(scenario, case, added_mw)
    seen = study(scenario, progress, case)
    return World(scenario, seen.without_voltages(), case, neighbours)
