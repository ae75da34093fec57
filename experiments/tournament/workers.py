"""Work that is spread over processes; what comes of it does not depend on how many."""

import multiprocessing
import pickle
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from experiments.errors import EXPECTED, ExperimentError
from experiments.interrupts import finishing, without_ctrl_c

Item = TypeVar("Item")
Made = TypeVar("Made")


def spread(
    work: Callable[[Item], Made], items: Sequence[Item], workers: int
) -> Generator[Made]:
    """Yield what comes of each item, in order.

    Parameters
    ----------
    work : callable
        Sent to every worker once; a function of a module, or a partial of one.
    items : sequence
        What is to be worked on.
    workers : int
        How many processes; of one, this one.
    """
    if workers == 1 or len(items) < 2:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy held locks
    pool = ProcessPoolExecutor(workers, context, _start_worker, (work,))
    others = set(multiprocessing.active_children())
    try:
        yield from _handed_out(pool, items)
    except BaseException:  # Ctrl-C, or whoever asks for no more: do not wait for matches
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _handed_out(pool: ProcessPoolExecutor, items: Iterable[Any]) -> Iterator[Any]:
    """Start the workers and give them all items; Ctrl-C in between comes afterwards."""
    with finishing() as interrupted, without_ctrl_c():
        made = pool.map(_work, items)
    if interrupted():
        raise KeyboardInterrupt
    return made


_common: Callable[[Any], Any] | None = None
"""What a worker does with every item; sent once."""


def _start_worker(work: Callable[[Any], Any]) -> None:
    """Leave Ctrl-C to the parent, and keep what is common."""
    global _common  # noqa: PLW0603  a worker has nowhere else to keep it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _common = work


def _work(item: Any) -> Any:
    if _common is None:
        raise RuntimeError("a worker was not started")
    try:
        return _common(item)
    except Exception as error:
        sent = _sendable(error)
        if sent is error:
            raise
        raise sent from error


def _sendable(error: Exception) -> Exception:
    """Return an error that arrives whole: itself, or its words.

    One whose arguments are not those of its constructor would end the pool instead.
    """
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001  a user's error may fail in any way
        if isinstance(error, EXPECTED):
            return ExperimentError(str(error))
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
