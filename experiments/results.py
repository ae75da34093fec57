"""A run on disk: manifest, tidy tables, figures; whole or not there at all."""

import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.errors import OutputRefused
from experiments.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

SCHEMA: Final = 1
"""The number of the layout of every file written."""

PACKAGES: Final = ("mesa", "numpy", "pandapower", "lightsim2grid", "web3", "py-evm")


@contextmanager
def results_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write to, which takes its place only when all went well.

    Raises
    ------
    OutputRefused
        Before anything is computed, if the place cannot be written to, or holds
        something that is not a run.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "manifest.json").exists():
        raise OutputRefused(folder, "holds other files, wanted an empty folder or an old run")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise OutputRefused(folder, f"cannot be written to: {error.strerror}") from error
    try:
        draft.chmod(0o755)
        yield draft
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_table(path: Path, table: "pd.DataFrame") -> None:
    """Write a tidy table as Parquet, with the schema number in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    marked = {**(arrow.schema.metadata or {}), b"gridpact_schema": str(SCHEMA).encode()}
    pq.write_table(arrow.replace_schema_metadata(marked), path)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a file of JSON with its schema number."""
    text = json.dumps({"schema": SCHEMA} | content, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def manifest(command: str, scenario: Scenario, **facts: Any) -> dict[str, Any]:
    """Return what produced a run: versions, seed, scenario and its hash, contracts, engine."""
    from chain.artifacts import CONTRACTS, read_artifact

    described = {k: v for k, v in asdict(scenario).items() if k != "folder"}
    text = json.dumps(described, sort_keys=True, default=str)
    return {
        "command": command,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "gridpact": version("gridpact"),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "engine": "lightsim2grid",
        "scenario": described,
        "scenario_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "contracts_sha256": {
            name: hashlib.sha256(read_artifact(name).bytecode).hexdigest() for name in CONTRACTS
        },
    } | facts
