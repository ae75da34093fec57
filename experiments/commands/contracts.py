"""``gridpact contracts``: are the committed contracts those of the sources."""

import typer

contracts = typer.Typer(help="Compile the contracts, or check that nobody has to.")


@contracts.command()
def check() -> None:
    """Compile again, and compare with the committed artifacts; exit code 1 if one differs."""
    from chain.compile import check_fresh
    from chain.errors import ArtifactStale
    from experiments.errors import CheckFailed

    try:
        fresh = check_fresh()
    except ArtifactStale as stale:
        raise CheckFailed(str(stale)) from stale
    for name, artifact in fresh.items():
        typer.echo(
            f"{name}: fresh, {len(artifact.bytecode):,} bytes by solc {artifact.compiler}"
        )


@contracts.command("compile")
def compile_() -> None:
    """Compile every contract, and write the artifacts to be committed."""
    from chain.artifacts import CONTRACTS, FOLDER
    from chain.compile import compile_all

    compile_all()
    for name in CONTRACTS:
        typer.echo(FOLDER / f"{name}.json")


@contracts.command()
def gas() -> None:
    """Measure what the chain charges, and print it as a page (chain/contracts/GAS.md)."""
    from experiments.gas_table import gas_page

    typer.echo(gas_page(), nl=False)
