"""What more parties and more options change: findings."""

from collections.abc import Iterator
from typing import Any

from experiments.studies.words import Table, about, gbp, interval
from experiments.sweep.plan import Sweep


def paragraphs(sweep: Sweep, table: Table) -> list[str]:
    """Return what was assumed, and what parties and options do to savings, gains and gas."""
    days, chain = sweep.table["grid"]["days"], sweep.table["chain"]
    return [
        "Size: parties are copies of Anglesey's two networks at other loadings and days, so "
        "what more parties change is in part the loadings that they add; on a link of as many "
        "terminals; one set-point says what all give and take, so this is one "
        "direction of what n terminals could do (RULES §1 allows vectors; the load-flow "
        "scenarios do not). Costs between options are from lines through those of 61. "
        f"Truthful, {days} days, intervals of 95 % over days; fees of sealed single half-hours "
        f"at {chain['gas_price_gwei']:g} gwei and an ether of {gbp(chain['ether_price_gbp'])}.",
        " ".join(_along(table, "ask.parties", "ask.options", 13, days)),
        " ".join(_along(table, "ask.options", "ask.parties", 2, days)),
        " ".join(_fees(table)),
    ]


def _along(table: Table, axis: str, other: str, fixed: int, days: int) -> Iterator[str]:
    """Yield what happens along one axis with the other held."""
    rows = table[table[other] == fixed].sort_values(axis)
    name = axis.removeprefix("ask.")
    for mechanism in ("hco", "rps"):
        saved = ", ".join(_saved(row, mechanism, days, axis) for _, row in rows.iterrows())
        far = ", ".join(f"{100 * max(v, 0):.1f} %" for v in rows[f"{mechanism}.over_least"])
        gain = ", ".join(f"{100 * v:.0f} %" for v in rows[f"{mechanism}.who_gains"])
        yield (
            f"By number of {name} ({other.removeprefix('ask.')} {fixed}) `{mechanism}` saves "
            f"each party a day {saved}; total cost is above the least by {far}; of the parties "
            f"{gain} gain after payments."
        )


def _saved(row: Any, mechanism: str, days: int, axis: str) -> str:
    half = interval(row[f"{mechanism}.saving_error_gbp"], days)
    return f"{about(row[f'{mechanism}.saving_gbp'], half)} with {row[axis]}"


def _fees(table: Table) -> Iterator[str]:
    for mechanism in ("hco", "rps"):
        gas = table.set_index(["ask.parties", "ask.options"])[f"{mechanism}.gas"]
        most, wide = table["ask.parties"].max(), table["ask.options"].max()
        party = (gas[most, 13] - gas[2, 13]) / (most - 2)
        option = (gas[2, wide] - gas[2, 3]) / (wide - 3)
        best = table.loc[table[f"{mechanism}.net_gbp"].idxmax()]
        yield (
            f"A half-hour's negotiation of `{mechanism}` takes {gas[2, 13]:,.0f} gas with two "
            f"parties and 13 options, {party:,.0f} more for a party, {option:,.0f} for an "
            f"option; after fees a party keeps most, {gbp(best[f'{mechanism}.net_gbp'])} a "
            f"day, with {best['ask.parties']} parties and {best['ask.options']} options."
        )
