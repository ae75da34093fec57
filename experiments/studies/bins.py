"""What the width of bins and the frequency of negotiation are worth: findings."""

from collections.abc import Iterator
from typing import Any

from experiments.studies.words import Table, about, gbp, interval
from experiments.sweep.plan import Sweep

PRICE = "chain.gas_price_gwei"


def paragraphs(sweep: Sweep, table: Table) -> list[str]:
    """Return what was assumed, the optimum by price, and where a default is better."""
    days, ether = sweep.table["grid"]["days"], sweep.table["chain"]["ether_price_gbp"]
    return [
        f"Bins and frequency, on the Anglesey case: means over nine pairs of loadings and "
        f"{days} days, truthful parties that know their costs ahead, intervals of 95 % over "
        "days. Fees are of sealed bids, with the meter's reports, at an ether of "
        f"{gbp(ether)}; only the product of gas price and ether price counts. The default "
        "that negotiating is held against is the best single set-point for a pair of "
        "loadings, known with hindsight: the hardest one to beat.",
        " ".join(_savings(table, days)),
        " ".join(_by_price(table, days)),
        " ".join(_break_even(table, ether)),
    ]


def _savings(table: Table, days: int) -> Iterator[str]:
    """Yield what width and frequency do to the saving, whatever the price."""
    once = table[(table[PRICE] == table[PRICE].min()) & ~table["ask.day_ahead"]]
    for mechanism, rows in once.groupby("ask.mechanism"):
        saved = rows.set_index(["grid.options", "ask.half_hours"])["saving_gbp"]
        usual = rows[(rows["grid.options"] == 13) & (rows["ask.half_hours"] == 1)].iloc[0]
        around = about(usual["saving_gbp"], interval(usual["saving_error_gbp"], days))
        options = sorted(rows["grid.options"].unique())
        widths = ", ".join(f"{gbp(saved[n, 1])} with {n}" for n in (options[0], options[-1]))
        yield (
            f"Under `{mechanism}` thirteen options a half-hour save both networks {around} a "
            f"day; {widths}; thirteen once a day {gbp(saved[13, 48])}."
        )
    fixed = once[once["grid.options"] == 13].iloc[0]
    control = 1 - fixed["default_gbp"] / fixed["saving_gbp"]
    yield (
        f"Of thirteen options the default set-point saves {gbp(fixed['default_gbp'])}, and 0 "
        f"MW with the converters in service {gbp(fixed['zero_gbp'])}: {control:.0%} of what "
        "the link saves here comes from changing its set-point, the rest from a steady one."
    )


def _by_price(table: Table, days: int) -> Iterator[str]:
    """Yield the optimum at each gas price, and whether the default beats it."""
    for price, rows in table.groupby(PRICE):
        best = rows.loc[rows["net_gbp"].idxmax()]
        over = best["over_default_gbp"]
        half = interval(best["over_default_error_gbp"], days)
        verdict = "as good as the default within the interval"
        if abs(over) > half:
            verdict = f"{'better' if over > 0 else 'worse'} than the default"
        yield (
            f"At {price:g} gwei the optimum is {_design(best)}: {gbp(best['net_gbp'])} a day "
            f"after fees of {gbp(best['fees_gbp'])}, {about(over, half)} over the default, "
            f"{verdict}."
        )


def _design(row: Any) -> str:
    how = "day ahead" if row["ask.day_ahead"] else "one by one"
    each = row["ask.half_hours"]
    often = "every half-hour" if each == 1 else f"every {each} half-hours"
    if each == 48:
        often, how = "once a day", ""
    words = f"{row['grid.options']} options, `{row['ask.mechanism']}`, {often}"
    return f"{words}, {how}" if how else words


def _break_even(table: Table, ether: float) -> Iterator[str]:
    """Yield up to which gas price each way of negotiating beats the default."""
    once = table[(table[PRICE] == table[PRICE].min()) & (table["ask.mechanism"] == "hco")]
    more = once["saving_gbp"] - once["default_gbp"]
    gwei = more / (once["gas_a_day"] * ether / 1e9)
    for ahead, rows in once.assign(gwei=gwei).groupby("ask.day_ahead"):
        best = rows.loc[rows["gwei"].idxmax()]
        usual = rows[(rows["grid.options"] == 13) & (rows["ask.half_hours"] == 1)].iloc[0]
        yield (
            f"{'Day ahead' if ahead else 'One by one'}, `hco` with 13 options every half-hour "
            f"beats the default below {usual['gwei']:.2g} gwei, and the thriftiest way "
            f"({_design(best)}) below {best['gwei']:.2g} gwei."
        )
    yield "Above these prices an agreed default set-point is better than any negotiation."
