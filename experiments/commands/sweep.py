"""``gridpact sweep``: a grid of parameters, played by any number of workers, and drawn."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.options import AsJson, results_at

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
        typer.Argument(
            help="A shipped study (bins, feasibility, …), or a TOML file; or: plot, and that.",
            metavar="SWEEP",
        ),
    ],
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="Processes; as many as there are cores. 0: only this one."),
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
    out: Annotated[Path | None, results_at("<name>")] = None,
    as_json: AsJson = False,
) -> None:
    """Play every cell of a parameter sweep that has no result yet; or plot what there is."""
    from os import cpu_count

    from experiments.sweep.files import CELLS, FINDINGS, check_folder, is_whole
    from experiments.sweep.play import Workers
    from experiments.sweep.reading import read_sweep, sweep_path
    from experiments.sweep.store import Store

    plots, path = _what(what)
    read = read_sweep(sweep_path(path))
    folder = out or Path("results") / read.name
    if plots:
        _plot(read, folder)
        return
    _ask(read)
    check_folder(folder)
    cells = read.cells()
    keys, store = read.keys(cells), Store(folder / CELLS)
    by = Workers(workers if workers is not None else cpu_count() or 1, dask)
    if dry_run:
        _dry_run(read, cells, keys, store, by)
    elif is_whole(folder, keys) and all(store.get(key) for key in keys):
        typer.echo(f"nothing to do: all {len(cells):,} cells of {folder} are finished")
        if read.findings:
            typer.echo((folder / FINDINGS).read_text(encoding="utf-8"))
    else:
        _play(read, cells, keys, store, by, folder, again=retry_failed, as_json=as_json)


def _what(words: list[str]) -> tuple[bool, str]:
    from experiments.errors import InputRefused

    plots = words[0] == "plot"
    if len(words) != 1 + plots:
        raise InputRefused(" ".join(words), "wanted one sweep, or plot and one sweep")
    return plots, words[-1]


def _ask(read: "Sweep") -> None:
    """Refuse scores and findings that nobody knows, before any cell is played."""
    from experiments.studies import known_findings
    from experiments.sweep.scores import function

    function(read.scores, read.home)
    known_findings(read.findings)


def _dry_run(
    read: "Sweep",
    cells: "Sequence[Cell]",
    keys: "Sequence[str]",
    store: "Store",
    by: "Workers",
) -> None:
    """Print how many cells there are and the first few, which are played to know how long."""
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
    took = []
    for place in places[:FEW]:
        started = monotonic()
        play_cell(read, cells[place])
        took.append(monotonic() - started)
    if places:
        many = 1 if by.dask else max(1, by.processes)
        share = "" if by.dask else f" with {many} worker{'s' * (many > 1)}"
        each = sum(took[1:] or took) / len(took[1:] or took)  # the first imports what all need
        expected = each * len(places) / many
        typer.echo(f"a cell takes {each:.2g} s; expect {expected:,.0f} s{share}")


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
    from experiments.sweep.outcome import told, write
    from experiments.sweep.play import missing, play_missing

    places = missing(store, keys, again=again)
    with progress_bar("Cells") as progress, finishing() as interrupted:
        complete = play_missing(read, cells, keys, store, places, by, progress, interrupted)
    summary = write(read, cells, keys, store, folder)
    typer.echo(json.dumps(summary, indent=1) if as_json else told(summary, folder))
    if not complete:
        typer.echo("stopped: the same command goes on from there", err=True)
        raise typer.Exit(INTERRUPTED)
    if summary["failed"]:
        first = "; ".join(summary["errors"])
        raise CheckFailed(f"{summary['failed']} of {len(cells)} cells failed: {first}")


def _plot(read: "Sweep", folder: Path) -> None:
    from experiments.errors import InputRefused
    from experiments.sweep.files import TABLE

    if not (folder / TABLE).is_file():
        raise InputRefused(str(folder), "no finished sweep there, wanted gridpact sweep first")
    from experiments.figures.sweep import draw_sweep

    for path in draw_sweep(read, folder):
        typer.echo(str(path))
