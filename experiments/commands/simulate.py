"""``gridpact simulate``: one run of the Mesa model, every event recorded."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.options import (
    AsJson,
    RpcUrl,
    ScenarioName,
    Seed,
    Venue,
    names,
    results_at,
)

if TYPE_CHECKING:
    from experiments.scenario import Scenario
    from experiments.simulation.simulate import Simulation
    from market.venue import Call


def simulate(
    scenario: ScenarioName = "anglesey",
    venue: Venue = None,
    mechanism: Annotated[str | None, typer.Option(help="hco, rps or rps-pareto.")] = None,
    seats: Annotated[
        str | None,
        typer.Option(help="For each seat a strategy, or a file of bids: truthful,bids.json."),
    ] = None,
    pair: Annotated[str | None, typer.Option(help="A loading for each network: N,D.")] = None,
    windows: Annotated[
        int | None, typer.Option(help="How many; those of the first day unless given.")
    ] = None,
    seed: Seed = None,
    out: Annotated[Path | None, results_at("<name>-simulation")] = None,
    calls: Annotated[
        bool | None,
        typer.Option(help="List every call; done unasked where they have hashes."),
    ] = None,
    rpc_url: RpcUrl = "",
    as_json: AsJson = False,
) -> None:
    """Run the Mesa model once, every bid and payment recorded; or communities that trade."""
    from dataclasses import replace

    from experiments.commands.simulate_community import simulate_community
    from experiments.commands.simulate_coupled import simulate_coupled
    from experiments.interrupts import INTERRUPTED
    from experiments.scenario import read_scenario

    asked = read_scenario(scenario)
    asked = replace(asked, seed=asked.seed if seed is None else seed)
    folder = out or Path("results") / f"{asked.name}-simulation"
    of_matches: dict[str, object] = {
        "venue": venue,
        "windows": windows,
        "calls": calls,
        "rpc-url": rpc_url or None,
    }
    of_links: dict[str, object] = {"mechanism": mechanism, "seats": seats, "pair": pair}
    if asked.grid.case == "community":
        simulate_community(asked, folder, of_links | of_matches, as_json=as_json)
        return
    asked = asked.with_changes("chain", venue=venue, rpc_url=rpc_url or None)
    asked = asked.with_changes("market", mechanisms=mechanism and (mechanism,))
    asked = asked.with_changes("play", seats=names(seats), pair=names(pair))
    if asked.community.prosumers:
        simulate_coupled(asked, folder, of_matches, as_json=as_json)
        return
    run, totals = _run(asked, windows, folder)
    hashed = run.venue.calls[0].transaction is not None
    listed = run.venue.calls if calls or (calls is None and hashed) else ()
    if as_json:
        _print_json(totals, listed, folder)
    else:
        _print(run, totals, listed, folder)
    if not run.complete:
        raise typer.Exit(INTERRUPTED)


def _run(
    scenario: "Scenario", windows: int | None, folder: Path
) -> tuple["Simulation", dict[str, Any]]:
    """Play, write the results, and check the money."""
    from experiments.figures.learning import draw_learning
    from experiments.interrupts import finishing
    from experiments.plugins import files_sha256
    from experiments.progress import progress_bar
    from experiments.results import manifest, results_folder, write_json, write_table
    from experiments.simulation import simulate as simulation
    from experiments.simulation.ledger import ledger
    from experiments.trial import check_seats, telling_which
    from experiments.validation import check
    from experiments.wiring import VENUES, study, terms

    check(scenario, VENUES)  # before a folder is made under its name
    with results_folder(folder) as draft:
        with progress_bar("Load flows") as progress:
            seen = study(scenario, progress)
        most = windows or seen.cost_gbp.shape[3]
        check_seats(scenario, terms(scenario, seen, scenario.market.mechanisms[0]), most)
        with (
            progress_bar("Windows") as progress,
            finishing() as interrupted,
            telling_which(scenario.play.seats),
        ):
            run = simulation.simulate(scenario, seen, windows, progress, interrupted)
        totals = simulation.summary(run)
        write_table(draft / "windows.parquet", simulation.windows_table(run))
        write_table(draft / "bids.parquet", simulation.bids_table(run))
        write_table(draft / "payments.parquet", simulation.payments_table(run))
        write_table(draft / "calls.parquet", simulation.calls_table(run))
        write_table(draft / "learning.parquet", run.learning)
        draw_learning(draft / "figures", run.learning)
        write_json(draft / "summary.json", totals)
        facts = {
            "windows": run.model.window,
            "complete": run.complete,
            "plugins_sha256": files_sha256(scenario.play.seats),
        }
        write_json(draft / "manifest.json", manifest("simulate", scenario, **facts))
    ledger(run.venue).check()
    return run, totals


def _print_json(totals: dict[str, Any], calls: Sequence["Call"], folder: Path) -> None:
    from dataclasses import asdict

    listed = {"calls": [asdict(call) for call in calls]} if calls else {}
    typer.echo(json.dumps(totals | listed | {"results": str(folder)}, indent=1))


def _print(
    run: "Simulation", totals: dict[str, Any], calls: Sequence["Call"], folder: Path
) -> None:
    from rich.console import Console

    from experiments.commands import simulate_tables as tables
    from experiments.simulation.choices import choices_words, fitted_choices

    for line in tables.call_lines(calls):
        typer.echo(line)
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(tables.heading(totals))
    console.print(tables.parties(totals))
    console.print(tables.stages(totals))
    if totals["physics"]:
        console.print(tables.physics(totals, run.seen.parties))
    for fitted in fitted_choices(run.learning):
        typer.echo(choices_words(fitted))
    typer.echo(tables.money(totals))
    typer.echo(f"Results: {folder}")
