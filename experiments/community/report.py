"""A run of communities as one page of HTML: the answer first, then detail; and its tables."""

from collections.abc import Mapping, Sequence
from html import escape
from math import isnan, nan
from pathlib import Path
from typing import Final, TypeAlias

from experiments.community.comparison import Way, index_estimates
from experiments.community.estimates import Estimate, number
from experiments.community.findings import Found, answer, of_battery, of_rule
from experiments.community.indexes import INDEXES
from experiments.community.simulate import neighbours_of
from experiments.page import bullets, document, figure, table
from experiments.tournament.intervals import DRAWS
from market.trading.rules import TRADING_RULES

Rows: TypeAlias = list[list[str]]
"""A table of texts, its heading first."""

NOT_FOR: Final = (
    "setting tariffs, penalties or licence conditions for a community without its own data",
    "connecting equipment: load flows are balanced steady states of half-hours, with voltage "
    "held at the head of the feeder",
    "forecasting what people will do: strategies are a menu, and households follow them",
    "winter, or any other days than those played: savings follow the sun",
)

DATA: Final = (
    "Feeder and profiles are SimBench's (Germany, 2016; ODbL 1.0), sizes and habits "
    "assumptions listed in grid/data/README.md."
)

TITLES: Final = {name: name.replace("_", " ") for name in INDEXES}
"""What tables call the indexes."""


def html_report(found: Found, drawn: Sequence[tuple[str, Path]]) -> str:
    """Return the page.

    Parameters
    ----------
    found : Found
        What is known of the run.
    drawn : sequence of (caption, path)
        SVG files, the one for the first page first; they become part of the page.
    """
    shown = [figure(*one, number=1 + i) for i, one in enumerate(drawn)]
    first, *rest = answer(found)
    name = found.run.scenario.name
    body = [
        f"<h1>By how much does a ledger improve balancing? {escape(name)}</h1>",
        f"<p>{escape(_question(found))}</p>",
        "<h2>Answer</h2>",
        f"<p><b>{escape(first)}</b></p>",
        bullets(rest),
        *shown[:1],
        "<h2>What was assumed</h2>",
        bullets(_assumptions(found)),
        "<h2>What this is not for</h2>",
        bullets(NOT_FOR),
        "<h2>Every way to run the communities</h2>",
        f"<p>{escape(COLUMNS_SAID)}</p>",
        table(way_rows(found.ways)),
        "<h2>Who gains, and who loses</h2>",
        *(_rule(found, rule) for rule in found.rules),
        table(people_rows(found)),
        "<h2>Six indexes of energy sharing</h2>",
        f"<p>{escape(INDEXES_SAID)}</p>",
        table(index_rows(found)),
        "<h2>A battery that neighbours share</h2>",
        f"<p>{escape(of_battery(found.batteries))}</p>",
        table(battery_rows(found)),
        "<h2>Figures</h2>",
        *shown[1:],
    ]
    return document(f"gridpact: {name}", body)


COLUMNS_SAID: Final = (
    "A household and day, in brackets where 95 % of bootstrap samples lie. Less exchange: by "
    "which share the absolute exchange with the grid is below that of each alone. Of the "
    "plant's saving: bills, 0 % as each alone, 100 % as a virtual power plant with the same or "
    "with a perfect forecast. Equilibrium: share of days on which planning ended in one, and "
    "what a store would at the most have gained by another plan."
)

INDEXES_SAID: Final = (
    "After Zhou, Wu and Long, Applied Energy 222, 2018, as market/trading/indexes.py defines "
    "them: 1 at best. Value tapping is of what a virtual power plant saves that knows what "
    "will be."
)


def way_rows(ways: Sequence[Way]) -> Rows:
    """Return every way to run communities as texts."""
    heading = [
        "rule", "neighbours", "exchange, kWh", "less exchange", "bill, GBP", "saved, GBP",
        "of the plant's saving", "of the perfect plant's", "breaches a day", "equilibrium",
        "epsilon, GBP",
    ]  # fmt: skip
    return [
        heading,
        *(
            [
                way.rule or "none",
                way.neighbours,
                way.exchange_kwh.words(),
                way.balance.percent(),
                way.bill_gbp.words(),
                way.saved_gbp.words(),
                way.between.percent(),
                way.between_perfect.percent(),
                f"{way.breaches:,.2f}",
                _settled(way),
                "" if isnan(way.epsilon_gbp) else f"{way.epsilon_gbp:,.4f}",
            ]
            for way in ways
        ),
    ]


def brief_rows(ways: Sequence[Way]) -> Rows:
    """Return what fits a terminal."""
    heading = ["rule", "neighbours", "less exchange", "saved GBP", "of plant", "equilibrium"]
    return [
        heading,
        *(
            [
                way.rule or "none",
                way.neighbours,
                way.balance.percent(),
                way.saved_gbp.words(),
                Estimate(way.between.value, nan, nan).percent(),
                _settled(way),
            ]
            for way in ways
        ),
    ]


def people_rows(found: Found) -> Rows:
    """Return who gained, rule by rule."""
    heading = [
        "rule",
        "neighbours",
        "no dearer than alone",
        "worst off, GBP",
        "Gini",
        "Jain",
    ]
    return [
        heading,
        *(
            [
                one.rule,
                one.neighbours,
                f"{one.better_off:.0%}",
                number(one.worst_off_gbp, 2),
                f"{one.gini:.2f}",
                f"{one.jain:.2f}",
            ]
            for one in found.people
        ),
    ]


