"""What each household owns and which profiles it lives by, drawn from a seed.

Sizes and habits are assumptions, listed in `grid/data/README.md`.
"""

from dataclasses import dataclass, fields
from math import log

import numpy as np

from grid.case import Bools, Floats, Ints
from grid.errors import HouseholdsRefused
from grid.feeder.extract import CARS, HEATS, HOMES, SUNS
from grid.feeder.year import WEEK, WINDOWS

ANNUAL_KWH = (1800.0, 2700.0, 4100.0)
"""Quartiles of annual demand: Ofgem's typical domestic consumption values of 2023."""

_QUARTILE = 0.6745  # of the normal distribution
SPREAD = log(ANNUAL_KWH[2] / ANNUAL_KWH[0]) / (2 * _QUARTILE)
ANNUAL_RANGE_KWH = (600.0, 12_000.0)

SUN_KWP = (2.5, 5.0)
HEAT_KW = (3.0, 5.0)
HEAT_BAND_HOURS = 1.0
CAR_KW = tuple(float(name.rsplit("_", 1)[1]) for name in CARS)

BATTERIES = ((5.0, 2.5), (9.5, 3.6), (13.5, 5.0))
"""Usable kWh and kW of the sizes that are drawn from."""

BATTERY_EFFICIENCY = 0.95

LEAVES = (16, 2.0)
COMES_HOME = (36, 3.0)
"""Mean and standard deviation, in half-hours from midnight, within 4 hours of the mean."""

_STREAMS = (
    "home",
    "annual",
    "home_weeks",
    "home_shift",
    "has_pv",
    "sun",
    "sun_kwp",
    "has_battery",
    "battery",
    "has_car",
    "car",
    "car_weeks",
    "leaves",
    "comes",
    "has_heat",
    "heat",
    "heat_kw",
    "heat_shift",
)


@dataclass(frozen=True)
class Shares:
    """Shares of households that own something, each drawn by itself, 0 to 1."""

    pv: float = 0.5
    battery: float = 0.3
    car: float = 0.3
    heat: float = 0.2

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        for each in fields(self):
            if not 0 <= getattr(self, each.name) <= 1:
                raise HouseholdsRefused(
                    f"share {each.name} {getattr(self, each.name)}", "0 to 1"
                )


@dataclass(frozen=True, eq=False)
class Kit:
    """Each household's own; all of shape (community, household), ratings 0 without."""

    home: Ints
    """Which household profile."""

    home_shift: Ints
    """Half-hours by which it is read ahead."""

    annual_kwh: Floats

    sun: Ints
    sun_kwp: Floats

    battery_kwh: Floats
    battery_kw: Floats

    car: Ints
    car_shift: Ints
    car_kw: Floats

    leaves: Ints
    """Window from which the car is away, unless it charges."""

    comes: Ints
    """Window from which it is home again."""

    heat: Ints
    heat_shift: Ints
    heat_kw: Floats


def draw(present: Bools, seed: int, shares: Shares) -> Kit:
    """Return what households own.

    Parameters
    ----------
    present : ndarray of bool, shape (community, household)
        Where there is a household.
    seed : int
        Fixes what is drawn.
    shares : Shares
        How many own what.
    """
    seeds = np.random.SeedSequence(seed).spawn(len(_STREAMS))
    rng = dict(zip(_STREAMS, map(np.random.default_rng, seeds), strict=True))
    shape = present.shape

    def owns(name: str, share: float) -> Bools:
        return present & (rng[name].random(shape) < share)

    battery = np.array(BATTERIES)[rng["battery"].integers(len(BATTERIES), size=shape)]
    battery *= owns("has_battery", shares.battery)[..., np.newaxis]
    car = rng["car"].integers(len(CARS), size=shape)
    annual = ANNUAL_KWH[1] * np.exp(SPREAD * rng["annual"].standard_normal(shape))
    return Kit(
        home=rng["home"].integers(len(HOMES), size=shape),
        home_shift=WEEK * rng["home_weeks"].integers(-4, 5, size=shape)
        + rng["home_shift"].integers(-1, 2, size=shape),
        annual_kwh=present * annual.clip(*ANNUAL_RANGE_KWH),
        sun=rng["sun"].integers(len(SUNS), size=shape),
        sun_kwp=owns("has_pv", shares.pv) * rng["sun_kwp"].uniform(*SUN_KWP, shape),
        battery_kwh=battery[..., 0],
        battery_kw=battery[..., 1],
        car=car,
        car_shift=WEEK * rng["car_weeks"].integers(-26, 26, size=shape),
        car_kw=owns("has_car", shares.car) * np.array(CAR_KW)[car],
        leaves=_window(rng["leaves"], LEAVES, shape),
        comes=_window(rng["comes"], COMES_HOME, shape),
        heat=rng["heat"].integers(len(HEATS), size=shape),
        heat_shift=rng["heat_shift"].integers(-1, 2, size=shape),
        heat_kw=owns("has_heat", shares.heat) * rng["heat_kw"].uniform(*HEAT_KW, shape),
    )


def car_home(charging: Bools, own: Kit) -> Bools:
    """Return when cars are plugged in.

    A car is home until it leaves and after it comes. Where the profile has it charge
    in between, it is home from then until it leaves the next morning.

    Parameters
    ----------
    charging : ndarray of bool, shape (day, community, household, window)
        Whether the car charges if nobody shifts it.
    own : Kit
        When it leaves and comes; without a car it is never home.
    """
    window = np.arange(WINDOWS)
    out = (window >= own.leaves[..., np.newaxis]) & (window < own.comes[..., np.newaxis])
    back = np.logical_or.accumulate(charging & out, axis=-1)
    return (~out | back) & (own.car_kw > 0)[..., np.newaxis]


def _window(
    rng: np.random.Generator, habit: tuple[float, float], shape: tuple[int, ...]
) -> Ints:
    """Return windows of the day around a mean."""
    mean, deviation = habit
    drawn = rng.normal(mean, deviation, shape).clip(mean - 8, mean + 8)
    return np.rint(drawn).astype(np.int64)
