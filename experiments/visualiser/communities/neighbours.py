"""Communities on the page: their days, each beside the same day of each household alone."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from agents.prosumers.community import Names
from experiments.community.baselines import alone
from experiments.community.coupling import beyond_demand_mw
from experiments.community.play import Day, mixed, play_days, rows_of
from experiments.community.tables import trades_table
from experiments.community.world import World
from experiments.scenario import Scenario
from experiments.visualiser.drawing import draw_feeder
from grid.feeder.flow import FeederFlows
from grid.feeder.limits import breaches
from market.types import Floats, Mask, Options, Prices, Ticks, WattHours

FLOWS_KEPT: Final = 4
"""Of how many days of a feeder the load flows are remembered."""


@dataclass(frozen=True, eq=False)
class Beside:
    """A day of all communities, and what each household alone would have done.

    Arrays have shape (community, household, window) unless said.
    """

    metered_wh: WattHours
    traded_wh: WattHours

    cut: Mask
    """Who cut itself off, and did not deliver."""

    price: Prices
    """Shape (community, window)."""

    bill: Ticks
    alone_wh: Floats

    trades: Callable[[], pd.DataFrame]
    """Makes the table of its orders and trades."""

    played: Day | None = None
    """All of it, unless it was read from files."""


@dataclass(frozen=True, eq=False)
class FeederDay:
    """Load flows of one feeder on one day, leading axis (window,)."""

    played: FeederFlows
    alone: FeederFlows


@dataclass(frozen=True, eq=False)
class Exchange:
    """What one feeder came to on one day, shape (window,); small, so that all are kept."""

    head_kw: Floats
    alone_head_kw: Floats
    breaches: Options


class Neighbours:
    """Communities whose days come one after another, each when it is first asked for.

    Parameters
    ----------
    scenario : Scenario
        Its first trading rule, its mix and seed.
    world : World
        Its feeders and households.
    days : iterator of Beside, optional
        Its days; played unless given.
    """

    def __init__(
        self, scenario: Scenario, world: World, days: Iterator[Beside] | None = None
    ) -> None:
        part = scenario.community
        self.world, self.rule = world, part.rules[0]
        self.strategies = tuple(part.mix)
        self.names = mixed(world, part.mix, 1, scenario.seed)
        self.plan = draw_feeder(world.feeder)
        self.bus = np.searchsorted(self.plan.shown, world.feeder.points)[world.homes.point]
        """The bus of each household on the plan, shape (household,)."""
        self._coming = days or _played(world, self.rule, self.names, scenario.seed)
        self._days: list[Beside] = []
        self._failed: Exception | None = None
        self._flows: OrderedDict[tuple[int, int], FeederDay] = OrderedDict()
        self._exchanges: dict[tuple[int, int], Exchange] = {}

    def day(self, number: int) -> Beside:
        """Return a day, after those before it; one that failed fails again."""
        if self._failed is not None:
            raise self._failed
        try:
            while len(self._days) <= number:
                self._days.append(next(self._coming))
        except Exception as error:
            self._failed = error
            raise
        return self._days[number]

    def feeder_day(self, day: int, community: int) -> FeederDay:
        """Return the load flows of a feeder on a day."""
        key = day, community
        if key not in self._flows:
            self._flows[key] = self._solved(day, community)
            if len(self._flows) > FLOWS_KEPT:
                self._flows.popitem(last=False)
        return self._flows[key]

    def exchange(self, day: int, community: int) -> Exchange:
        """Return what a feeder draws on a day, and the limits it breaches."""
        key = day, community
        if key not in self._exchanges:
            flows = self.feeder_day(day, community)
            count = breaches(flows.played).count
            found = Exchange(flows.played.head_kw, flows.alone.head_kw, count)
            self._exchanges[key] = found
        return self._exchanges[key]

    def saved(self, number: int) -> Ticks | Floats:
        """Return what the market saved each on a day in ticks, against itself alone."""
        day = self.day(number)
        return self.world.tariff.bill(day.alone_wh) - day.bill

    def added_mw(self, copies: int) -> Floats:
        """Return what all add to the demand of a network, if each stands for so many.

        Shape (day, window); takes all days.
        """
        days = range(self.world.days)
        nets = [self.day(number).metered_wh.astype(float) for number in days]
        added = [beyond_demand_mw(self.world, net, n) for n, net in enumerate(nets)]
        return copies * np.stack(added)

    def kinds(self, community: int) -> Options:
        """Return the place of each household's strategy in the mix; -1 where nobody lives."""
        named = self.names[community][:, np.newaxis] == np.array(self.strategies)
        return np.where(self.world.present[community], named.argmax(-1), -1)

    def _solved(self, day: int, community: int) -> FeederDay:
        beside, at = self.day(day), (np.array([day]), np.array([community]))
        both = beside.metered_wh.astype(float), beside.alone_wh
        return FeederDay(*(self.world.flows(net[[community]], *at)[0] for net in both))


def _played(world: World, rule: str, names: Names, seed: int) -> Iterator[Beside]:
    """Yield days as they are played."""
    rows = rows_of(world, 1)
    for day in play_days(world, rule, names, rows, seed):
        alone_wh = alone(world, day.day, rows).net_wh
        yield Beside(
            metered_wh=day.metered_wh,
            traded_wh=day.cleared.traded_wh,
            cut=day.blocked,
            price=day.cleared.price,
            bill=day.bill,
            alone_wh=alone_wh,
            trades=partial(trades_table, world, day, alone_wh),
            played=day,
        )
