"""The parts of a snapshot that tell: totals, accounts, stages and the ledger, in words."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from experiments.visualiser.record import Record, Told
from experiments.visualiser.source import Source, finite
from experiments.visualiser.told_venue import pounds, signed_mw

ROWS: Final = 60
"""How many calls the ledger shows."""

STAGES: Final = (
    ("Deposits", ("deploy", "deposit")),
    ("Preferences", ("open", "submit", "commit", "reveal")),
    ("Negotiation", ("decide",)),
    ("Instruction", ()),
    ("Settlement", ("report", "settle")),
    ("Withdrawal", ("withdraw",)),
)
"""The six stages of the paper's Fig. 1, and the calls of each."""


def totals(source: Source, shown: int) -> dict[str, Any]:
    """Return the numbers at the top of the page."""
    record = source.record
    window = max(shown - 1, 0)
    saved = None
    if source.no_link_gbp is not None:
        saved = finite((source.no_link_gbp - record.cost_gbp)[:, :shown].sum(), 2)
    calls = record.calls_until(shown)
    gas = sum(call.gas for call in calls if call.stage not in {"deploy", "deposit", "withdraw"})
    return {
        "day": window // record.day + 1,
        "half_hour": window % record.day + 1,
        "clock": clock(window % record.day, record.day),
        "shown": shown,
        "set_point_mw": finite(record.set_point_mw[window], 3) if shown else None,
        "cost_gbp": finite(record.cost_gbp[:, :shown].sum(), 2),
        "saved_gbp": saved,
        "balance": source.balance(shown),
        "breaches": sum(source.breaches(shown)),
        "ties": int(record.used[:shown].sum()),
        "gas_a_window": round(gas / shown) if shown else 0,
    }


def accounts(source: Source, shown: int) -> list[dict[str, Any]]:
    """Return what each party has, paid and saved so far."""
    record, rows = source.record, []
    breaches = source.breaches(shown)
    for seat, party in enumerate(record.parties):
        cost = record.cost_gbp[seat, :shown].sum()
        paid = record.paid_gbp[seat, :shown].sum()
        free = record.free_gbp[seat, shown - 1] if shown else np.nan
        saved = None
        if source.no_link_gbp is not None:
            saved = finite(source.no_link_gbp[seat, :shown].sum() - cost - paid, 2)
        rows.append(
            {
                "party": party,
                "loading": record.pair[seat],
                "strategy": record.seats[seat],
                "free_gbp": finite(free, 2),
                "paid_gbp": finite(paid, 2),
                "cost_gbp": finite(cost, 2),
                "saved_gbp": saved,
                "breaches": breaches[seat] if breaches else None,
            }
        )
    return rows


def stages(source: Source, shown: int) -> list[dict[str, Any]]:
    """Return how the last window shown went through the six stages of the paper's Fig. 1."""
    record = source.record
    window = max(shown - 1, 0)
    first = window // record.terms.horizon * record.terms.horizon
    calls = record.calls_of(first) if shown else []
    ahead = min(record.terms.horizon, record.windows - first)
    told = [
        {"name": name, "done": shown > 0, **_stage(calls, kinds, ahead)}
        for name, kinds in STAGES
    ]
    if shown:
        told[3]["words"] = signed_mw(float(record.set_point_mw[window]))
        told[2]["words"] = _negotiated(record, window)
        told[4]["words"] = _settled(record, window)
    return told


def _stage(calls: list[Told], kinds: tuple[str, ...], windows: int) -> dict[str, Any]:
    """Tell of a stage, which has its calls for so many windows at once."""
    made = [call for call in calls if call.stage in kinds]
    count = len([call for call in made if call.stage != "deploy"])
    ahead = f" for {windows} windows" if windows > 1 else ""
    words = f"{count} call{'s' * (count != 1)}{ahead}" if count else "none needed"
    return {"words": words, "gas": sum(call.gas for call in made)}


def _negotiated(record: Record, window: int) -> str:
    if record.used[window]:
        return f"tie, broken by {record.parties[record.authority[window]]}"
    return "agreed"


def _settled(record: Record, window: int) -> str:
    if record.stopped[window]:
        return "isolated by a party"
    paid = record.paid_gbp[:, window]
    if not paid.any():
        return "nobody pays"
    return f"{record.parties[int(paid.argmax())]} pays {pounds(paid.max())}"


def ledger(
    calls: Sequence[Told], parties: Sequence[str], day: int, stage: str, who: str
) -> dict[str, Any]:
    """Return the newest calls, those of a filter alone.

    Parameters
    ----------
    calls : sequence of Told
        All up to the last window shown.
    parties : sequence of str
        Names of the seats.
    day : int
        How many windows a day has.
    stage : str
        Only calls of this stage, unless empty.
    who : str
        Only calls of this party, or of ``anyone``, unless empty.
    """
    rows: list[list[Any]] = []
    for number in range(len(calls) - 1, -1, -1):
        call = calls[number]
        caller = "anyone" if call.seat is None else parties[call.seat]
        if (not stage or call.stage == stage) and (not who or caller == who):
            place = f"{call.window // day + 1}/{call.window % day + 1}"
            said = call.stage, caller, call.arguments, call.gas, call.transaction
            rows.append([number + 1, place, *said])
            if len(rows) == ROWS:
                break
    return {
        "rows": rows,
        "total": len(calls),
        "gas": sum(call.gas for call in calls),
        "chained": any(row[6] for row in rows),
        "stages": sorted({call.stage for call in calls}),
        "callers": [*parties, "anyone"],
        "stage": stage,
        "who": who,
    }


def clock(half_hour: int, day: int) -> str:
    """Return when a half-hour of a day begins.

    >>> clock(3, 48)
    '01:30'
    """
    minutes = half_hour * 24 * 60 // max(day, 1) if day < 46 else half_hour * 30
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
