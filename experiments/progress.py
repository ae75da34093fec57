"""Progress bars on standard error, with the time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of what is done and what there is; it draws where people look.

    Examples
    --------
    >>> with progress_bar("Counting") as progress:
    ...     progress(1, 2)
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    off = not console.is_terminal  # where it would leave an empty line
    with Progress(*columns, console=console, transient=True, disable=off) as bars:
        task = bars.add_task(doing, total=None, visible=False)

        def progress(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total, visible=True)

        yield progress
