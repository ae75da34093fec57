"""``gridpact equilibria``: who would do otherwise, and where nobody would."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.options import AsJson

if TYPE_CHECKING:
    from experiments.concepts import Answer, Question
    from experiments.nfg import StrategicGame


def equilibria(
    path: Annotated[
        Path,
        typer.Argument(
            help="Results of a tournament, or a game of Gambit's (.nfg); with --concept "
            "quantal also results of a simulation with learners."
        ),
    ],
    mechanism: Annotated[
        str | None, typer.Option(help="Of results with more than one: which, such as hco.")
    ] = None,
    balance: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Weight of balance beside own cost, of results."),
    ] = 0.0,
    concept: Annotated[
        str,
        typer.Option(
            help="nash, correlated, coarse-correlated, quantal, alpha-rank, ess or dominance."
        ),
    ] = "nash",
    method: Annotated[
        str,
        typer.Option(
            help="auto, pure, enumerate, lemke-howson, mclennan-tourky or gambit; nash only."
        ),
    ] = "auto",
    time_limit: Annotated[
        float, typer.Option(min=0.001, help="Seconds, after which it shows what it has.")
    ] = 60.0,
    nfg: Annotated[
        Path | None, typer.Option(help="Write the game to this file, for Gambit.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the equilibria of a tournament, or of a game in a file."""
    from experiments import concepts
    from experiments.nfg import write_nfg

    of_game_alone = nfg is not None or mechanism is not None or balance
    if concept == "quantal" and not of_game_alone and _learners(path, as_json):
        return
    question = concepts.Question(_game(path, mechanism, balance), concept, method, time_limit)
    if nfg is not None:
        write_nfg(nfg, question.game)
    found = concepts.answer(question)
    if as_json:
        typer.echo(json.dumps(concepts.as_json(question, found), indent=1))
    else:
        _show(question, found)


def _learners(folder: Path, as_json: bool) -> bool:
    """Tell how sharply the learners of a simulation chose; return whether it is one."""
    if not folder.is_dir():
        return False
    from experiments.simulation import choices

    fitted = choices.recorded_choices(folder)
    if fitted is None:
        return False
    if as_json:
        found = {
            "game": {
                "players": [one.party for one in fitted],
                "strategies": [list(one.menu) for one in fitted],
            },
            "method": choices.METHOD,
            "complete": True,
            "equilibria": [],
            "notes": ["precisions are fitted to what learners did, each for itself"],
            "learners": choices.choices_json(fitted),
        }
        typer.echo(json.dumps(found, indent=1))
        return True
    for one in fitted:
        typer.echo(choices.choices_words(one))
    typer.echo(f"quantal by {choices.METHOD}")
    return True


def _game(path: Path, mechanism: str | None, balance: float) -> "StrategicGame":
    """Return the game of a folder or a file."""
    from experiments.errors import InputRefused
    from experiments.nfg import read_nfg
    from experiments.tournament.recorded_game import recorded_game

    if path.is_dir():
        return recorded_game(path, mechanism, balance)
    if mechanism is not None:
        raise InputRefused(f"--mechanism {mechanism}", f"is for results, and {path} is none")
    if balance:
        raise InputRefused(f"--balance {balance:g}", f"is for results, and {path} is none")
    return read_nfg(path)


def _show(question: "Question", found: "Answer") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, emoji=False, highlight=False)  # names are the user's
    if question.game.title:
        console.print(question.game.title, soft_wrap=True)
    if found.rows:
        table = Table(*found.heading)
        for row in found.rows:
            table.add_row(*row)
        console.print(table)
    sure = "" if found.complete else ", perhaps not all"
    console.print(f"{question.concept} by {found.method}{sure}", soft_wrap=True)
    for note in found.notes:
        console.print(note, soft_wrap=True)
