"""What a user may have asked for wrongly; the command line shows one line and exits with 2.

ExperimentError          expected in normal operation
├── ScenarioRefused      a scenario file that cannot be run
├── InputRefused         a file of bids that cannot be negotiated
├── Unknown              a name that is in no registry
├── OutputRefused        a place that results cannot be written to
└── CheckFailed          nothing was asked wrongly, but what was checked does not hold
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeVar

from chain.errors import ChainError
from grid.errors import GridError
from market.errors import MarketError

Item = TypeVar("Item")


class ExperimentError(Exception):
    """Something that happens to a correct program when users ask for things."""


class ScenarioRefused(ExperimentError):
    """A scenario file cannot be run."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source, self.reason = source, reason


class InputRefused(ExperimentError):
    """A file of bids cannot be negotiated."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


class Unknown(ExperimentError):
    """A name is in no registry."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f"unknown {kind} {name!r}, {nearest(name, self.known)}")


class CheckFailed(ExperimentError):
    """What was checked does not hold; exit code 1."""


class OutputRefused(ExperimentError):
    """Results cannot be written to a place."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.folder, self.reason = folder, reason


EXPECTED: Final = (ExperimentError, MarketError, GridError, ChainError)
"""What a user can get wrong, or a machine can lack; each says so in words."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return what was wanted: the nearest name if there is one, else all of them.

    >>> nearest("thruthful", ["truthful", "random"])
    "did you mean 'truthful'?"
    >>> nearest("xyz", ["truthful", "random"])
    'wanted one of truthful, random'
    """
    known = tuple(known)
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"wanted one of {', '.join(known)}"


def chosen(kind: str, name: str, registry: Mapping[str, Item]) -> Item:
    """Return what a registry holds under a name, or raise `Unknown`.

    >>> chosen("letter", "a", {"a": 1})
    1
    """
    if name not in registry:
        raise Unknown(kind, name, registry)
    return registry[name]
