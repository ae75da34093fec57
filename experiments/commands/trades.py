"""``gridpact trades``: what a community traded on a chain, and what its feeder makes of it."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.options import AsJson, ScenarioName

if TYPE_CHECKING:
    from experiments.operator.feeder import Driven

HALF_HOURS = 48  # of a day


def trades(
    contract: Annotated[str, typer.Argument(help="The address of the contract.")],
    scenario: ScenarioName,
    rpc_url: Annotated[
        str, typer.Option(envvar="GRIDPACT_RPC_URL", help="Any Ethereum JSON-RPC node.")
    ],
    mechanism: Annotated[
        str | None, typer.Option(help="If the contract has other code than ours.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read trades from a chain's event log, and solve the load flow of each half-hour.

    Needs no key. Flows are of whole days; beside them stand those of the same households if
    each plans by its tariff alone.
    """
    from chain.agreement import Agreement
    from chain.errors import ContractUnknown
    from chain.history import read_history
    from chain.keys import address_of
    from chain.market_agreement import read_contract
    from chain.node import Node
    from experiments.community.world import world
    from experiments.operator.feeder import driven
    from experiments.operator.plans import check_same, community_world
    from experiments.scenario import read_scenario

    node, read = Node(rpc_url, []), read_scenario(scenario)
    agreed = read_contract(node, address_of(contract), mechanism)
    if isinstance(agreed, Agreement):
        raise ContractUnknown(agreed.address, "is about a link, wanted one of a community")
    check_same(read, community_world(read), agreed.terms)
    found = driven(world(read), read_history(node, agreed))
    if as_json:
        typer.echo(json.dumps(_totals(found), indent=1))
        return
    for line in (*_rows(found), *_sentences(found)):
        typer.echo(line)


def _totals(found: "Driven") -> dict[str, Any]:
    return {
        "days": found.days,
        "traded_kwh": round(found.traded_kwh, 3),
        "metered_kwh": round(found.metered_kwh, 3),
        "losses_kwh": round(found.losses_kwh, 3),
        "exchange_kwh": round(found.exchange_kwh, 3),
        "windows_changed": int(found.changed.sum()),
        "windows_metered": found.reported,
    }


def _rows(found: "Driven") -> list[str]:
    """Return a line for each half-hour, below a heading."""
    from market.trading.tariff import TICKS_PER_PENNY

    head, alone = found.flows.head_kw.ravel(), found.alone.head_kw.ravel()
    losses, volts = found.flows.losses_kw.ravel(), found.flows.voltage_v
    highest, past = volts.max(-1).ravel(), found.history
    traded = past.traded_wh.clip(min=0).sum(0)
    rows = [" half-hour  traded Wh  p/kWh  feeder kW  without trade  losses kW  highest V"]
    for window, kilowatts in enumerate(head):
        day, place = divmod(window, HALF_HOURS)
        hour, half = divmod(place, 2)
        rows.append(
            f"{day:3} {hour:02}:{30 * half:02} {traded[window]:10,}"
            f" {past.price[window] / TICKS_PER_PENNY:6.2f} {kilowatts:10.3f}"
            f" {alone[window]:14.3f} {losses[window]:10.4f} {highest[window]:10.1f}"
        )
    return rows


def _sentences(found: "Driven") -> list[str]:
    if not found.days:
        return ["No whole day was cleared yet."]
    missing = found.changed.size - found.reported
    unseen = [
        f"No meter has reported {missing} of {found.changed.size} half-hours, in which "
        "households are taken to have done what they traded and no more."
    ]
    days = "1 day" if found.days == 1 else f"{found.days} days"
    return [
        f"Households traded {found.traded_kwh:.3f} kWh in {days}.",
        f"The feeder drew {found.exchange_kwh:.3f} kWh: {found.metered_kwh:.3f} kWh that "
        f"households took, and {found.losses_kwh:.3f} kWh of losses.",
        f"Without trade it would draw something else in {int(found.changed.sum())} of "
        f"{found.changed.size} half-hours.",
        *(unseen if missing else ()),
    ]
