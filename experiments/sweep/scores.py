"""What a cell of a sweep is asked: each answer is numbers by name.

A user's own is a function in a file, ``mine.py:scores``, that takes a `Question` and returns
such numbers.
"""

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from experiments.errors import InputRefused, Unknown
from experiments.scenario import Scenario

Scores: TypeAlias = dict[str, float]
"""Numbers by name."""


@dataclass(frozen=True, eq=False)
class Question:
    """What a cell is."""

    scenario: Scenario | None
    """None if the sweep names none."""

    factors: Mapping[str, Any]
    """What each factor's keys are."""

    seed: int
    """Of the replicate."""


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
        If there is no such function, or its answer is no mapping of numbers.
    """
    answer = function(name, folder)(asked)
    if not isinstance(answer, Mapping):
        raise InputRefused(name, f"returned {type(answer).__name__}, wanted numbers by name")
    return {str(key): float(value) for key, value in answer.items()}


def function(name: str, folder: Path) -> "Callable[[Question], Mapping[str, float]]":
    """Return what answers, found out before any cell is played."""
    path, _, called = name.rpartition(":")
    if path.endswith(".py"):
        return _own(folder / path, called)
    if name not in SCORES:
        raise Unknown("scores", name, SCORES)
    return SCORES[name]


@cache
def _own(path: Path, called: str) -> Any:
    module = _module(path)
    if not callable(getattr(module, called, None)):
        raise InputRefused(str(path), f"has no function {called!r}")
    return getattr(module, called)


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"gridpact_scores_{path.stem}", path)
    if path.is_file() and spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    try:  # a Dask worker was sent it by the scheduler
        return importlib.import_module(path.stem)
    except ImportError:
        raise InputRefused(str(path), "no such file") from None


def _match(asked: Question) -> Scores:
    """Play one match of ``play.seats`` on each pair of loadings, by each mechanism."""
    from experiments.sweep.match_scores import match_scores

    return match_scores(_scenario(asked))


def _scenario(asked: Question) -> Scenario:
    if asked.scenario is None:
        raise InputRefused("scores", "no scenario, wanted one to play")
    return asked.scenario


SCORES: Final[dict[str, "Callable[[Question], Scores]"]] = {
    "match": _match,
}
"""What may be asked, by the name that a sweep uses."""
