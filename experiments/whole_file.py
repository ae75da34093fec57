"""A file that is there whole or not at all, whatever happens to process, disk or power."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import get_ident


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written aside, and then take its place at once; safe when this returns.

    Parameters
    ----------
    path : Path
        Its folder is made if it is not there.
    write : callable
        Handed where to write it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name[:16]}-{os.getpid()}-{get_ident()}")
    try:
        write(aside)
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have the names in a folder survive a loss of power."""
    if not hasattr(os, "O_DIRECTORY"):  # on Windows
        return
    handle = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
