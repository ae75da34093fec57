"""``gridpact sweep``: a grid of parameters, played by any number of workers, and drawn."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.options import AsJson, Out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.sweep.plan import Cell, Sweep
    from experiments.sweep.play import Workers
    from experiments.sweep.store import Store

FEW = 5
"""Cells that a dry run shows."""


def sweep(
    what: Annotated[
        list[str],
        typer.Argument(help="A sweep's TOML file; or: plot, and that file.", metavar="SWEEP"),
    ],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; as many as there are cores.")
    ] = None,
    dask: Annotated[
        str, typer.Option(help="Address of a Dask scheduler, such as tcp://host:8786.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many cells there are, and how long.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Play cells that failed once more.")
    ] = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Play every cell of a parameter sweep that has no result yet; or plot what there is."""
    from os import cpu_count

    from experiments.sweep.files import CELLS, check_folder, is_whole
    from experiments.sweep.plan import read_sweep
    from experiments.sweep.play import Workers
    from experiments.sweep.store import Store

    plots, path = _what(what)
    read = read_sweep(path)
    folder = out or Path("results") / read.name
    if plots:
        _plot(read, folder)
        return
    _ask(read)
    check_folder(folder)
    cells = read.cells()
    keys, store = read.keys(cells), Store(folder / CELLS)
    by = Workers(workers or cpu_count() or 1, dask)
    if dry_run:
        _dry_run(read, cells, keys, store, by)
    elif is_whole(folder, keys) and all(store.get(key) for key in keys):
        typer.echo(f"nothing to do: all {len(cells):,} cells of {folder} are finished")
    else:
        _play(read, cells, keys, store, by, folder, again=retry_failed, as_json=as_json)


def _what(words: list[str]) -> tuple[bool, Path]:
    from experiments.errors import InputRefused

    plots = words[0] == "plot"
    if len(words) != 1 + plots:
        raise InputRefused(" ".join(words), "wanted one TOML file, or plot and one TOML file")
    return plots, Path(words[-1])


def _ask(read: "Sweep") -> None:
    """Refuse scores that nobody knows, before any cell is played."""
    from experiments.sweep.scores import function

    function(read.scores, read.folder)


def _dry_run(
    read: "Sweep",
    cells: "Sequence[Cell]",
    keys: "Sequence[str]",
    store: "Store",
    by: "Workers",
) -> None:
    """Print how many cells there are and the first few; two are played to know how long."""
    from time import monotonic

    from experiments.sweep.cell import play_cell
    from experiments.sweep.play import missing

    places = missing(store, keys, again=False)
    typer.echo(f"{len(cells):,} cells, {len(cells) - len(places):,} of them finished")
    for cell in cells[:FEW]:
        said = ", ".join(f"{key} = {value}" for key, value in cell.values)
        typer.echo(f"  {said}; seed {cell.seed}")
    if len(cells) > FEW:
        typer.echo(f"  and {len(cells) - FEW:,} more")
    for place in places[:2]:  # the first also imports what both need
        started = monotonic()
        store.put(keys[place], play_cell(read, cells[place]))
        seconds = monotonic() - started
    if places:
        share = "" if by.dask else f" with {by.processes} workers"
        expected = seconds * len(places) / (1 if by.dask else by.processes)
        typer.echo(f"a cell takes {seconds:.2f} s; expect {expected:,.0f} s{share}")


def _play(
    read: "Sweep",
    cells: "Sequence[Cell]",
    keys: "Sequence[str]",
    store: "Store",
    by: "Workers",
    folder: Path,
    *,
    again: bool,
    as_json: bool,
) -> None:
    from experiments.errors import CheckFailed
    from experiments.interrupts import INTERRUPTED, finishing
    from experiments.progress import progress_bar
    from experiments.sweep.play import missing, play_missing

    places = missing(store, keys, again=again)
    with progress_bar("Cells") as progress, finishing() as interrupted:
        complete = play_missing(read, cells, keys, store, places, by, progress, interrupted)
    summary = _write(read, cells, keys, store, folder)
    typer.echo(json.dumps(summary, indent=1) if as_json else _told(summary, folder))
    if not complete:
        typer.echo("stopped: the same command goes on from there", err=True)
        raise typer.Exit(INTERRUPTED)
    if summary["failed"]:
        first = "; ".join(summary["errors"])
        raise CheckFailed(f"{summary['failed']} of {len(cells)} cells failed: {first}")


def _write(
    read: "Sweep",
    cells: "Sequence[Cell]",
    keys: "Sequence[str]",
    store: "Store",
    folder: Path,
) -> dict[str, Any]:
    """Write table, indices and manifest; return what they come to."""
    from functools import partial

    from experiments.results import MANIFEST, write_json, write_table
    from experiments.sweep.files import TABLE, manifest, write_whole
    from experiments.sweep.indices import indices
    from experiments.sweep.table import sweep_table

    table = sweep_table(cells, keys, store)
    errors = table["error"].dropna().tolist() if "error" in table else []
    whole = len(table) == len(cells) and not errors
    found = indices(read, table) if whole else None
    write_whole(folder / TABLE, partial(write_table, table=table))
    if found is not None and len(found):
        write_whole(folder / "indices.parquet", partial(write_table, table=found))
    said = manifest(read, cells, keys, len(errors))
    write_whole(folder / MANIFEST, partial(write_json, content=said))
    return {
        "cells": len(cells),
        "finished": len(table),
        "failed": len(errors),
        "errors": list(dict.fromkeys(errors))[:FEW],
        "indices": [] if found is None else found.to_dict("records"),
    }


def _told(summary: dict[str, Any], folder: Path) -> str:
    lines = [
        f"{summary['finished']:,} of {summary['cells']:,} cells: {folder / 'sweep.parquet'}"
    ]
    for row in summary["indices"]:
        around = f" ± {row['interval']:.3f}" if row["interval"] == row["interval"] else ""
        lines.append(
            f"{row['score']}: {row['index']} of {row['factor']} {row['value']:.3f}{around}"
        )
    return "\n".join(lines)


def _plot(read: "Sweep", folder: Path) -> None:
    from experiments.errors import InputRefused
    from experiments.sweep.files import TABLE

    if not (folder / TABLE).is_file():
        raise InputRefused(str(folder), "no finished sweep there, wanted gridpact sweep first")
    from experiments.figures.sweep import draw_sweep

    for path in draw_sweep(read, folder):
        typer.echo(str(path))
