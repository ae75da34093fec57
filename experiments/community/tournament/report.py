"""A community tournament as one page of HTML: the answer first, then detail."""

from collections.abc import Mapping, Sequence
from html import escape
from math import isnan, nan
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.community.baselines import ALONE, PLANT
from experiments.community.estimates import Estimate, number
from experiments.community.play import SWEEPS
from experiments.community.tournament.findings import (
    answer,
    invaders_of,
    mix_words,
    percent,
    share,
)
from experiments.community.tournament.game import BASIN_TABLES, TABLES, RuleGame
from experiments.community.tournament.numbers import cost_of, cost_of_baseline
from experiments.community.tournament.play import Played
from experiments.community.tournament.tables import records
from experiments.page import bullets, document, figure, table
from experiments.tournament.intervals import DRAWS

MEANINGS: Final = {
    "uniform-price": "a double auction in which all trade at one price",
    "pay-as-bid": "a double auction in which pairs trade at their own prices",
    "supply-demand-ratio": "the price falls from that of the grid as supply nears demand",
    "mid-market-rate": "all trade halfway between what the grid charges and pays",
    "bill-sharing": "the bill of the community is shared by what each takes and gives",
}
"""A trading rule in words."""

WAYS: Final = {
    "cooperative": "plan for all bills alike and order by the truth",
    "altruistic": "plan for the bills of the others",
    "adversarial": "plan against the bills of the others too, and tell half the truth",
    "indifferent": "plan by the tariff alone and not trade",
    "truthful": "plan for their own bill and order by the truth",
}
"""What a household does, as `agents.prosumers.manners` has it."""

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
"""Keeps a number and its error in a line."""

NOT_FOR: Final = (
    "setting tariffs or licence conditions without the households and feeder they are for",
    "what one household would do: whoever changes here takes a whole group along",
    "forecasting what people will do: strategies are a menu, not a model of people",
)

HEADING: Final = (
    "rule",
    "what lasts",
    "mixes that end there",
    "a household saves, GBP a day",
    "of what a virtual power plant saves",
    "exchange over each alone",
    "invaders spread",
)

BRIEFLY: Final = (
    "rule",
    "lasts",
    "ends",
    "saves, GBP a day",
    "of the best",
    "exchange",
    "spread",
)
"""The same for a terminal."""


def lasting_rows(games: Sequence[RuleGame]) -> list[list[str]]:
    """Return what lasts under each rule as texts, a heading first, baselines last."""
    rows = [list(HEADING)]
    for game in games:
        for point in game.lasting:
            cost = cost_of(game, point.mixture)
            rows.append(
                [
                    game.rule,
                    mix_words(game, point.mixture),
                    percent(game.basin(point)),
                    cost.saved_gbp.words(),
                    cost.captured.percent(),
                    cost.exchange_ratio.words(),
                    _spread_text(game),
                ]
            )
        if not game.lasting:
            rows.append([game.rule, "none", *["-"] * 4, _spread_text(game)])
    best = cost_of_baseline(games[0], PLANT)
    rows.append([ALONE, "-", "-", "0.00", "0 %", "1.00", "-"])
    exchange = best.exchange_ratio.words()
    rows.append([PLANT, "-", "-", best.saved_gbp.words(), "100 %", exchange, "-"])
    return rows


def _spread_text(game: RuleGame) -> str:
    """Return from how many groups on invaders spread, of a few."""
    found = invaders_of(game)
    spread = [one.found.invaders for one in found if one.found.spreads]
    return f"from {min(spread)} on" if spread else "no"


def html_report(
    played: Played,
    games: Sequence[RuleGame],
    found: Mapping[str, Sequence[str]],
    standings: pd.DataFrame,
    heuristic: pd.DataFrame,
    figures: Sequence[tuple[str, Path]],
) -> str:
    """Return the page.

    Parameters
    ----------
    played : Played
        What was played.
    games : sequence of RuleGame
        By rule.
    found : mapping of sequence of str
        Sentences by rule.
    standings, heuristic : DataFrame
        As `tables.standings_table` and `tables.heuristic_table` return them.
    figures : sequence of (caption, path)
        SVG files, the one for the first page first; they become part of the page.
    """
    name = played.scenario.name
    first, *rest = figures
    first_said, *more = answer(games)
    body = [
        f"<h1>Which way of living next to each other lasts? {escape(name)}</h1>",
        f"<p>{escape(_question(played))}</p>",
        "<h2>Answer</h2>",
        f"<p><b>{escape(first_said)}</b></p>",
        bullets(more),
        table(lasting_rows(games), left=HEADING[:2]),
        '<p class="small">In brackets, where 95 % of bootstrap samples lie.</p>',
        figure(*first, number=1),
        "<h2>Rule by rule</h2>",
        *(_section(rule, sentences) for rule, sentences in found.items()),
        "<h2>What was assumed</h2>",
        bullets(assumptions(played, games)),
        "<h2>What this is not for</h2>",
        bullets(NOT_FOR),
        "<h2>Figures</h2>",
        *(figure(*one, number=2 + i) for i, one in enumerate(rest)),
        "<h2>Standings</h2><p>Means over all mixes of the others.</p>",
        table(standing_rows(standings), left=["rule", "strategy"]),
        "<h2>Every mix</h2><p>The heuristic payoff table: what a household saves a day, by "
        "how many groups follow each strategy, with bootstrap standard errors.</p>",
        *(_mixes(game, heuristic) for game in games),
    ]
    return document(f"gridpact: {name}", body)


