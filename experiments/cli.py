"""The command line: its commands, and every expected error as one line.

To add a command, write ``experiments/commands/x.py`` with one function ``x`` whose parameters
are its arguments and whose docstring is its help, and list it below::

    app.command()(x)

Every command is imported for ``--help``, so the file imports `typer` and the standard library
alone at its top, and what it calls in the body of the function. Errors need no handling: an
`ExperimentError`, `MarketError`, `GridError` or `ChainError` becomes one line and exit code 2.
"""

import sys
from collections.abc import Sequence
from importlib.metadata import version as installed_version
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from experiments.commands.audit import audit
from experiments.commands.contracts import contracts
from experiments.commands.deploy import deploy
from experiments.commands.dispositions import dispositions
from experiments.commands.equilibria import equilibria
from experiments.commands.init import init
from experiments.commands.negotiate import negotiate
from experiments.commands.operator import operator
from experiments.commands.reproduce import reproduce
from experiments.commands.simulate import simulate
from experiments.commands.strategies import strategies
from experiments.commands.sweep import sweep
from experiments.commands.tournament import tournament
from experiments.commands.trades import trades
from experiments.commands.visualise import visualise
from experiments.errors import EXPECTED, CheckFailed

REFUSED: Final = 2
"""The exit code of an expected error."""

FAILED: Final = 1
"""The exit code of a check that does not hold."""


class OneLineErrors(TyperGroup):
    """Commands whose expected errors are one line on standard error."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and exit: 0, 1 for a failed check, 2 for bad input, 130 for Ctrl-C."""
        try:
            code = super().main(args, "gridpact", complete_var, standalone_mode=False, **extra)
        except typer.TyperException as error:
            code = _refuse(error.format_message())
        except CheckFailed as error:
            code = _refuse(str(error), FAILED)
        except EXPECTED as error:
            code = _refuse(str(error))
        sys.exit(code)


app = typer.Typer(
    cls=OneLineErrors,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show it and exit.")] = False,
) -> None:
    """Who gains, and what it costs the network, if a contract controls shared equipment."""
    if version:
        typer.echo(f"gridpact {installed_version('gridpact')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command()(tournament)
app.command()(simulate)
app.command()(negotiate)
app.command()(equilibria)
app.command()(strategies)
app.command()(dispositions)
app.command()(init)
app.command()(operator)
app.command()(deploy)
app.command()(trades)
app.add_typer(contracts, name="contracts")
app.command()(reproduce)
app.command()(audit)
app.command()(sweep)
app.command()(visualise)


def main() -> None:
    """Run what the arguments of the process ask for."""
    app()


def _refuse(reason: str, code: int = REFUSED) -> int:
    typer.echo(f"gridpact: {' '.join(reason.split())}", err=True)
    return code
