"""Cells that are handed out a few at a time, and come back in whatever order."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol, TypeAlias

from experiments.interrupts import Interrupted, without_ctrl_c
from experiments.sweep.plan import Cell
from experiments.sweep.store import Result

LOOK_S: Final = 0.2
"""How often Ctrl-C is looked for while cells are played."""


class Future(Protocol):
    """A result to come, of whatever engine."""

    def result(self) -> Result:
        """Return it, or raise what went wrong."""

    def add_done_callback(self, call: Callable[[Any], Any], /) -> Any:
        """Have something called once it is there."""


Submit: TypeAlias = Callable[[Cell], Future]
"""Hands a cell to a worker; raises RuntimeError if it takes no more."""


def windowed(
    submit: Submit,
    cells: Sequence[Cell],
    many: int,
    deaths: type[Exception],
    interrupted: Interrupted,
) -> Iterator[tuple[int, Result | None]]:
    """Yield places and results as they come; None for a cell whose worker died.

    Parameters
    ----------
    submit : callable
        Hands out a cell. If it takes no more, what is out is awaited, and the rest left.
    cells : sequence of Cell
        To be played.
    many : int
        How many are out at a time.
    deaths : type of Exception
        What a future raises whose worker died.
    interrupted : callable
        Whether Ctrl-C came; then no more are awaited.
    """
    came: SimpleQueue[tuple[int, Future]] = SimpleQueue()
    waiting: Iterator[tuple[int, Cell]] = iter(enumerate(cells))
    out = 0
    while not interrupted():
        for place, cell in islice(waiting, many - out):
            try:
                with without_ctrl_c():
                    future = submit(cell)
            except RuntimeError:
                waiting = iter(())
                break
            future.add_done_callback(partial(_note, came, place))
            out += 1
        if not out:
            return
        try:
            place, future = came.get(timeout=LOOK_S)
        except Empty:
            continue
        out -= 1
        try:
            result = future.result()
        except deaths:
            yield place, None
        else:
            yield place, result


def _note(came: SimpleQueue[tuple[int, Future]], place: int, future: Future) -> None:
    came.put((place, future))
