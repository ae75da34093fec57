"""Arguments and options that several commands share."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import typer

from experiments.scenario import shipped

ScenarioName: TypeAlias = Annotated[
    str,
    typer.Argument(
        help=f"A shipped scenario ({', '.join(shipped())}), or a TOML file.",
        metavar="SCENARIO",
    ),
]
Venue: TypeAlias = Annotated[
    str | None, typer.Option(help="Where windows are held: local, revm, eth-tester or rpc.")
]
RpcUrl: TypeAlias = Annotated[
    str, typer.Option(help="Of an Ethereum node, for venue rpc; keys from GRIDPACT_KEYS.")
]
Seed: TypeAlias = Annotated[int | None, typer.Option(help="In place of the scenario's.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


MoreStrategies: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--strategy", help="One more, such as shaded(share=0.7) or mine.py:Mine; repeatable."
    ),
]


def results_at(place: str) -> Any:
    """Return the option for the folder of results, which has a place unless given."""
    return typer.Option(help=f"Folder of the results; results/{place} unless given.")


def names(text: str | None) -> tuple[str, ...] | None:
    """Return names that commas part; a comma in brackets is part of a name.

    >>> names("truthful, noise(shaded, size=0.2)")
    ('truthful', 'noise(shaded, size=0.2)')
    """
    if text is None:
        return None
    parts, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return tuple(part.strip() for part in parts)


def refuse_given(options: Mapping[str, object], reason: str) -> None:
    """Refuse the first option that was given, that is, which is not None.

    Raises
    ------
    InputRefused
        Naming the option.
    """
    from experiments.errors import InputRefused

    for name, value in options.items():
        if value is not None:
            raise InputRefused(f"--{name}", reason)
