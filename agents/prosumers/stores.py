"""What a household can shift: a battery, a car, a heat pump, all as stores with levels.

A store deviates from what its device would do anyway. In each window it rises or falls by
whole levels, within what the device can do, and stays within bounds: those of a battery's
capacity, of the charge that a car needs when it leaves, of the warmth that a house may lead
or lag [1]_. So one method plans for all of them, and what it finds can be checked by
enumeration.

A level is a whole fraction of what a device draws in a window at full power, so that it can
still run at full power.

References
----------
.. [1] S. Barot, J. A. Taylor, "A concise, approximate representation of a collection of loads
   described by polytopes", International Journal of Electrical Power & Energy Systems 84, 2017.
"""

from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from market.types import Floats, Mask, WattHours

Levels: TypeAlias = NDArray[np.int64]
"""Levels of stores, or numbers of them to rise or fall."""

LEVELS: Final = 20
"""How many levels a store has, nearly: its steps are whole fractions of a device's power."""

HALF_HOUR: Final = 0.5
"""How long a window is, in hours."""


@dataclass(frozen=True, eq=False)
class Stores:
    """Any number of stores; leading axes are free, and mostly (community, household, slot).

    A household without a device has a store that can neither rise nor fall.
    """

    rise_wh: WattHours
    """What the household draws to rise by a level, shape ``(…)``."""

    fall_wh: WattHours
    """What it gives, or draws less, to fall by a level, shape ``(…)``."""

    most_up: Levels
    """By how many levels it can rise, shape ``(…, window)``, not negative."""

    most_down: Levels
    """By how many levels it can fall, the same shape, not negative."""

    low: Levels
    """The lowest level at the end of each window, shape ``(…, window)``."""

    high: Levels
    """The highest level at the end of each window, the same shape."""

    start: Levels
    """The level before the first window, shape ``(…)``."""

    def __getitem__(self, place: Any) -> Self:
        """Return some of the stores, by an index into the leading axes."""
        return type(self)(**{name: array[place] for name, array in vars(self).items()})

    @property
    def movable(self) -> Mask:
        """Which stores can deviate at all, shape ``(…)``."""
        moves = ((self.most_up > 0) | (self.most_down > 0)).any(-1)
        room = (self.low < self.high).any(-1)
        return np.asarray(moves & room)

    def energy_wh(self, steps: Levels) -> WattHours:
        """Return what rising by `steps` levels draws, shape ``(…, window)``.

        Negative steps fall.
        """
        rise, fall = self.rise_wh[..., np.newaxis], self.fall_wh[..., np.newaxis]
        return np.where(steps > 0, rise * steps, fall * steps)

    def allows(self, steps: Levels) -> Mask:
        """Return whether a plan keeps all bounds, shape ``(…)``.

        Parameters
        ----------
        steps : ndarray of int64, shape (…, window)
            By how many levels each store rises.
        """
        level = self.start[..., np.newaxis] + steps.cumsum(-1)
        fits = (self.low <= level) & (level <= self.high)
        return np.asarray((fits & (-self.most_down <= steps) & (steps <= self.most_up)).all(-1))


def together(*slots: Stores) -> Stores:
    """Return stores with one more leading axis, the last: a slot for each argument."""
    axis = slots[0].start.ndim
    return Stores(
        **{
            name: np.stack([vars(stores)[name] for stores in slots], axis)
            for name in vars(slots[0])
        }
    )


