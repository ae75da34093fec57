"""A sweep on disk: finished cells, the table of them all, its manifest, indices, figures."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from experiments.errors import OutputRefused
from experiments.identity import file_sha256, sources_sha256
from experiments.results import MANIFEST, SCHEMA, versions
from experiments.sweep.plan import Cell, Sweep

CELLS: Final = "cells"
"""The folder of single results."""

TABLE: Final = "sweep.parquet"
"""All of them in one table."""

INDICES: Final = "indices.parquet"
FINDINGS: Final = "findings.md"


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something that is not of a sweep.

    Raises
    ------
    OutputRefused
        Naming what is there.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputRefused(folder, "is a file, wanted a folder")
    ours = {CELLS, TABLE, MANIFEST, INDICES, FINDINGS, "figures"}
    for path in sorted(folder.glob("*")) if folder.exists() else ():
        if path.name not in ours and not path.name.startswith("."):
            raise OutputRefused(folder, f"holds {path.name}, wanted a sweep or nothing")


def is_whole(folder: Path, keys: Sequence[str]) -> bool:
    """Return whether the table on disk is of these very cells, none of them failed."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    same = said.get("cells_sha256") == keys_sha256(keys)
    return same and said.get("failed") == 0 and (folder / TABLE).is_file()


def keys_sha256(keys: Sequence[str]) -> str:
    """Return one hash of the names of all results."""
    return hashlib.sha256("".join(keys).encode()).hexdigest()


def manifest(sweep: Sweep, cells: Sequence[Cell], keys: Sequence[str], failed: int) -> Any:
    """Return what produced a sweep."""
    return {
        "schema": SCHEMA,
        "command": "sweep",
        **versions("SALib"),
        "sources_sha256": sources_sha256(),
        "files_sha256": {name: file_sha256(path) for name, path in sweep.files().items()},
        "sweep": sweep.source,
        "name": sweep.name,
        "scores": sweep.scores,
        "scenario": sweep.table,
        "ask": dict(sweep.asks),
        "factors": {f.name: list(f.levels) or [f.low, f.high] for f in sweep.factors},
        "design": vars(sweep.design),
        "seed": sweep.seed,
        "replicates": sweep.replicates,
        "cells": len(cells),
        "failed": failed,
        "cells_sha256": keys_sha256(keys),
    }
