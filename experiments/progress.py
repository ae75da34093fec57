"""Progress bars on standard error, with the time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(doing: str) -> Iterator[Callable[..., None]]:
    """Yield a function of what is done and what there is; it draws where people look.

    A third argument is a note, such as how many have failed.

    Examples
    --------
    >>> with progress_bar("Counting") as progress:
    ...     progress(1, 2, "one to go")
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    off = not console.is_terminal  # where it would leave an empty line
    with Progress(*columns, console=console, transient=True, disable=off) as bars:
        task = bars.add_task(doing, total=None, visible=False)

        def progress(done: int, total: int, note: str = "") -> None:
            told = f"{doing} ({note})" if note else doing
            bars.update(task, completed=done, total=total, visible=True, description=told)

        yield progress
