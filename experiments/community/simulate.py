"""One run of communities: every rule with every kind of neighbours, beside every baseline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.community.baselines import BASELINES
from experiments.community.play import Day, alone_bills_gbp, mixed, play_days, rows_of
from experiments.community.world import World
from experiments.scenario import Scenario
from experiments.wiring import Progress
from grid.feeder.limits import breaches, causes
from grid.feeder.sensitivity import sensitivities
from market.trading.tariff import TICK_GBP
from market.types import Floats, Options

NEIGHBOURS: Final[dict[str, Mapping[str, float]]] = {
    "all truthful": {"truthful": 1.0},
    "all cooperative": {"cooperative": 1.0},
    "a third adversarial": {"cooperative": 2 / 3, "adversarial": 1 / 3},
    "a third indifferent": {"cooperative": 2 / 3, "indifferent": 1 / 3},
}
"""Kinds of neighbours that every rule is tried with, beside those of the scenario."""

MIX: Final = "the scenario's mix"
"""What those are called, unless they are one of the kinds."""


@dataclass(frozen=True, eq=False)
class CommunityRun:
    """What communities came to, under each rule and without any."""

    scenario: Scenario
    world: World

    days: pd.DataFrame
    """A row for each way to run a community, day and community.

    ``rule`` is empty for baselines, whose name is in ``neighbours``.
    """

    households: pd.DataFrame
    """A row for each rule, kind of neighbours, day and household."""

    trades: pd.DataFrame
    """A row for each rule, day, household and half-hour, with the scenario's own neighbours."""

    descent: pd.DataFrame
    """What communities expect to pay after each sweep of the first day's plans."""


def neighbours_of(scenario: Scenario) -> dict[str, Mapping[str, float]]:
    """Return the kinds of neighbours to try, the scenario's own first."""
    own = dict(scenario.community.mix)
    known = [name for name, mix in NEIGHBOURS.items() if dict(mix) == own]
    first = known[0] if known else MIX
    return {first: own} | {name: mix for name, mix in NEIGHBOURS.items() if name != first}


def simulate_communities(scenario: Scenario, world: World, progress: Progress) -> CommunityRun:
    """Play all days under every rule, with every kind of neighbours, and all baselines.

    Parameters
    ----------
    scenario : Scenario
        Its rules, mix and seed.
    world : World
        Its feeders and households.
    progress : callable
        Told how many days are played, and how many there are.
    """
    kinds = neighbours_of(scenario)
    rows = rows_of(world, len(kinds))
    names = np.concatenate([mixed(world, mix, 1, scenario.seed) for mix in kinds.values()])
    alone = alone_bills_gbp(world)
    count = len(scenario.community.rules) * world.days
    days, homes, trades, descent = [*_baselines(world)], [], [], []
    for place, trading in enumerate(scenario.community.rules):
        for day in play_days(world, trading, names, rows, scenario.seed):
            about: dict[str, Any] = {"rule": trading, "day": day.day}
            labels = np.repeat(list(kinds), world.communities)
            bills = alone[day.day][rows]
            days.append(days_table(world, day, bills, rows).assign(**about, neighbours=labels))
            homes.append(_households(world, day, bills, rows, names, labels).assign(**about))
            trades.append(_trades(world, day).assign(**about))
            if not day.day:
                descent.append(_descent(day, labels).assign(rule=trading))
            progress(place * world.days + day.day + 1, count)
    return CommunityRun(
        scenario,
        world,
        pd.concat(days, ignore_index=True),
        pd.concat(homes, ignore_index=True),
        pd.concat(trades, ignore_index=True),
        pd.concat(descent, ignore_index=True),
    )


def days_table(world: World, day: Day, alone_gbp: Floats, rows: Options) -> pd.DataFrame:
    """Return what a day came to, a row for each place.

    Parameters
    ----------
    world : World
        Where.
    day : Day
        As it was played.
    alone_gbp : ndarray of float, shape (place, household)
        What each household would have paid by itself.
    rows : ndarray of int64, shape (place,)
        The community of each place.
    """
    present = world.present[rows]
    saved = np.where(present, alone_gbp - day.bill_gbp, np.nan)
    taken = np.maximum(day.cleared.traded_wh, 0).sum((1, 2))
    return _scored(day.scores).assign(
        community=rows,
        bill_gbp=day.bill_gbp.sum(-1),
        saved_gbp=np.nansum(saved, -1),
        worst_off_gbp=np.nanmin(saved, -1),
        better_off=(saved > -1e-9).sum(-1) / present.sum(-1),
        traded_kwh=taken / 1000,
        charged_gbp=np.maximum(day.charges, 0).sum((1, 2)) * TICK_GBP,
        converged=day.schedule.converged,
        sweeps=day.schedule.sweeps,
        epsilon_gbp=day.schedule.epsilon_gbp,
        energy_error_wh=np.abs(day.cleared.traded_wh.sum(1)).sum(-1),
        money_error_ticks=np.abs((day.cleared.payments + day.charges).sum(1)).sum(-1),
    )


def _baselines(world: World) -> Iterator[pd.DataFrame]:
    """Yield the days of every baseline."""
    rows = rows_of(world, 1)
    for name, run in BASELINES.items():
        for day in range(world.days):
            found = run(world, day, rows)
            scores = world.scores(found.net_wh, np.full(len(rows), day), rows)
            yield _scored(scores).assign(
                rule="",
                neighbours=name,
                day=day,
                community=rows,
                bill_gbp=found.bill * TICK_GBP,
                feasible=found.feasible.astype(bool),
            )


def _scored(scores: Any) -> pd.DataFrame:
    columns = dict(vars(scores)) | {"self_sufficiency": scores.self_sufficiency}
    return pd.DataFrame(columns)


def _households(
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


def _trades(world: World, day: Day) -> pd.DataFrame:
    """Return the orders and trades of the first kind of neighbours, half-hour by half-hour."""
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
            "price": day.cleared.price[place, window],
        }
    )


def _descent(day: Day, labels: Any) -> pd.DataFrame:
    """Return what communities expect to pay before and after each sweep."""
    cost = day.schedule.cost_gbp
    sweep, place = np.nonzero(np.ones(cost.shape, bool))
    potential = day.schedule.potential_gbp
    known = np.full(cost.shape, np.nan) if potential is None else potential
    return pd.DataFrame(
        {
            "neighbours": labels[place],
            "place": place,
            "sweep": sweep,
            "cost_gbp": cost[sweep, place],
            "potential_gbp": known[sweep, place],
        }
    )
