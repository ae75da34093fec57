"""Play what is missing of a sweep, and keep every cell as it comes to an end."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

from experiments.errors import ExperimentError
from experiments.interrupts import Interrupted
from experiments.sweep.plan import Cell, Sweep
from experiments.sweep.store import Result, Store
from experiments.sweep.workers import Finished, dask, here, processes

WRITERS: Final = 4
"""Threads that wait for the disk, so that cells need not."""

WAITING: Final = 64
"""How many results may wait to be written."""


class NotKept(ExperimentError):
    """A result could not be written, such as on a full disk."""


@dataclass(frozen=True)
class Workers:
    """Who plays the cells."""

    processes: int = 1
    """Of this machine; 0 for this one, which then dies with a cell that kills it."""

    dask: str = ""
    """Address of a Dask scheduler; none unless given."""

    def play(self, sweep: Sweep, cells: Sequence[Cell], interrupted: Interrupted) -> Finished:
        """Return cells as they come to an end."""
        if self.dask:
            return dask(sweep, cells, self.dask, interrupted)
        if not self.processes:
            return here(sweep, cells, interrupted)
        return processes(sweep, cells, self.processes, interrupted)


def missing(store: Store, keys: Sequence[str], *, again: bool) -> list[int]:
    """Return where cells have no result, or with `again` failed."""
    found = ((place, store.get(key)) for place, key in enumerate(keys))
    return [p for p, result in found if result is None or (again and "error" in result)]


def play_missing(
    sweep: Sweep,
    cells: Sequence[Cell],
    keys: Sequence[str],
    store: Store,
    places: Sequence[int],
    workers: Workers,
    progress: Callable[[int, int, str], None],
    interrupted: Interrupted,
) -> bool:
    """Play some cells, and return whether all were played; Ctrl-C leaves the rest.

    Raises
    ------
    NotKept
        If a result cannot be written; those before it are kept.
    """
    done, failed, started = 0, 0, monotonic()
    played = workers.play(sweep, [cells[place] for place in places], interrupted)
    with closing(played), _writers(store) as keep:
        for place, result in played:
            keep(keys[places[place]], result)
            done += 1
            failed += "error" in result
            rate = done / max(monotonic() - started, 1e-9)
            progress(done, len(places), f"{rate:.1f} a second, {failed} failed")
    return done == len(places)


@contextmanager
def _writers(store: Store) -> Iterator[Callable[[str, Result], None]]:
    """Yield what has a result written; raise `NotKept` soon after one could not be."""
    waiting: deque[Future[None]] = deque()

    def settle(most: int) -> None:
        while len(waiting) > most:
            try:
                waiting.popleft().result()
            except OSError as error:
                reason = f"{store.folder}: {error.strerror}; what was finished before is kept"
                raise NotKept(reason) from error

    def keep(key: str, result: Result) -> None:
        waiting.append(pool.submit(store.put, key, result))
        settle(WAITING)

    with ThreadPoolExecutor(WRITERS) as pool:
        yield keep
        settle(0)
