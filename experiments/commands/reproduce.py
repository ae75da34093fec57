"""``gridpact reproduce``: the paper's figures and claims."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from experiments.commands.options import AsJson, results_at

if TYPE_CHECKING:
    from experiments.paper.statements import Evidence
    from experiments.scenario import Scenario

EVERY: Final = {"revm": 1, "eth-tester": 48}
"""Gas against the number of options is measured in every so many windows."""

WIDE: Final = 160
"""Columns of a table that goes to a file or a pipe."""

SIGN: Final = {"holds": "green", "partly": "yellow", "does not hold": "red"}
"""The colour of a verdict."""


def reproduce(
    costs: Annotated[
        Path | None, typer.Option(help="CSV of costs in place of the load flows.")
    ] = None,
    out: Annotated[Path | None, results_at("reproduce")] = None,
    venue: Annotated[
        str, typer.Option(help="Where windows are held: local, revm or eth-tester.")
    ] = "revm",
    up_to: Annotated[
        int, typer.Option(min=13, max=61, help="Measure gas up to so many options.")
    ] = 61,
    as_json: AsJson = False,
) -> None:
    """Draw the paper's figures, and hold its claims against this model."""
    from experiments.paper.reproduction import write
    from experiments.results import results_folder
    from experiments.scenario import read_scenario

    scenario = read_scenario("anglesey").with_changes("chain", venue=venue)
    scenario = scenario.with_changes("grid", days=1)  # the paper's
    if costs is not None:
        scenario = scenario.with_changes("grid", costs=str(costs.absolute()))
    folder = out or Path("results/reproduce")
    with results_folder(folder) as draft:
        said = write(draft, _gather(scenario, up_to))
    if as_json:
        typer.echo(json.dumps(said, indent=1))
    else:
        _show(said)
        typer.echo(str(folder))


def _gather(scenario: "Scenario", up_to: int) -> "Evidence":
    """Price, negotiate, and negotiate again with other numbers of options."""
    from experiments.errors import Unknown
    from experiments.paper.gas import COUNTS, sweep
    from experiments.paper.reproduce import check_paper_like
    from experiments.paper.reproduce import reproduce as negotiate_all
    from experiments.paper.statements import Evidence
    from experiments.progress import progress_bar
    from experiments.wiring import VENUES, study

    if scenario.chain.venue not in VENUES:
        raise Unknown("venue", scenario.chain.venue, VENUES)
    with progress_bar("Load flows") as progress:
        seen = study(scenario, progress)
    check_paper_like(seen, scenario.grid.costs)
    with progress_bar("Negotiations") as progress:
        run = negotiate_all(scenario, seen, progress)
    if scenario.chain.venue == "local":
        return Evidence(run, None)
    anglesey = scenario.with_changes("grid", costs="")
    with progress_bar("Gas by number of options") as progress:
        swept = sweep(
            anglesey,
            lambda count: study(anglesey.with_changes("grid", options=count)),
            counts=tuple(count for count in COUNTS if count <= up_to),
            every=EVERY[scenario.chain.venue],
            progress=progress,
        )
    return Evidence(run, swept)


def _show(said: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "claim of the paper", "where", "published", "here", "verdict", show_lines=True
    )
    for claim in said["claims"]:
        colour = SIGN.get(claim["verdict"], "dim")
        table.add_row(
            *(claim[key] for key in ("claim", "place", "published", "here")),
            f"[{colour}]{claim['verdict']}[/]",
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(said["honesty"], highlight=False)
    console.print(table)
