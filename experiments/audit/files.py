"""Everything that an audit leaves in a folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.audit.bid_games import BidGame
from experiments.audit.instead import TITLES
from experiments.audit.page import html
from experiments.audit.summary import summary
from experiments.audit.tables import games_table, plans_table, windows_table
from experiments.audit.trials import Audit
from experiments.figures import audit as figures
from experiments.figures.style import save, style
from experiments.results import MANIFEST, manifest, write_json, write_table


def write(folder: Path, found: Audit, followed: Sequence[BidGame]) -> dict[str, Any]:
    """Write everything into a folder, and return the summary."""
    table, plans, games = windows_table(found), plans_table(found), games_table(found, followed)
    said = summary(found, table, plans, games)
    write_table(folder / "audit.parquet", table)
    write_table(folder / "benchmarks.parquet", plans)
    write_table(folder / "bid_games.parquet", games)
    write_json(folder / "summary.json", said)
    drawn = _draw(folder / "figures", said, table, plans)
    (folder / "report.html").write_text(html(said, drawn), encoding="utf-8")
    facts = {"trials": len(found.trials), "rows": len(table)}
    write_json(folder / MANIFEST, manifest("audit", found.scenario, **facts))
    return said


def _draw(
    folder: Path, said: Mapping[str, Any], table: pd.DataFrame, plans: pd.DataFrame
) -> list[tuple[str, Path]]:
    """Draw the figures; return captions and SVG files."""
    with style():
        gains = save(figures.gains(said), folder, "gains")
        benchmarks = plans.assign(name=plans["benchmark"].map(TITLES))
        costs = save(figures.cost_ratios(said, table, benchmarks), folder, "costs")
    return [
        (
            "What each party gains by its best misreport if all others bid the truth, and what "
            "it costs all networks together; the least exploitable mechanism on top.",
            gains[0],
        ),
        (
            "What all networks cost together under benchmarks (top) and mechanisms; a point "
            "for each loading, all its days together.",
            costs[0],
        ),
    ]
