"""``gridpact deploy``: put a contract on a real chain."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from experiments.commands.options import AsJson, ScenarioName

if TYPE_CHECKING:
    from chain.codec import Deployment
    from experiments.scenario import Scenario

Who: TypeAlias = tuple[list[str], str]
"""The addresses of the parties, and of the meter."""


def deploy(
    scenario: ScenarioName,
    party: Annotated[list[str], typer.Option(help="An address; once a seat, in their order.")],
    meter: Annotated[str, typer.Option(help="The address that signs reports.")],
    rpc_url: Annotated[
        str, typer.Option(envvar="GRIDPACT_RPC_URL", help="Any Ethereum JSON-RPC node.")
    ],
    mechanism: Annotated[
        str | None,
        typer.Option(help="hco, rps, rps-pareto or rps-random; a trading rule of a community."),
    ] = None,
    horizon: Annotated[
        int | None,
        typer.Option(
            help="Windows that one bid is for: 1, or 48. A community's day unless given."
        ),
    ] = None,
    period: Annotated[int, typer.Option(help="Seconds from one session to the next.")] = 1800,
    revealing: Annotated[
        int | None, typer.Option(help="Seconds to reveal in, 300 unless given; 0: open bids.")
    ] = None,
    fee_cap: Annotated[
        int | None,
        typer.Option(help="Base fee in wei above which nothing is negotiated; 0: none."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Deploy the contract of a scenario on a chain; the deployer's key is in GRIDPACT_KEY.

    It is about the link, or about the trade of a community. The deployer has no say in it
    afterwards.
    """
    import os

    from chain.keys import address_of, key_from
    from chain.node import Node
    from experiments.scenario import read_scenario

    read, who = read_scenario(scenario), ([*map(address_of, party)], address_of(meter))
    if read.grid.case == "community":
        if revealing is not None or fee_cap is not None:
            raise typer.BadParameter("--revealing and --fee-cap are for links")
        contract = _market(read, mechanism, horizon, period, who)
    else:
        changes = {"horizon": 1 if horizon is None else horizon, "period": period}
        changes |= {"revealing": 300 if revealing is None else revealing}
        contract = _link(read, mechanism, changes | {"fee_cap": fee_cap or 0}, who)
    receipt = Node(rpc_url, [key_from(os.environ)]).deploy(0, contract)
    if as_json:
        typer.echo(json.dumps({"contract": receipt.contract, "gas": receipt.gas}))
    else:
        typer.echo(receipt.contract)


def _link(
    read: "Scenario", mechanism: str | None, changes: dict[str, int], who: Who
) -> "Deployment":
    """Return the contract of the operators of a link."""
    from dataclasses import replace

    from chain.deploy import deployment
    from experiments.wiring import study, terms

    agreed = terms(read, study(read), mechanism or read.market.mechanisms[0])
    with _refusing(read):
        agreed = replace(agreed, **changes)  # type: ignore[arg-type]
    _check_parties(read, agreed.parties, who)
    return deployment(agreed, *who)


def _market(
    read: "Scenario", trading: str | None, horizon: int | None, period: int, who: Who
) -> "Deployment":
    """Return the contract of a community, in sessions that make up its days."""
    from dataclasses import replace

    from chain.deploy import market_deployment
    from experiments.community.replay import session_terms
    from experiments.errors import ScenarioRefused, chosen
    from experiments.operator.plans import community_world
    from market.trading.rules import TRADING_RULES

    rule = trading or read.community.rules[0]
    chosen("trading rule", rule, TRADING_RULES)
    seen = community_world(read)
    agreed = session_terms(seen, rule)
    wanted = agreed.horizon if horizon is None else horizon
    if wanted < 1 or seen.windows % wanted:
        reason = f"--horizon is {wanted}, wanted a whole part of a day's {seen.windows}"
        raise ScenarioRefused(read.source, reason)
    _check_parties(read, agreed.parties, who)
    with _refusing(read):
        return market_deployment(replace(agreed, horizon=wanted, period=period), *who)


def _check_parties(read: "Scenario", parties: int, who: Who) -> None:
    from experiments.errors import ScenarioRefused

    if len(who[0]) != parties:
        wanted = f"has {parties} parties, and --party names {len(who[0])}"
        raise ScenarioRefused(read.source, wanted)


@contextmanager
def _refusing(read: "Scenario") -> Iterator[None]:
    """Refuse a scenario where terms say that no contract could hold them."""
    from experiments.errors import ScenarioRefused

    try:
        yield
    except ValueError as error:
        raise ScenarioRefused(read.source, str(error)) from error
