"""``gridpact tournament``: strategies against each other."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.options import (
    AsJson,
    MoreStrategies,
    RpcUrl,
    ScenarioName,
    Seed,
    Venue,
    names,
    results_at,
)

WIDE = 116
"""Columns that a table of standings needs."""

if TYPE_CHECKING:
    from experiments.scenario import Scenario
    from experiments.tournament.files import Analysis
    from experiments.tournament.play import Tournament
    from experiments.trial import LeftOut


def tournament(
    scenario: ScenarioName = "anglesey",
    venue: Venue = None,
    mechanisms: Annotated[
        str | None,
        typer.Option(
            help="Such as hco,rps, or a community's trading rules; the scenario's unless given."
        ),
    ] = None,
    strategies: Annotated[
        str | None, typer.Option(help="Such as truthful,shaded; the scenario's unless given.")
    ] = None,
    strategy: MoreStrategies = None,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="How often every profile is played.")
    ] = None,
    settle: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Play replicates, 20 at most or --replicates, until the order of so many best "
            "strategies of each mechanism and seat is settled; 0 plays all.",
        ),
    ] = None,
    seed: Seed = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; the results do not depend on it.")
    ] = None,
    out: Annotated[Path | None, results_at("<name>")] = None,
    rpc_url: RpcUrl = "",
    as_json: AsJson = False,
) -> None:
    """Play every strategy in each seat against every other: standings, equilibria, report."""
    from dataclasses import replace

    from experiments.scenario import read_scenario
    from experiments.tournament.rounds import MOST, ROUND

    asked = read_scenario(scenario)
    asked = replace(asked, seed=asked.seed if seed is None else seed)
    asked = asked.with_changes("play", replicates=replicates, settle=settle)
    folder = out or Path("results") / asked.name
    if asked.grid.case == "community":
        from experiments.community.tournament import command

        asked = command.in_memory(asked, venue, rpc_url)
        asked = command.with_listed(
            asked, names(mechanisms), names(strategies), tuple(strategy or ())
        )
        command.community_tournament(asked, workers, folder, as_json=as_json)
        return
    asked = asked.with_changes("chain", venue=venue, rpc_url=rpc_url or None)
    asked = asked.with_changes("market", mechanisms=names(mechanisms))
    listed = names(strategies) or asked.play.strategies
    asked = asked.with_changes("play", strategies=(*listed, *(strategy or ())))
    if settle and replicates is None and asked.play.replicates <= ROUND:
        asked = asked.with_changes("play", replicates=MOST)
    played, analysis = _run(asked, workers, folder)
    if as_json:
        typer.echo(json.dumps(analysis.as_json(), indent=1))
    else:
        _print(played, analysis)
        typer.echo(f"report: {folder / 'report.html'}")


def _run(
    scenario: "Scenario", workers: int | None, folder: Path
) -> tuple["Tournament", "Analysis"]:
    """Play, analyse, and write the results."""
    from experiments.progress import progress_bar
    from experiments.results import TableWriter, results_folder
    from experiments.tournament.files import analyse, write
    from experiments.tournament.parts import Parts
    from experiments.tournament.play import keeps_windows, play_all
    from experiments.trial import broken, note, without
    from experiments.validation import check_networks
    from experiments.wiring import VENUES, study

    check_networks(scenario, VENUES)  # before a folder is made under its name
    left_out = broken(scenario.play.strategies, scenario)
    scenario = without(scenario, _told(left_out))
    with results_folder(folder) as draft:
        with progress_bar("Load flows") as progress:
            seen = study(scenario, progress)
        parts = Parts(folder.parent / f".gridpact-{folder.name}-parts")

        def play(scenario: "Scenario") -> "Tournament":
            with (
                progress_bar("Matches") as progress,
                TableWriter(draft / "windows.parquet") as windows,
            ):
                sink = windows.add if keeps_windows(scenario, seen) else None
                return play_all(scenario, seen, progress, workers, parts, sink)

        try:
            played = _without_failures(play, scenario, left_out)
        except KeyboardInterrupt:
            if parts.folder.exists():
                told = "what was finished is kept: the same command goes on from there"
                typer.echo(told, err=True)
            raise
        analysis = analyse(played)
        write(draft, played, analysis)
        note(draft, played.scenario, left_out)
    parts.clear()
    return played, analysis


def _without_failures(
    play: Callable[["Scenario"], "Tournament"], scenario: "Scenario", left_out: list["LeftOut"]
) -> "Tournament":
    """Play; if a strategy from outside fails, add it to those left out, and play again."""
    from agents.player import StrategyFailed
    from experiments.trial import blamed, without

    while True:
        try:
            return play(scenario)
        except StrategyFailed as failed:
            left_out.append(blamed(failed, scenario.play.strategies))
            scenario = without(scenario, _told(left_out[-1:]))


def _told(left_out: Sequence["LeftOut"]) -> Sequence["LeftOut"]:
    """Tell people which strategies do not play; return them."""
    for each in left_out:
        typer.echo(f"left out: {each.strategy}: {each.reason}", err=True)
    return left_out


def _print(played: "Tournament", analysis: "Analysis") -> None:
    from rich.console import Console
    from rich.table import Table

    from experiments.tournament.report import BRIEFLY, standings_rows

    console = Console(markup=False, emoji=False, highlight=False)  # names are the user's
    console.width = max(console.width, WIDE)
    console.print("Places by own cost and by balance; GBP a day; ratios to no link.\n")
    for mechanism in played.scenario.market.mechanisms:
        for seat, party in enumerate(played.seen.parties):
            heading, *rows = standings_rows(analysis.standings, mechanism, seat, BRIEFLY)
            table = Table(title=f"{mechanism}: {party}", title_justify="left")
            for name in heading:
                table.add_column(name, justify="left" if name == "strategy" else "right")
            for row in rows:
                table.add_row(*row)
            console.print(table)
        for sentence in analysis.findings[mechanism]:
            console.print(f"{mechanism}: {sentence}", soft_wrap=True)
        console.print()
    if analysis.settling:
        console.print(analysis.settling.sentence(played.seen.parties), soft_wrap=True)
