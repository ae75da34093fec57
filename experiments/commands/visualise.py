"""``gridpact visualise``: the page in a browser."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.options import Seed


def visualise(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped scenario, a TOML file, or the results folder of a simulation.",
            metavar="[SCENARIO]",
        ),
    ] = "anglesey",
    port: Annotated[
        int, typer.Option(help="Where it listens; 0 for any free one.", min=0, max=65535)
    ] = 8521,
    host: Annotated[
        str, typer.Option(help="Who may look: this machine alone unless changed.")
    ] = "127.0.0.1",
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
    seed: Seed = None,
) -> None:
    """Watch, steer, compare and take part in a negotiation, in a browser."""
    from dataclasses import replace

    from experiments.errors import InputRefused
    from experiments.progress import progress_bar
    from experiments.scenario import read_scenario
    from experiments.validation import check_community
    from experiments.visualiser.opening import Opening, open_with
    from experiments.visualiser.replay import read_scenario_of, unplayed
    from experiments.visualiser.scene import scene
    from experiments.visualiser.server import address, listen, serve
    from experiments.visualiser.snapshot import Look
    from experiments.visualiser.spec import defaults
    from experiments.visualiser.world import open_world
    from experiments.wiring import VENUES

    results = Path(scenario) if Path(scenario).is_dir() else None
    if results and seed is not None:
        raise InputRefused("--seed", "is given for a run that has its own, wanted none")
    asked = read_scenario_of(results) if results else read_scenario(scenario)
    asked = replace(asked, seed=asked.seed if seed is None else seed)
    listening, opened = listen(host, port), Opening(asked, results)
    if asked.grid.case != "community":
        with progress_bar("Load flows") as progress:
            open_world(unplayed(asked) if results else asked, progress)
    elif not results:
        check_community(asked, VENUES)
    shown = scene(opened)  # what a visitor could not be shown is refused here
    if results:
        shown.make(defaults(shown.spec)).look(Look())
    open_with(opened)
    typer.echo(f"{address(listening)} (Ctrl-C to stop)")
    serve(listening, show)
