"""The report of an audit: one page of HTML, the answer first, then detail."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from experiments.audit.contenders import name_of
from experiments.audit.rows import (
    benchmark_rows,
    change_rows,
    fairness_rows,
    game_rows,
    mechanism_rows,
    party_rows,
)
from experiments.page import CSS, bullets, document, figure, table

NOWRAP: Final = "td.text { white-space: nowrap }"
"""Names stay on a line."""

NOT_FOR: Final = (
    "how likely it is that a party finds such a bid: it is what the best one would bring",
    "what parties learn that do not know each other's costs, or weigh tomorrow: see gridpact "
    "tournament",
    "setting bonds, prices or licence conditions on a real network without its own data",
)

_OFFERS: Final = "the option that all together offer most for"

_UNBEATEN: Final = "of the options that no other beats in all rankings"

MEANINGS: Final = {
    "hco, difference": f"{_OFFERS}; who offered more there pays the difference",
    "hco, equal-split": f"{_OFFERS}; each pays its offer less an equal share of all offers",
    "hco, none": f"{_OFFERS}; nobody pays",
    "rps": "the option with the lowest sum of ranks; nobody pays",
    "rps-pareto": f"each party's choice by turns, {_UNBEATEN}; nobody pays",
    "rps-random": f"one by lot {_UNBEATEN}; nobody pays",
    "vcg": f"{_OFFERS}; each pays what its bid costs the others (the pivotal mechanism, a "
    "benchmark that no contract here settles by)",
}
"""What a mechanism does, by the name in tables."""


def html(said: Mapping[str, Any], drawn: Sequence[tuple[str, Path]]) -> str:
    """Return the page: question, answer, a figure, assumptions, limits; then detail.

    Parameters
    ----------
    said : mapping
        As `summary` returns it.
    drawn : sequence of (caption, path)
        SVG files, the one for the first page first; they become part of the page.
    """
    shown = [figure(*one, number=1 + i) for i, one in enumerate(drawn)]
    title = f"How manipulable is each mechanism? {said['scenario']}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(_question(said))}</p>",
        "<h2>Answer</h2>",
        f"<p><b>{escape(said['answer'][0])}</b></p>",
        bullets(said["answer"][1:]),
        *shown[:1],
        "<h2>The mechanisms</h2>",
        bullets([_described(one) for one in said["mechanisms"]]),
        "<h2>What was assumed</h2>",
        bullets(said["assumptions"]),
        "<h2>What this is not for</h2>",
        bullets(NOT_FOR),
        *_details(said, shown[1:]),
    ]
    return document(title, body, CSS + NOWRAP)


def _details(said: Mapping[str, Any], drawings: Sequence[str]) -> list[str]:
    """Return the tables of the page, and the figures that are not on the first screen."""
    return [
        "<h2>Mechanisms, the least exploitable first</h2>",
        table(mechanism_rows(said)),
        "<h2>What each party gains, and what stops it</h2>",
        table(party_rows(said)),
        *_games(said),
        "<h2>What the misreports change, a day</h2>",
        table(change_rows(said)),
        "<h2>Who gains by the link if all are truthful</h2>",
        table(fairness_rows(said)),
        "<h2>What could be instead</h2>",
        *drawings,
        table(benchmark_rows(said)),
    ]


def _games(said: Mapping[str, Any]) -> list[str]:
    """Return where it ends if all parties depart from truth, if that was followed."""
    rows = game_rows(said)
    heading = "<h2>Where it ends if all look for better bids, in a sample of windows</h2>"
    return [heading, table(rows)] if len(rows) > 1 else []


def _described(mechanism: Mapping[str, Any]) -> str:
    name = name_of(mechanism)
    return f"{name}: {'. Note: '.join([MEANINGS[name], *mechanism['notes']])}."


def _question(said: Mapping[str, Any]) -> str:
    return (
        f"{' and '.join(said['parties'])} share an element whose set-point is negotiated every "
        "half-hour by a smart contract. The rules work as intended if all bid the truth. How "
        "much would a party gain by another bid, who would pay for it, and what would stop it?"
    )
