"""What answers the cells of a sweep: each answer is numbers by name.

A user's own is a function in a file, ``mine.py:scores``, that takes a `Question` and returns
such numbers; the path is relative to the sweep's file.
"""

import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

from experiments.errors import ExperimentError, InputRefused, Unknown
from experiments.sweep.question import Question, Scores

Answering: TypeAlias = Callable[[Question], Mapping[str, float]]

ABOUT: Final = ("replicate", "seed", "error")
"""Columns of a sweep's table that are neither factors nor scores."""


def score(name: str, folder: Path, asked: Question) -> Scores:
    """Return the answer to a question.

    Parameters
    ----------
    name : str
        A key into `SCORES`, or ``file.py:function``.
    folder : Path
        What the path of a file is relative to.
    asked : Question
        Of a cell.

    Raises
    ------
    Unknown, InputRefused
        If there is no such function, or its answer is no mapping of numbers, or has a name
        that another column has.
    """
    answer = function(name, folder)(asked)
    if not isinstance(answer, Mapping):
        raise InputRefused(name, f"returned {type(answer).__name__}, wanted numbers by name")
    if taken := {*map(str, answer)} & {*ABOUT, *asked.factors}:
        raise InputRefused(name, f"returned {min(taken)!r}, which is another column's name")
    return {str(key): float(value) for key, value in answer.items()}


def function(name: str, folder: Path) -> Answering:
    """Return what answers, found out before any cell is played."""
    path, _, called = name.rpartition(":")
    if path.endswith(".py"):
        return _own(folder / path, called)
    if name not in SCORES:
        raise Unknown("scores", name, SCORES)
    module, _, called = SCORES[name].rpartition(":")
    return getattr(import_module(module), called)


@cache
def _own(path: Path, called: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"gridpact_scores_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise InputRefused(str(path), "no such file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except ExperimentError:
        raise
    except Exception as error:
        raise InputRefused(str(path), f"{type(error).__name__}: {error}") from error
    if not callable(getattr(module, called, None)):
        raise InputRefused(str(path), f"has no function {called!r}")
    return getattr(module, called)


SCORES: Final[Mapping[str, str]] = {
    name: f"experiments.sweep.{name}_scores:{name}_scores"
    for name in ("match", "bins", "feasibility", "duel", "robust", "size", "community")
}
"""What may be asked, by the name that a sweep uses; imported when it is."""
