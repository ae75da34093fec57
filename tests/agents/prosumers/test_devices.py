"""Households have a store for each of their devices, and none for what they lack."""

import numpy as np

from agents.prosumers.billing import Billing
from agents.prosumers.devices import BATTERY, CAR, HEAT_PUMP, Devices, households
from agents.prosumers.scheduling import schedule
from tests.agents.prosumers.days import TARIFF, alike


def a_street():
    """Return three households: with sun and a battery, with a car, with a heat pump."""
    still = np.full((1, 3, 4), 300)
    has = np.eye(3)[:, np.newaxis, :, np.newaxis] * np.ones(4, np.int64)
    ratings = 2.0 * np.eye(3)[:, np.newaxis]
    sunny = np.array([0, 2000, 2000, 0])
    return Devices(
        demand_wh=still,
        generation_wh=(has[0] * sunny).astype(np.int64),
        car_wh=(has[1] * [1000, 0, 0, 0]).astype(np.int64),
        heat_wh=(has[2] * 500).astype(np.int64),
        car_home=has[1] > 0,
        car_kw=ratings[1],
        heat_kw=ratings[2],
        battery_kwh=ratings[0],
        battery_kw=ratings[0],
        heat_band_kwh=ratings[2],
    )


def test_each_device_has_its_slot():
    movable = households(a_street()).stores.movable[0]

    assert np.argwhere(movable).tolist() == [[0, BATTERY], [1, CAR], [2, HEAT_PUMP]]


def test_what_is_drawn_anyway_is_all_that_devices_draw():
    assert households(a_street()).base_wh[0].tolist() == [
        [300, -1700, -1700, 300],
        [1300, 300, 300, 300],
        [800, 800, 800, 800],
    ]


def test_a_battery_keeps_the_sun_for_the_evening():
    found = schedule(households(a_street()), alike(1, 3), Billing(TARIFF))

    assert found.net_wh[0, 0, -1] < 300
    assert found.net_wh[0, 0, 1:3].sum() > -3400
    assert not found.steps[0, 1:].any()
