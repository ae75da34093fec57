"""The six indexes of energy sharing, for each day of each community."""

import numpy as np
import pandas as pd

from experiments.community.play import Day
from experiments.community.world import World
from market.trading import indexes
from market.trading.tariff import TICK_GBP
from market.types import Floats, Options

INDEXES = (
    "value_tapping",
    "participation_willingness",
    "equality",
    "energy_balance",
    "power_flatness",
    "self_sufficiency",
)
"""Their names, the three economic ones first."""


def indexes_table(
    world: World, day: Day, alone_gbp: Floats, optimum_gbp: Floats, rows: Options
) -> pd.DataFrame:
    """Return the indexes of a day, a row for each place.

    Parameters
    ----------
    world : World
        Where.
    day : Day
        As it was played.
    alone_gbp : ndarray of float, shape (place, household)
        What each household would have paid by itself.
    optimum_gbp : ndarray of float, shape (place,)
        What one controller would have paid that knew what would be.
    rows : ndarray of int64, shape (place,)
        The community of each place.
    """
    homes = world.homes
    used = (homes.demand_wh + homes.car_wh + homes.heat_wh)[day.day, rows].astype(float)
    net = day.metered_wh.astype(float)
    alone, shared = (np.rint(bills / TICK_GBP) for bills in (alone_gbp, day.bill_gbp))
    optimum = np.rint(optimum_gbp / TICK_GBP)
    found = [
        _of_place(
            alone[place, there], shared[place, there], optimum[place],
            net[place, there], used[place, there],
        )
        for place, there in enumerate(world.present[rows])
    ]  # fmt: skip
    return pd.DataFrame(found, columns=list(INDEXES)).assign(community=rows)


def _of_place(
    alone: Floats, shared: Floats, optimum: Floats, net_wh: Floats, used_wh: Floats
) -> tuple[float, ...]:
    """Return the indexes of one community, bills in whole ticks."""
    return (
        float(indexes.value_tapping(alone, shared, optimum)),
        float(indexes.participation_willingness(alone, shared)),
        indexes.equality(alone, shared),
        float(indexes.energy_balance(net_wh)),
        float(indexes.power_flatness(net_wh)),
        float(indexes.self_sufficiency(net_wh, used_wh)),
    )
