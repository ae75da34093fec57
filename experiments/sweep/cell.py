"""One cell: its scenario, what is asked of it, and an error as a result like any other."""

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from experiments.errors import ExperimentError
from experiments.sweep.plan import Cell, Sweep
from experiments.sweep.scores import Question, score
from experiments.sweep.store import Result


class TooLong(ExperimentError):
    """A cell took longer than it may."""


def play_cell(sweep: Sweep, cell: Cell) -> Result:
    """Return the scores of a cell, or why there are none."""
    try:
        with _limited(sweep.time_limit_s):
            scenario = sweep.scenario(cell) if sweep.table else None
            asked = Question(scenario, dict(cell.values), cell.seed)
            return {"scores": score(sweep.scores, sweep.folder, asked)}
    except TooLong:
        return {"error": f"took longer than {sweep.time_limit_s:g} s"}
    except Exception as error:  # noqa: BLE001  a cell that fails is a row with its error
        said = " ".join(str(error).split())
        expected = isinstance(error, ExperimentError)
        return {"error": said if expected else f"{type(error).__name__}: {said}"}


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `TooLong` within if it takes longer than so many seconds; 0 for no limit.

    A signal where there is one, which also ends waiting; on the threads of a Dask worker,
    or on Windows, an exception that Python raises between two of its instructions.
    """
    if not seconds:
        yield
        return
    main = threading.current_thread() is threading.main_thread()
    with _alarm(seconds) if main and hasattr(signal, "SIGALRM") else _exception(seconds):
        yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_: int, __: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _exception(seconds: float) -> Iterator[None]:
    thread = ctypes.c_ulong(threading.get_ident())
    ring = ctypes.pythonapi.PyThreadState_SetAsyncExc
    timer = threading.Timer(seconds, ring, (thread, ctypes.py_object(TooLong)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        ring(thread, None)  # if it rang just now
