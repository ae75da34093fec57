"""A limit on how long work may take, whatever it is doing."""

import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import sleep
from types import FrameType
from typing import Any, Final, TypeVar

Made = TypeVar("Made")

AGAIN_S: Final = 1.0
"""Who was told to stop, and has not, is told again after so long."""

GRACE_S: Final = 2.0
"""How long a thread may take to stop; one that waits for ever is left behind."""


class TooLong(BaseException):
    """Work took longer than it may; no `except Exception` within takes it for its own."""


def within(seconds: float, work: Callable[[], Made]) -> Made:
    """Return what work makes, or raise `TooLong` after so many seconds; 0 for no limit.

    A signal ends it where there is one. On threads of Dask workers, and on Windows, it goes
    on a thread of its own, where Python raises between two of its instructions.

    Examples
    --------
    >>> within(60.0, lambda: 2 + 2)
    4
    """
    if not seconds:
        return work()
    main = threading.current_thread() is threading.main_thread()
    if main and hasattr(signal, "SIGALRM"):
        with _alarm(seconds):
            return work()
    return _on_a_thread(seconds, work)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_: int, __: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _on_a_thread(seconds: float, work: Callable[[], Made]) -> Made:
    made: list[Made] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            made.append(work())
        except BaseException as error:  # noqa: BLE001  handed to who waits
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _stop(thread)
        raise TooLong
    if failed:
        raise failed[0]
    return made[0]


def _stop(thread: threading.Thread) -> None:
    """Have a thread stop between two of its instructions, or leave it if it makes none.

    While an exception waits for a thread that sleeps, Python 3.11 is slow, and goes round for
    ever in a thread that is traced. So none is left waiting, and none is sent under a tracer;
    that it waits no more Python notices only where it raises one, which is here.
    """
    if sys.gettrace() is not None:
        return
    _send(thread, TooLong)
    thread.join(GRACE_S)
    if thread.is_alive():
        _send(thread, None)
        _send(threading.current_thread(), TooLong)
        with suppress(TooLong):
            for _ in range(100):
                sleep(0.001)


def _send(thread: threading.Thread, error: type[BaseException] | None) -> None:
    raising: Any = ctypes.pythonapi.PyThreadState_SetAsyncExc
    raising(ctypes.c_ulong(thread.ident or 0), error and ctypes.py_object(error))
