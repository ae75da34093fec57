"""A sweep as its file describes it, and the cells that it comes to.

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

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from experiments.errors import ScenarioRefused, nearest
from experiments.identity import file_sha256, key_of
from experiments.scenario import SHIPPED, Scenario, make_scenario, read_toml, scenario_path
from experiments.sweep.designs import FACTORIAL, Design, points, read_design
from experiments.sweep.factors import Factor, Values, frozen, read_factors
from experiments.sweep.question import ASKED, Question

KEYS: Final = (
    "name",
    "scenario",
    "scores",
    "findings",
    "replicates",
    "seed",
    "time_limit_s",
    "scenario_keys",
    "ask",
    "design",
    "factors",
    "linked",
    "exclude",
)

TABLES: Final = ("scenario_keys", "ask", "design", "factors")
LISTS: Final = ("linked", "exclude")

STUDIES: Final = Path(__file__).parents[1] / "studies"
"""Where the sweeps that come with the package stand."""

FILES: Final = re.compile(r"[^(),=\s][^(),=]*\.(?:py(?=:)|json\b)")
"""Finds files in the text of a strategy."""

MOST_REPLICATES: Final = 1_000_000


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


def sweep_path(name: str) -> Path:
    """Return where a sweep stands: a shipped study by its name, else the file itself."""
    shipped = STUDIES / f"{name}.toml"
    return shipped if shipped.exists() else Path(name)


def read_sweep(path: Path) -> Sweep:
    """Return the sweep that a file describes.

    Raises
    ------
    ScenarioRefused
        Naming the file and the key, and what was wanted.
    """
    source = str(path)
    said = _said(path, source)
    table, folder = _scenario(said, path, source)
    for key, value in said.get("scenario_keys", {}).items():
        put(table, key, value, source)
    factors = read_factors(said, source)
    sweep = Sweep(
        name=_typed(said, "name", str, path.stem, source),
        scores=_typed(said, "scores", str, "match", source),
        table=table,
        folder=folder,
        home=path.parent,
        source=source,
        factors=factors,
        design=read_design(said, source),
        excluded=tuple(_excluded(said, factors, source)),
        replicates=_typed(said, "replicates", int, 1, source),
        seed=_typed(said, "seed", int, 0, source),
        time_limit_s=_typed(said, "time_limit_s", float, 0.0, source),
        asks=tuple((f"{ASKED}{k}", frozen(v)) for k, v in said.get("ask", {}).items()),
        findings=_typed(said, "findings", str, "", source),
    )
    _check_numbers(sweep)
    _check_names(sweep)
    sweep.check()
    return sweep


def _said(path: Path, source: str) -> dict[str, Any]:
    """Return the table of a sweep's file, whose parts are what they must be."""
    said = read_toml(path, source)
    for key, value in said.items():
        if key not in KEYS:
            raise ScenarioRefused(source, f"unknown key {key!r}, {nearest(key, KEYS)}")
        if key in TABLES and not isinstance(value, dict):
            raise ScenarioRefused(source, f"{key} is {value!r}, wanted a table, [{key}]")
        tables = isinstance(value, list) and all(isinstance(one, dict) for one in value)
        if key in LISTS and not tables:
            raise ScenarioRefused(source, f"{key} is {value!r}, wanted tables, [[{key}]]")
    return said


def _check_numbers(sweep: Sweep) -> None:
    wanted = {
        f"replicates >= 1, at most {MOST_REPLICATES:,}": 1
        <= sweep.replicates
        <= MOST_REPLICATES,
        "seed >= 0": sweep.seed >= 0,
        "time_limit_s >= 0, a number": 0 <= sweep.time_limit_s < 1e9,
        "a name that a folder can have": sweep.name.strip() not in {"", ".", ".."}
        and not set(sweep.name) & set("/\\\0"),
    }
    for words, holds in wanted.items():
        if not holds:
            raise ScenarioRefused(sweep.source, f"wanted {words}")


def _check_names(sweep: Sweep) -> None:
    """Refuse keys of a scenario where there is none, and keys that stand twice."""
    keys = [key for factor in sweep.factors for key in factor.keys]
    for key in keys:
        if not sweep.table and "." in key and not key.startswith(ASKED):
            known = 'scenario = "anglesey", or a factor without a dot'
            raise ScenarioRefused(sweep.source, f"factor {key!r} without scenario, {known}")
        if key in dict(sweep.asks):
            reason = f"factor {key!r} stands in [ask] too"
            raise ScenarioRefused(sweep.source, reason)
        if key in {"replicate", "seed", "error"}:
            raise ScenarioRefused(sweep.source, f"factor {key!r} is another column's name")


def _scenario(said: Mapping[str, Any], path: Path, source: str) -> tuple[dict[str, Any], Path]:
    """Return the table of the scenario that cells differ from, and the folder of its files."""
    name = _typed(said, "scenario", str, "", source)
    if not name:
        return {}, path.parent
    beside = path.parent / name
    found = beside if beside.is_file() else scenario_path(name)
    return read_toml(found, name), path.parent if found.parent == SHIPPED else found.parent


def _excluded(
    said: Mapping[str, Any], factors: Sequence[Factor], source: str
) -> Iterator[Mapping[str, Any]]:
    kind = said.get("design", {}).get("kind", FACTORIAL)
    known = [key for factor in factors for key in factor.keys]
    for out in said.get("exclude", []):
        if kind != FACTORIAL:
            reason = f"exclude goes with a factorial design, not {kind}, which needs all"
            raise ScenarioRefused(source, reason)
        for key in out:
            if key not in known:
                reason = f"exclude has {key!r}, which is no factor, {nearest(key, known)}"
                raise ScenarioRefused(source, reason)
        if not out:
            raise ScenarioRefused(source, "exclude is empty, wanted a factor and its value")
        yield {key: frozen(value) for key, value in out.items()}


def _typed(said: Mapping[str, Any], key: str, kind: Any, default: Any, source: str) -> Any:
    value = said.get(key, default)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise ScenarioRefused(source, f"{key} is {value!r}, wanted {kind.__name__}")
    return value


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
        yield from FILES.findall(text)
