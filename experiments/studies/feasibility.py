"""How many shared elements a chain carries, and at what price it pays: findings."""

from collections.abc import Iterator

from experiments.studies.words import Table, about, gbp, interval
from experiments.sweep.plan import Sweep


def paragraphs(sweep: Sweep, table: Table) -> list[str]:
    """Return what was assumed, how many links a chain carries, and the break-even line."""
    days, chain = sweep.table["grid"]["days"], sweep.table["chain"]
    price = f"{chain['gas_price_gwei']:g} gwei and an ether of {gbp(chain['ether_price_gbp'])}"
    return [
        "Feasibility: two parties, thirteen options, sealed bids; gas measured on the "
        "contract's bytecode in steady state, the meter's report included, as are bids, "
        "reveals and the decision; for the paper's contracts its own figure of two "
        "transactions a half-hour. A chain is taken as full of nothing else, so divide by "
        "the share that others leave. Blocks: 8 M gas every 14 s (March 2018, as in the "
        "paper); 36 M, 45 M and 60 M every 12 s (Ethereum's limits in the course of 2025).",
        " ".join(_carried(table)),
        f"At {price}: " + " ".join(_money(table, days)),
        " ".join(_line(table)),
    ]


def _ways(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield each contract, mechanism and horizon, and its rows by block."""
    axes = ["ask.contract", "ask.mechanism", "ask.day_ahead"]
    for (contract, mechanism, ahead), rows in table.groupby(axes, sort=False):
        whose = "the paper's" if contract == "paper" else "this"
        yield f"{whose} `{mechanism}`{', day ahead' if ahead else ', one by one'}", rows


def _carried(table: Table) -> Iterator[str]:
    for way, rows in _ways(table):
        counts = ", ".join(
            f"{row['links']:,.0f} at {row['ask.block_gas'] / 1e6:g} M"
            for _, row in rows.iterrows()
        )
        yield f"A chain carries of {way}: {counts} links."


def _money(table: Table, days: int) -> Iterator[str]:
    for way, rows in _ways(table):
        row = rows.iloc[0]
        saved = about(row["saving_gbp"], interval(row["saving_error_gbp"], days))
        pays = "pays" if row["saving_gbp"] > row["fee_gbp"] else "does not pay"
        yield (
            f"{way[0].upper()}{way[1:]}, takes {gbp(row['fee_gbp'])} for a half-hour's "
            f"negotiation and saves {saved} against no link: it {pays}."
        )


def _line(table: Table) -> Iterator[str]:
    yield (
        "The break-even line is a constant product of gas price and ether price; above it the "
        "chain takes more than the link saves:"
    )
    ends = []
    for way, rows in _ways(table):
        row = rows.iloc[0]
        each, gwei = row["break_even_gbp_per_million_gas"], row["break_even_gwei"]
        ends.append(f"{way}: GBP {each:.3g} a million gas ({gwei:.3g} gwei at this ether)")
    yield "; ".join(ends) + "."
    yield (
        "Savings are those of the whole link, day ahead with costs known for certain; against "
        "a default set-point, which costs no gas, the line is far lower (study `bins`)."
    )
