"""What `gridpact simulate` shows people."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.table import Table

from market.venue import Call

OUTCOMES: Final = {
    "exchange_mwh": ("exchange MWh", ".1f"),
    "losses_mwh": ("losses MWh", ".3f"),
    "line_utilisation": ("line use", ".4f"),
    "voltage_index": ("voltage p.u.", ".5f"),
    "breaches": ("breaches", ".0f"),
}
"""What load flows say: column and format."""


def call_lines(calls: Sequence[Call]) -> Iterator[str]:
    """Yield every transaction as a line, under a first line that names the columns."""
    columns = ("stage", "session", "seat", "gas", "block", "transaction")
    shape = "{:<8} {:>6} {:>4} {:>9} {:>5} {}"
    if calls:
        yield shape.format(*columns)
    for call in calls:
        values = (getattr(call, name) for name in columns)
        yield shape.format(*("-" if value is None else value for value in values))


def heading(totals: dict[str, Any]) -> str:
    """Return what was run, in a line."""
    seats = " against ".join(party["strategy"] for party in totals["parties"])
    place = f"{totals['scenario']} {'-'.join(totals['pair'])}"
    stopped = "" if totals["complete"] else ", interrupted"
    rule = f"{totals['mechanism']} on {totals['venue']}"
    return f"{place}: {seats}, {totals['windows']} windows of {rule}{stopped}"


def parties(totals: dict[str, Any]) -> Table:
    """Return the cost of each party, with and without payments and fees."""
    table = _table("party", "strategy", "no link", "cost", "payments", "fees", "net")
    table.title = "GBP"
    for party in totals["parties"]:
        cost, paid, fees = (party[f"{k}_gbp"] for k in ("cost", "payments", "fees"))
        money = (cost, paid, fees, cost + paid + fees)
        no_link = party["no_link_gbp"]
        table.add_row(
            party["name"],
            party["strategy"],
            "-" if no_link is None else f"{no_link:,.2f}",
            *(f"{gbp:,.2f}" for gbp in money),
        )
    return table


def stages(totals: dict[str, Any]) -> Table:
    """Return the gas of each kind of call, and the fee for all."""
    table = _table("stage", "gas")
    for stage, gas in totals["gas"].items():
        table.add_row(stage, f"{gas:,}")
    table.add_row("all", f"{sum(totals['gas'].values()):,}")
    table.caption = f"GBP {totals['fee_gbp']:,.2f}"
    return table


def physics(totals: dict[str, Any], names: Sequence[str]) -> Table:
    """Return what load flows say, beside what they say without the link."""
    outcomes = totals["physics"]
    table = _table("network", "link", *(words for words, _ in OUTCOMES.values()))
    for seat, name in enumerate(names):
        for link, words in (("no_link", "no"), ("link", "yes")):
            values = (
                f"{outcomes[link][key][seat]:{shape}}" for key, (_, shape) in OUTCOMES.items()
            )
            table.add_row(name, words, *values)
    table.caption = f"balance score {outcomes['balance']:.3f}; 1 is as without the link"
    return table


def money(totals: dict[str, Any]) -> str:
    """Return the conservation of money, which holds, in a line."""
    found = totals["money"]
    line = (
        f"Money is conserved: {found['paid_in']} ticks paid in - {found['withdrawn']} withdrawn"
        f" = {found['free']} free + {found['locked']} locked"
    )
    if found["tick_wei"] is None:
        return line
    wei = f"{found['balance_wei']} wei at {found['tick_wei']} a tick"
    return f"{line}; the contract holds {wei}"


def _table(first: str, *others: str) -> Table:
    table = Table(first)
    for name in others:
        table.add_column(name, justify="right")
    return table
