"""Every strategy in each seat against every other, for every mechanism, loading and day."""

import multiprocessing
import os
import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import product, repeat
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.errors import ScenarioRefused
from experiments.interrupts import finishing
from experiments.match import Case, Outcome, Run, at_once, play
from experiments.scenario import Scenario
from experiments.wiring import Progress, Study, terms

WORTH_A_WORKER: Final = {"local": 500_000}
"""A further process pays from so many negotiations on; it takes seconds to start."""

ON_A_CHAIN: Final = 5_000
"""The same where each is a dozen transactions."""


@dataclass(frozen=True)
class Match:
    """A day of a run: what standings count."""

    run: Run
    day: int

    @property
    def mechanism(self) -> str:
        """By which it is negotiated."""
        return self.run.mechanism

    @property
    def pair(self) -> tuple[str, ...]:
        """The loading of each network."""
        return self.run.pair

    @property
    def loading(self) -> str:
        """The loadings in one word, such as ``N-D``."""
        return self.run.loading

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategy of each seat."""
        return self.run.strategies


@dataclass(frozen=True, eq=False)
class Tournament:
    """All matches, and what became of them."""

    scenario: Scenario
    seen: Study

    matches: tuple[Match, ...]
    """In the order of mechanism, pair, day, and the strategy of each seat."""

    outcomes: tuple[Outcome, ...]
    """One for each match."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many mechanisms, pairs, days, and strategies for each seat there are."""
        scenario, seen = self.scenario, self.seen
        strategies = repeat(len(scenario.play.strategies), len(seen.parties))
        market, grid = scenario.market, scenario.grid
        return (len(market.mechanisms), len(grid.pairs), seen.days, *strategies)


def plan(scenario: Scenario, seen: Study) -> tuple[Run, ...]:
    """Return every run of a tournament: mechanism, pair, strategy of each seat.

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
    profiles = product(scenario.play.strategies, repeat=len(seen.parties))
    axes = scenario.market.mechanisms, scenario.grid.pairs, tuple(profiles)
    return tuple(Run(*place) for place in product(*axes))


def play_all(
    scenario: Scenario, seen: Study, progress: Progress, workers: int | None = None
) -> Tournament:
    """Play every match; the results do not depend on the number of workers.

    Parameters
    ----------
    scenario : Scenario
        Who plays, by which rules, where.
    seen : Study
        What the grid says.
    progress : callable
        Told how many matches are done, and how many there are.
    workers : int, optional
        How many processes; as many as are worth their start unless given.
    """
    runs = plan(scenario, seen)
    wanted = workers or _worth_starting(scenario, seen, len(runs))
    outcomes: list[Outcome] = []
    with closing(_outcomes(scenario, seen, runs, wanted)) as found:
        for some in found:
            outcomes += some
            progress(len(outcomes), len(runs))
    return _by_day(scenario, seen, runs, outcomes)


def _worth_starting(scenario: Scenario, seen: Study, runs: int) -> int:
    """Return how many processes pay."""
    negotiations = runs * seen.days * seen.cost_gbp.shape[3]
    each = WORTH_A_WORKER.get(scenario.chain.venue, ON_A_CHAIN)
    return min(os.cpu_count() or 1, 1 + negotiations // each)


def _by_day(
    scenario: Scenario, seen: Study, runs: Sequence[Run], outcomes: Sequence[Outcome]
) -> Tournament:
    """Cut runs into matches of a day each, days before profiles."""
    windows = seen.cost_gbp.shape[3]
    profiles = len(scenario.play.strategies) ** len(seen.parties)
    found = {}
    for i, (run, outcome) in enumerate(zip(runs, outcomes, strict=True)):
        for day, part in enumerate(outcome.days(windows)):
            found[i // profiles, day, i % profiles] = Match(run, day), part
    matches, parts = zip(*(found[place] for place in sorted(found)), strict=True)
    return Tournament(scenario, seen, matches, parts)


def windows_table(played: Tournament) -> pd.DataFrame:
    """Return one row a window of each match; columns of a seat end in its index."""
    parts = []
    pounds = played.scenario.chain.gas_gbp
    for match, out in zip(played.matches, played.outcomes, strict=True):
        by_seat = {
            "cost_gbp": out.cost_gbp,
            "payment_gbp": out.paid * played.scenario.market.tick_gbp,
            "fee_gbp": out.gas * pounds,
        }
        parts.append(
            pd.DataFrame(
                _labels(match)
                | {
                    "window": np.arange(len(out.option)),
                    "option": out.option,
                    "set_point_mw": out.set_point_mw,
                    "stopped": out.stopped,
                    "authority": out.authority,
                    "authority_used": out.authority_used,
                    "gas": out.own_gas.sum(axis=0) + out.shared_gas,
                }
                | {
                    f"{k}_{seat}": v[seat]
                    for k, v in by_seat.items()
                    for seat in played.seen.seats
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _labels(match: Match) -> dict[str, object]:
    by_seat = {f"strategy_{seat}": name for seat, name in enumerate(match.strategies)}
    return {"mechanism": match.mechanism, "pair": match.loading, "day": match.day} | by_seat


def _outcomes(
    scenario: Scenario, seen: Study, runs: Sequence[Run], workers: int
) -> Generator[list[Outcome]]:
    """Yield the outcomes of runs, some at a time, in order."""
    agreed = {name: terms(scenario, seen, name) for name in scenario.market.mechanisms}
    most = min(at_once(scenario, seen), 1 + len(runs) // workers)
    chunks = [
        part
        for name in scenario.market.mechanisms
        for part in _parts([run for run in runs if run.mechanism == name], most)
    ]
    cases = {pair: Case.of(seen, pair) for pair in scenario.grid.pairs}
    arguments = (
        repeat(scenario, len(chunks)),
        [{run.pair: cases[run.pair] for run in chunk} for chunk in chunks],
        chunks,
        [agreed[chunk[0].mechanism] for chunk in chunks],
    )
    if workers == 1:
        yield from map(play, *arguments)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy held locks
    pool = ProcessPoolExecutor(workers, context, initializer=_leave_ctrl_c_to_the_parent)
    others = set(multiprocessing.active_children())
    try:
        yield from _handed_out(pool, arguments)
    except BaseException:  # Ctrl-C, or whoever asks for no more: do not wait for matches
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _parts(runs: Sequence[Run], most: int) -> list[Sequence[Run]]:
    return [runs[i : i + most] for i in range(0, len(runs), most)]


def _handed_out(
    pool: ProcessPoolExecutor, arguments: Iterable[Iterable[Any]]
) -> Iterator[list[Outcome]]:
    """Start the workers and give them all matches; Ctrl-C in between comes afterwards."""
    with finishing() as interrupted, _workers_without_ctrl_c():
        outcomes = pool.map(play, *arguments)
    if interrupted():
        raise KeyboardInterrupt
    return outcomes


@contextmanager
def _workers_without_ctrl_c() -> Iterator[None]:
    """Block Ctrl-C in processes that start within, from before they can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
