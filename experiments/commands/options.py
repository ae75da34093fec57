"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

ScenarioName: TypeAlias = Annotated[
    str,
    typer.Argument(help="A shipped scenario (anglesey), or a TOML file.", metavar="SCENARIO"),
]
Venue: TypeAlias = Annotated[
    str | None, typer.Option(help="Where windows are held: local, revm, eth-tester or rpc.")
]
RpcUrl: TypeAlias = Annotated[
    str, typer.Option(help="Of an Ethereum node, for venue rpc; keys from GRIDPACT_KEYS.")
]
Seed: TypeAlias = Annotated[int | None, typer.Option(help="In place of the scenario's.")]
Out: TypeAlias = Annotated[
    Path | None, typer.Option(help="Folder of the results; results/<name> unless given.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def names(text: str | None) -> tuple[str, ...] | None:
    """Return names that commas part.

    >>> names("truthful, shaded")
    ('truthful', 'shaded')
    """
    return None if text is None else tuple(name.strip() for name in text.split(","))
