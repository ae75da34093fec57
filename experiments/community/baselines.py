"""What communities do without a market: nothing, each for itself, or one controller for all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from agents.prosumers.billing import Attitudes
from agents.prosumers.devices import BATTERY
from agents.prosumers.meter import following
from agents.prosumers.scheduling import schedule
from experiments.community.central import central_optimum
from experiments.community.world import World
from market.types import Floats, Options


@dataclass(frozen=True, eq=False)
class Baseline:
    """A way to run communities, and what it comes to."""

    net_wh: Floats
    """What each household takes, shape (place, household, window)."""

    bill: Floats
    """What the community pays to the grid in ticks, shape (place,)."""

    feasible: Options
    """1 where the limits of the feeder can be kept, or were not asked for, shape (place,)."""


def unshifted(world: World, day: int, rows: Options) -> Baseline:
    """Return days in which nobody shifts anything, and batteries rest."""
    net = world.base_wh(day)[rows].astype(float)
    return _each_alone(world, net)


def alone(world: World, day: int, rows: Options) -> Baseline:
    """Return days in which each household plans for itself, against its tariff."""
    planning = world.planning(day, rows)
    shape = planning.base_wh.shape[:2]
    selfish = Attitudes(np.ones(shape), np.zeros(shape), np.zeros(shape, bool))
    plan = schedule(planning, selfish, world.billing(None))
    net = world.base_wh(day)[rows] + plan.net_wh - planning.base_wh
    return _each_alone(world, net.astype(float))


def metered(world: World, day: int, rows: Options) -> Baseline:
    """Return days in which batteries follow their meters, and all else runs unsteered.

    Nobody plans or forecasts; `following` says how a battery ends its day.
    """
    base = world.base_wh(day)[rows]
    batteries = world.planning(day, rows).stores[:, :, BATTERY]
    return _each_alone(world, base + following(batteries, base))


def controlled(
    world: World, day: int, rows: Options, *, perfect: bool = False, limited: bool = False
) -> Baseline:
    """Return days in which one controller plans all stores: the virtual power plant.

    Parameters
    ----------
    world : World
        Where.
    day : int
        Which.
    rows : ndarray of int64, shape (place,)
        The community of each place.
    perfect : bool
        Whether it knows what will be; else it plans on the forecast.
    limited : bool
        Whether it heeds the limits of the feeder.
    """
    planning = world.planning(day, rows, perfect=perfect)
    plans = [
        central_optimum(
            base,
            planning.stores[place],
            world.tariff,
            world.limits(day, row) if limited else None,
        )
        for place, (base, row) in enumerate(zip(planning.base_wh, rows.tolist(), strict=True))
    ]
    planned = np.stack([plan.net_wh for plan in plans])
    net = world.base_wh(day)[rows] + planned - planning.base_wh
    bill = world.tariff.bill(net.sum(1)).sum(-1)
    return Baseline(net, bill, np.array([plan.feasible for plan in plans], np.int64))


def _each_alone(world: World, net_wh: Floats) -> Baseline:
    bill = world.tariff.bill(net_wh).sum((1, 2))
    return Baseline(net_wh, bill, np.ones(len(net_wh), np.int64))


UNSHIFTED: Final = "nothing shifted"
ALONE: Final = "each alone"
METERED: Final = "each alone, battery by its meter"
PLANT: Final = "virtual power plant"
PERFECT: Final = "virtual power plant, perfect forecast"
WITHIN: Final = "virtual power plant within limits"
"""What reports call the ways to run communities without a market."""

BASELINES: Final[dict[str, Callable[[World, int, Options], Baseline]]] = {
    UNSHIFTED: unshifted,
    ALONE: alone,
    METERED: metered,
    PLANT: controlled,
    PERFECT: partial(controlled, perfect=True),
    WITHIN: partial(controlled, limited=True),
}
"""By these names."""
