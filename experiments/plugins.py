"""Strategies from outside: a class in a user's file, an installed package, bids in a file.

A class is named ``path/to/file.py:Class``, the path relative to the working folder; a package
lists its own in the group of entry points `GROUP`. Whether they work `experiments.trial` tells.
"""

import copyreg
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from os import sep
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast
from zlib import crc32

from agents.lookup import Maker, NotAStrategy, UnknownName, find
from agents.player import StrategyFailed
from agents.strategies.base import Strategy
from experiments.errors import ExperimentError, InputRefused, Unknown
from experiments.identity import file_sha256
from experiments.scenario import STRATEGY_FILES
from experiments.seat import SUFFIX, FromFile

GROUP: Final = "gridpact.strategies"
"""The entry points of strategies in installed packages."""

MODULE: Final = "gridpact_plugin_"
"""What the modules are called that users' files become."""

OURS: Final = (
    *(
        f"{Path(__file__).parents[1] / part}{sep}"
        for part in ("agents", "experiments", "market")
    ),
    f"{Path(importlib.__file__).parent}{sep}",
)
"""Where code is that is not a user's: ours, and what loads modules."""


class StrategyBroken(ExperimentError):
    """A strategy from outside does not work."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text}: {reason}")
        self.text, self.reason = text, reason


def strategy(text: str) -> Strategy:
    """Return what a text stands for, whether it is listed or from outside.

    Raises
    ------
    Unknown, InputRefused
        If the text is wrong.
    StrategyBroken
        If what it names does not work.
    """
    try:
        return find(text, outside)
    except UnknownName as error:
        raise Unknown(error.kind, error.name, error.known) from error
    except NotAStrategy as error:
        raise InputRefused(f"strategy {text!r}", error.reason) from error
    except ExperimentError:
        raise
    except Exception as error:
        raise StrategyBroken(text, why(error)) from error


def outside(name: str) -> Maker | None:
    """Return what makes a strategy that is not listed, or None if nothing does."""
    path, _, kind = name.rpartition(":")
    if path.endswith(".py"):
        return _from_file(name, Path(path), kind)
    if name.endswith(SUFFIX):
        return _seat(name)
    for point in installed():
        if point.name == name:
            return _callable(name, _loaded(name, point.load))
    return None


def installed() -> tuple[EntryPoint, ...]:
    """Return the strategies of installed packages, by name."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda point: point.name))


def files_sha256(texts: Iterable[str]) -> dict[str, str]:
    """Return the hash of every user's file that strategies come from, by its path."""
    paths = (path for text in texts for path in STRATEGY_FILES.findall(text))
    return {path: file_sha256(Path(path)) for path in paths}


def why(error: BaseException) -> str:
    """Return what happened to a strategy, and where in its file, in a line."""
    if isinstance(error, StrategyFailed):
        cause = error.__cause__
        if cause is None or cause.__traceback__ is None:  # it came from another process
            return error.reason
        error = cause
    said = " ".join(str(error).split())
    return f"raised {type(error).__name__}{_place(error)}" + (f": {said}" if said else "")


def _place(error: BaseException) -> str:
    """Return the function and line of the first file that is not ours, as far as it went."""
    if isinstance(error, SyntaxError):
        return ""  # it tells its line itself
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [f for f in frames if not f.filename.startswith(("<", *OURS))]
    for frame in reversed(theirs):
        if frame.filename == theirs[0].filename:
            return f" in {frame.name}, line {frame.lineno}"
    return ""


def _from_file(name: str, path: Path, kind: str) -> Maker:
    """Return a class of a user's file."""
    if not path.is_file():
        raise InputRefused(name, "no such file, wanted path/to/file.py:Class")
    module = _loaded(name, lambda: _module(path))
    known = [
        key
        for key, thing in vars(module).items()
        if isinstance(thing, type) and thing.__module__ == module.__name__
    ]
    if not hasattr(module, kind):
        raise Unknown(f"class of {path}", kind, known)
    return _callable(name, getattr(module, kind))


def _seat(name: str) -> Maker:
    """Return what makes a seat of the bids in a file."""
    if not Path(name).is_file():
        raise InputRefused(name, "no such file, wanted bids in JSON")
    return partial(FromFile, name)


def _module(path: Path) -> ModuleType:
    """Return a user's file as a module, the same one whenever it is asked for."""
    where = str(path.resolve())
    called = f"{MODULE}{crc32(where.encode()):08x}"
    if called in sys.modules:
        return sys.modules[called]
    spec = importlib.util.spec_from_file_location(called, where)
    if spec is None or spec.loader is None:  # pragma: no cover  a name that ends in .py has one
        raise ImportError(where)
    module = importlib.util.module_from_spec(spec)
    sys.modules[called] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[called]
        raise
    return module


def _loaded(name: str, load: Callable[[], Any]) -> Any:
    """Return what is loaded; whatever goes wrong is its own fault."""
    try:
        return load()
    except (Exception, SystemExit) as error:
        raise StrategyBroken(name, why(error)) from error


def _callable(name: str, thing: Any) -> Maker:
    if not callable(thing):
        raise StrategyBroken(name, f"is a {type(thing).__name__}, wanted a class")
    return cast(Maker, thing)


def _told(failed: StrategyFailed) -> tuple[Any, ...]:
    return StrategyFailed, (failed.strategy, failed.seat, why(failed))


copyreg.pickle(StrategyFailed, _told)  # so that a worker's reaches the process that asked
