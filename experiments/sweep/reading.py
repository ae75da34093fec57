"""A sweep read from its file: every key known, every value checked."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from experiments.errors import ScenarioRefused, nearest
from experiments.scenario import SHIPPED, read_toml, scenario_path
from experiments.sweep.designs import FACTORIAL, read_design
from experiments.sweep.factors import Factor, frozen, read_factors
from experiments.sweep.plan import Sweep, put
from experiments.sweep.question import ASKED

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

MOST_REPLICATES: Final = 1_000_000


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
