"""Two mechanisms on the same scenario: what each chose, and what came of it."""

from typing import Any

import numpy as np

from experiments.visualiser import panels, telling
from experiments.visualiser.source import Source


def comparison(first: Source, second: Source, shown: int) -> dict[str, Any]:
    """Return both, side by side, up to the last window shown."""
    day = first.record.day
    start = max(shown - 1, 0) // day * day
    same = first.record.option[:shown] == second.record.option[:shown]
    return {
        "same": int(np.count_nonzero(same)),
        "shown": shown,
        "first": start,
        "windows": min(start + day, first.record.windows) - start,
        "sides": [_side(source, start, shown) for source in (first, second)],
    }


def _side(source: Source, start: int, shown: int) -> dict[str, Any]:
    record = source.record
    return {
        "mechanism": record.mechanism,
        "totals": telling.totals(source, shown),
        "accounts": telling.accounts(source, shown),
        "set_points_mw": record.set_point_mw[start:shown].round(3).tolist(),
        "heat": panels.heat(source, shown),
    }
