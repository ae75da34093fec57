"""What a sweep came to: its table, indices, manifest and findings, written whole."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from experiments.results import MANIFEST, write_json, write_table
from experiments.studies import findings_of
from experiments.sweep.files import FINDINGS, INDICES, TABLE, manifest
from experiments.sweep.indices import indices
from experiments.sweep.plan import Cell, Sweep
from experiments.sweep.play import NotKept
from experiments.sweep.store import Store
from experiments.sweep.table import sweep_table
from experiments.whole_file import write_whole

FEW: Final = 5
"""Errors that a summary tells."""


def write(
    sweep: Sweep, cells: Sequence[Cell], keys: Sequence[str], store: Store, folder: Path
) -> dict[str, Any]:
    """Write table, indices, findings and manifest; return what they come to.

    Indices and findings are of a whole sweep in which nothing failed.

    Raises
    ------
    NotKept
        If the disk does not take them; the cells are kept.
    """
    try:
        return _written(sweep, cells, keys, store, folder)
    except OSError as error:
        reason = f"{folder}: {error.strerror or error}; every finished cell is kept"
        raise NotKept(reason) from error


def _written(
    sweep: Sweep, cells: Sequence[Cell], keys: Sequence[str], store: Store, folder: Path
) -> dict[str, Any]:
    table = sweep_table(cells, keys, store)
    errors = table["error"].dropna().tolist() if "error" in table else []
    whole = len(table) == len(cells) and not errors
    found = indices(sweep, table) if whole else None
    said = findings_of(sweep, table) if whole else ""
    write_whole(folder / TABLE, partial(write_table, table=table))
    if found is not None and len(found):
        write_whole(folder / INDICES, partial(write_table, table=found))
    if said:
        write_whole(folder / FINDINGS, partial(Path.write_text, data=said, encoding="utf-8"))
    about = manifest(sweep, cells, keys, len(errors))
    write_whole(folder / MANIFEST, partial(write_json, content=about))
    return {
        "cells": len(cells),
        "finished": len(table),
        "failed": len(errors),
        "errors": list(dict.fromkeys(errors))[:FEW],
        "indices": [] if found is None else found.to_dict("records"),
        "findings": said,
    }


def told(summary: dict[str, Any], folder: Path) -> str:
    """Return a summary in lines."""
    count = f"{summary['finished']:,} of {summary['cells']:,} cells"
    lines = [f"{count}: {folder / TABLE}"]
    for row in summary["indices"]:
        around = f" ± {row['interval']:.3f}" if row["interval"] == row["interval"] else ""
        about = f"{row['index']} of {row['factor']}"
        lines.append(f"{row['score']}: {about} {row['value']:.3f}{around}")
    return "\n".join([*lines, *([summary["findings"]] if summary["findings"] else [])])
