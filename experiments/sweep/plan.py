"""A sweep as its file describes it (`experiments.sweep.reading`), and the cells it comes to.

``SWEEP.toml``::

    schema = 1
    name = "bins"
    scenario = "anglesey"        # shipped, or a file beside this one
    scores = "match"             # what a cell is asked: `experiments.sweep.scores.SCORES`
    replicates = 2               # each with a seed of its own, the same in every cell
    time_limit_s = 60            # a cell that takes longer has failed
    findings = "bins"            # what is said of the results: `experiments.studies.FINDINGS`

    [scenario_keys]              # what differs from the scenario in every cell
    "grid.days" = 1

    [factors]
    "grid.options" = [3, 7, 13]
    "chain.gas_price_gwei" = { low = 1, high = 100, count = 5, scale = "log" }
    "ask.half_hours" = [1, 48]   # no key of the scenario, but for what answers

    [ask]
    parties = 2                  # the same in every cell

    [[linked]]                   # keys that vary together
    "market.sealed" = [false, true]
    "market.bond_gbp" = [0, 5]

    [[exclude]]                  # combinations to leave out
    "grid.options" = 3
    "market.sealed" = true

Paths in a scenario of one's own are relative to its file, all others to the sweep's file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import ScenarioRefused
from experiments.identity import file_sha256, key_of
from experiments.scenario import STRATEGY_FILES, Scenario, make_scenario
from experiments.sweep.designs import Design, points
from experiments.sweep.factors import Factor, Values
from experiments.sweep.question import ASKED, Question


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

    home: Path
    """The folder of the sweep's own file."""

    source: str
    """What errors call the file."""

    factors: tuple[Factor, ...]
    design: Design
    excluded: tuple[Mapping[str, Any], ...]
    replicates: int
    seed: int
    time_limit_s: float

    asks: Values = ()
    """What is asked of every cell, beside its factors."""

    findings: str = ""
    """A key into `FINDINGS`; none unless given."""

    def cells(self) -> tuple[Cell, ...]:
        """Return every cell, in order: points, and for each its replicates.

        Raises
        ------
        ScenarioRefused
            If none is left, or a design cannot be drawn.
        """
        import numpy as np

        states = np.random.SeedSequence(self.seed).generate_state(self.replicates)
        kept = [v for v in points(self.design, self.factors, self.source) if self._keeps(v)]
        if not kept:
            raise ScenarioRefused(self.source, "no cells: all are excluded")
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
        hashes = {name: file_sha256(path) for name, path in self.files().items()}
        shared = {"scores": self.scores, "table": self.table, "asks": self.asks}
        whole = key_of(**shared, files=hashes)
        return [key_of(sweep=whole, values=c.values, seed=c.seed) for c in cells]

    def files(self) -> dict[str, Path]:
        """Return every file that a cell may read besides our own, by how it is called."""
        factors = [level for factor in self.factors for level in factor.levels]
        called = [name for text in _texts([self.table, factors]) for name in _names(text)]
        paths = {name: self.folder / name for name in called}
        if ".py:" in self.scores:
            name = self.scores.rpartition(":")[0]
            paths[name] = self.home / name
        return {name: path for name, path in paths.items() if path.is_file()}

    def scenario(self, cell: Cell) -> Scenario:
        """Return the scenario of a cell.

        Raises
        ------
        ScenarioRefused
            Naming the key, and what was wanted.
        """
        table = deepcopy(dict(self.table))
        for key, value in cell.values:
            if not key.startswith(ASKED):
                put(table, key, value, self.source)
        return make_scenario(table | {"seed": cell.seed}, self.folder, self.source)

    def question(self, cell: Cell) -> Question:
        """Return what a cell is asked."""
        scenario = self.scenario(cell) if self.table else None
        return Question(scenario, dict(self.asks) | dict(cell.values), cell.seed)

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


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a table, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, Iterable):
        for one in value:
            yield from _texts(one)


def _names(text: str) -> Iterator[str]:
    """Yield which files a text may name.

    >>> list(_names("noise(bold.py:Bold, size=0.1)"))
    ['noise(bold.py:Bold, size=0.1)', 'bold.py']
    """
    if text and "\0" not in text and len(text) < 250:
        yield text
        yield from STRATEGY_FILES.findall(text)
