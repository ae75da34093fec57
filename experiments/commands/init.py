"""``gridpact init``: a scenario for a user's own networks."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    file: Annotated[Path, typer.Argument(help="Where to; never overwritten.")] = Path(
        "scenario.toml"
    ),
) -> None:
    """Write a commented scenario for your own networks."""
    from experiments.scenario_template import write_template

    write_template(file)
    typer.echo(f"{file}: name your networks and profiles there, then gridpact simulate {file}")
