"""``gridpact negotiate``: what would the contract do."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.options import AsJson, RpcUrl

if TYPE_CHECKING:
    from experiments.bids_file import Question
    from experiments.negotiate import Negotiated


def negotiate(
    bids: Annotated[
        Path, typer.Argument(help="JSON, as README.md shows under 'One negotiation'.")
    ],
    mechanism: Annotated[str, typer.Option(help="hco, rps, rps-pareto or rps-random.")],
    venue: Annotated[str, typer.Option(help="local, revm, eth-tester or rpc.")] = "local",
    payment: Annotated[
        str, typer.Option(help="difference, equal-split or none; ranks are never paid for.")
    ] = "difference",
    rpc_url: RpcUrl = "",
    as_json: AsJson = False,
) -> None:
    """Negotiate once, from a file: what would the contract do with these bids."""
    from experiments import negotiate as run
    from experiments.bids_file import read_question
    from experiments.wiring import open_venue

    question = read_question(bids, mechanism, payment)
    result = run.negotiate(question, open_venue(venue, question.terms, rpc_url))
    if as_json:
        typer.echo(json.dumps(run.as_json(result, mechanism, venue), indent=1))
    else:
        _show(question, result)


def _show(question: "Question", result: "Negotiated") -> None:
    from rich.console import Console
    from rich.table import Table

    names = [party.name for party in question.parties]
    table = Table(
        *("window", "option", "MW"), *(f"{name} pays" for name in names), "tie", "gas"
    )
    for award, gas in zip(result.awards, result.gas, strict=True):
        table.add_row(
            str(award.window),
            str(award.option),
            f"{award.set_point / 1000:g}",
            *map(str, award.payments),
            f"of {len(award.candidates)}" if award.authority_used else "",
            str(gas),
        )
    console = Console(markup=False, emoji=False)
    console.print(table)
    left = (f"{name} {ticks}" for name, ticks in zip(names, result.deposits, strict=True))
    console.print(f"Deposits left, in ticks: {', '.join(left)}", highlight=False)
    console.print(f"{names[result.authority]} breaks the next tie", highlight=False)
