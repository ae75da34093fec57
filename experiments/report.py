"""A tournament as one page of HTML that needs nothing else: the answer first, then detail."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from math import isnan
from pathlib import Path
from typing import Final

import pandas as pd

from experiments.intervals import DRAWS
from experiments.replay import Replay
from experiments.tournament import Tournament

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

CSS: Final = """
body { font: 16px/1.5 system-ui, sans-serif; color: #111; background: #fff;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7rem } h2 { font-size: 1.25rem; margin-top: 2.2rem }
figure { margin: 1rem 0; overflow-x: auto } svg { max-width: 100%; height: auto }
figcaption, .small { color: #444; font-size: .9rem }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto }
th, td { border-bottom: 1px solid #ccc; padding: .3rem .6rem; text-align: right }
th { vertical-align: bottom } td.text, th.text { text-align: left }
@media print { @page { size: A4 landscape; margin: 12mm }
  body { margin: 0; max-width: none; font-size: 10pt } h2, h3 { break-after: avoid }
  figure, table { break-inside: avoid } svg { max-height: 160mm }
  .scroll { overflow: visible } table { width: 100%; font-size: 7.5pt }
  th, td { padding: .15rem .25rem } }
"""


def standings_rows(
    standings: pd.DataFrame, mechanism: str, seat: int, columns: Mapping[str, str]
) -> list[list[str]]:
    """Return the standings of a role as texts, a heading first.

    Parameters
    ----------
    standings : DataFrame
        As `experiments.standings.standings_table` returns it.
    mechanism, seat
        The role.
    columns : mapping of str
        Columns to show, if they are there, and what to call them.
    """
    rows = standings[(standings["mechanism"] == mechanism) & (standings["seat"] == seat)]
    shown = [column for column in columns if column in rows]
    cells = rows[shown].itertuples(index=False, name=None)
    texts = [[_text(*pair) for pair in zip(shown, row, strict=True)] for row in cells]
    return [[columns[column] for column in shown], *texts]


def html_report(
    played: Tournament,
    standings: pd.DataFrame,
    found: dict[str, tuple[str, ...]],
    figures: Sequence[tuple[str, Path]],
    replay: Replay | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    played : Tournament
        What was played.
    standings : DataFrame
        As `experiments.standings.standings_table` returns it.
    found : dict
        Sentences by mechanism, as `experiments.findings.findings` returns them.
    figures : sequence of (caption, path)
        SVG files, the one for the first page first; they become part of the page.
    replay : Replay, optional
        What was played again on the contract.
    """
    scenario = played.scenario
    first, *rest = figures
    body = [
        f"<h1>Who gains if a contract controls the link? {escape(scenario.name)}</h1>",
        f"<p>{escape(_question(played))}</p>",
        "<h2>Answer</h2>",
        *(_section(mechanism, sentences) for mechanism, sentences in found.items()),
        _figure(*first, number=1),
        "<h2>What was assumed</h2>",
        _list([*_assumptions(played), *([replay.sentence()] if replay else [])]),
        "<h2>What this is not for</h2>",
        _list(NOT_FOR),
        "<h2>Standings</h2>",
        *_standings(played, standings),
        *(["<h2>Figures</h2>"] if rest else []),
        *(_figure(*figure, number=2 + i) for i, figure in enumerate(rest)),
    ]
    title = f"gridpact: {escape(scenario.name)}"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<title>{title}</title>'
        f"<style>{CSS}</style></head>\n<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


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
    units = played.seen.days * played.scenario.play.replicates
    said = (
        "There are no intervals: one day tells nothing of another."
        if units == 1
        else f"Intervals hold 95 % of {DRAWS:,} bootstrap samples of the {units} days."
    )
    if played.sampled:
        count = len({run.strategies for run in played.runs})
        said += f" Of {played.profiles:,} profiles a sample of {count:,} was played."
    return said


def _section(mechanism: str, sentences: Sequence[str]) -> str:
    meaning = MEANINGS.get(mechanism, "")
    return (
        f"<p><b>{escape(mechanism)}</b> ({escape(meaning)}). {escape(' '.join(sentences))}</p>"
    )


def _standings(played: Tournament, standings: pd.DataFrame) -> list[str]:
    parts = []
    for mechanism in played.scenario.market.mechanisms:
        for seat, party in enumerate(played.seen.parties):
            heading, *rows = standings_rows(standings, mechanism, seat, COLUMNS)
            parts.append(f"<h3>{escape(mechanism)}, {escape(party)}</h3>")
            parts.append(_table(heading, rows))
    return parts


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    kinds = [' class="text"' if name == "strategy" else "" for name in heading]
    head = "".join(f"<th{k}>{escape(h)}</th>" for k, h in zip(kinds, heading, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{k}>{escape(t)}</td>" for k, t in zip(kinds, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _figure(caption: str, path: Path, number: int) -> str:
    """Return an SVG as part of the page, its names made its own."""
    drawing = path.read_text(encoding="utf-8")
    drawing = re.sub("<metadata>.*?</metadata>", "", drawing, count=1, flags=re.DOTALL)
    drawing = drawing[drawing.index("<svg") :]
    own = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>figure{number}-", drawing)
    label = f'<svg role="img" aria-label="{escape(caption)}"'
    return (
        f"<figure>{own.replace('<svg', label, 1)}"
        f"<figcaption>Figure {number}. {escape(caption)}</figcaption></figure>"
    )


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _text(column: str, value: object) -> str:
    if isinstance(value, float) and isnan(value):
        return "not known"
    if isinstance(value, float):
        return f"{value:,.2f}" if column.endswith("_gbp") else f"{value:.3f}"
    return str(value)