def index_rows(found: Found) -> Rows:
    """Return the six indexes, rule by rule."""
    return [
        ["rule", "neighbours", *TITLES.values()],
        *(
            [*names, *(one.words() for one in estimates)]
            for names, estimates in index_estimates(found.run).items()
        ),
    ]


def battery_rows(found: Found) -> Rows:
    """Return the ways to decide on a shared battery, a day of all owners."""
    heading = [
        "decided by", "bidders", "bill, GBP", "saved, GBP", "worst off saves, GBP", "paid, GBP",
    ]  # fmt: skip
    return [
        heading,
        *(
            [
                one.mechanism or one.bidders,
                one.bidders if one.mechanism else "",
                one.bill_gbp.words(),
                one.saved_gbp.words(),
                number(one.worst_gbp, 2),
                number(one.paid_gbp, 2),
            ]
            for one in found.batteries
        ),
    ]


def as_json(found: Found) -> dict[str, object]:
    """Return findings and numbers as scripts read them."""
    return {
        "findings": list(answer(found)),
        "rules": {rule: list(of_rule(found, rule)) for rule in found.rules},
        "shared_battery": of_battery(found.batteries),
        "ways": [_record(vars(way)) for way in found.ways],
        "people": [_record(vars(one)) for one in found.people],
        "groups": [_record(vars(one)) for one in found.groups],
        "batteries": [_record(vars(one)) for one in found.batteries],
        "replays": [_record(vars(one)) for one in found.run.replays],
    }


def _record(fields: Mapping[str, object]) -> dict[str, object]:
    """Return fields as JSON takes them: no number is None, an estimate a record of its own."""
    found: dict[str, object] = {}
    for key, value in fields.items():
        if isinstance(value, Estimate):
            found[key] = _record(vars(value))
        else:
            found[key] = None if isinstance(value, float) and isnan(value) else value
    return found


def _settled(way: Way) -> str:
    return "" if isnan(way.converged) else f"{way.converged:.0%}"


def _rule(found: Found, rule: str) -> str:
    meaning = TRADING_RULES[rule].meaning
    return f"<h3>{escape(rule)}</h3><p>{escape(meaning)}</p>{bullets(of_rule(found, rule))}"


def _question(found: Found) -> str:
    world = found.run.world
    homes, feeders = world.homes.count, world.communities
    where = f"{feeders} low-voltage feeders" if feeders > 1 else "one low-voltage feeder"
    return (
        f"{homes:,} households on {where} plan their batteries, cars and heat pumps for the "
        f"day ahead, each anticipating the others, and trade through a contract, half-hour by "
        f"half-hour. By how much does that improve the balance of their community, and what "
        f"does adversarial behaviour take away? Played on {world.days} days under "
        f"{len(found.rules)} rules."
    )


def _assumptions(found: Found) -> list[str]:
    scenario, world = found.run.scenario, found.run.world
    part, units = scenario.community, world.days * world.communities
    kinds = neighbours_of(scenario)
    mixes = (f"{name} ({_shares(mix)})" for name, mix in kinds.items())
    drawn = (
        f"{_counted(world.days, 'day', 'days')} and "
        f"{_counted(world.communities, 'community', 'communities')}"
    )
    sure = (
        f"Intervals hold 95 % of {DRAWS:,} bootstrap samples of {drawn}, drawn together for "
        "all ways. They do not hold who lives where and follows what, which is drawn once; and "
        "days that follow each other have like weather, so they are rather too narrow."
        if units > 1
        else "There are no intervals: one day of one community tells nothing of another."
    )
    return [
        f"{world.days} days from day {part.first_day} of 2016 (0 is 1 January); of households "
        f"{part.photovoltaics:.0%} have panels, {part.batteries:.0%} a battery, "
        f"{part.cars:.0%} a car, {part.heat_pumps:.0%} a heat pump. {DATA}",
        f"The grid charges {part.buy_pence:g} and pays {part.sell_pence:g} pence a "
        f"kilowatt-hour; not to deliver a trade costs {part.penalty_pence:g}, and the network "
        f"{part.charge_pence:g} pence.",
        f"Neighbours: {'; '.join(mixes)}. Who follows which is drawn by seed {scenario.seed}.",
        FORECASTS_SAID[part.forecast],
        "Each alone: every household plans for itself, and pays its own tariff. Battery by its "
        "meter: nobody plans; a battery takes its household's surplus and gives what it draws, "
        "half-hour by half-hour, ends each day as full as it began, and cars and heat pumps "
        "are not steered. Virtual power plant: one controller plans all stores by a linear "
        "programme, and the community pays for what it exchanges as one.",
        "In every other way plans are kept as they were made, whatever meters show within the "
        "day. A ledger of batteries that depart from their plans was not played.",
        "What is said of the ledger is what comes of trading and of planning for it; the same "
        "rules kept by an office that all trust would do as much.",
        sure,
    ]


def _shares(mix: Mapping[str, float]) -> str:
    """Return who lives there, in shares of all.

    >>> _shares({"truthful": 0.3, "cooperative": 0.1})
    '75% truthful, 25% cooperative'
    """
    whole = sum(mix.values())
    return ", ".join(f"{share / whole:.0%} {who}" for who, share in mix.items())


FORECASTS_SAID: Final = {
    "persistence": "Plans and orders rest on forecasts: demand as on average in the seven days "
    "before, sun as the day before; what cars and heat pumps need is known. What meters show "
    "beyond a trade goes to the grid at the tariff.",
    "perfect": "Plans and orders rest on what will be: a perfect forecast.",
}


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
