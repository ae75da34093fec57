"""Households of communities: what they draw, what the sun gives, what they may shift.

A community is the households of one feeder; all feeders are of one kind. The axes are
(day, community, household, window), energies whole Wh a half-hour. Where communities
are of different size, the last places of the smaller stay empty: `present` is False
there, and everything zero.

What is assumed is listed in `grid/data/README.md`. All is drawn from a seed, each
property by a stream of its own, so that another share of cars changes no household's
sun, and a household with a battery keeps it when more are given one.
"""

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from grid.case import Bools, Floats, Ints
from grid.errors import DaysRefused, HouseholdsRefused
from grid.feeder import kit
from grid.feeder.extract import CARS, HEATS, HOMES, SUNS
from grid.feeder.kit import Kit, Shares
from grid.feeder.year import DAYS, Year, read, read_year

PAST = 7
"""Days of the past that forecasts look at."""

FEWEST, MOST = 3, 10_000
HOURS = 0.5
REACTIVE = np.tan(np.arccos(0.93))
"""Reactive per unit of active rating of SimBench's households."""


@dataclass(frozen=True, eq=False)
class Households:
    """Households and their days; shape (day, community, household, window) unless said."""

    demand_wh: Ints = field(repr=False)
    """What is drawn without car and heat pump, which nobody may shift."""

    reactive_varh: Ints = field(repr=False)
    """Reactive energy of that demand, negative if capacitive."""

    generation_wh: Ints = field(repr=False)
    """What the sun gives, 0 or more."""

    car_wh: Ints = field(repr=False)
    """What the car draws if it charges as soon as it is home."""

    car_home: Bools = field(repr=False)
    """Whether the car is plugged in; it is wherever `car_wh` is above 0."""

    car_kw: Floats = field(repr=False)
    """Largest power of charging, shape (community, household); 0 without a car."""

    heat_wh: Ints = field(repr=False)
    """What the heat pump draws if nobody steers it."""

    heat_kw: Floats = field(repr=False)
    """Its rating, shape (community, household); 0 without one."""

    heat_band_kwh: Floats = field(repr=False)
    """How far its energy so far may lead or lag that of `heat_wh`, same shape."""

    battery_kwh: Floats = field(repr=False)
    """Usable capacity, shape (community, household); 0 without a battery."""

    battery_kw: Floats = field(repr=False)
    """Largest power either way, same shape."""

    battery_efficiency: float
    """Share that is left one way."""

    sun_kwp: Floats = field(repr=False)
    """Rating of the panels, shape (community, household); 0 without any."""

    annual_kwh: Floats = field(repr=False)
    """What a household's demand comes to in a year, same shape."""

    forecast_demand_wh: Ints = field(repr=False)
    """Mean of `demand_wh` at the same time of the seven days before."""

    forecast_generation_wh: Ints = field(repr=False)
    """`generation_wh` at the same time of the day before."""

    present: Bools = field(repr=False)
    """Whether there is a household at a place, shape (community, household)."""

    point: Ints = field(repr=False)
    """Index of its connection point, shape (household,)."""

    profile: dict[str, tuple[tuple[str, ...], ...]] = field(repr=False)
    """SimBench's profile of "home", "sun", "car", "heat" by community and household.

    Empty where there is none.
    """

    first_day: int
    seed: int

    @property
    def count(self) -> int:
        """How many households there are."""
        return int(self.present.sum())

    @property
    def uncontrolled_wh(self) -> Ints:
        """What is drawn, less the sun, if nobody shifts anything and batteries rest."""
        return self.demand_wh + self.car_wh + self.heat_wh - self.generation_wh


