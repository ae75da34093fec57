"""Who plays the cells: this process, processes of this machine, or a Dask cluster.

Each yields ``(place, result)`` as cells come to an end, in whatever order; what a result is
depends on its cell alone.
"""

from collections.abc import Generator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from experiments.errors import InputRefused
from experiments.interrupts import without_ctrl_c
from experiments.sweep.cell import play_cell
from experiments.sweep.plan import Cell, Sweep
from experiments.sweep.store import Result

Finished: TypeAlias = Generator[tuple[int, Result]]
"""Places in a list of cells, and what came of them."""

DIED = "its process died, perhaps for want of memory"
"""Why a cell has no scores whose worker is gone."""


def here(sweep: Sweep, cells: Sequence[Cell]) -> Finished:
    """Play cells one after another in this process."""
    for place, cell in enumerate(cells):
        yield place, play_cell(sweep, cell)


def processes(sweep: Sweep, cells: Sequence[Cell], workers: int) -> Finished:
    """Play cells in so many processes of this machine.

    If a process dies, what is left is divided until the cell that kills it stands alone.
    """
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import BrokenProcessPool

    left = set(range(len(cells)))
    pool = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size="auto")
    try:
        with without_ctrl_c():
            found = pool(delayed(_placed)(sweep, i, cell) for i, cell in enumerate(cells))
        for place, result in found:
            left.discard(place)
            yield place, result
    except BrokenProcessPool:
        rest = sorted(left)
        if len(rest) == 1:
            yield rest[0], {"error": DIED}
            return
        for half in (rest[: len(rest) // 2], rest[len(rest) // 2 :]):
            for place, result in processes(sweep, [cells[i] for i in half], workers):
                yield half[place], result


def dask(sweep: Sweep, cells: Sequence[Cell], address: str) -> Finished:
    """Play cells on the workers of a Dask cluster, which need this package alone.

    Raises
    ------
    InputRefused
        If there is no scheduler at the address.
    """
    distributed: Any = import_module("distributed")  # its functions are not typed
    try:
        client = distributed.Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputRefused(f"--dask {address}", f"no scheduler answers: {error}") from error
    with client:
        if ".py:" in sweep.scores:
            client.upload_file(str(sweep.folder / Path(sweep.scores.rpartition(":")[0])))
        shared = client.scatter(sweep, broadcast=True)
        futures = {
            client.submit(play_cell, shared, cell, pure=False): place
            for place, cell in enumerate(cells)
        }
        for future in distributed.as_completed(futures):
            lost = future.status != "finished"
            yield futures.pop(future), {"error": DIED} if lost else future.result()


def _placed(sweep: Sweep, place: int, cell: Cell) -> tuple[int, Result]:
    return place, play_cell(sweep, cell)
