"""What must hold between the keys of ``[community]``, found out before anything is computed."""

from collections.abc import Collection, Iterator, Mapping

from agents.prosumers.manners import NotForProsumers, allowed, refusal
from experiments import plugins
from experiments.errors import InputRefused, Unknown, nearest
from experiments.scenario import CommunityPart, Scenario
from experiments.seat import FromFile
from grid.feeder.households import FEWEST, MOST, PAST
from grid.feeder.year import DAYS
from market.terms import MOST_PARTIES
from market.trading.base import HIGHEST_PRICE
from market.trading.rules import TRADING_RULES
from market.trading.tariff import TICKS_PER_PENNY

FORECASTS = ("persistence", "perfect")
"""What plans may rest on."""

HIGHEST_PENCE = HIGHEST_PRICE / TICKS_PER_PENNY
"""The highest price that a contract holds, in pence for a kilowatt-hour."""


def reasons(scenario: Scenario) -> Iterator[str]:
    """Yield what is wrong with the communities of a scenario; nothing if it has none."""
    part = scenario.community
    only = scenario.grid.case == "community"
    if only or part.prosumers:
        yield from _numbers(part, scenario.grid.days)
        yield from _prices(part)
        yield from _names(part)
        if part.feeder and not (scenario.folder / part.feeder).is_file():
            yield f"community.feeder: no file {scenario.folder / part.feeder}"
    if part.prosumers and not only and scenario.grid.costs:
        wanted = "wanted none: communities move load flows, and a table of costs has none"
        yield f"grid.costs is {scenario.grid.costs!r}, {wanted}"


def _numbers(part: CommunityPart, days: int) -> Iterator[str]:
    shares = ("photovoltaics", "batteries", "cars", "heat_pumps")
    ranges: dict[str, tuple[float, float]] = {
        "prosumers": (FEWEST, MOST),
        "per_feeder": (2, MOST_PARTIES),
        "first_day": (PAST, DAYS - 1),
        **dict.fromkeys(shares, (0, 1)),
    }
    for key, (low, high) in ranges.items():
        if not low <= getattr(part, key) <= high:
            yield _said(part, key, f"{low:,} to {high:,}")
    last = DAYS - part.first_day
    if not 1 <= days <= last:
        yield (
            f"grid.days is {days!r}, wanted 1 to {last}, "
            f"as the profiles end with day {DAYS - 1} and community.first_day is "
            f"{part.first_day}"
        )
    if part.groups < 2:
        yield _said(part, "groups", "2 or more")
    if part.copies < 1:
        yield _said(part, "copies", "1 or more")


def _prices(part: CommunityPart) -> Iterator[str]:
    for key in ("buy_pence", "sell_pence", "penalty_pence", "charge_pence"):
        if not 0 <= getattr(part, key) <= HIGHEST_PENCE:
            yield _said(part, key, f"0 to {HIGHEST_PENCE:g}")
    if part.sell_pence > part.buy_pence:
        yield _said(part, "sell_pence", f"at most community.buy_pence, {part.buy_pence!r}")


def _names(part: CommunityPart) -> Iterator[str]:
    for key in ("rules", "strategies"):
        listed = getattr(part, key)
        if not listed or len(set(listed)) < len(listed):
            yield f"community.{key} is {list(listed)!r}, wanted one or more, each once"
    for i, name in enumerate(part.rules):
        yield from _unknown(f"community.rules[{i}]", name, TRADING_RULES)
    yield from _unknown("community.forecast", part.forecast, FORECASTS)
    yield from _mix(part.mix)
    for i, text in enumerate(part.strategies):
        yield from _strategy(f"community.strategies[{i}]", text)


def _mix(mix: Mapping[str, float]) -> Iterator[str]:
    if not mix:
        yield "community.mix is empty, wanted a strategy or more, each with its share"
    for text, share in mix.items():
        if not share > 0:
            yield f"community.mix.{text} is {share!r}, wanted more than 0"
        yield from _strategy("community.mix", text)


def _strategy(place: str, text: str) -> Iterator[str]:
    """Yield why a prosumer cannot follow what a text stands for."""
    try:
        made = plugins.strategy(text)
    except Unknown as error:
        whole = error.name == text
        yield (
            f"{place} is {text!r}, {nearest(text, allowed())}" if whole else f"{place}: {error}"
        )
    except (InputRefused, plugins.StrategyBroken) as error:
        yield f"{place}: {error.reason}"
    else:
        if isinstance(made, FromFile):
            yield f"{place} is {text!r}, bids for one seat, wanted a strategy for all"
        elif reason := refusal(made):
            yield f"{place}: {NotForProsumers(text, reason, allowed())}"


def _unknown(key: str, name: str, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield f"{key} is {name!r}, {nearest(name, known)}"


def _said(part: CommunityPart, key: str, wanted: str) -> str:
    return f"community.{key} is {getattr(part, key)!r}, wanted {wanted}"