def households(
    count: int,
    *,
    per_feeder: int = 39,
    points: int = 13,
    first_day: int = 73,
    days: int = 1,
    seed: int = 0,
    shares: Shares | None = None,
) -> Households:
    """Return households spread evenly over as few feeders as hold them.

    Parameters
    ----------
    count : int
        How many, 3 to 10,000.
    per_feeder : int
        The most that a feeder holds.
    points : int
        Connection points of a feeder; households go round them.
    first_day, days : int
        Days of 2016 from 0, Friday 1 January; 73 is Monday 14 March. The first must
        be 7 or later, since forecasts rest on the seven days before.
    seed : int
        Fixes everything that is drawn.
    shares : Shares, optional
        Shares of households with a battery, a car, and so on.

    Raises
    ------
    HouseholdsRefused
        If the count, or what a feeder holds, is out of range.
    DaysRefused
        If the days are not within the profiles.

    Examples
    --------
    >>> some = households(80, days=2)
    >>> some.demand_wh.shape, some.present.sum(axis=1), some.count
    ((2, 3, 27, 48), array([27, 27, 26]), 80)
    """
    _refuse(count, per_feeder, points, first_day, days)
    present = places(count, per_feeder)
    own = kit.draw(present, seed, shares or Shares())
    known = _series(read_year(), own, first_day - PAST, days + PAST)
    now = {name: values[PAST:] for name, values in known.items()}
    return Households(
        **now,
        car_home=kit.car_home(now["car_wh"] > 0, own),
        car_kw=own.car_kw,
        heat_kw=own.heat_kw,
        heat_band_kwh=own.heat_kw * kit.HEAT_BAND_HOURS,
        battery_kwh=own.battery_kwh,
        battery_kw=own.battery_kw,
        battery_efficiency=kit.BATTERY_EFFICIENCY,
        sun_kwp=own.sun_kwp,
        annual_kwh=own.annual_kwh,
        forecast_demand_wh=_weekly_means(known["demand_wh"]),
        forecast_generation_wh=known["generation_wh"][PAST - 1 : -1],
        present=present,
        point=np.arange(present.shape[1]) % points,
        profile=_names(own, present),
        first_day=first_day,
        seed=seed,
    )


def places(count: int, per_feeder: int) -> Bools:
    """Return which places of which community are taken, (community, household).

    Examples
    --------
    >>> places(5, 2).astype(int)
    array([[1, 1],
           [1, 1],
           [1, 0]])
    """
    communities = ceil(count / per_feeder)
    sizes = count // communities + (np.arange(communities) < count % communities)
    return np.arange(sizes.max()) < sizes[:, np.newaxis]


def _refuse(count: int, per_feeder: int, points: int, first_day: int, days: int) -> None:
    """Refuse what cannot be made."""
    if not FEWEST <= count <= MOST:
        raise HouseholdsRefused(f"{count} households", f"{FEWEST} to {MOST}")
    if per_feeder < 1 or points < 1:
        asked = f"{per_feeder} households and {points} points a feeder"
        raise HouseholdsRefused(asked, "1 or more of each")
    if first_day < PAST or days < 1 or first_day + days > DAYS:
        raise DaysRefused(first_day, days, PAST, DAYS)


def _series(year: Year, own: Kit, first_day: int, days: int) -> dict[str, Ints]:
    """Return energies of the given days, each (day, community, household, window)."""
    span = first_day, days
    home_kw = own.annual_kwh / (HOURS * year.homes.sum(axis=1, dtype=float))[own.home]
    at_home = own.home, own.home_shift, *span
    return {
        "demand_wh": _wh(read(year.homes, *at_home), home_kw),
        "reactive_varh": _wh(read(year.homes_reactive, *at_home), REACTIVE * home_kw),
        "generation_wh": _wh(read(year.suns, own.sun, 0 * own.sun, *span), own.sun_kwp),
        "car_wh": _wh(read(year.cars, own.car, own.car_shift, *span), own.car_kw),
        "heat_wh": _wh(read(year.heats, own.heat, own.heat_shift, *span), own.heat_kw),
    }


def _wh(per_unit: Floats, rating_kw: Floats) -> Ints:
    """Return whole Wh a half-hour."""
    return np.rint(per_unit * rating_kw[..., np.newaxis] * (1000 * HOURS)).astype(np.int64)


def _weekly_means(known: Ints) -> Ints:
    """Return the mean of the seven days before each day that is asked for, in whole Wh."""
    total = np.cumsum(known, axis=0)
    total = np.concatenate([np.zeros_like(total[:1]), total])
    return np.rint((total[PAST:-1] - total[: -PAST - 1]) / PAST).astype(np.int64)


def _names(own: Kit, present: Bools) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the names of the profiles that are used."""
    used = {
        "home": (HOMES, own.home, present),
        "sun": (SUNS, own.sun, own.sun_kwp > 0),
        "car": (CARS, own.car, own.car_kw > 0),
        "heat": (HEATS, own.heat, own.heat_kw > 0),
    }
    return {
        what: tuple(map(tuple, np.where(has, np.array(names)[which], "").tolist()))
        for what, (names, which, has) in used.items()
    }
