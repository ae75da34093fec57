"""``gridpact dispositions``: every way of weighing the other against every other."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.options import AsJson, ScenarioName, Seed, names, results_at

if TYPE_CHECKING:
    from experiments.dispositions import Dial
    from experiments.scenario import Scenario


def dispositions(
    scenario: ScenarioName = "anglesey",
    mechanisms: Annotated[
        str | None, typer.Option(help="Such as hco,rps; the scenario's unless given.")
    ] = None,
    seed: Seed = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; the results do not depend on it.")
    ] = None,
    out: Annotated[Path | None, results_at("<name>-dispositions")] = None,
    as_json: AsJson = False,
) -> None:
    """Play altruists to adversaries against each other, and see where cooperation collapses."""
    from dataclasses import replace

    from experiments.dispositions import sentences
    from experiments.scenario import read_scenario

    asked = read_scenario(scenario)
    asked = replace(asked, seed=asked.seed if seed is None else seed)
    asked = asked.with_changes("market", mechanisms=names(mechanisms))
    folder = out or Path("results") / f"{asked.name}-dispositions"
    dials = _run(asked, workers, folder)
    if as_json:
        typer.echo(json.dumps({dial.mechanism: _record(dial) for dial in dials}, indent=1))
        return
    for dial in dials:
        for sentence in sentences(dial):
            typer.echo(f"{dial.mechanism}: {sentence}")
    typer.echo(f"Results: {folder}")


def _run(scenario: "Scenario", workers: int | None, folder: Path) -> tuple["Dial", ...]:
    """Play, draw, and write the results."""
    from experiments.dispositions import play_dispositions
    from experiments.errors import ScenarioRefused
    from experiments.figures.dispositions import dial_figure
    from experiments.figures.style import save, style
    from experiments.progress import progress_bar
    from experiments.results import manifest, results_folder, write_json, write_table
    from experiments.validation import check_networks
    from experiments.wiring import VENUES, study

    check_networks(scenario, VENUES)
    with results_folder(folder) as draft:
        with progress_bar("Load flows") as progress:
            seen = study(scenario, progress)
        if len(seen.parties) != 2:
            reason = f"has {len(seen.parties)} parties, wanted 2: the figure has two sides"
            raise ScenarioRefused(scenario.source, reason)
        with progress_bar("Matches") as progress:
            played, dials = play_dispositions(scenario, seen, progress, workers)
        write_table(draft / "payoffs.parquet", played.payoffs)
        with style():
            for dial in dials:
                name = f"dispositions-{dial.mechanism}"
                save(dial_figure(dial), draft / "figures", name)
        write_json(draft / "summary.json", {dial.mechanism: _record(dial) for dial in dials})
        facts = {"matches": len(played.runs), "negotiations": played.negotiations}
        write_json(draft / "manifest.json", manifest("dispositions", scenario, **facts))
    return dials


def _record(dial: "Dial") -> dict[str, object]:
    from experiments.dispositions import sentences

    first, second = dial.best_replies
    ratio = dial.system_ratio.astype(object)
    ratio[ratio != ratio] = None  # noqa: PLR0124  JSON has nothing that is no number
    return {
        "angles": list(dial.angles),
        "parties": list(dial.parties),
        "net_cost_gbp": dial.net_cost_gbp.tolist(),
        "system_cost_ratio": ratio.tolist(),
        "cheapest": {dial.parties[0]: list(first), dial.parties[1]: list(second)},
        "findings": list(sentences(dial)),
    }
