"""A run on disk: manifest, tidy tables, figures; whole or not there at all."""

import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from experiments.errors import OutputRefused
from experiments.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

SCHEMA: Final = 1
"""The number of the layout of every file written."""

MANIFEST: Final = "manifest.json"
"""The file of a run that tells how it came about, and which files belong to it."""

DRAFT: Final = ".gridpact-"
"""What the names of folders begin with that hold a run until it is whole."""

PACKAGES: Final = ("mesa", "numpy", "pandapower", "lightsim2grid", "web3", "py-evm")


@contextmanager
def results_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write to, which takes its place only when all went well.

    An old run there is replaced, and its manifest tells which files are its own.

    Raises
    ------
    OutputRefused
        Before anything is computed, if the place cannot be written to, or holds
        something that is not of a run.
    """
    old = _own_files(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        home = folder if folder.exists() else folder.parent
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=home))
    except OSError as error:
        raise OutputRefused(folder, f"cannot be written to: {error.strerror}") from error
    try:
        fresh = draft / "fresh"
        fresh.mkdir()
        yield fresh
        _list_files(fresh)
        _put(fresh, folder, old)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(fresh: Path, folder: Path, old: list[str]) -> None:
    """Move a whole run to its place, and the old one away."""
    if not folder.exists():
        fresh.rename(folder)
        return
    for name in old:
        (folder / name).unlink()
    for name in _files_in(fresh):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).rename(folder / name)


def _own_files(folder: Path) -> list[str]:
    """Return the files of an old run, refusing a place that holds what no run wrote."""
    for place in (folder, *folder.parents):
        if place.exists() and not place.is_dir():
            raise OutputRefused(place, "is a file, wanted a folder")
    own, found = _files_of_run(folder), _files_in(folder)
    for name in found:
        if name not in own:
            raise OutputRefused(folder, f"holds {name}, wanted an empty folder or an old run")
    return found


def _files_of_run(folder: Path) -> set[str]:
    """Return the files that the manifest in a folder lists, itself among them."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    ours = isinstance(content, dict) and "gridpact" in content
    return {MANIFEST, *content.get("files", ())} if ours else set()


def _files_in(folder: Path) -> list[str]:
    """Return every file below a folder, but for drafts that a crash left there."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(name.as_posix() for name in names if not name.parts[0].startswith(DRAFT))


def _list_files(folder: Path) -> None:
    """Have the manifest list every file, so that a later run may replace them."""
    path = folder / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, content | {"files": [n for n in _files_in(folder) if n != MANIFEST]})


def write_table(path: Path, table: "pd.DataFrame") -> None:
    """Write a tidy table as Parquet, with the schema number in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    marked = {**(arrow.schema.metadata or {}), b"gridpact_schema": str(SCHEMA).encode()}
    pq.write_table(arrow.replace_schema_metadata(marked), path)


class TableWriter:
    """Write a tidy table as Parquet, some rows at a time, so that it need not fit in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def add(self, table: "pd.DataFrame") -> None:
        """Write more rows."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        arrow = pa.Table.from_pandas(table, preserve_index=False)
        marked = arrow.schema.with_metadata({b"gridpact_schema": str(SCHEMA).encode()})
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, marked)
        self._writer.write_table(arrow.cast(marked))


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a file of JSON with its schema number."""
    text = json.dumps({"schema": SCHEMA} | content, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def versions(*more: str) -> dict[str, Any]:
    """Return the versions of what made a run, with those of more packages."""
    return {
        "gridpact": version("gridpact"),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in (*PACKAGES, *more)},
    }


def manifest(command: str, scenario: Scenario, **facts: Any) -> dict[str, Any]:
    """Return what produced a run: versions, seed, scenario and its hash, contracts, engine."""
    from chain.artifacts import CONTRACTS, read_artifact

    hidden = {f.name for f in fields(scenario) if f.metadata.get("hidden")}
    described = {k: v for k, v in asdict(scenario).items() if k not in hidden}
    text = json.dumps(described, sort_keys=True, default=str)
    return {
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **versions(),
        "engine": "lightsim2grid",
        "scenario": described,
        "scenario_folder": scenario.folder.resolve().as_posix(),
        "scenario_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "contracts_sha256": {
            name: hashlib.sha256(read_artifact(name).bytecode).hexdigest() for name in CONTRACTS
        },
    } | facts
