"""A sweep with the files that its cells read, for workers that share no disk with us."""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import Any

from experiments.errors import InputRefused
from experiments.sweep.plan import Sweep
from experiments.whole_file import write_whole


@dataclass(frozen=True, eq=False)
class Carried:
    """A sweep, and its files."""

    sweep: Sweep

    files: Mapping[str, bytes]
    """Content by path, which is relative to the sweep's file or its scenario's."""

    sha256: str
    """Of all files."""


def carried(sweep: Sweep) -> Carried:
    """Return a sweep with its files.

    Raises
    ------
    InputRefused
        If a file is not beside the sweep or below: there is no such place elsewhere.
    """
    files = {}
    for name, path in sorted(sweep.files().items()):
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise InputRefused(name, "is elsewhere, wanted a file beside the sweep for --dask")
        files[name] = path.read_bytes()
    found = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    return Carried(sweep, files, found)


def unpacked(shared: Carried) -> Sweep:
    """Return a sweep whose files are on this machine."""
    return _unpacked(_Once(shared, shared.sha256))


@dataclass(frozen=True)
class _Once:
    """What is unpacked once: told apart by its hash and its sweep."""

    shared: Carried
    sha256: str

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, _Once) and other.shared is self.shared


@cache
def _unpacked(once: _Once) -> Sweep:
    folder = Path(tempfile.gettempdir()) / f"gridpact-{once.sha256[:32]}"
    for name, content in once.shared.files.items():
        write_whole(folder / name, partial(Path.write_bytes, data=content))
    return replace(once.shared.sweep, folder=folder, home=folder)
