"""All cells of a sweep as one tidy table: a row each, a column for each factor and score."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.sweep.plan import Cell
from experiments.sweep.store import Store

if TYPE_CHECKING:
    import pandas as pd


def sweep_table(cells: Sequence[Cell], keys: Sequence[str], store: Store) -> "pd.DataFrame":
    """Return the cells that are finished, in the order of the sweep.

    Columns are the factors, ``replicate``, ``seed``, the scores by name, and ``error``, which
    is none where there are scores.
    """
    import pandas as pd

    rows = []
    for cell, key in zip(cells, keys, strict=True):
        result = store.get(key)
        if result is not None:
            factors = {name: _plain(value) for name, value in cell.values}
            about = {"replicate": cell.replicate, "seed": cell.seed}
            rows.append({**factors, **about, **result.get("scores", {})})
            rows[-1]["error"] = result.get("error")
    table = pd.DataFrame(rows)
    if "error" in table:
        table["error"] = table.pop("error").astype("string")
    return table


def _plain(value: Any) -> Any:
    """Return a value as a table takes it: a list as its parts, with commas between."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else value
