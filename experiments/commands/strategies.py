"""``gridpact strategies``: the registry, and how one bids."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.options import AsJson

if TYPE_CHECKING:
    from experiments.strategy_example import Example


def strategies(
    name: Annotated[str | None, typer.Argument(help="One of them; all unless given.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the strategies; with a name: what it means and how it bids."""
    from agents.strategies import STRATEGIES
    from experiments.errors import chosen

    if name is not None:
        chosen("strategy", name, STRATEGIES)
        _one(name, as_json)
    elif as_json:
        rows = [{"name": key, "meaning": kind().meaning} for key, kind in STRATEGIES.items()]
        typer.echo(json.dumps(rows, indent=1))
    else:
        for key, kind in STRATEGIES.items():
            typer.echo(f"{key:<12} {kind().meaning}")


def _one(name: str, as_json: bool) -> None:
    from dataclasses import asdict

    from experiments.progress import progress_bar
    from experiments.strategy_example import example

    with progress_bar("Load flows") as progress:
        shown = example(name, progress)
    if as_json:
        typer.echo(json.dumps(asdict(shown), indent=1))
    else:
        _print(shown)


def _print(shown: "Example") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("option", "MW", "cost GBP", "value GBP", "offer", "rank", title=shown.where)
    rows = zip(
        shown.set_point_mw,
        shown.cost_gbp,
        shown.value_gbp,
        shown.offers,
        shown.ranks,
        strict=True,
    )
    for option, (mw, cost, value, offer, rank) in enumerate(rows):
        numbers = f"{mw:g}", f"{cost:.2f}", f"{value:.2f}", f"{offer}", f"{rank}"
        table.add_row(str(option), *numbers)
    typer.echo(f"{shown.name}: {shown.meaning}\n\n{shown.description}\n")
    Console(highlight=False).print(table)
