"""The command line: every command of DESIGN §4, its errors in one line, its imports late."""

import sys
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run a command; what users can get wrong is one line and exit code 2."""
    app()


def _show_version(wanted: bool) -> None:  # noqa: FBT001  typer hands options to callbacks so
    if wanted:
        sys.stdout.write(f"gridpact {installed_version('gridpact')}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[  # noqa: ARG001  the callback shows it
        bool, typer.Option("--version", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Who gains, and what it costs the network, when a contract controls a shared piece of grid."""
