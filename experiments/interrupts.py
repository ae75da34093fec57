"""Ctrl-C that lets the work in hand come to an end, so that what was finished is kept."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

Interrupted = Callable[[], bool]

INTERRUPTED: Final = 130
"""The exit code of a command that was interrupted."""


@contextmanager
def finishing() -> Iterator[Interrupted]:
    """Yield whether Ctrl-C came; a second one interrupts at once.

    Examples
    --------
    >>> with finishing() as interrupted:
    ...     for window in range(2):
    ...         if not interrupted():
    ...             print(window)
    0
    1
    """
    came: list[int] = []

    def remember(number: int, _: FrameType | None) -> None:
        came.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield lambda: bool(came)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """Block Ctrl-C in processes that start within, for good; here it comes afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
