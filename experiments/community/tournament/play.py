"""Every mix of strategies played on all days, in parts that any number of workers share."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.community.baselines import ALONE, PLANT, alone, controlled
from experiments.community.play import alone_bills_gbp, play_days, rows_of
from experiments.community.tournament.mixes import Seating, groups_of, names_of, seatings
from experiments.community.world import World
from experiments.identity import key_of
from experiments.plugins import files_sha256
from experiments.scenario import Scenario
from experiments.tournament.parts import Parts, Tables
from experiments.tournament.workers import spread
from experiments.wiring import Progress
from market.games.heuristic_counts import Counts, compositions
from market.trading.tariff import TICK_GBP
from market.types import Floats

AT_ONCE: Final = 100
"""So many communities are played at once at most, unless one seating has more."""

WORTH_A_WORKER: Final = 400
"""So many days of a community are worth the start of a process."""


@dataclass(frozen=True, eq=False)
class Played:
    """What every mix came to."""

    scenario: Scenario
    world: World

    counts: Counts
    """The mixes: groups that follow each strategy, shape (profile, strategy)."""

    savings: pd.DataFrame
    """A row for each rule, seating, day, community and strategy: households, and what they
    saved together against each alone, in GBP."""

    days: pd.DataFrame
    """A row for each rule, seating, day and community: bill, exchange and how plans ended."""

    baselines: pd.DataFrame
    """A row for each baseline, day and community: bill and exchange."""

    @property
    def strategies(self) -> tuple[str, ...]:
        """Those of the tournament."""
        return self.scenario.community.strategies

    @property
    def households(self) -> float:
        """How many a community has on average."""
        return float(self.world.present.sum(1).mean())


@dataclass(frozen=True)
class Part:
    """Seatings that are played at once."""

    rule: str
    number: int
    """Among the parts of a rule; its chances come of it."""

    seatings: tuple[Seating, ...]


def mixes(scenario: Scenario) -> Counts:
    """Return the mixes of a tournament, shape (profile, strategy)."""
    part = scenario.community
    return compositions(part.groups, len(part.strategies))


def parts_of(scenario: Scenario, world: World) -> list[Part]:
    """Cut a tournament into parts of a size that depends on nothing but the scenario."""
    every = tuple(seatings(mixes(scenario), scenario.play.replicates))
    most = max(1, AT_ONCE // world.communities)
    count = -(-len(every) // most)
    cuts = [len(every) * i // count for i in range(count + 1)]
    return [
        Part(rule, number, every[cuts[number] : cuts[number + 1]])
        for rule in scenario.community.rules
        for number in range(count)
    ]


def play_all(
    scenario: Scenario,
    world: World,
    progress: Progress,
    workers: int | None = None,
    parts: Parts | None = None,
) -> Played:
    """Play every mix under every rule on all days, and the baselines.

    Parameters
    ----------
    scenario : Scenario
        Its rules, strategies, groups, replicates and seed.
    world : World
        Its feeders and households.
    progress : callable
        Told how many seatings are done, and how many there are.
    workers : int, optional
        How many processes; as many as are worth their start unless given.
    parts : Parts, optional
        Where finished parts are found, and kept.
    """
    wanted = parts_of(scenario, world)
    shared = _key(scenario)
    keys = [key_of(**shared, **asdict(part)) for part in wanted]
    found = [parts.get(key) if parts else None for key in keys]
    missing = [part for part, tables in zip(wanted, found, strict=True) if tables is None]
    work = partial(play_part, scenario, world, alone_bills_gbp(world))
    total, done = sum(len(part.seatings) for part in wanted), 0
    made: list[Tables] = []
    with closing(spread(work, missing, workers or _worth_starting(world, missing))) as fresh:
        for part, key, kept in zip(wanted, keys, found, strict=True):
            tables = next(fresh) if kept is None else kept
            if kept is None and parts:
                parts.put(key, tables)
            made.append(tables)
            done += len(part.seatings)
            progress(done, total)
    return Played(
        scenario,
        world,
        mixes(scenario),
        savings=pd.concat([tables["savings"] for tables in made], ignore_index=True),
        days=pd.concat([tables["days"] for tables in made], ignore_index=True),
        baselines=pd.concat(list(_baselines(world)), ignore_index=True),
    )


def play_part(
    scenario: Scenario, world: World, alone_gbp: Sequence[Floats], part: Part
) -> Tables:
    """Play some seatings under one rule on all days, in order.

    Parameters
    ----------
    scenario : Scenario
        Who plays.
    world : World
        Where.
    alone_gbp : sequence of ndarray of float
        By day, what each household pays by itself, shape (community, household).
    part : Part
        Which.
    """
    asked = scenario.community
    groups = [
        groups_of(world, asked.groups, replicate, scenario.seed)
        for replicate in range(scenario.play.replicates)
    ]
    names = names_of(part.seatings, groups, asked.strategies)
    rows = rows_of(world, len(part.seatings))
    about = _about(part, world)
    present = world.present[rows]
    follows = [(name, present & (names == name)) for name in asked.strategies]
    savings, days = [], []
    for day in play_days(world, part.rule, names, rows, _seed(scenario, part)):
        saved = alone_gbp[day.day][rows] - day.bill_gbp
        own = about.assign(day=day.day)
        savings += [
            own.assign(strategy=name, households=who.sum(-1), saved_gbp=(saved * who).sum(-1))[
                who.any(-1)
            ]
            for name, who in follows
        ]
        days.append(
            own.assign(
                bill_gbp=day.bill_gbp.sum(-1),
                exchange_kwh=day.scores.balance_kwh,
                breaches=day.scores.breaches,
                ended=day.schedule.converged,
                epsilon_gbp=day.schedule.epsilon_gbp,
            )
        )
    return {
        "savings": pd.concat(savings, ignore_index=True),
        "days": pd.concat(days, ignore_index=True),
    }


def _about(part: Part, world: World) -> pd.DataFrame:
    """Return which seating and community stands at each place."""
    each = np.repeat(np.arange(len(part.seatings)), world.communities)
    told = {
        name: np.array([getattr(one, name) for one in part.seatings])[each]
        for name in ("profile", "replicate", "turn")
    }
    return pd.DataFrame(
        {"rule": part.rule} | told | {"community": rows_of(world, len(part.seatings))}
    )


def _baselines(world: World) -> Iterator[pd.DataFrame]:
    """Yield what communities come to each alone, and with one controller."""
    rows = rows_of(world, 1)
    for name, run in ((ALONE, alone), (PLANT, controlled)):
        for day in range(world.days):
            found = run(world, day, rows)
            scores = world.scores(found.net_wh, np.full(len(rows), day), rows)
            told: dict[str, Any] = {"baseline": name, "day": day, "community": rows}
            yield pd.DataFrame(
                told | {"bill_gbp": found.bill * TICK_GBP, "exchange_kwh": scores.balance_kwh}
            )


def _seed(scenario: Scenario, part: Part) -> int:
    """Return the seed of the households' chances, the same under every rule."""
    drawn = np.random.SeedSequence((scenario.seed, part.number)).generate_state(1)
    return int(drawn[0])


def _key(scenario: Scenario) -> dict[str, object]:
    """Return what determines every part; what else a scenario asks for does not matter."""
    part = scenario.community
    feeder = (scenario.folder / part.feeder).read_bytes() if part.feeder else b""
    return {
        "seed": scenario.seed,
        "days": scenario.grid.days,
        "replicates": scenario.play.replicates,
        "community": asdict(replace(part, rules=(), mix={})),
        "feeder": sha256(feeder).hexdigest(),
        "files": files_sha256(part.strategies),
    }


def _worth_starting(world: World, missing: Sequence[Part]) -> int:
    """Return how many processes pay."""
    played = sum(len(part.seatings) for part in missing) * world.communities * world.days
    return min(os.cpu_count() or 1, 1 + played // WORTH_A_WORKER)
