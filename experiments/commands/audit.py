"""``gridpact audit``: how manipulable is each mechanism on this grid."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.options import AsJson, ScenarioName, Seed, names, results_at

if TYPE_CHECKING:
    from experiments.scenario import Scenario

WIDE = 150
"""Columns that the table of mechanisms needs."""


def audit(
    scenario: ScenarioName = "anglesey",
    mechanisms: Annotated[
        str | None, typer.Option(help="Such as hco,rps; all of them, and vcg, unless given.")
    ] = None,
    pair: Annotated[
        str | None, typer.Option(help="A loading for each network, such as N,D; else all.")
    ] = None,
    days: Annotated[int | None, typer.Option(help="In place of the scenario's.")] = None,
    seed: Seed = None,
    out: Annotated[Path | None, results_at("<name>-audit")] = None,
    as_json: AsJson = False,
) -> None:
    """Find how manipulable each mechanism is on this grid: exact misreports against truth."""
    from dataclasses import replace

    from experiments.audit.contenders import AUDITED
    from experiments.scenario import read_scenario

    asked = read_scenario(scenario)
    asked = replace(asked, seed=asked.seed if seed is None else seed)
    loading = names(pair)
    asked = asked.with_changes("grid", days=days, pairs=loading and (loading,))
    folder = out or Path("results") / f"{asked.name}-audit"
    said = _run(asked, names(mechanisms) or AUDITED, folder)
    if as_json:
        typer.echo(json.dumps(said | {"results": str(folder)}, indent=1))
    else:
        _print(said)
        typer.echo(f"report: {folder / 'report.html'}")


def _run(scenario: "Scenario", mechanisms: tuple[str, ...], folder: Path) -> dict[str, Any]:
    """Audit, and write the results."""
    from experiments.audit.bid_games import bid_games
    from experiments.audit.contenders import contenders
    from experiments.audit.files import write
    from experiments.audit.trials import audit as try_all
    from experiments.progress import progress_bar
    from experiments.results import results_folder
    from experiments.validation import check_networks
    from experiments.wiring import VENUES, study

    contenders(mechanisms)
    check_networks(scenario, VENUES)  # before a folder is made under its name
    with results_folder(folder) as draft:
        with progress_bar("Load flows") as progress:
            seen = study(scenario, progress)
        with progress_bar("Mechanisms and loadings") as progress:
            found = try_all(scenario, seen, mechanisms, progress)
        with progress_bar("Bid games") as progress:
            games = bid_games(found.trials, scenario.market.tick_gbp, progress)
        return write(draft, found, games)


def _print(said: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from experiments.audit.rows import benchmark_rows, game_rows, mechanism_rows

    console = Console(markup=False, emoji=False, highlight=False)  # names are the user's
    console.width = max(console.width, WIDE)
    for sentence in said["answer"]:
        console.print(sentence, soft_wrap=True)
    for title, rows in (
        ("Mechanisms, the least exploitable first", mechanism_rows(said)),
        ("Where it ends if all look for better bids, in a sample of windows", game_rows(said)),
        ("What could be instead", benchmark_rows(said)),
    ):
        table = Table(title=title, title_justify="left")
        for name in rows[0]:
            table.add_column(name, justify="left" if name == rows[0][0] else "right")
        for row in rows[1:]:
            table.add_row(*row)
        console.print(table)
