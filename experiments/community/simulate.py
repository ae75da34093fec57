"""One run of communities: every rule with every kind of neighbours, beside every baseline."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.community.baselines import BASELINES, PERFECT
from experiments.community.indexes import indexes_table
from experiments.community.play import (
    SWEEPS,
    Day,
    alone_bills_gbp,
    alone_days,
    market_terms,
    mixed,
    play_days,
    prosumers_of,
    rows_of,
)
from experiments.community.replay import Replay, can_replay, replayed
from experiments.community.tables import (
    descent_table,
    exchange_table,
    households_table,
    trades_table,
)
from experiments.community.world import World
from experiments.scenario import Scenario
from experiments.wiring import Progress
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


Keep = Callable[[pd.DataFrame], None]


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

    indexes: pd.DataFrame
    """The six indexes of energy sharing; a row as in `days`, without baselines."""

    exchange: pd.DataFrame
    """What a community takes from the grid, on average: each way, day and half-hour."""

    descent: pd.DataFrame
    """What communities expect to pay after each sweep of the first day's plans."""

    replays: tuple[Replay, ...]
    """What was cleared again on the contract: a day for each rule; none if it cannot run."""


def neighbours_of(scenario: Scenario) -> dict[str, Mapping[str, float]]:
    """Return the kinds of neighbours to try, the scenario's own first."""
    own = dict(scenario.community.mix)
    known = [name for name, mix in NEIGHBOURS.items() if dict(mix) == own]
    first = known[0] if known else MIX
    return {first: own} | {name: mix for name, mix in NEIGHBOURS.items() if name != first}


def simulate_communities(
    scenario: Scenario, world: World, progress: Progress, keep: Keep | None = None
) -> CommunityRun:
    """Play all days under every rule, with every kind of neighbours, and all baselines.

    Parameters
    ----------
    scenario : Scenario
        Its rules, mix and seed.
    world : World
        Its feeders and households.
    progress : callable
        Told how many days are played, and how many there are.
    keep : callable, optional
        Handed the trades of each day with the scenario's own neighbours: a row for each
        household and half-hour.

    Raises
    ------
    CheckFailed
        If a day comes out otherwise on the contract.
    """
    kinds = neighbours_of(scenario)
    rows = rows_of(world, len(kinds))
    names = np.concatenate([mixed(world, mix, 1, scenario.seed) for mix in kinds.values()])
    labels = np.repeat(list(kinds), world.communities)
    alone = alone_days(world)
    alone_gbp = alone_bills_gbp(world, alone)
    tables = _Tables()
    for days, exchange in _baselines(world):
        tables.add(days=days, exchange=exchange)
    optimum = tables.optimum_gbp()
    count, replays = len(scenario.community.rules) * world.days, []
    for place, trading in enumerate(scenario.community.rules):
        for descent in _descents(world, trading, kinds, scenario.seed):
            tables.add(descent=descent)
        for day in play_days(world, trading, names, rows, scenario.seed):
            bills, least = alone_gbp[day.day][rows], np.tile(optimum[day.day], len(kinds))
            about: dict[str, Any] = {"rule": trading, "day": day.day}
            tables.add(
                days=days_table(world, day, bills, rows).assign(**about, neighbours=labels),
                exchange=exchange_table(day.metered_wh, labels).assign(**about),
                households=households_table(world, day, bills, rows, names, labels).assign(
                    **about
                ),
                indexes=indexes_table(world, day, bills, least, rows).assign(
                    **about, neighbours=labels
                ),
            )
            if keep:
                keep(trades_table(world, day, alone[day.day].net_wh).assign(**about))
            if not day.day and can_replay():
                replays.append(replayed(world, trading, day))
            progress(place * world.days + day.day + 1, count)
    return CommunityRun(scenario, world, **tables.whole(), replays=tuple(replays))


class _Tables:
    """The tables of a run as they come in, day by day."""

    def __init__(self) -> None:
        self._parts: dict[str, list[pd.DataFrame]] = {}

    def add(self, **tables: pd.DataFrame) -> None:
        """Keep the tables of a day, each by its name."""
        for name, table in tables.items():
            self._parts.setdefault(name, []).append(table)

    def optimum_gbp(self) -> Floats:
        """Return the least bill that communities could have had, shape (day, community)."""
        days = pd.concat(self._parts["days"], ignore_index=True)
        best = days[days["neighbours"] == PERFECT]
        return best.pivot(index="day", columns="community", values="bill_gbp").to_numpy()

    def whole(self) -> dict[str, pd.DataFrame]:
        """Return each table whole."""
        found = {n: pd.concat(parts, ignore_index=True) for n, parts in self._parts.items()}
        asked = {"converged": "boolean", "feasible": "boolean"}  # not asked of every way
        return found | {"days": found["days"].astype(asked)}


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


def _descents(
    world: World, trading: str, kinds: Mapping[str, Mapping[str, float]], seed: int
) -> Iterator[pd.DataFrame]:
    """Yield how plans of the first day come about, for each kind of neighbours by itself."""
    rows = rows_of(world, 1)
    for kind, mix in kinds.items():
        names = mixed(world, mix, 1, seed)
        prosumers = prosumers_of(world, market_terms(world, trading), names, seed)
        found = prosumers.plan(world.planning(0, rows), sweeps=SWEEPS)
        yield descent_table(found).assign(rule=trading, neighbours=kind)


def _baselines(world: World) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the days of every baseline, and what its communities exchange."""
    rows = rows_of(world, 1)
    for name, run in BASELINES.items():
        for day in range(world.days):
            found = run(world, day, rows)
            scores = world.scores(found.net_wh, np.full(len(rows), day), rows)
            about: dict[str, Any] = {"rule": "", "day": day}
            scored = _scored(scores).assign(
                **about,
                neighbours=name,
                community=rows,
                bill_gbp=found.bill * TICK_GBP,
                feasible=found.feasible.astype(bool),
            )
            labels = np.full(len(rows), name)
            yield scored, exchange_table(found.net_wh, labels).assign(**about)


def _scored(scores: Any) -> pd.DataFrame:
    columns = dict(vars(scores)) | {"self_sufficiency": scores.self_sufficiency}
    return pd.DataFrame(columns)
