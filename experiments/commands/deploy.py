"""``gridpact deploy``: put a contract on a real chain."""

import json
from typing import Annotated

import typer

from experiments.commands.options import AsJson, ScenarioName


def deploy(
    scenario: ScenarioName,
    party: Annotated[list[str], typer.Option(help="An address; once a seat, in their order.")],
    meter: Annotated[str, typer.Option(help="The address that signs reports.")],
    rpc_url: Annotated[
        str, typer.Option(envvar="GRIDPACT_RPC_URL", help="Any Ethereum JSON-RPC node.")
    ],
    mechanism: Annotated[
        str | None, typer.Option(help="hco, rps, rps-pareto or rps-random.")
    ] = None,
    horizon: Annotated[int, typer.Option(help="Windows that one bid is for: 1, or 48.")] = 1,
    period: Annotated[int, typer.Option(help="Seconds from one session to the next.")] = 1800,
    revealing: Annotated[int, typer.Option(help="Seconds to reveal in; 0: open bids.")] = 300,
    fee_cap: Annotated[
        int, typer.Option(help="Base fee in wei above which nothing is negotiated; 0: none.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Deploy the contract of a scenario on a chain; the deployer's key is in GRIDPACT_KEY.

    The deployer has no say in the contract afterwards.
    """
    import os
    from dataclasses import replace

    from chain.deploy import deployment
    from chain.keys import address_of, key_from
    from chain.node import Node
    from experiments.errors import ScenarioRefused
    from experiments.scenario import read_scenario
    from experiments.wiring import study, terms

    read = read_scenario(scenario)
    changes = {"horizon": horizon, "period": period, "revealing": revealing, "fee_cap": fee_cap}
    agreed = terms(read, study(read), mechanism or read.market.mechanisms[0])
    try:
        agreed = replace(agreed, **changes)  # type: ignore[arg-type]
    except ValueError as error:
        raise ScenarioRefused(scenario, str(error)) from error
    if len(party) != agreed.parties:
        wanted = f"has {agreed.parties} parties, and --party names {len(party)}"
        raise ScenarioRefused(scenario, wanted)
    contract = deployment(agreed, [*map(address_of, party)], address_of(meter))
    receipt = Node(rpc_url, [key_from(os.environ)]).deploy(0, contract)
    if as_json:
        typer.echo(json.dumps({"contract": receipt.contract, "gas": receipt.gas}))
    else:
        typer.echo(receipt.contract)
