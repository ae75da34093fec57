"""Households by what stands in them: their sun, battery, car and heat pump."""

from dataclasses import dataclass

from agents.prosumers.scheduling import Households
from agents.prosumers.stores import HALF_HOUR, LEVELS, batteries, cars, heat_pumps, together
from market.types import Floats, Mask, WattHours

CAR, HEAT_PUMP, BATTERY = range(3)
"""The slots of stores; what shifts without loss has its turn first."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Devices:
    """What households take and give if nobody plans, and how far that can be shifted.

    Energy is in whole watt-hours, shape ``(community, household, window)``; ratings have no
    axis of windows, and are 0 where a household has no such device.
    """

    demand_wh: WattHours
    """What is drawn by all that cannot be shifted."""

    generation_wh: WattHours
    """What the sun gives, not negative."""

    car_wh: WattHours
    """What cars would charge as soon as they come home."""

    heat_wh: WattHours
    """What heat pumps would draw."""

    car_home: Mask
    """Where cars are at home, shape ``(community, household, window)``."""

    car_kw: Floats
    heat_kw: Floats
    battery_kwh: Floats
    battery_kw: Floats

    heat_band_kwh: Floats
    """By how much electricity a heat pump may lead or lag."""


def households(
    devices: Devices,
    *,
    efficiency: float = 0.95,
    start: float = 0.5,
    levels: int = LEVELS,
    hours: float = HALF_HOUR,
) -> Households:
    """Return households with three slots of stores: car, heat pump and battery.

    Parameters
    ----------
    devices : Devices
        What stands in them.
    efficiency, start : float
        Of batteries: one way, and how full they are before the day.
    levels : int
        How many a store has, about.
    hours : float
        How long a window is.
    """
    of = devices
    windows = of.demand_wh.shape[-1]
    return Households(
        base_wh=of.demand_wh - of.generation_wh + of.car_wh + of.heat_wh,
        stores=together(
            cars(of.car_wh, of.car_home, of.car_kw, levels=levels, hours=hours),
            heat_pumps(of.heat_wh, of.heat_kw, of.heat_band_kwh, levels=levels, hours=hours),
            batteries(
                of.battery_kwh,
                of.battery_kw,
                windows,
                efficiency=efficiency,
                start=start,
                levels=levels,
                hours=hours,
            ),
        ),
    )
