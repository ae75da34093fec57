"""Every strategy in each seat against every other, for every mechanism, loading and day."""

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise, product
from typing import Final

import numpy as np
import pandas as pd

from experiments.errors import ScenarioRefused
from experiments.identity import key_of
from experiments.plugins import files_sha256
from experiments.scenario import Scenario
from experiments.tournament.intervals import means_by_unit
from experiments.tournament.match import Case, Run, at_once, play
from experiments.tournament.parts import Parts, Tables
from experiments.tournament.payoffs import payoffs_table, windows_table
from experiments.tournament.rounds import rounds
from experiments.tournament.settled import open_pairs
from experiments.tournament.workers import spread
from experiments.wiring import Progress, Study, terms

WORTH_A_WORKER: Final = {"local": 400_000}
"""A further process pays from so many negotiations on; it takes seconds to start."""

ON_A_CHAIN: Final = 5_000
"""The same where each is a dozen transactions."""

MOST_WINDOWS: Final = 3_000_000
"""Up to so many negotiations, every window is kept in a table."""

Sink = Callable[[pd.DataFrame], None]
"""Takes the windows of some runs, in order."""


@dataclass(frozen=True, eq=False)
class Tournament:
    """All runs, and what they meant for every party."""

    scenario: Scenario
    seen: Study

    runs: tuple[Run, ...]
    """In the order of mechanism, profile, pair and replicate."""

    profiles: int
    """How many profiles there are; more than were played, if these are a sample."""

    payoffs: pd.DataFrame
    """A row for each run, day and seat: `experiments.tournament.payoffs.payoffs_table`."""

    @property
    def sampled(self) -> bool:
        """Whether some profiles were not played."""
        played = {run.strategies for run in self.runs}
        return len(played) < self.profiles

    @property
    def replicates(self) -> int:
        """How often every profile was played; maybe not as often as asked for."""
        return self.runs[-1].replicate + 1

    @property
    def negotiations(self) -> int:
        """How many windows were negotiated."""
        return len(self.runs) * self.seen.days * self.seen.cost_gbp.shape[3]


def plan(scenario: Scenario, seen: Study) -> tuple[Run, ...]:
    """Return every run of a tournament: mechanism, strategy of each seat, pair, replicate.

    Raises
    ------
    Unknown, ScenarioRefused
        If a pair of loadings does not fit the study.
    """
    for pair in scenario.grid.pairs:
        if len(pair) != len(seen.parties):
            wanted = f"wanted one loading for each of {', '.join(seen.parties)}"
            raise ScenarioRefused(scenario.source, f"grid.pairs has {list(pair)}, {wanted}")
        seen.places(pair)
    axes = (
        scenario.market.mechanisms,
        _profiles(scenario, len(seen.parties)),
        scenario.grid.pairs,
        range(scenario.play.replicates),
    )
    return tuple(Run(m, pair, who, again) for m, who, pair, again in product(*axes))


def _profiles(scenario: Scenario, parties: int) -> Sequence[tuple[str, ...]]:
    """Return all profiles, or as many as are wanted, drawn without replacement."""
    names, most = scenario.play.strategies, scenario.play.profiles
    count = len(names) ** parties
    if count <= most:
        return tuple(product(names, repeat=parties))
    rng = np.random.default_rng([scenario.seed, count])
    chosen = np.sort(rng.choice(count, size=most, replace=False))
    digits = np.stack(np.unravel_index(chosen, (len(names),) * parties), -1)
    return tuple(tuple(names[digit] for digit in row) for row in digits.tolist())


def play_all(
    scenario: Scenario,
    seen: Study,
    progress: Progress,
    workers: int | None = None,
    parts: Parts | None = None,
    sink: Sink | None = None,
) -> Tournament:
    """Play every run; the results do not depend on the number of workers.

    Where the order of the best strategies is to be settled, replicates are played in rounds,
    and no more of them once it is: the results are then those of so many replicates, but
    windows are handed on round by round.

    Parameters
    ----------
    scenario : Scenario
        Who plays, by which rules, where.
    seen : Study
        What the grid says.
    progress : callable
        Told how many runs are done, and how many there are.
    workers : int, optional
        How many processes; as many as are worth their start unless given.
    parts : Parts, optional
        Where finished parts are found, and kept.
    sink : callable, optional
        Handed the windows of all runs, as they are played.
    """
    runs, best = plan(scenario, seen), scenario.play.settle
    played: list[Run] = []
    found: list[pd.DataFrame] = []
    means: list[pd.DataFrame] = []
    for replicates in rounds(scenario.play.replicates, best):
        asked = [run for run in runs if run.replicate in replicates]
        with closing(_payoffs(scenario, seen, asked, workers, parts, sink)) as tables:
            start = len(found)
            for done, table in tables:
                found.append(table)
                progress(len(played) + done, len(runs))
        played += asked
        if best and len(played) < len(runs):
            means.append(means_by_unit(pd.concat(found[start:])))
            if not open_pairs(pd.concat(means, axis=1).sort_index(axis=1), best):
                progress(len(played), len(played))
                break
    profiles = len(scenario.play.strategies) ** len(seen.parties)
    place = {run: i for i, run in enumerate(runs)}
    ordered = _in_order(pd.concat(found, ignore_index=True), [place[run] for run in played])
    return Tournament(
        scenario, seen, tuple(sorted(played, key=place.__getitem__)), profiles, ordered
    )


