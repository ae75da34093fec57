"""``gridpact simulate`` of communities of prosumers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from experiments.commands.options import refuse_given

if TYPE_CHECKING:
    from experiments.community.findings import Found
    from experiments.scenario import Scenario

WIDE = 130
"""Columns that the table of ways needs."""


def simulate_community(
    scenario: "Scenario", folder: Path, options: Mapping[str, object], *, as_json: bool
) -> None:
    """Play communities under every rule, beside baselines; write results, print findings.

    Parameters
    ----------
    scenario : Scenario
        Of communities alone.
    folder : Path
        For the results.
    options : mapping
        What was asked for that a community does not have; refused unless None.
    as_json : bool
        Whether to print JSON.
    """
    from experiments.community.report import as_json as summary

    refuse_given(options, "a community has none, wanted a key of [community] in the scenario")
    found = _run(scenario, folder)
    if as_json:
        typer.echo(json.dumps(summary(found) | {"results": str(folder)}, indent=1))
    else:
        _print(found)
        typer.echo(f"report: {folder / 'report.html'}")


def _run(scenario: "Scenario", folder: Path) -> "Found":
    from experiments.community.files import analyse, write
    from experiments.community.simulate import simulate_communities
    from experiments.community.world import world
    from experiments.progress import progress_bar
    from experiments.results import TableWriter, results_folder
    from experiments.trial import telling_which
    from experiments.validation import check_community
    from experiments.wiring import VENUES

    check_community(scenario, VENUES)
    with results_folder(folder) as draft:
        with (
            progress_bar("Days") as progress,
            TableWriter(draft / "trades.parquet") as trades,
            telling_which(tuple(scenario.community.mix)),
        ):
            run = simulate_communities(scenario, world(scenario), progress, trades.add)
        found, shared = analyse(run)
        write(draft, found, shared)
    return found


def _print(found: "Found") -> None:
    from rich.console import Console
    from rich.table import Table

    from experiments.community.findings import answer, of_battery
    from experiments.community.report import brief_rows

    console = Console(markup=False, emoji=False, highlight=False)  # names are the user's
    console.width = max(console.width, WIDE)
    heading, *rows = brief_rows(found.ways)
    table = Table(title="A household and day, against each alone", title_justify="left")
    for name in heading:
        table.add_column(name, justify="left" if name in {"rule", "neighbours"} else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for sentence in answer(found):
        console.print(sentence, soft_wrap=True)
    console.print(of_battery(found.batteries), soft_wrap=True)
