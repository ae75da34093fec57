"""Batteries that follow the meter of their household, as most at home do: nobody plans."""

import numpy as np

from agents.prosumers.stores import Stores
from market.types import Floats, WattHours


def following(batteries: Stores, net_wh: WattHours) -> Floats:
    """Return what batteries take that fill from surplus and empty into need, as it comes.

    None takes from the grid or gives to it. Surplus charges it as soon as there is some, and
    what the household draws discharges it, as far as power and capacity allow; not in whole
    levels, since nothing is planned. Plans begin a day at one level and may not end it lower,
    and what a battery holds then is worth nothing in a bill. So that both are held to the
    same, one that follows its meter ends each day where it began: it keeps back what the
    surplus of the rest of the day does not fill again, and leaves to the grid what the rest
    of the day does not need. In this alone it knows what is to come.

    Parameters
    ----------
    batteries : Stores
        Of any leading axes.
    net_wh : ndarray of int64, shape (…, window)
        What each household takes without its battery, negative if it gives.

    Returns
    -------
    ndarray of float, shape (…, window)
        What each battery takes, negative if it gives.

    Examples
    --------
    One of 5 kWh, half full, that would be empty but for what the sun leaves:

    >>> from agents.prosumers.stores import batteries
    >>> one = batteries(np.array(5.0), np.array(2.5), windows=4)
    >>> following(one, np.array([450, -1000, 900, 900])).tolist()
    [-450.0, 1000.0, -450.0, 0.0]
    """
    rise, fall = batteries.rise_wh[..., np.newaxis], batteries.fall_wh[..., np.newaxis]
    up = np.minimum(np.maximum(-net_wh, 0) / rise, batteries.most_up)
    down = np.minimum(np.maximum(net_wh, 0) / fall, batteries.most_down)
    low, high = _returning(batteries, up, down)
    levels = [batteries.start.astype(float)]
    for window in range(net_wh.shape[-1]):
        wanted = levels[-1] + (up - down)[..., window]
        levels.append(np.clip(wanted, low[..., window], high[..., window]))
    steps = np.diff(np.stack(levels, axis=-1))
    return np.maximum(steps, 0) * rise + np.minimum(steps, 0) * fall


def _returning(batteries: Stores, up: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Return between which levels each window may end, so that the day ends at its start."""
    low, high = (np.empty_like(up) for _ in range(2))
    low[..., -1] = high[..., -1] = batteries.start
    for window in reversed(range(up.shape[-1] - 1)):
        after = window + 1
        least = low[..., after] - up[..., after]
        most = high[..., after] + down[..., after]
        low[..., window] = np.maximum(batteries.low[..., window], least)
        high[..., window] = np.minimum(batteries.high[..., window], most)
    return low, high
