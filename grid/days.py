"""Profiles by day: demand as recorded, sun by date, wind and clouds from a seed.

Day 0 is the paper's stylised single day. Day k is the k-th day after Monday,
5 June 2000:

* *Demand* is the half-hourly demand of England and Wales on that date [1]_, over
  the peak of the mean weekday, as on day 0.
* *Wind* has, at each half-hour, the beta distribution on 0 to 1/3 of nameplate
  whose mean is day 0's share, with ``CONCENTRATION`` as the sum of its two
  parameters. Half-hours are tied by a stationary AR(1) in the normal scores of
  the distribution (a Gaussian copula), with memory ``WIND_HOURS``. So the mean
  over seeds is day 0's profile. One wind blows for all farms of the case.
* *Sun* is the Haurwitz clear-sky irradiance [2]_ of the date, on day 0's scale,
  times a share that the clouds let through: of the same kind, with mean
  ``CLEARNESS`` and memory ``CLOUD_HOURS``. Day 0 is cloudless on this scale,
  because a third of nameplate is the most that the factor 3 of scenario G allows.
* *Hydro* is day 0's: flat.

References
----------
.. [1] J. W. Taylor, "Short-term electricity demand forecasting using double
   seasonal exponential smoothing", JORS 54, 2003, 799-805.
.. [2] B. Haurwitz, "Insolation in relation to cloudiness and cloud density",
   Journal of Meteorology 2, 1945, 154-166.
"""

import json
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import numpy as np

from grid.case import Floats, Ints

DAYS = 84
FIRST_DATE = date(2000, 6, 5)
WINDOWS = 48
DEMAND_PEAK_MW = 37_176.1  # of the mean weekday
SUN_SCALE = 0.33 / 872.129  # day 0's peak share over its peak irradiance, m2/W
LATITUDE, SOLAR_NOON_HOURS = np.deg2rad(53.2), 13.3
NAMEPLATE_SHARE = 1 / 3  # so that scenario G, three times as much, stays below nameplate
CONCENTRATION = 4.0
WIND_HOURS, CLOUD_HOURS = 24.0, 6.0
CLEARNESS = 0.75

_DATA = Path(__file__).parent / "data"


def day_shares(days: int, seed: int) -> dict[str, Floats]:
    """Return what share of full size is drawn or running, by kind.

    Parameters
    ----------
    days : int
        How many days, 1 to 84.
    seed : int
        Fixes wind and clouds; day k does not depend on `days`.

    Returns
    -------
    dict of str to ndarray of float, shape (day, window)
        ``demand``, ``wind``, ``pv`` and ``hydro``; the last three at most 1/3.
    """
    text = (_DATA / "anglesey.json").read_text(encoding="utf-8")
    first = {kind: np.array(share) for kind, share in json.loads(text)["profiles"].items()}
    if days == 1:
        return {kind: share[np.newaxis] for kind, share in first.items()}
    wind_rng, cloud_rng = np.random.default_rng(seed).spawn(2)
    later = {
        "demand": recorded_demand_mw() / DEMAND_PEAK_MW,
        "wind": NAMEPLATE_SHARE
        * _weather(np.tile(first["wind"] / NAMEPLATE_SHARE, (DAYS, 1)), WIND_HOURS, wind_rng),
        "pv": np.minimum(clear_sky(np.arange(DAYS)) * SUN_SCALE, NAMEPLATE_SHARE)
        * _weather(np.full((DAYS, WINDOWS), CLEARNESS), CLOUD_HOURS, cloud_rng),
        "hydro": np.tile(first["hydro"], (DAYS, 1)),
    }
    return {kind: np.vstack([first[kind], share[1:days]]) for kind, share in later.items()}


def recorded_demand_mw() -> Floats:
    """Return the demand of England and Wales in MW, shape (day, window)."""
    path = _DATA / "taylor_2000_mw.csv"
    return np.loadtxt(path, delimiter=",", skiprows=1, usecols=range(1, WINDOWS + 1))


def clear_sky(days: Ints) -> Floats:
    """Return Haurwitz's horizontal irradiance in W/m2, shape (day, window).

    Parameters
    ----------
    days : ndarray of int, shape (day,)
        Days after `FIRST_DATE`.

    Examples
    --------
    >>> clear_sky(np.array([40]))[0, [0, 26]].round(0)  # 15 July: midnight, noon
    array([  0., 872.])
    """
    numbers = np.array([(FIRST_DATE + timedelta(int(k))).timetuple().tm_yday for k in days])
    declination = np.deg2rad(23.45) * np.sin(2 * np.pi * (284 + numbers[:, np.newaxis]) / 365)
    hours = np.arange(WINDOWS) / 2 + 0.25
    hour_angle = np.deg2rad(15 * (hours - SOLAR_NOON_HOURS))
    height = np.sin(LATITUDE) * np.sin(declination) + np.cos(LATITUDE) * np.cos(
        declination
    ) * np.cos(hour_angle)
    above = np.maximum(height, 1e-9)
    return np.where(height > 0, 1098 * above * np.exp(-0.057 / above), 0.0)


def _weather(mean: Floats, memory_hours: float, rng: np.random.Generator) -> Floats:
    """Draw shares in (0, 1) with the given means and a memory, shape (day, window)."""
    from scipy.special import betaincinv, ndtr

    kept = np.exp(-0.5 / memory_hours)
    fresh = np.sqrt(1 - kept**2)
    shocks = rng.standard_normal(mean.size)
    scores = np.array(
        list(accumulate(shocks, lambda score, shock: kept * score + fresh * shock))
    )
    chance = ndtr(scores).reshape(mean.shape)
    return betaincinv(mean * CONCENTRATION, (1 - mean) * CONCENTRATION, chance)
