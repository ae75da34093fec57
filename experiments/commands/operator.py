"""``gridpact operator``: one party, a household, or the meter, as a process on a chain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chain.agreement import Agreement, Contract
    from chain.market_agreement import MarketAgreement
    from experiments.operator.duties import Duty
    from experiments.operator.household import Household
    from experiments.operator.journal import Journal
    from experiments.operator.meter import Meter
    from experiments.operator.process import Party, Role
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
        str | None,
        typer.Option(help="Bid on its costs, in place of --bids; or be one of its households."),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(help="How to; truthful, or what the scenario's mix has for a household."),
    ] = None,
    deposit: Annotated[
        int | None,
        typer.Option(
            min=0, help="Ticks to have paid in, over all runs; 0, or a household's GBP 100."
        ),
    ] = None,
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
        typer.Option(
            help="What the meter read, in lines of JSON; else as decided. A household's own "
            "meter appends to it."
        ),
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

    What the contract is about, a link or a community's trade, it says itself. The key is in
    GRIDPACT_KEY, or in a keystore; it decides which seat this is. Killed and started again, an
    operator goes on from the chain and its journal.
    """
    import os

    from chain.agreement import Agreement
    from chain.keys import address_of, key_from
    from chain.market_agreement import read_contract
    from chain.node import Node
    from chain.sender import Waits
    from experiments.interrupts import INTERRUPTED, finishing
    from experiments.operator.duties import Duty
    from experiments.operator.process import Operator

    key = key_from(os.environ, keystore)
    node = Node(rpc_url, [key], Waits(confirmations))
    agreed = read_contract(node, address_of(contract), mechanism)
    role: Role
    if meter:
        agreed.check_meter(key.address)
        role = _meter(agreed, until_session, readings)
    elif isinstance(agreed, Agreement):
        if readings is not None:
            raise typer.BadParameter("--readings is for --meter, and for households")
        seat = agreed.seat_of(key.address)
        own = _bids(agreed, seat, bids, scenario, strategy or "truthful")
        until = until_session or -(-len(own) // agreed.terms.horizon)
        role = _party(Duty(agreed, seat, until, deposit or 0, keep), own, journal)
    else:
        seat = agreed.seat_of(key.address)
        if scenario is None or bids is not None:
            raise typer.BadParameter("a household plans by --scenario, and takes no --bids")
        duty = Duty(agreed, seat, until_session or 0, _funds(deposit), keep)
        role = _household(duty, scenario, strategy, journal, readings)
    with finishing() as interrupted:
        Operator(role, node, _say, interrupted).run(once)
        if interrupted():
            raise typer.Exit(INTERRUPTED)


def _meter(
    agreed: "Agreement | MarketAgreement", until: int | None, file: Path | None
) -> "Meter":
    from chain.agreement import Agreement
    from experiments.operator.duties import MeterDuty, meter_steps
    from experiments.operator.market_duties import market_meter_steps
    from experiments.operator.meter import Meter
    from experiments.operator.metered import read_flows
    from experiments.operator.readings import read_readings

    link = isinstance(agreed, Agreement)
    if file is not None:
        (read_readings if link else read_flows)(file, agreed.terms.parties)  # refused now
    return Meter(MeterDuty(agreed, until, file), meter_steps if link else market_meter_steps)


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
    duty: "Duty[Agreement]", bids: "tuple[Bid | None, ...]", journal: Path | None
) -> "Party":
    from experiments.operator.process import Party

    return Party(duty, bids, _journal(duty, journal))


def _household(
    duty: "Duty[MarketAgreement]",
    scenario: str,
    strategy: str | None,
    journal: Path | None,
    readings: Path | None,
) -> "Household":
    from dataclasses import replace

    from experiments.operator.household import Household
    from experiments.operator.plans import days_ahead
    from experiments.scenario import read_scenario

    terms = duty.agreement.terms
    ahead = days_ahead(read_scenario(scenario), strategy, terms, duty.seat, duty.deposit)
    whole = replace(duty, until=duty.until or ahead.sessions)
    return Household(whole, ahead, _journal(duty, journal), readings)


def _funds(deposit: int | None) -> int:
    from agents.prosumers.community import WORKING_TICKS

    return WORKING_TICKS if deposit is None else deposit


def _journal(duty: "Duty[Contract]", path: Path | None) -> "Journal":
    from experiments.operator.journal import Journal

    name = f"operator-{duty.seat}-{duty.agreement.address[2:10]}.jsonl"
    return Journal(path or Path(name))


def _say(line: str) -> None:
    """Print a log line with the time of day, at once."""
    from datetime import UTC, datetime

    typer.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {line}")
