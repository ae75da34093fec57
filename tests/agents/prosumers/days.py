"""Small days of a few households, and every plan that they could make."""

from itertools import product

import numpy as np

from agents.prosumers.billing import Attitudes
from agents.prosumers.scheduling import Households
from agents.prosumers.stores import Stores, batteries, together
from market.trading.tariff import Tariff

TARIFF = Tariff(buy=2500, sell=500)


def some_stores(rng, count, windows=4, most=2):
    """Return stores of any bounds that no deviation keeps, shape (store,)."""
    shape = count, windows
    return Stores(
        rise_wh=rng.integers(100, 120, count),
        fall_wh=rng.integers(80, 100, count),
        most_up=rng.integers(0, most + 1, shape),
        most_down=rng.integers(0, most + 1, shape),
        low=-rng.integers(0, 3, shape),
        high=rng.integers(0, 3, shape),
        start=np.zeros(count, np.int64),
    )


def every_plan(store):
    """Return all plans that keep the bounds of one store, shape (plan, window)."""
    ranges = [
        range(-down, up + 1)
        for down, up in zip(store.most_down.tolist(), store.most_up.tolist(), strict=True)
    ]
    plans = np.array(list(product(*ranges)))
    level = store.start + plans.cumsum(1)
    return plans[((store.low <= level) & (level <= store.high)).all(1)]


def few_households(rng, communities, households, windows=3):
    """Return households with a lossless battery of a kilowatt-hour in four levels each."""
    base = 250 * rng.integers(-8, 9, (communities, households, windows))
    one = np.ones((communities, households))
    stores = batteries(one, one, windows, levels=4, efficiency=1.0)
    return Households(base, together(stores))


def alike(communities, households, own=1.0, others=0.0):
    """Return households that all weigh bills alike."""
    shape = communities, households
    return Attitudes(np.full(shape, own), np.full(shape, others), np.ones(shape, bool))
