"""Who plays the cells: this process, processes of this machine, or a Dask cluster.

What a result is depends on its cell alone. Few cells are with the workers at a time: memory
does not grow with their number, and few are to be played again if a worker dies.
"""

import faulthandler
import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from logging import CRITICAL, getLogger
from socket import create_connection
from threading import Thread
from time import sleep
from typing import Any, Final, TypeAlias

from experiments.errors import InputRefused
from experiments.identity import sources_sha256
from experiments.interrupts import Interrupted
from experiments.sweep.carried import Carried, carried, unpacked
from experiments.sweep.cell import play_cell
from experiments.sweep.plan import Cell, Sweep
from experiments.sweep.store import Result
from experiments.sweep.windowed import windowed

Finished: TypeAlias = Generator[tuple[int, Result]]
"""Places in a list of cells, and what came of them."""

DIED: Final = "its process died, perhaps for want of memory"
"""Why a cell has no scores whose worker is gone."""

EACH: Final = 2
"""Cells that are with a worker at a time: the next one is there when it wants it.

Of more than twice its workers loky keeps some in a queue that trips over a shutdown.
"""

LOOK_S: Final = 0.5
"""How often a process looks whether its parent is there."""

FEWEST: Final = 16
"""Cells that are with a cluster at a time, however few threads it has yet."""

PATIENCE_S: Final = 10.0
"""How long a cell may go on after its limit that no signal stops, and a scheduler be silent."""


class OtherSources(RuntimeError):
    """A worker has another version of this package than who asks."""


def here(sweep: Sweep, cells: Sequence[Cell], interrupted: Interrupted) -> Finished:
    """Play cells one after another in this process."""
    for place, cell in enumerate(cells):
        if interrupted():
            return
        yield place, play_cell(sweep, cell)


def processes(
    sweep: Sweep, cells: Sequence[Cell], workers: int, interrupted: Interrupted
) -> Finished:
    """Play cells in so many processes of this machine.

    If one dies, the cells that were with any are played again, each alone in a process; the
    one that kills it takes no other with it.
    """
    todo = list(range(len(cells)))
    while todo and not interrupted():
        came, lost = set(), []
        for at, result in _in_pool(sweep, [cells[i] for i in todo], workers, interrupted):
            came.add(todo[at])
            if result is None:
                lost.append(todo[at])
            else:
                yield todo[at], result
        for place in lost:
            for _, result in _in_pool(sweep, [cells[place]], 1, interrupted):
                yield place, result or {"error": DIED}
        todo = [place for place in todo if place not in came]


def dask(
    sweep: Sweep, cells: Sequence[Cell], address: str, interrupted: Interrupted
) -> Finished:
    """Play cells on the workers of a Dask cluster, which need this package alone.

    A cell whose worker died is played again, alone on the cluster; if the worker dies once
    more it has failed.

    Raises
    ------
    InputRefused
        If no scheduler is at the address, it has no workers, one of them has other sources, or
        the scheduler goes away.
    """
    with _client(address) as client:
        shared = client.submit(_as_it_is, carried(sweep), pure=False)  # made again if lost
        submit = partial(client.submit, play_carried, shared, sources_sha256(), pure=False)
        killed = import_module("distributed").KilledWorker
        lost = []
        try:
            many = max(FEWEST, EACH * sum(client.ncores().values()))
            for place, result in windowed(submit, cells, many, killed, interrupted):
                if result is None:
                    lost.append(place)
                else:
                    yield place, result
            for place in lost:
                for _, result in windowed(submit, [cells[place]], 1, killed, interrupted):
                    yield place, result or {"error": DIED}
        except OtherSources as error:
            raise InputRefused(f"--dask {address}", str(error)) from error
        except CancelledError as error:
            reason = "the scheduler went away; what was finished before is kept"
            raise InputRefused(f"--dask {address}", reason) from error


def _as_it_is(shared: Carried) -> Carried:
    return shared


def play_carried(shared: Carried, sources: str, cell: Cell) -> Result:
    """Play a cell of a sweep that came over the wire, on a Dask worker."""
    if sources_sha256() != sources:
        raise OtherSources("a worker has another version of gridpact, wanted this machine's")
    return play_cell(unpacked(shared), cell)


def play_guarded(sweep: Sweep, cell: Cell) -> Result:
    """Play a cell in a process that ends if even a signal cannot stop it."""
    if not sweep.time_limit_s:
        return play_cell(sweep, cell)
    faulthandler.dump_traceback_later(sweep.time_limit_s + PATIENCE_S, exit=True)
    try:
        return play_cell(sweep, cell)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _in_pool(
    sweep: Sweep, cells: Sequence[Cell], workers: int, interrupted: Interrupted
) -> Iterator[tuple[int, Result | None]]:
    """Yield results from fresh processes; None, and then no more, once one has died."""
    from joblib.externals.loky.process_executor import BrokenProcessPool, ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, initializer=_go_with, initargs=(os.getpid(),))
    try:
        submit = partial(pool.submit, play_guarded, sweep)
        yield from windowed(submit, cells, EACH * workers, BrokenProcessPool, interrupted)
    finally:
        pool.shutdown(kill_workers=True)


def _go_with(parent: int) -> None:
    """Have this process end soon after its parent, even if that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            sleep(LOOK_S)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


@contextmanager
def _client(address: str) -> Iterator[Any]:
    place = f"--dask {address}"
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    if not address.startswith("tcp://") or not host or not port.isdigit():
        raise InputRefused(place, "no address, wanted one such as tcp://127.0.0.1:8786")
    try:
        create_connection((host, int(port)), PATIENCE_S).close()
    except (OSError, OverflowError) as error:
        raise InputRefused(place, f"no scheduler answers: {error}") from error
    distributed: Any = import_module("distributed")  # its functions are not typed
    getLogger("distributed").setLevel(CRITICAL)  # of workers that died it would tell at length
    with distributed.Client(address, set_as_default=False) as client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError:
            raise InputRefused(place, "the scheduler has no workers") from None
        yield client
