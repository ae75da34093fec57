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
from experiments.match import Outcome, play
from experiments.scenario import Scenario
from experiments.wiring import Progress, Study, terms

CHUNK: Final = 5
"""Matches handed to a worker at a time."""

WORTH_A_WORKER: Final = 100
"""A further process pays from so many matches on; it takes seconds to start."""


@dataclass(frozen=True)
class Match:
    """One profile on one pair of loadings and one day, under one mechanism."""

    mechanism: str
    pair: tuple[str, ...]
    day: int

    strategies: tuple[str, ...]
    """The strategy of each seat."""

    @property
    def loading(self) -> str:
        """The loadings in one word, such as ``N-D``."""
        return "-".join(self.pair)


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


def plan(scenario: Scenario, seen: Study) -> tuple[Match, ...]:
    """Return every match of a tournament, in the order of its results.

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
    axes = scenario.market.mechanisms, scenario.grid.pairs, range(seen.days), tuple(profiles)
    return tuple(Match(*place) for place in product(*axes))


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
    matches = plan(scenario, seen)
    wanted = workers or min(os.cpu_count() or 1, 1 + len(matches) // WORTH_A_WORKER)
    outcomes = []
    with closing(_outcomes(scenario, seen, matches, wanted)) as found:
        for outcome in found:
            outcomes.append(outcome)
            progress(len(outcomes), len(matches))
    return Tournament(scenario, seen, matches, tuple(outcomes))


def windows_table(played: Tournament) -> pd.DataFrame:
    """Return one row a window of each match; columns of a seat end in its index."""
    parts = []
    pounds = played.scenario.chain.gas_gbp
    for match, out in zip(played.matches, played.outcomes, strict=True):
        costs = played.seen.costs_gbp(match.pair, match.day)
        chosen = np.take_along_axis(costs, out.option[np.newaxis, :, np.newaxis], -1)[..., 0]
        by_seat = {
            "cost_gbp": chosen,
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
    scenario: Scenario, seen: Study, matches: Sequence[Match], workers: int
) -> Generator[Outcome]:
    """Yield the outcome of each match, in order."""
    agreed = {name: terms(scenario, seen, name) for name in scenario.market.mechanisms}
    arguments = (
        repeat(scenario, len(matches)),
        [agreed[match.mechanism] for match in matches],
        [seen.costs_gbp(match.pair, match.day) for match in matches],
        [match.strategies for match in matches],
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


def _handed_out(
    pool: ProcessPoolExecutor, arguments: Iterable[Iterable[Any]]
) -> Iterator[Outcome]:
    """Start the workers and give them all matches; Ctrl-C in between comes afterwards."""
    with finishing() as interrupted, _workers_without_ctrl_c():
        outcomes = pool.map(play, *arguments, chunksize=CHUNK)
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
