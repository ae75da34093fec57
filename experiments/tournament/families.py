"""How families of strategies did: means over their strategies, and places among families."""

from typing import Final

import pandas as pd

from experiments.tournament.intervals import with_intervals
from experiments.tournament.report import Rows, cell_text
from experiments.tournament.standings import standings_table
from experiments.wiring import strategy

COLUMNS: Final = {
    "mechanism": "mechanism",
    "party": "party",
    "family": "family",
    "strategies": "strategies",
    "place_on_cost": "place",
    "net_cost_gbp": "GBP a day",
    "net_cost_low_gbp": "from",
    "net_cost_high_gbp": "to",
    "place_on_balance": "place",
    "balance_ratio": "balance",
}
"""Columns that the report shows, if they are there, and how they are called."""


def family(name: str) -> str:
    """Return the family of a strategy in words: the module that its class stands in.

    >>> family("shaded"), family("tit-for-tat")
    ('scaled', 'reciprocal')
    """
    package, _, module = type(strategy(name)).__module__.rpartition(".")
    return module.replace("_", " ") if package.startswith("agents") else "from outside"


def families_table(payoffs: pd.DataFrame) -> pd.DataFrame:
    """Return the standings of families: a row for each mechanism, seat and family.

    A family's score is the mean over its strategies, each against all opponents.

    Parameters
    ----------
    payoffs : DataFrame
        As `experiments.tournament.payoffs.payoffs_table` returns it.
    """
    members = {name: family(name) for name in payoffs["strategy"].unique()}
    named = payoffs.assign(strategy=payoffs["strategy"].map(members))
    table = with_intervals(standings_table(named), named)
    table = table.rename(columns={"strategy": "family"})
    counts = pd.Series(members).value_counts()
    after = list(table).index("family") + 1
    table.insert(after, "strategies", table["family"].map(counts).astype(int))
    return table


def families_rows(table: pd.DataFrame) -> Rows:
    """Return the table of families as texts, a heading first."""
    shown = [column for column in COLUMNS if column in table]
    cells = table[shown].itertuples(index=False, name=None)
    texts = [[cell_text(*pair) for pair in zip(shown, row, strict=True)] for row in cells]
    return [[COLUMNS[column] for column in shown], *texts]
