"""What predictability is worth to an operator: findings."""

from collections.abc import Iterator
from typing import Any

from experiments.studies.words import Table, interval, mean_within
from experiments.sweep.plan import Sweep

PERFECT = "truthful"
SAID = {
    "forecast-error(truthful, size=0.1)": "a tilt of 10 %",
    "forecast-error(truthful, size=0.2)": "of 20 %",
    "forecast-error(truthful, size=0.4)": "of 40 %",
    "forecast-error(truthful, size=0.8)": "of 80 %",
    "delay(truthful, sessions=1)": "costs half an hour old",
    "delay(truthful, sessions=48)": "yesterday's costs",
}


def paragraphs(sweep: Sweep, table: Table) -> list[str]:
    """Return what was assumed, and what errors of one's own and of both cost."""
    days = sweep.table["grid"]["days"]
    return [
        f"Forecast error, on the Anglesey case: {sweep.replicates} replicates of weather and "
        f"errors, {days} days each, nine pairs of loadings; both truthful about what they "
        "believe; intervals of 95 % over replicates, paired with perfect forecasts. A tilt "
        "moves the need for power, by a share of what the best option is worth (standard "
        "deviation).",
        *(
            " ".join(_worth(rows, str(name)))
            for name, rows in table.groupby("market.mechanisms")
        ),
    ]


def _worth(rows: Table, mechanism: str) -> Iterator[str]:
    for seat, name in enumerate(("network-1", "network-2")):
        told = [
            f"{words} {mean_within(_lost(rows, error, seat))}" for error, words in SAID.items()
        ]
        yield f"Under `{mechanism}` own errors cost {name} a day: {', '.join(told)}."
    told = [f"{words} {mean_within(_unsaved(rows, error))}" for error, words in SAID.items()]
    yield f"Where both err, both together lose a day: {', '.join(told)}."
    old = _unsaved(rows, "delay(truthful, sessions=48)")
    if abs(old.mean()) < interval(old.std(ddof=1) / len(old) ** 0.5, len(old)):
        yield (
            "Here days are so alike that yesterday's costs are as good as a perfect forecast, "
            "within the interval."
        )


def _lost(rows: Table, error: str, seat: int) -> Any:
    """Return what a seat loses by erring alone, GBP a day, by replicate."""
    first, second = (error, PERFECT) if seat == 0 else (PERFECT, error)
    score = f"net_cost_{seat}_gbp"
    return _of(rows, first, second, score) - _of(rows, PERFECT, PERFECT, score)


def _unsaved(rows: Table, error: str) -> Any:
    perfect = _of(rows, PERFECT, PERFECT, "saving_gbp")
    return perfect - _of(rows, error, error, "saving_gbp")


def _of(rows: Table, first: str, second: str, score: str) -> Any:
    own = rows[(rows["ask.first"] == first) & (rows["ask.second"] == second)]
    return own.set_index("replicate")[score]