def standing_rows(standings: pd.DataFrame) -> list[list[str]]:
    """Return standings as texts, a heading first."""
    heading = ["rule", "place", "strategy", "a household saves, GBP a day", "exchange"]
    rows = [
        [
            str(row["rule"]),
            str(row["place"]),
            str(row["strategy"]),
            _words(row, "saved", "_gbp"),
            _words(row, "exchange_ratio"),
        ]
        for row in records(standings)
    ]
    return [heading, *rows]


def assumptions(played: Played, games: Sequence[RuleGame]) -> list[str]:
    """Return what the reader must know to judge the answer."""
    part, world = played.scenario.community, played.world
    groups = part.groups
    draws = played.scenario.play.replicates
    drawn = "once" if draws == 1 else f"{draws} times"
    said = [
        f"{part.prosumers:,} households in {world.communities} "
        f"communit{'y' if world.communities == 1 else 'ies'} of {_sizes(played)}, "
        f"{world.days} day{'s' * (world.days > 1)} of half-hours from day {part.first_day} of "
        f"2016; a kilowatt-hour costs {part.buy_pence:g} pence, and the grid pays "
        f"{part.sell_pence:g} for one.",
        f"A reduced game (hierarchical reduction): the households of a community are divided "
        f"into {groups} groups, drawn {drawn} by seed {played.scenario.seed}, each of one "
        f"strategy. Whoever changes its strategy takes a group along, a {_ordinal(groups)} of "
        f"the community. What a lone household would gain is not told, and can be more: an "
        f"equilibrium of few groups need not be one of many (community.groups).",
        f"All {len(played.counts)} mixes of {', '.join(played.strategies)} were played under "
        f"every rule, each in turns until every group had followed every strategy of it, so "
        f"that what a strategy earns is not owed to who has a battery.",
        "Savings are against the same household planning and paying alone. Exchange is the "
        "sum of what the community takes and gives at the head of its feeder.",
        f"Plans are iterated best responses, left as they are after {SWEEPS} sweeps.",
    ]
    if games[0].samples is None:
        return [*said, "There are no intervals: one day tells nothing of another."]
    return [
        *said,
        f"Intervals hold 95 % of {DRAWS:,} bootstrap samples of days and communities, taken "
        f"together for all mixes and rules; equilibria were sought anew in {TABLES} of them, "
        f"and where mixes end in {BASIN_TABLES}. They tell of other days like these, not of "
        f"other households.",
    ]


def _question(played: Played) -> str:
    part = played.scenario.community
    return (
        f"{part.prosumers:,} households may trade their sun and shift batteries, cars and heat "
        f"pumps. {_ways(part.strategies)} If whatever saves more spreads, which way of "
        f"living next to each other lasts under each trading rule, and what does it cost the "
        f"community?"
    )


def _ways(strategies: Sequence[str]) -> str:
    """Say what households can do."""
    *rest, last = [f"{name} ({WAYS[name]})" if name in WAYS else name for name in strategies]
    return f"They can be {', '.join(rest)} or {last}."


def _sizes(played: Played) -> str:
    sizes = played.world.present.sum(1)
    low, high = int(sizes.min()), int(sizes.max())
    return f"{low}" if low == high else f"{low} to {high}"


def _ordinal(groups: int) -> str:
    words = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth"}
    return words.get(groups, f"{groups}th part")


def _section(rule: str, sentences: Sequence[str]) -> str:
    first, *rest = sentences
    meaning = f" ({MEANINGS[rule]})" if rule in MEANINGS else ""
    said = f"<p><b>{escape(rule)}</b>{escape(meaning)}. {escape(first)}</p>"
    return said + bullets(rest)


def _mixes(game: RuleGame, heuristic: pd.DataFrame) -> str:
    """Return the heuristic table of a rule, a row for each mix."""
    own = heuristic[heuristic["rule"] == game.rule]
    names = game.strategies
    heading = [
        *(f"groups {name}" for name in names),
        *(f"{name} saves" for name in names),
        "bill over each alone",
        "exchange over each alone",
        "plans ended",
    ]
    rows = []
    for profile, groups in enumerate(game.table.counts.tolist()):
        cells = own[own["profile"] == profile]
        saved = {
            row["strategy"]: _with_error(row["saved_gbp"], row["error_gbp"])
            for row in cells.to_dict("records")
        }
        first = cells.iloc[0]
        rows.append(
            [
                *map(str, groups),
                *(saved.get(name, "") for name in names),
                f"{first['bill_ratio']:.3f}",
                f"{first['exchange_ratio']:.3f}",
                share(float(first["plans_ended"])),
            ]
        )
    return f"<h3>{escape(game.rule)}</h3>" + table([heading, *rows], left=[])


def _with_error(value: float, error: float) -> str:
    said = number(value, 3)
    return said if isnan(error) else f"{said}{NARROW}±{NARROW}{number(error, 3)}"


def _words(row: Mapping[str, Any], name: str, unit: str = "") -> str:
    """Return a number of a record with its interval, if it has one."""
    cells = (row[f"{name}{end}{unit}"] for end in ("", "_low", "_high"))
    return Estimate(*(nan if cell is None else cell for cell in cells)).words()