def batteries(
    kwh: Floats,
    kw: Floats,
    windows: int,
    *,
    efficiency: float = 0.95,
    start: float = 0.5,
    levels: int = LEVELS,
    hours: float = HALF_HOUR,
) -> Stores:
    """Return batteries that would do nothing, and end no lower than they begin.

    Parameters
    ----------
    kwh, kw : ndarray of float, shape (…)
        What each holds, and its power on the side of the household; 0 where there is none.
    windows : int
        How many there are.
    efficiency : float
        Of charging, and again of discharging.
    start : float
        How full they are before the first window, from 0 to 1.

    Examples
    --------
    Full power charges five levels of 237 Wh from 1250 Wh, and gets 1125 Wh out of them:

    >>> battery = batteries(np.array(5.0), np.array(2.5), windows=48)
    >>> int(battery.rise_wh), int(battery.fall_wh), int(battery.most_up[0])
    (250, 225, 5)
    """
    capacity, power = watt_hours(kwh), watt_hours(kw * hours)
    size = level_wh(capacity, np.floor(power * efficiency).astype(np.int64), levels)
    rise = np.ceil(size / efficiency).astype(np.int64)
    fall = np.maximum(np.floor(size * efficiency).astype(np.int64), 1)
    full = np.where(power > 0, capacity // size, 0)
    begins = np.rint(start * full).astype(np.int64)
    always = np.ones(windows, np.int64)
    low = begins[..., np.newaxis] * (np.arange(windows) == windows - 1)
    return Stores(
        rise_wh=rise,
        fall_wh=fall,
        most_up=np.minimum(power // rise, full)[..., np.newaxis] * always,
        most_down=np.minimum(power // fall, full)[..., np.newaxis] * always,
        low=low,
        high=full[..., np.newaxis] * always,
        start=begins,
    )


def cars(
    car_wh: WattHours,
    car_home: Mask,
    car_kw: Floats,
    *,
    levels: int = LEVELS,
    hours: float = HALF_HOUR,
) -> Stores:
    """Return cars that may charge at another time of the same stay at home.

    When it leaves, and at the end of the day, a car has what it would have had.

    Parameters
    ----------
    car_wh : ndarray of int64, shape (…, window)
        What each would charge anyway; what it charges away from home stays as it is.
    car_home : ndarray of bool, shape (…, window)
        Where it is at home.
    car_kw : ndarray of float, shape (…)
        At which power it can charge; 0 where there is no car.

    Examples
    --------
    One that comes home for three windows and charges at once may do so later:

    >>> home = np.array([False, True, True, True])
    >>> car = cars(np.array([0, 1000, 0, 0]), home, np.array(2.0), levels=4)
    >>> int(car.rise_wh), car.low.tolist(), car.high.tolist()
    (500, [0, -2, -2, 0], [0, 0, 0, 0])
    """
    power = watt_hours(car_kw * hours)[..., np.newaxis]
    so_far = car_wh.cumsum(-1)
    before = np.maximum.accumulate(np.where(car_home, 0, so_far), -1)
    since = np.where(car_home, so_far - before, 0)
    ends = np.where(car_home, so_far[..., -1:], so_far - car_wh)[..., ::-1]
    until = np.minimum.accumulate(ends, -1)[..., ::-1]
    to_come = np.where(car_home, until - so_far, 0)
    stays = np.zeros_like(car_home)
    stays[..., :-1] = car_home[..., :-1] & car_home[..., 1:]
    size = level_wh((since + to_come).max(-1), power[..., 0], levels)[..., np.newaxis]
    low, high = -(since // size) * stays, to_come // size * stays
    return _about(car_wh * car_home, power * car_home, size, low, high)


def heat_pumps(
    heat_wh: WattHours,
    heat_kw: Floats,
    band_kwh: Floats,
    *,
    levels: int = LEVELS,
    hours: float = HALF_HOUR,
) -> Stores:
    """Return heat pumps that may run ahead of what they would do, or behind, by a band.

    They end the day no further behind than they began, which is not at all.

    Parameters
    ----------
    heat_wh : ndarray of int64, shape (…, window)
        What each would draw anyway.
    heat_kw : ndarray of float, shape (…)
        What it can draw; 0 where there is none.
    band_kwh : ndarray of float, shape (…)
        By how much electricity it may lead or lag.

    Examples
    --------
    >>> pump = heat_pumps(np.array([500, 500, 0]), np.array(2.0), np.array(1.0), levels=4)
    >>> int(pump.rise_wh), pump.most_down.tolist(), pump.low.tolist(), pump.high.tolist()
    (500, [1, 1, 0], [-2, -2, 0], [2, 2, 2])
    """
    power, band = watt_hours(heat_kw * hours)[..., np.newaxis], watt_hours(band_kwh)
    size = level_wh(2 * band, power[..., 0], levels)[..., np.newaxis]
    room = np.where(power > 0, band[..., np.newaxis] // size, 0)
    lagging = np.arange(heat_wh.shape[-1]) < heat_wh.shape[-1] - 1
    high = room * np.ones_like(heat_wh)
    return _about(heat_wh, power, size, -high * lagging, high)


def _about(
    drawn_wh: WattHours, power_wh: WattHours, size_wh: WattHours, low: Levels, high: Levels
) -> Stores:
    """Return stores that shift what devices draw anyway, without loss."""
    room = (high.max(-1) - low.min(-1))[..., np.newaxis]
    return Stores(
        rise_wh=size_wh[..., 0],
        fall_wh=size_wh[..., 0],
        most_up=np.clip((power_wh - drawn_wh) // size_wh, 0, room),
        most_down=np.minimum(drawn_wh // size_wh, room),
        low=low,
        high=high,
        start=np.zeros(low.shape[:-1], np.int64),
    )


def level_wh(span_wh: WattHours, power_wh: WattHours, levels: int) -> WattHours:
    """Return the size of a level: a whole fraction of power, about `levels` to the span.

    At full power a store moves by half its levels at most. At least 1 Wh.

    Examples
    --------
    >>> level_wh(np.array([5000, 10]), np.array([1250, 1250]), levels=20).tolist()
    [250, 125]
    """
    fractions = np.rint(power_wh * levels / np.maximum(span_wh, 1))
    return np.maximum(power_wh // np.clip(fractions, 1, max(levels // 2, 1)), 1).astype(
        np.int64
    )


def watt_hours(kilo: Floats) -> WattHours:
    """Return kilowatt-hours in whole watt-hours, half to even."""
    return np.rint(np.asarray(kilo) * 1000).astype(np.int64)
