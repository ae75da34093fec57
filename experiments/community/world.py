"""Communities as a scenario describes them: feeder, households, tariff, and their days."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from agents.prosumers.billing import Billing
from agents.prosumers.devices import Devices
from agents.prosumers.devices import households as households_of
from agents.prosumers.scheduling import Households
from experiments.community.central import Limits
from experiments.scenario import CommunityPart, Scenario
from grid.feeder.feeder import Feeder, read_feeder
from grid.feeder.flow import FeederFlows, drawn_kw, solve
from grid.feeder.households import Households as Homes
from grid.feeder.households import households
from grid.feeder.kit import Shares
from grid.feeder.limits import STATUTORY
from grid.feeder.scores import Scores, score
from grid.feeder.sensitivity import sensitivities
from market.trading.base import TradingRule
from market.trading.tariff import TICKS_PER_PENNY, Tariff
from market.types import Floats, Mask, Options, WattHours

MARGIN_V = 0.5
"""How far from a limit of voltage a linear programme stays, as load flows are not linear."""

MARGIN = 0.02
"""The same for flows, as a share of the rating."""


@dataclass(frozen=True, eq=False)
class World:
    """Communities of households, each on a feeder of one kind."""

    part: CommunityPart
    feeder: Feeder
    homes: Homes
    """All days; axes (day, community, household, window)."""

    @property
    def days(self) -> int:
        """How many there are."""
        return self.homes.demand_wh.shape[0]

    @property
    def communities(self) -> int:
        """How many feeders there are."""
        return self.homes.present.shape[0]

    @property
    def windows(self) -> int:
        """How many half-hours a day has."""
        return self.homes.demand_wh.shape[3]

    @property
    def present(self) -> Mask:
        """Whether there is a household, shape (community, household)."""
        return self.homes.present

    @property
    def tariff(self) -> Tariff:
        """What the grid charges and pays."""
        ticks = (self.part.buy_pence, self.part.sell_pence)
        return Tariff(*(round(pence * TICKS_PER_PENNY) for pence in ticks))

    @property
    def penalty(self) -> int:
        """What a watt-hour costs that was traded and not delivered, in ticks."""
        return round(self.part.penalty_pence * TICKS_PER_PENNY)

    def billing(self, rule: TradingRule | None) -> Billing:
        """Return what households expect to pay under a rule; None for no trade."""
        crowd = 1000 * self.present.shape[1]
        return Billing(self.tariff, rule, self.part.charge_pence * TICKS_PER_PENNY / crowd)

    def base_wh(self, day: int) -> WattHours:
        """Return what each household takes if it shifts nothing, negative if its panels give.

        Shape ``(community, household, window)``.
        """
        return self.homes.uncontrolled_wh[day]

    def foreseen_wh(self, day: int, *, perfect: bool = False) -> WattHours:
        """Return what plans take for it, the same shape: a forecast, or what will be."""
        homes = self.homes
        if perfect or self.part.forecast == "perfect":
            return self.base_wh(day)
        steered = homes.car_wh[day] + homes.heat_wh[day]
        return homes.forecast_demand_wh[day] + steered - homes.forecast_generation_wh[day]

    @cached_property
    def _planned(self) -> list[Households]:
        """Households of every day, as they will be."""
        homes = self.homes
        return [
            households_of(
                Devices(
                    demand_wh=homes.demand_wh[day],
                    generation_wh=homes.generation_wh[day],
                    car_wh=homes.car_wh[day],
                    heat_wh=homes.heat_wh[day],
                    car_home=homes.car_home[day],
                    car_kw=homes.car_kw,
                    heat_kw=homes.heat_kw,
                    battery_kwh=homes.battery_kwh,
                    battery_kw=homes.battery_kw,
                    heat_band_kwh=homes.heat_band_kwh,
                ),
                efficiency=homes.battery_efficiency,
            )
            for day in range(self.days)
        ]

    def planning(self, day: int, rows: Options, *, perfect: bool = False) -> Households:
        """Return what is planned, for a batch that has community ``rows[i]`` in place ``i``."""
        return Households(
            self.foreseen_wh(day, perfect=perfect)[rows], self._planned[day].stores[rows]
        )

    def flows(self, net_wh: Floats, day: Options, rows: Options) -> FeederFlows:
        """Return the load flows of days, of leading axes (place, window).

        Parameters
        ----------
        net_wh : ndarray, shape (place, household, window)
            What each household takes, negative if it gives.
        day, rows : ndarray of int64, shape (place,)
            The day and the community of each place, whose reactive power it has.
        """
        reactive = self.homes.reactive_varh[day, rows]
        points = len(self.feeder.points)
        return solve(
            self.feeder,
            drawn_kw(net_wh, self.homes.point, points),
            drawn_kw(reactive, self.homes.point, points),
        )

    def scores(self, net_wh: Floats, day: Options, rows: Options) -> Scores:
        """Return what days came to, shape (place,) in every array; arguments as of `flows`."""
        homes = self.homes
        consumed = (homes.demand_wh + homes.car_wh + homes.heat_wh)[day, rows]
        flows = self.flows(net_wh, day, rows)
        found = score(flows, consumed, homes.generation_wh[day, rows])
        return Scores(**{f.name: getattr(found, f.name) for f in fields(found)})

    def limits(self, day: int, community: int) -> Limits:
        """Return what the feeder can carry, for a linear programme, short of small margins."""
        feeder, homes = self.feeder, self.homes
        points, nothing = len(feeder.points), np.zeros(len(feeder.points))
        reactive = drawn_kw(homes.reactive_varh[day, community], homes.point, points)
        still = solve(feeder, np.zeros_like(reactive), reactive)
        slopes = sensitivities(feeder, nothing)
        branch = np.concatenate([slopes.line_kw, slopes.transformer_kw])
        carried = np.concatenate([still.line_kw, still.transformer_kw], axis=-1).T
        rated = ((1 - MARGIN) * feeder.rating_kva)[:, np.newaxis]
        volts = still.voltage_v.T
        lines = np.concatenate([slopes.voltage_v, branch])[:, homes.point] / 500
        low = [STATUTORY.lowest_v + MARGIN_V - volts, -rated - carried]
        high = [STATUTORY.highest_v - MARGIN_V - volts, rated - carried]
        return Limits(lines, np.concatenate(low), np.concatenate(high))


def world(scenario: Scenario) -> World:
    """Return the communities of a scenario.

    Raises
    ------
    GridError
        If there are too many households or days, or the feeder cannot be read.
    """
    feeder = feeder_of(scenario)
    return World(scenario.community, feeder, homes_of(scenario, len(feeder.points)))


def feeder_of(scenario: Scenario) -> Feeder:
    """Return the feeder of a scenario's communities: its own, or SimBench's rural one.

    Raises
    ------
    GridError
        If it cannot be read.
    """
    part = scenario.community
    named: Any = (scenario.folder / part.feeder,) if part.feeder else ()
    return read_feeder(*named)


def homes_of(scenario: Scenario, points: int) -> Homes:
    """Return the households of a scenario, spread over the connection points of a feeder.

    Raises
    ------
    GridError
        If there are too many households or days.
    """
    part = scenario.community
    return households(
        part.prosumers,
        per_feeder=part.per_feeder,
        points=points,
        first_day=part.first_day,
        days=scenario.grid.days,
        seed=scenario.seed,
        shares=Shares(part.photovoltaics, part.batteries, part.cars, part.heat_pumps),
    )
