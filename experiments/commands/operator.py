"""``gridpact operator``: one party, or the meter, as a process on a real chain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chain.agreement import Agreement
    from experiments.operator.process import Party
    from market.bids import Bid


def operator(
    contract: Annotated[str, typer.Argument(help="The address of the contract.")],
    rpc_url: Annotated[
        str, typer.Option(envvar="GRIDPACT_RPC_URL", help="Any Ethereum JSON-RPC node.")
    ],
    bids: Annotated[
        Path | None, typer.Option(help="JSON: bids and points_mw of one party of `negotiate`.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Bid on the costs of a scenario, in place of --bids.")
    ] = None,
    strategy: Annotated[str, typer.Option(help="How to bid on them.")] = "truthful",
    deposit: Annotated[
        int, typer.Option(min=0, help="Ticks to have paid in, over all runs together.")
    ] = 0,
    journal: Annotated[
        Path | None,
        typer.Option(help="File of bids and salts; operator-<seat>-<contract>.jsonl."),
    ] = None,
    keystore: Annotated[
        Path | None, typer.Option(help="Encrypted key; its password is in GRIDPACT_PASSWORD.")
    ] = None,
    meter: Annotated[
        bool, typer.Option("--meter", help="Sign and bring reports; bid nothing.")
    ] = False,
    readings: Annotated[
        Path | None,
        typer.Option(help="What the meter read, a line of JSON a window; else as instructed."),
    ] = None,
    until_session: Annotated[
        int | None, typer.Option(min=1, help="End when all sessions before it are settled.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Do what can be done now, and end.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the money in the contract at the end.")
    ] = False,
    mechanism: Annotated[
        str | None, typer.Option(help="If the contract has other code than ours.")
    ] = None,
    confirmations: Annotated[
        int, typer.Option(min=1, help="Blocks that confirm a transaction.")
    ] = 1,
) -> None:
    """Act for one party on a chain: deposit, bid, reveal, decide, settle, withdraw.

    The key is in GRIDPACT_KEY, or in a keystore; it decides which seat this is. Killed and
    started again, an operator goes on from the chain and its journal.
    """
    import os

    from chain.agreement import read_agreement
    from chain.keys import address_of, key_from
    from chain.node import Node
    from chain.sender import Waits
    from experiments.interrupts import INTERRUPTED, finishing
    from experiments.operator.duties import MeterDuty
    from experiments.operator.process import Meter, Operator
    from experiments.operator.readings import read_readings

    key = key_from(os.environ, keystore)
    node = Node(rpc_url, [key], Waits(confirmations))
    agreed = read_agreement(node, address_of(contract), mechanism)
    role: Meter | Party
    if meter:
        agreed.check_meter(key.address)
        if readings is not None:
            read_readings(readings, agreed.terms.parties)  # refused now rather than later
        role = Meter(MeterDuty(agreed, until_session, readings))
    else:
        seat = agreed.seat_of(key.address)
        own = _bids(agreed, seat, bids, scenario, strategy)
        role = _party(agreed, seat, own, journal, deposit, until_session, keep)
    with finishing() as interrupted:
        Operator(role, node, _say, interrupted).run(once)
        if interrupted():
            raise typer.Exit(INTERRUPTED)


def _bids(
    agreed: "Agreement", seat: int, file: Path | None, scenario: str | None, strategy: str
) -> "tuple[Bid | None, ...]":
    from experiments.operator.bids import read_bids, strategy_bids

    if (file is None) == (scenario is None):
        raise typer.BadParameter("wanted one of --bids and --scenario")
    if file is not None:
        return read_bids(file, agreed.terms, seat)
    return strategy_bids(str(scenario), strategy, agreed.terms, seat)


def _party(
    agreed: "Agreement",
    seat: int,
    bids: "tuple[Bid | None, ...]",
    journal: Path | None,
    deposit: int,
    until: int | None,
    keep: bool,
) -> "Party":
    from experiments.operator.duties import Duty
    from experiments.operator.journal import Journal
    from experiments.operator.process import Party, sessions_of

    path = journal or Path(f"operator-{seat}-{agreed.address[2:10]}.jsonl")
    last = until or sessions_of(bids, agreed.terms.horizon)
    return Party(Duty(agreed, seat, last, deposit, keep), bids, Journal(path))


def _say(line: str) -> None:
    """Print a log line with the time of day, at once."""
    from datetime import UTC, datetime

    typer.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {line}")
