"""Both levels at once: what communities do moves the costs, and so the bids, of network 1.

The communities hang on one bus of the first 33 kV network, each standing for a number of like
ones. What their households draw for themselves, cars and heat pumps is part of that network's
demand already; what comes on top is the rest: their sun, and what they shift.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.community.baselines import ALONE, PLANT, alone, controlled
from experiments.community.play import mixed, play_days, rows_of
from experiments.community.simulate import NEIGHBOURS, neighbours_of
from experiments.community.world import World
from experiments.errors import ScenarioRefused
from experiments.scenario import Scenario
from experiments.tournament.intervals import ends, sampled_means
from experiments.tournament.match import Case as Costs
from experiments.tournament.match import Run, play
from experiments.wiring import Progress, Study, grid_case, study_of, terms
from grid.case import Case
from grid.errors import NoSuchBus
from grid.fed import fed
from market.types import Floats

LOAD: Final = "communities"
"""What the load is called that stands for them at their bus."""

NONE: Final = "no communities"
"""The networks as they are."""


@dataclass(frozen=True, eq=False)
class Coupled:
    """What each way to run the communities means for both networks."""

    profiles_mw: Mapping[str, Floats]
    """What the communities add to the demand of network 1, by way, (day, window)."""

    costs: pd.DataFrame
    """A row for each way, mechanism, day and network: costs and payments in GBP a day."""


def couple(scenario: Scenario, world: World, progress: Progress) -> Coupled:
    """Reckon the networks with communities run in each way, and negotiate the link.

    Parameters
    ----------
    scenario : Scenario
        Of the networks, with communities.
    world : World
        The communities.
    progress : callable
        Told how many ways are done, and how many there are.
    """
    bare, nothing = grid_case(scenario), np.zeros((world.days, world.windows))
    with_communities(scenario, bare, nothing)  # refused before households are played
    profiles = {NONE: nothing, **profiles_mw(scenario, world)}
    tables = []
    for place, (way, added) in enumerate(profiles.items()):
        seen = study_of(scenario, with_communities(scenario, bare, added))
        tables += [table.assign(way=way) for table in _negotiated(scenario, seen)]
        progress(place + 1, len(profiles))
    return Coupled(profiles, pd.concat(tables, ignore_index=True))


def profiles_mw(scenario: Scenario, world: World) -> dict[str, Floats]:
    """Return what communities add to the demand at their bus, by the way they are run.

    Ways are each alone, the first rule with every kind of neighbours, and one controller.

    Returns
    -------
    dict of ndarray of float, shape (day, window)
        In MW, with losses of the feeders; negative where the sun gives more.
    """
    rows, rule = rows_of(world, 1), scenario.community.rules[0]
    days = range(world.days)
    found = {
        ALONE: np.stack(
            [beyond_demand_mw(world, alone(world, d, rows).net_wh, d) for d in days]
        )
    }
    for name, mix in (neighbours_of(scenario) | dict(NEIGHBOURS)).items():
        names = mixed(world, mix, 1, scenario.seed)
        played = play_days(world, rule, names, rows, scenario.seed)
        found[f"{rule}, {name}"] = np.stack(
            [beyond_demand_mw(world, d.metered_wh.astype(float), d.day) for d in played]
        )
    optimum = [beyond_demand_mw(world, controlled(world, d, rows).net_wh, d) for d in days]
    found[PLANT] = np.stack(optimum)
    return {way: scenario.community.copies * added for way, added in found.items()}


def with_communities(scenario: Scenario, case: Case, added_mw: Floats) -> Case:
    """Return a case whose first network also feeds the communities.

    Raises
    ------
    ScenarioRefused
        If the networks have other days than the communities, or there is no such bus.
    """
    days, windows = added_mw.shape
    if windows != case.windows:
        wanted = f"wanted {windows}, as the communities have"
        reason = f"grid.profiles has {case.windows} half-hours a day, {wanted}"
        raise ScenarioRefused(scenario.source, reason)
    if days != case.days:
        why = "with communities every day of grid.profiles is played"
        raise ScenarioRefused(
            scenario.source, f"grid.days is {days}, wanted {case.days}: {why}"
        )
    first, *others = case.networks
    try:
        feeding = fed(first, scenario.community.bus, LOAD, added_mw)
    except NoSuchBus as error:
        wanted = f"wanted one of {first.name}'s: {', '.join(error.buses)}"
        reason = f"community.bus is {error.bus!r}, {wanted}"
        raise ScenarioRefused(scenario.source, reason) from error
    return replace(case, networks=(feeding, *others))


def beyond_demand_mw(world: World, net_wh: Floats, day: int) -> Floats:
    """Return what communities draw at their heads beyond demand, in MW, (window,).

    Parameters
    ----------
    world : World
        The communities, one of each.
    net_wh : ndarray of float, shape (community, household, window)
        What their households take.
    day : int
        Which.
    """
    rows = rows_of(world, 1)
    homes = world.homes
    inside = (homes.demand_wh + homes.car_wh + homes.heat_wh)[day].sum((0, 1))
    flows = world.flows(net_wh, np.full(len(rows), day), rows)
    return (flows.head_kw.sum(0) - inside / 500) / 1000


def _negotiated(scenario: Scenario, seen: Study) -> Iterator[pd.DataFrame]:
    """Yield what the link costs the networks, by each mechanism."""
    pair = scenario.play.pair
    cases = {pair: Costs.of(seen, pair)}
    places = seen.places(pair)
    for mechanism in scenario.market.mechanisms:
        run = Run(mechanism, pair, scenario.play.seats)
        out = play(scenario, cases, [run], terms(scenario, seen, mechanism))
        shape = (len(seen.parties), seen.days, -1)
        paid = out.paid[0].reshape(shape).sum(-1) * scenario.market.tick_gbp
        cost = out.cost_gbp[0].reshape(shape).sum(-1)
        alone_gbp = None if seen.no_link_gbp is None else seen.no_link_gbp[seen.seats, places]
        for seat, party in enumerate(seen.parties):
            yield pd.DataFrame(
                {
                    "mechanism": mechanism,
                    "party": party,
                    "day": np.arange(seen.days),
                    "operating_gbp": cost[seat],
                    "payments_gbp": paid[seat],
                    "net_cost_gbp": cost[seat] + paid[seat],
                    "no_link_gbp": np.nan if alone_gbp is None else alone_gbp[seat].sum(-1),
                }
            )


def differences(costs: pd.DataFrame, party: str, column: str) -> pd.DataFrame:
    """Return what each way costs a party a day beyond `each alone`, with 95 % intervals.

    Parameters
    ----------
    costs : DataFrame
        As `Coupled.costs`.
    party : str
        A network.
    column : str
        Such as ``net_cost_gbp``.

    Returns
    -------
    DataFrame
        Rows ``mechanism, way, mean, low, high``, GBP a day; of one day there are no intervals.
    """
    rows = []
    own = costs[costs["party"] == party]
    for mechanism, part in own.groupby("mechanism", sort=False):
        by_day = part.pivot_table(index="way", columns="day", values=column, sort=False)
        for way in by_day.index.drop(ALONE):
            beyond = (by_day.loc[way] - by_day.loc[ALONE]).to_numpy(float)
            low, high = (
                ends(sampled_means(beyond[:, np.newaxis]))
                if len(beyond) > 1
                else (np.nan, np.nan)
            )
            rows.append((mechanism, way, beyond.mean(), low, high))
    return pd.DataFrame(rows, columns=["mechanism", "way", "mean", "low", "high"])


def coupled_findings(coupled: Coupled, party: str) -> list[str]:
    """Say, mechanism by mechanism, whether communities lower what a network pays."""
    said = []
    net = differences(coupled.costs, party, "net_cost_gbp")
    paid = differences(coupled.costs, party, "payments_gbp")
    for mechanism, rows in net.groupby("mechanism", sort=False):
        told = [_words(row) for row in rows.itertuples() if "all cooperative" in str(row.way)]
        told += [_words(row) for row in rows.itertuples() if "adversarial" in str(row.way)]
        own = paid[(paid["mechanism"] == mechanism) & paid["way"].str.contains("all coop")]
        link = [
            f" What it pays for the link changes by {_pounds(r)}." for r in own.itertuples()
        ]
        said.append(
            f"Under {mechanism}, against households each for themselves, {party}'s net cost "
            f"changes by {'; '.join(told)}.{''.join(link) if own['mean'].any() else ''}"
        )
    return said


def _words(row: Any) -> str:
    return f"{_pounds(row)} with {row.way}"


def _pounds(row: Any) -> str:
    around = "" if np.isnan(row.low) else f" ({_signed(row.low)} to {_signed(row.high)})"
    return f"GBP {_signed(row.mean)} a day{around}"


def _signed(gbp: float) -> str:
    """Return an amount with its sign, and zero without.

    >>> _signed(1234.5), _signed(-0.31), _signed(-0.001)
    ('+1,234.50', '-0.31', '0.00')
    """
    return f"{gbp:+,.2f}" if round(gbp, 2) else "0.00"
