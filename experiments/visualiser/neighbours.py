"""Communities on the page: their days under the first rule, beside each household alone."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from experiments.community.baselines import Baseline, alone
from experiments.community.coupling import beyond_demand_mw
from experiments.community.play import Day, mixed, play_days, rows_of
from experiments.community.world import World
from experiments.scenario import Scenario
from experiments.visualiser.drawing import draw_feeder
from grid.feeder.flow import FeederFlows
from market.trading.tariff import TICK_GBP
from market.types import Floats, Options

FLOWS_KEPT: Final = 64
"""Of how many days of a feeder the load flows are remembered."""


@dataclass(frozen=True, eq=False)
class Beside:
    """A day as it was played, and what each household alone would have done."""

    played: Day
    alone: Baseline

    saved_gbp: Floats
    """What the market saved each, shape (community, household, window)."""


@dataclass(frozen=True, eq=False)
class FeederDay:
    """Load flows of one feeder on one day, leading axis (window,)."""

    played: FeederFlows
    alone: FeederFlows


class Neighbours:
    """Communities whose days are played one after another, each when it is first asked for.

    Parameters
    ----------
    scenario : Scenario
        Its first trading rule, its mix and seed.
    world : World
        Its feeders and households.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        part = scenario.community
        self.world, self.rule = world, part.rules[0]
        self.strategies = tuple(part.mix)
        self.names = mixed(world, part.mix, 1, scenario.seed)
        self.plan = draw_feeder(world.feeder)
        self.bus = np.searchsorted(self.plan.shown, world.feeder.points)[world.homes.point]
        """The bus of each household on the plan, shape (household,)."""
        self._rows = rows_of(world, 1)
        self._coming = play_days(world, self.rule, self.names, self._rows, scenario.seed)
        self._days: list[Beside] = []
        self.feeder_day = lru_cache(FLOWS_KEPT)(self._feeder_day)

    def day(self, number: int) -> Beside:
        """Return a day, played with those before it unless it was."""
        while len(self._days) <= number:
            self._days.append(self._beside(next(self._coming)))
        return self._days[number]

    def added_mw(self, copies: int) -> Floats:
        """Return what all add to the demand of a network, if each stands for so many.

        Shape (day, window); plays all days.
        """
        days = [self.day(number).played for number in range(self.world.days)]
        added = [beyond_demand_mw(self.world, d.metered_wh.astype(float), d.day) for d in days]
        return copies * np.stack(added)

    def kinds(self, community: int) -> Options:
        """Return the place of each household's strategy in the mix; -1 where nobody lives."""
        named = self.names[community][:, np.newaxis] == np.array(self.strategies)
        return np.where(self.world.present[community], named.argmax(-1), -1)

    def _beside(self, played: Day) -> Beside:
        baseline = alone(self.world, played.day, self._rows)
        saved = self.world.tariff.bill(baseline.net_wh) - played.bill
        return Beside(played, baseline, saved * TICK_GBP)

    def _feeder_day(self, day: int, community: int) -> FeederDay:
        beside, at = self.day(day), (np.array([day]), np.array([community]))
        both = beside.played.metered_wh.astype(float), beside.alone.net_wh
        return FeederDay(*(self.world.flows(net[[community]], *at)[0] for net in both))
