"""A tournament as one page of HTML that needs nothing else: the answer first, then detail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isnan
from pathlib import Path
from typing import Final, TypeAlias

import pandas as pd

from experiments.page import bullets, document, figure, table
from experiments.tournament.intervals import DRAWS
from experiments.tournament.play import Tournament

MEANINGS: Final = {
    "hco": "highest combined offer: the option that both offer most for; who offers more pays",
    "rps": "ranked preference selection: the option with the lowest sum of ranks; nobody pays",
    "rps-pareto": "any option that no other beats in all rankings, by turns; nobody pays",
}
"""A mechanism in words."""

HONESTY: Final = (
    "The networks are invented. Only the DG capacities, the link rating and voltage, the "
    "set-point grid, the x3 scenarios and the formulas come from the paper. Impedances per "
    "km are typical of UKGDS; topology, loads, mainland DG, wind profile, Pr2, Pr3 and weights "
    "are assumptions, and the loads and weights were chosen after seeing that they reproduce "
    "the published qualitative findings. Agreement is therefore a plausibility check, not a "
    "validation."
)
"""What ``grid/data/README.md`` says of the Anglesey case; a test holds the two together."""

Rows: TypeAlias = Sequence[Sequence[str]]
"""A table of texts, its heading first."""


@dataclass(frozen=True)
class Table:
    """A table of the report with its title, and what is to be said of it."""

    title: str
    note: str
    rows: Rows


TWO: Final = 2
"""A payoff matrix has a row for one party, and a column for the other."""

NOT_FOR: Final = (
    "setting prices, penalties or licence conditions on a real network without its own data",
    "operating equipment: load flows are steady states of half-hours, without protection",
    "forecasting what named companies will do: strategies are a menu, not a model of people",
)

COLUMNS: Final = {
    "place_on_cost": "place on cost",
    "place_on_balance": "place on balance",
    "strategy": "strategy",
    "net_cost_gbp": "own net cost, GBP a day",
    "net_cost_low_gbp": "from",
    "net_cost_high_gbp": "to",
    "operating_gbp": "operating cost, GBP a day",
    "payments_gbp": "payments, GBP a day",
    "fees_gbp": "chain fees, GBP a day",
    "no_link_gbp": "without the link, GBP a day",
    "system_cost_ratio": "all networks' cost over no link",
    "optimum_ratio": "over the central optimum",
    "balance_ratio": "balance: exchange over no link",
    "losses_ratio": "losses over no link",
    "breach_windows": "windows with a breach",
}
"""Columns of the standings that are shown, and how they are called there."""

BRIEFLY: Final = {
    "place_on_cost": "cost",
    "place_on_balance": "balance",
    "strategy": "strategy",
    "net_cost_gbp": "own net cost",
    "operating_gbp": "operating",
    "payments_gbp": "payments",
    "fees_gbp": "fees",
    "balance_ratio": "exchange",
    "system_cost_ratio": "system cost",
}
"""Those that fit a terminal: places, GBP a day, ratios to no link."""


def standings_rows(
    standings: pd.DataFrame, mechanism: str, seat: int, columns: Mapping[str, str]
) -> list[list[str]]:
    """Return the standings of a role as texts, a heading first.

    Parameters
    ----------
    standings : DataFrame
        As `experiments.tournament.standings.standings_table` returns it.
    mechanism, seat
        The role.
    columns : mapping of str
        Columns to show, if they are there, and what to call them.
    """
    rows = standings[(standings["mechanism"] == mechanism) & (standings["seat"] == seat)]
    shown = [column for column in columns if column in rows]
    cells = rows[shown].itertuples(index=False, name=None)
    texts = [[cell_text(*pair) for pair in zip(shown, row, strict=True)] for row in cells]
    return [[columns[column] for column in shown], *texts]


def html_report(
    played: Tournament,
    standings: pd.DataFrame,
    found: dict[str, tuple[str, ...]],
    figures: Sequence[tuple[str, Path]],
    notes: Sequence[str] = (),
    tables: Sequence[Table] = (),
) -> str:
    """Return the page.

    Parameters
    ----------
    played : Tournament
        What was played.
    standings : DataFrame
        As `experiments.tournament.standings.standings_table` returns it.
    found : dict
        Sentences by mechanism, as `experiments.tournament.findings.findings` returns them.
    figures : sequence of (caption, path)
        SVG files, the one for the first page first; they become part of the page.
    notes : sequence of str, optional
        More sentences on how it was played.
    tables : sequence of Table, optional
        More to show before the standings; those without rows are left out.
    """
    scenario = played.scenario
    first, *rest = figures
    body = [
        f"<h1>Who gains if a contract controls the link? {escape(scenario.name)}</h1>",
        f"<p>{escape(_question(played))}</p>",
        "<h2>Answer</h2>",
        *(_section(mechanism, sentences) for mechanism, sentences in found.items()),
        figure(*first, number=1),
        "<h2>What was assumed</h2>",
        bullets([*_assumptions(played), *notes]),
        "<h2>What this is not for</h2>",
        bullets(NOT_FOR),
        *(_table(one) for one in tables if one.rows),
        "<h2>Standings</h2>",
        *_standings(played, standings),
        *(["<h2>Figures</h2>"] if rest else []),
        *(figure(*one, number=2 + i) for i, one in enumerate(rest)),
    ]
    return document(f"gridpact: {scenario.name}", body)


def _question(played: Tournament) -> str:
    parties = " and ".join(played.seen.parties)
    return (
        f"{parties} share an element whose set-point is negotiated every half-hour by a smart "
        f"contract. If each bids as suits it best, which way of bidding lasts, what does it "
        f"cost the networks, and who pays? {len(played.runs):,} matches with "
        f"{played.negotiations:,} negotiations were held on the venue "
        f"{played.scenario.chain.venue}."
    )


def _assumptions(played: Tournament) -> list[str]:
    scenario, seen = played.scenario, played.seen
    fees = scenario.chain
    said = [
        f"Loadings of the networks: {', '.join('-'.join(p) for p in scenario.grid.pairs)}; "
        f"{seen.days} day{'s' * (seen.days > 1)} of half-hours; {len(seen.options)} options.",
        f"Strategies: {', '.join(scenario.play.strategies)}. Each is played in each seat "
        "against every other, over all days in order; costs are means over loadings, days and "
        f"opponents. Seed {scenario.seed}.",
        _sureness(played),
        f"Fees at {fees.gas_price_gwei:g} gwei a gas and GBP {fees.ether_price_gbp:,.0f} an "
        "ether: own calls, and an equal share of those that anyone may make.",
    ]
    if len(seen.parties) > TWO:
        said.append("There is no payoff matrix: it has a side for each of two networks.")
    if seen.appraisal is None:
        return [*said, "Costs come from a table: there are no load flows, so no balance."]
    said.append(
        "Balance: absolute exchange at the grid supply points over that without the link."
    )
    if scenario.grid.case == "anglesey":
        said.append(HONESTY)
    return said


def _sureness(played: Tournament) -> str:
    """Say what intervals there are, and whether all profiles were played."""
    days, times = played.seen.days, played.replicates
    drawn = f"the {days} days" if times == 1 else f"{days} days and {times} replicates"
    said = (
        "There are no intervals: one day tells nothing of another."
        if days * times == 1
        else f"Intervals hold 95 % of {DRAWS:,} bootstrap samples of {drawn}."
    )
    if played.sampled:
        count = len({run.strategies for run in played.runs})
        said += f" Of {played.profiles:,} profiles a sample of {count:,} was played."
    return said


def _table(one: Table) -> str:
    return f"<h2>{escape(one.title)}</h2><p>{escape(one.note)}</p>{table(one.rows)}"


def _section(mechanism: str, sentences: Sequence[str]) -> str:
    meaning, (first, *rest) = MEANINGS.get(mechanism, ""), sentences
    said = f"<p><b>{escape(mechanism)}</b> ({escape(meaning)}). {escape(first)}</p>"
    return said + bullets(rest) if rest else said


def _standings(played: Tournament, standings: pd.DataFrame) -> list[str]:
    parts = []
    for mechanism in played.scenario.market.mechanisms:
        for seat, party in enumerate(played.seen.parties):
            rows = standings_rows(standings, mechanism, seat, COLUMNS)
            parts.append(f"<h3>{escape(mechanism)}, {escape(party)}</h3>")
            parts.append(table(rows, left=[COLUMNS["strategy"]]))
    return parts


def cell_text(column: str, value: object) -> str:
    """Return a value of a column as a text: money to the penny, ratios to the thousandth.

    >>> cell_text("net_cost_gbp", 1234.5), cell_text("balance_ratio", 0.9)
    ('1,234.50', '0.900')
    """
    if isinstance(value, float) and isnan(value):
        return "not known"
    if isinstance(value, float):
        return f"{value:,.2f}" if column.endswith("_gbp") else f"{value:.3f}"
    return str(value)
