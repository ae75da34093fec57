"""How ways to run a community compare, each number with its interval."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.community.baselines import ALONE, METERED, PERFECT, PLANT
from experiments.community.battery_study import NONE
from experiments.community.estimates import (
    Estimate,
    Units,
    estimate,
    mean,
    position,
    reduction,
)
from experiments.community.indexes import INDEXES
from experiments.community.simulate import CommunityRun
from market.games.welfare import gini, jain
from market.types import Floats


@dataclass(frozen=True)
class Way:
    """What a way to run a community came to; money and energy of a household and day."""

    rule: str
    """Empty for a baseline."""

    neighbours: str

    exchange_kwh: Estimate
    """With the grid, its absolute amount summed over half-hours."""

    balance: Estimate
    """By which share that is less than if each household were alone."""

    bill_gbp: Estimate

    saved_gbp: Estimate
    """Against each alone."""

    balance_metered: Estimate
    """As `balance`, against each alone with a battery that follows its meter."""

    saved_metered_gbp: Estimate
    """Against the same."""

    between: Estimate
    """Bills: 0 as each alone, 1 as the virtual power plant on the same forecast."""

    between_perfect: Estimate
    """The same, with 1 as the virtual power plant that knows what will be."""

    breaches: float
    """Limits breached in a day of a community."""

    converged: float
    """Share of days on which planning came to an equilibrium; no number for baselines."""

    epsilon_gbp: float
    """The most that any store would have gained by another plan, on any day."""


@dataclass(frozen=True)
class People:
    """Who gained and who lost under a rule, over all days."""

    rule: str
    neighbours: str

    better_off: float
    """Share of households that paid no more than alone."""

    worst_off_gbp: float
    """What the worst-off household saved a day, negative if it lost."""

    gini: float
    jain: float
    """Of savings, those below zero counted as none."""


@dataclass(frozen=True)
class Group:
    """What those of one strategy had, a household and day."""

    rule: str
    neighbours: str
    strategy: str

    households: int

    saved_gbp: Estimate

    breaches_caused: float
    """In shares of breaches."""


@dataclass(frozen=True)
class Battery:
    """A way to decide on a shared battery, a day of all parties together."""

    mechanism: str
    bidders: str

    bill_gbp: Estimate

    saved_gbp: Estimate
    """Against no battery."""

    worst_gbp: float
    """What the worst-off party saves on average."""

    paid_gbp: float
    """What moves among parties."""


def ways(run: CommunityRun) -> tuple[Way, ...]:
    """Return every way, baselines first."""
    units = Units(run.days)
    homes = run.world.present.sum(1) + np.zeros((run.world.days, 1))
    alone, metered, plant, perfect = (
        units.baseline(name, "bill_gbp") for name in (ALONE, METERED, PLANT, PERFECT)
    )
    exchange, by_meter = (units.baseline(name, "balance_kwh") for name in (ALONE, METERED))
    found = []
    for rule, neighbours in _names(run.days):
        bills, balance, breaches, converged, epsilon = (
            units.of(rule, neighbours, column)
            for column in ("bill_gbp", "balance_kwh", "breaches", "converged", "epsilon_gbp")
        )
        found.append(
            Way(
                rule=rule,
                neighbours=neighbours,
                exchange_kwh=each(balance, homes),
                balance=reduction(balance, exchange),
                bill_gbp=each(bills, homes),
                saved_gbp=each(alone - bills, homes),
                balance_metered=reduction(balance, by_meter),
                saved_metered_gbp=each(metered - bills, homes),
                between=position(bills, alone, plant),
                between_perfect=position(bills, alone, perfect),
                breaches=float(breaches.mean()),
                converged=float(converged.mean()),
                epsilon_gbp=float(epsilon.max()),
            )
        )
    return tuple(found)


def each(amounts: Floats, homes: Floats) -> Estimate:
    """Return what communities had, a household; both of shape (day, community)."""
    return estimate(lambda a, b: a / b, amounts, homes)


def lost(run: CommunityRun, rule: str, before: str, after: str, column: str) -> Estimate:
    """Return what is lost if neighbours are others, in shares of each alone.

    Parameters
    ----------
    run : CommunityRun
        What was played.
    rule : str
        Under which.
    before, after : str
        Kinds of neighbours.
    column : str
        Of what: ``balance_kwh`` or ``bill_gbp``.
    """
    units = Units(run.days)
    of = [units.of(rule, name, column) for name in (before, after)]
    return estimate(lambda a, b, c: (b - a) / c, *of, units.baseline(ALONE, column))


def people(run: CommunityRun) -> tuple[People, ...]:
    """Return who gained under each rule, with each kind of neighbours."""
    homes = run.households.assign(
        saved_gbp=run.households["alone_gbp"] - run.households["bill_gbp"]
    )
    found = []
    for (rule, neighbours), rows in homes.groupby(["rule", "neighbours"], sort=False):
        saved = rows.groupby(["community", "household"])["saved_gbp"].mean().to_numpy()
        gains = np.maximum(saved, 0.0)
        found.append(
            People(
                rule=str(rule),
                neighbours=str(neighbours),
                better_off=float((saved > -1e-9).mean()),
                worst_off_gbp=float(saved.min()),
                gini=gini(gains),
                jain=jain(gains),
            )
        )
    return tuple(found)


def groups(run: CommunityRun) -> tuple[Group, ...]:
    """Return what those of each strategy had, where there is more than one."""
    keys = ["rule", "neighbours", "strategy"]
    homes = run.households.assign(
        saved_gbp=run.households["alone_gbp"] - run.households["bill_gbp"]
    )
    strategies = homes.groupby(["rule", "neighbours"])["strategy"].transform("nunique")
    found = []
    for (rule, neighbours, strategy), rows in homes[strategies > 1].groupby(keys, sort=False):
        table = rows.pivot_table(
            index="day", columns="community", values="saved_gbp", aggfunc=["sum", "count"]
        ).fillna(0.0)
        count = table["count"].to_numpy()
        found.append(
            Group(
                rule=str(rule),
                neighbours=str(neighbours),
                strategy=str(strategy),
                households=int(count[0].sum()),
                saved_gbp=each(table["sum"].to_numpy(), count),
                breaches_caused=float(rows["breaches_caused"].sum()),
            )
        )
    return tuple(found)


def index_estimates(run: CommunityRun) -> dict[tuple[str, str], tuple[Estimate, ...]]:
    """Return the six indexes by rule and neighbours, in the order of `INDEXES`."""
    units = Units(run.indexes)
    return {
        names: tuple(mean(units.of(*names, column)) for column in INDEXES)
        for names in _names(run.indexes)
    }


def batteries(table: pd.DataFrame) -> tuple[Battery, ...]:
    """Return the ways to decide on a shared battery.

    Parameters
    ----------
    table : DataFrame
        As `experiments.community.battery_study.battery_table` returns it.
    """

    def bills(mechanism: str, bidders: str) -> Floats:
        rows = table[(table["mechanism"] == mechanism) & (table["bidders"] == bidders)]
        return rows[["bill_gbp"]].to_numpy()

    none = bills("", NONE)
    means = table.groupby(["mechanism", "bidders"])[["worst_gbp", "paid_gbp"]].mean()
    columns = {name: means[name].to_dict() for name in means}
    return tuple(
        Battery(
            *names,
            bill_gbp=mean(bills(*names)),
            saved_gbp=mean(none - bills(*names)),
            worst_gbp=float(columns["worst_gbp"][names]),
            paid_gbp=float(columns["paid_gbp"][names]),
        )
        for names in _names(table, "mechanism", "bidders")
    )


def _names(
    table: pd.DataFrame, first: str = "rule", second: str = "neighbours"
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that a table has, in order."""
    pairs = table[[first, second]].drop_duplicates()
    yield from zip(pairs[first], pairs[second], strict=True)
