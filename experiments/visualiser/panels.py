"""The parts of a snapshot that draw: map, bids, costs and learning, as plain numbers."""

from typing import Any, Final

import numpy as np

from experiments.visualiser.source import Source, finite, numbers
from market.types import Floats, Options

POINTS: Final = 240
"""How many points a line has at most, however long a match is."""


def flow(source: Source, shown: int) -> dict[str, Any]:
    """Return what flows in the last window shown; before the first, as without the link."""
    record = source.record
    window = max(shown - 1, 0)
    played = shown > 0
    stopped = bool(played and record.stopped[window])
    option = source.delivered(shown)[-1] if played else source.costs_gbp.shape[-1]
    day, half_hour = divmod(window, record.day)
    networks = [
        {
            "vm": numbers(flows.vm_pu[half_hour, option], 4),
            "loading": numbers(100 * flows.loading[half_hour, option], 1),
            "load": numbers(flows.load_mw[half_hour], 2),
            "generation": numbers(flows.generation_mw[half_hour], 2),
        }
        for flows in source.world.flows(record.pair, day)
    ]
    mw = finite(record.set_point_mw[window], 3) if played else None
    return {"mw": mw, "stopped": stopped, "networks": networks}


def heat(source: Source, shown: int) -> dict[str, Any]:
    """Return the bids of the day of the last window shown, each from 00 to ff.

    A column is a text of two hexadecimal digits an option. Offers are shares of the day's
    highest of the party; of ranks the first is ff and the last 00.
    """
    record = source.record
    first = max(shown - 1, 0) // record.day * record.day
    last = min(first + record.day, record.windows)
    offers = record.terms.rule.form == "offers"
    maps = []
    for seat, bids in enumerate(record.bids[:, first:shown]):
        sent = bids.min(-1, initial=0) >= 0
        top = max(int(bids.max(initial=0)), 1) if offers else bids.shape[-1] - 1
        share = bids / top if offers else (bids.shape[-1] - bids) / top
        level = np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)
        lowest = source.costs_gbp[seat, first:shown].argmin(-1)
        maps.append(
            {
                "columns": [
                    bytes(column).hex() if there else ""
                    for column, there in zip(level, sent, strict=True)
                ],
                "lowest": lowest.tolist(),
                "top_gbp": round(top * record.tick_gbp, 2) if offers else None,
            }
        )
    return {
        "first": first,
        "windows": last - first,
        "form": record.terms.rule.form,
        "chosen": record.option[first:shown].tolist(),
        "maps": maps,
    }


def costs(source: Source, shown: int) -> dict[str, Any]:
    """Return running costs of each party in GBP: as it was, and as it might have been."""
    record = source.record
    at = places(shown)

    def running(array: Floats) -> list[float | None]:
        return numbers(array[:shown].cumsum()[at], 2)

    parties = []
    for seat, party in enumerate(record.parties):
        cost, paid = record.cost_gbp[seat], record.paid_gbp[seat]
        series = {"cost": running(cost), "net": running(cost + paid)}
        if source.no_link_gbp is not None:
            series["no_link"] = running(source.no_link_gbp[seat])
        series["optimum"] = running(source.optimum_gbp[seat])
        parties.append({"party": party, "series": series})
    return {"at": (at + 1).tolist(), "parties": parties}


def learning(source: Source, shown: int) -> dict[str, Any]:
    """Return what each party's best responses would have added, and learners' regret, in GBP.

    Both summed since the start, by sessions.
    """
    record = source.record
    sessions = np.arange(0, shown, record.terms.horizon)
    at = places(len(sessions))
    series = []
    for seat, party in enumerate(record.parties):
        gains = np.nan_to_num(record.gain_gbp[seat, sessions])
        series.append({"party": party, "kind": "gain", "y": numbers(gains.cumsum()[at], 2)})
        regret = record.regret_gbp[seat, sessions]
        if np.isfinite(regret).any():
            series.append({"party": party, "kind": "regret", "y": numbers(regret[at], 2)})
    return {"at": (sessions[at] + 1).tolist(), "series": series}


def places(count: int) -> Options:
    """Return at most `POINTS` places among so many, evenly, the last one among them.

    >>> places(3).tolist(), len(places(1000)), int(places(1000)[-1])
    ([0, 1, 2], 200, 999)
    """
    stride = max(1, -(-count // POINTS))
    return np.arange(count)[::-1][::stride][::-1]