def _payoffs(
    scenario: Scenario,
    seen: Study,
    runs: Sequence[Run],
    workers: int | None,
    parts: Parts | None,
    sink: Sink | None,
) -> Generator[tuple[int, pd.DataFrame]]:
    """Yield how many runs are done and the payoffs of each part, in order, kept or fresh."""
    chunks = _chunks(scenario, seen, runs)
    shared = _key(scenario, seen, windows=sink is not None)
    keys = [_key_of_part(shared, chunk) for chunk in chunks]
    found: list[Tables | None] = [parts.get(key) if parts else None for key in keys]
    missing = [chunk for chunk, part in zip(chunks, found, strict=True) if part is None]
    wanted = workers or _worth_starting(scenario, seen, sum(map(len, missing)))
    work = partial(_part, scenario, seen.without_voltages(), sink is not None)
    done = 0
    with closing(spread(work, missing, wanted)) as fresh:
        for chunk, key, part in zip(chunks, keys, found, strict=True):
            tables = next(fresh) if part is None else part
            if part is None and parts:
                parts.put(key, tables)
            if sink:
                sink(tables["windows"])
            done += len(chunk)
            yield done, tables["payoffs"]


def _part(scenario: Scenario, seen: Study, windows: bool, runs: Sequence[Run]) -> Tables:
    return play_part(scenario, seen, runs, windows)


def _in_order(payoffs: pd.DataFrame, places: Sequence[int]) -> pd.DataFrame:
    """Return the rows of runs in the order of their places, not of when they were played."""
    if all(a < b for a, b in pairwise(places)):
        return payoffs
    rows = np.repeat(places, len(payoffs) // len(places))
    return payoffs.iloc[np.argsort(rows, kind="stable")].reset_index(drop=True)


def keeps_windows(scenario: Scenario, seen: Study) -> bool:
    """Return whether a tournament is small enough for a table of all windows."""
    runs = len(plan(scenario, seen))
    return runs * seen.days * seen.cost_gbp.shape[3] <= MOST_WINDOWS


def play_part(scenario: Scenario, seen: Study, runs: Sequence[Run], windows: bool) -> Tables:
    """Play some runs under one mechanism, and reckon what they mean.

    Parameters
    ----------
    scenario : Scenario
        By which rules, where.
    seen : Study
        What the grid says.
    runs : sequence of Run
        Under one mechanism.
    windows : bool
        Whether the windows are wanted too.
    """
    cases = {pair: Case.of(seen, pair) for pair in dict.fromkeys(run.pair for run in runs)}
    out = play(scenario, cases, runs, terms(scenario, seen, runs[0].mechanism))
    tables = {"payoffs": payoffs_table(scenario, seen, runs, out)}
    if windows:
        tables["windows"] = windows_table(scenario, seen, runs, out)
    return tables


def _chunks(scenario: Scenario, seen: Study, runs: Sequence[Run]) -> list[Sequence[Run]]:
    """Cut runs into parts under one mechanism, of a size that depends on nothing else."""
    most = at_once(scenario, seen)
    return [
        alike[i : i + most]
        for name in scenario.market.mechanisms
        for alike in [[run for run in runs if run.mechanism == name]]
        for i in range(0, len(alike), most)
    ]


def _key(scenario: Scenario, seen: Study, windows: bool) -> dict[str, object]:
    """Return what determines every part; what else a scenario asks for does not matter."""
    return {
        "seed": scenario.seed,
        "market": asdict(replace(scenario.market, mechanisms=())),
        "chain": asdict(scenario.chain),
        "windows": windows,
        "costs": seen.sha256(),
    }


def _key_of_part(shared: dict[str, object], runs: Sequence[Run]) -> str:
    played = sorted({name for run in runs for name in run.strategies})
    described = [asdict(run) for run in runs]
    return key_of(**shared, runs=described, files=files_sha256(played))


def _worth_starting(scenario: Scenario, seen: Study, runs: int) -> int:
    """Return how many processes pay."""
    negotiations = runs * seen.days * seen.cost_gbp.shape[3]
    each = WORTH_A_WORKER.get(scenario.chain.venue, ON_A_CHAIN)
    return min(os.cpu_count() or 1, 1 + negotiations // each)
