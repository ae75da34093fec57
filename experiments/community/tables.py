"""What a day of communities came to, as tidy tables."""

from typing import Any

import numpy as np
import pandas as pd

from agents.prosumers.scheduling import Schedule
from experiments.community.play import Day
from experiments.community.world import World
from grid.feeder.limits import breaches, causes
from grid.feeder.sensitivity import sensitivities
from market.types import Floats, Options, WattHours


def exchange_table(net_wh: Floats | WattHours, labels: Any) -> pd.DataFrame:
    """Return what the communities of each label take in each half-hour, on average, in kW."""
    taken = net_wh.sum(1) / 500
    kinds = list(dict.fromkeys(labels.tolist()))
    means = np.stack([taken[labels == kind].mean(0) for kind in kinds])
    kind, window = np.indices(means.shape)
    return pd.DataFrame(
        {
            "neighbours": np.array(kinds)[kind.ravel()],
            "window": window.ravel(),
            "exchange_kw": means.ravel(),
        }
    )


def households_table(
    world: World, day: Day, alone_gbp: Floats, rows: Options, names: Any, labels: Any
) -> pd.DataFrame:
    """Return what a day came to for each household, and which breaches it caused."""
    place, home = np.nonzero(world.present[rows])
    flows = world.flows(day.metered_wh.astype(float), np.full(len(rows), day.day), rows)
    points = len(world.feeder.points)
    net_kw = np.swapaxes(day.metered_wh, -1, -2) / 500
    blamed = causes(
        breaches(flows),
        flows,
        net_kw,
        world.homes.point,
        sensitivities(world.feeder, np.zeros(points)),
    ).total.sum(1)
    taken = np.abs(day.cleared.traded_wh).sum(-1) / 1000
    return pd.DataFrame(
        {
            "neighbours": labels[place],
            "community": rows[place],
            "household": home,
            "strategy": names[place, home],
            "bill_gbp": day.bill_gbp[place, home],
            "alone_gbp": alone_gbp[place, home],
            "traded_kwh": taken[place, home],
            "breaches_caused": blamed[place, home],
        }
    )


def trades_table(world: World, day: Day, alone_wh: Floats) -> pd.DataFrame:
    """Return the orders and trades of the first kind of neighbours, half-hour by half-hour.

    Parameters
    ----------
    world : World
        Where.
    day : Day
        As it was played.
    alone_wh : ndarray of float, shape (community, household, window)
        What each household would have taken by itself, whole watt-hours.
    """
    first = world.communities
    place, home, window = np.nonzero(
        np.broadcast_to(world.present[..., np.newaxis], day.metered_wh[:first].shape)
    )
    at = place, home, window
    return pd.DataFrame(
        {
            "community": place,
            "household": home,
            "window": window,
            "ordered_wh": day.placed.orders.quantity_wh[at],
            "limit": day.placed.orders.limit[at],
            "traded_wh": day.cleared.traded_wh[at],
            "paid_ticks": (day.cleared.payments + day.charges)[at],
            "metered_wh": day.metered_wh[at],
            "cut": day.blocked[at],
            "alone_wh": alone_wh[at].astype(np.int64),
            "price": day.cleared.price[place, window],
        }
    )


def descent_table(schedule: Schedule) -> pd.DataFrame:
    """Return what communities expect to pay before and after each sweep.

    Parameters
    ----------
    schedule : Schedule
        Of communities whose neighbours are all of one kind.
    """
    cost = schedule.cost_gbp
    sweep, place = np.indices(cost.shape)
    known = schedule.potential_gbp
    potential = np.full(cost.shape, np.nan) if known is None else known
    return pd.DataFrame(
        {
            "community": place.ravel(),
            "sweep": sweep.ravel(),
            "cost_gbp": cost.ravel(),
            "potential_gbp": potential.ravel(),
        }
    )
