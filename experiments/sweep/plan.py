"""A sweep as its file describes it, and the cells that it comes to.

``SWEEP.toml``::

    schema = 1
    name = "bins"
    scenario = "anglesey"        # shipped, or a file beside this one
    scores = "match"             # what a cell is asked: `experiments.sweep.scores.SCORES`
    replicates = 2               # each with a seed of its own, the same in every cell
    time_limit_s = 60            # a cell that takes longer has failed

    [scenario_keys]              # what differs from the scenario in every cell
    "grid.days" = 1

    [factors]
    "grid.options" = [3, 7, 13]
    "chain.gas_price_gwei" = { low = 1, high = 100, count = 5, scale = "log" }

    [[linked]]                   # keys that vary together
    "market.sealed" = [false, true]
    "market.bond_gbp" = [0, 5]

    [[exclude]]                  # combinations to leave out
    "grid.options" = 3
    "market.sealed" = true
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from experiments.errors import ScenarioRefused, nearest
from experiments.identity import file_sha256, key_of
from experiments.scenario import Scenario, make_scenario, read_toml, scenario_path
from experiments.sweep.designs import FACTORIAL, Design, points, read_design
from experiments.sweep.factors import Factor, Values, read_factors

KEYS: Final = (
    "name",
    "scenario",
    "scores",
    "replicates",
    "seed",
    "time_limit_s",
    "scenario_keys",
    "design",
    "factors",
    "linked",
    "exclude",
)


@dataclass(frozen=True)
class Cell:
    """One point of a sweep, with one seed."""

    values: Values
    """What each factor's keys are."""

    replicate: int
    seed: int


@dataclass(frozen=True, eq=False)
class Sweep:
    """What is varied, and what is asked of every cell."""

    name: str
    scores: str
    """A key into `SCORES`, or a user's own function ``file.py:name``."""

    table: Mapping[str, Any]
    """The scenario that cells differ from, as TOML; empty where there is none."""

    folder: Path
    """What the paths of files in it are relative to."""

    source: str
    """What errors call the file."""

    factors: tuple[Factor, ...]
    design: Design
    excluded: tuple[Mapping[str, Any], ...]
    replicates: int
    seed: int
    time_limit_s: float

    def cells(self) -> tuple[Cell, ...]:
        """Return every cell, in order: points, and for each its replicates."""
        import numpy as np

        states = np.random.SeedSequence(self.seed).generate_state(self.replicates)
        kept = [v for v in points(self.design, self.factors, self.source) if self._keeps(v)]
        return tuple(
            Cell(values, replicate, seed)
            for values in kept
            for replicate, seed in enumerate(states.tolist())
        )

    def _keeps(self, values: Values) -> bool:
        said = dict(values)
        return not any(
            all(said.get(key) == value for key, value in out.items()) for out in self.excluded
        )

    def keys(self, cells: Sequence[Cell]) -> list[str]:
        """Return the name of each cell's result: the hash of all that determines it."""
        shared = {
            "scores": self.scores,
            "table": self.table,
            "files": self._files(),
            "time_limit_s": self.time_limit_s,
        }
        whole = key_of(**shared)
        return [key_of(sweep=whole, values=c.values, seed=c.seed) for c in cells]

    def _files(self) -> dict[str, str]:
        """Return the hash of every file that a cell may read besides our own."""
        named = [self.scores.rpartition(":")[0], *_texts(self.table)]
        named += [text for f in self.factors for level in f.levels for text in _texts(level)]
        paths = {text: self.folder / text for text in named if text}
        return {name: file_sha256(path) for name, path in paths.items() if path.is_file()}

    def scenario(self, cell: Cell) -> Scenario:
        """Return the scenario of a cell.

        Raises
        ------
        ScenarioRefused
            Naming the key, and what was wanted.
        """
        table = deepcopy(dict(self.table))
        for key, value in cell.values:
            put(table, key, value, self.source)
        return make_scenario(table | {"seed": cell.seed}, self.folder, self.source)

    def check(self) -> None:
        """Refuse a key or a value that no scenario takes, each by itself, before any cell runs.

        Raises
        ------
        ScenarioRefused
            Naming the key, and what was wanted.
        """
        if not self.table:
            return
        for factor in self.factors:
            ends = [factor.at(share) for share in (0.0, 1.0)]
            levels = [tuple(zip(factor.keys, level, strict=True)) for level in factor.levels]
            for values in levels or ends:
                self.scenario(Cell(values, 0, 0))


def put(table: dict[str, Any], key: str, value: Any, source: str) -> None:
    """Set a key such as ``grid.days`` of a table in place.

    >>> table = {"grid": {"days": 1}}
    >>> put(table, "grid.days", 7, "sweep.toml")
    >>> table
    {'grid': {'days': 7}}
    """
    *parts, last = key.split(".")
    for part in parts:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise ScenarioRefused(
                source, f"key {key!r} goes through {part!r}, which is a value"
            )
    table[last] = value


def read_sweep(path: Path) -> Sweep:
    """Return the sweep that a file describes.

    Raises
    ------
    ScenarioRefused
        Naming the file and the key, and what was wanted.
    """
    source = str(path)
    said = read_toml(path, source)
    for key in said:
        if key not in KEYS:
            raise ScenarioRefused(source, f"unknown key {key!r}, {nearest(key, KEYS)}")
    table, folder = _scenario(said, path, source)
    for key, value in said.get("scenario_keys", {}).items():
        put(table, key, value, source)
    design = read_design(said, source)
    excluded = tuple(_excluded(said, design, source))
    sweep = Sweep(
        name=_typed(said, "name", str, path.stem, source),
        scores=_typed(said, "scores", str, "match", source),
        table=table,
        folder=folder,
        source=source,
        factors=read_factors(said, source),
        design=design,
        excluded=excluded,
        replicates=_typed(said, "replicates", int, 1, source),
        seed=_typed(said, "seed", int, 0, source),
        time_limit_s=_typed(said, "time_limit_s", float, 0.0, source),
    )
    if sweep.replicates < 1 or sweep.seed < 0 or sweep.time_limit_s < 0:
        raise ScenarioRefused(source, "wanted replicates >= 1, seed >= 0 and time_limit_s >= 0")
    sweep.check()
    return sweep


def _scenario(said: Mapping[str, Any], path: Path, source: str) -> tuple[dict[str, Any], Path]:
    """Return the table of the scenario that cells differ from, and its folder."""
    name = _typed(said, "scenario", str, "", source)
    if not name:
        return {}, path.parent
    beside = path.parent / name
    found = beside if beside.is_file() else scenario_path(name)
    return read_toml(found, name), found.parent


def _excluded(
    said: Mapping[str, Any], design: Design, source: str
) -> Iterator[Mapping[str, Any]]:
    for out in said.get("exclude", []):
        if design.kind != FACTORIAL:
            reason = f"exclude goes with a factorial design, not {design.kind}, which needs all"
            raise ScenarioRefused(source, reason)
        yield {key: tuple(v) if isinstance(v, list) else v for key, v in out.items()}


def _typed(said: Mapping[str, Any], key: str, kind: Any, default: Any, source: str) -> Any:
    value = said.get(key, default)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise ScenarioRefused(source, f"{key} is {value!r}, wanted {kind.__name__}")
    return value


def _texts(value: Any) -> list[str]:
    """Return every text in a table, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, Sequence):
        return [text for one in value for text in _texts(one)]
    return []
