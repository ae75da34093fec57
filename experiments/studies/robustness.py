"""Which findings hold at other prices of the cost function, and on other networks."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from experiments.studies.words import Table
from experiments.sweep.plan import Sweep

CLAIMS: Final[dict[str, Callable[[Any], Any]]] = {
    "`hco` takes the least total cost (to one part in a thousand)": lambda t: (
        t["hco.over_least"] < 1e-3
    ),
    "both networks together cost less than without the link under `hco`": lambda t: (
        t["hco.cost_ratio"] < 1
    ),
    "and so they do under `rps`": lambda t: t["rps.cost_ratio"] < 1,
    "`rps` costs more than `hco`": lambda t: t["rps.cost_ratio"] > t["hco.cost_ratio"],
    "under `rps` each network is better off than without the link, in most pairs": lambda t: (
        (t["rps.gains_0"] > 0.5) & (t["rps.gains_1"] > 0.5)
    ),
    "under `hco`, after payments, too": lambda t: (
        (t["hco.gains_0"] > 0.5) & (t["hco.gains_1"] > 0.5)
    ),
    "the first network pays the second under `hco`, in most pairs": lambda t: (
        t["hco.first_pays"] > 0.5
    ),
    "`rps` is furthest from the least cost where demand is high on the first": lambda t: (
        t["rps.departs_most_at_high_demand"] == 1
    ),
}
"""Each with whether it holds in the rows of a table."""


def paragraphs(_: Sweep, table: Table) -> list[str]:
    """Return what was varied, and how often each finding holds on each pair of networks."""
    return [
        "Robustness: the three products of price and weight in equation (9), each a fifth, "
        "once and five times what was chosen for Anglesey, all combinations; and another pair "
        "of networks, pandapower's mv_oberrhein (20 kV, of a German operator) cut between its "
        "two substations, with the link between their busbars, demand at a third of its peak "
        "in loading N, and Anglesey's demand and sun. One day, nine pairs of loadings, "
        "truthful parties. No intervals: nothing is drawn by chance.",
        " ".join(_held(table)),
        " ".join(_ratios(table)),
    ]


def _held(table: Table) -> Iterator[str]:
    for words, claim in CLAIMS.items():
        found = []
        for network, rows in table.groupby("ask.network"):
            holds = claim(rows)
            found.append(f"{int(holds.sum())} of {len(rows)} on {network}")
        robust = bool(claim(table).all())
        yield f"{'Robust' if robust else 'Not robust'}: {words} ({', '.join(found)})."


def _ratios(table: Table) -> Iterator[str]:
    for network, rows in table.groupby("ask.network"):
        for mechanism in ("hco", "rps"):
            ratio = rows[f"{mechanism}.cost_ratio"]
            yield (
                f"On {network} the cost ratio of `{mechanism}` to no link goes from "
                f"{ratio.min():.3f} to {ratio.max():.3f} with the prices."
            )
    spread = {
        name: float(
            table.groupby(name)["hco.cost_ratio"].mean().pipe(lambda s: s.max() - s.min())
        )
        for name in ("ask.network", "ask.losses", "ask.utilisation", "ask.voltage")
    }
    most = max(spread, key=lambda name: spread[name])
    told = ", ".join(f"{name.removeprefix('ask.')} {size:.3f}" for name, size in spread.items())
    yield (
        f"What moves the ratio of `hco` most is {most.removeprefix('ask.')} (largest "
        f"difference between levels, over all else: {told})."
    )
