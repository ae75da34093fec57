"""``gridpact simulate`` of networks with communities of prosumers at a bus."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from experiments.commands.options import refuse_given

if TYPE_CHECKING:
    from experiments.scenario import Scenario


def simulate_coupled(
    scenario: "Scenario", folder: Path, options: Mapping[str, object], *, as_json: bool
) -> None:
    """Run the communities in every way, negotiate the link for each, and write what it means.

    Parameters
    ----------
    scenario : Scenario
        Of networks and communities.
    folder : Path
        For the results.
    options : mapping
        What was asked for that is not done with communities; refused unless None.
    as_json : bool
        Whether to print JSON.
    """
    from experiments.community.coupled_report import cost_rows, write_coupled
    from experiments.community.coupling import couple
    from experiments.community.world import world
    from experiments.progress import progress_bar
    from experiments.results import results_folder
    from experiments.validation import check
    from experiments.wiring import VENUES

    refuse_given(options, "with communities all days are played, and in memory, wanted none")
    check(scenario, VENUES)
    with results_folder(folder) as draft, progress_bar("Ways") as progress:
        coupled = couple(scenario, world(scenario), progress)
        summary = write_coupled(draft, scenario, coupled)
    if as_json:
        typer.echo(json.dumps(summary | {"results": str(folder)}, indent=1))
        return
    _print(cost_rows(coupled.costs))
    for sentence in summary["findings"]:
        typer.echo(sentence)
    typer.echo(f"report: {folder / 'report.html'}")


def _print(rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, emoji=False, highlight=False)
    console.width = max(console.width, 140)
    heading, *others = rows
    shown = Table()
    for place, name in enumerate(heading):
        shown.add_column(
            name.removesuffix(", GBP a day"), justify="right" if place > 2 else "left"
        )
    for row in others:
        shown.add_row(*row)
    console.print("GBP a day")
    console.print(shown)
