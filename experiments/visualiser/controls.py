"""What a visitor may set: Mesa's parameter spec, and the scenario that follows from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from agents.disposition import DISPOSITIONS
from agents.learning import LEARNING_RULES
from agents.strategies import STRATEGIES
from experiments.errors import InputRefused, chosen
from experiments.scenario import Scenario
from experiments.validation import check
from experiments.visualiser.communities.controls import community_parameters, with_community
from experiments.visualiser.spec import Spec, number, select, slider, whole
from experiments.wiring import VENUES, Study
from market.mechanisms import MECHANISMS

OFFERED_VENUES: Final = ("local", "revm", "eth-tester")
"""Those that need nothing but this machine."""

MEANINGS: Final[Mapping[str, str]] = {
    "mechanism": "How bids become a set-point: hco adds offers up, rps adds ranks up.",
    "bids": "Open bids are seen at once; sealed ones are committed first, revealed later.",
    "session": "How far ahead one bid reaches: a half-hour, or the whole day.",
    "venue": "Where windows are held: in memory, or in a contract on a chain of this machine.",
    "days": "How many days are played, each of which differs.",
    "seed": "Fixes the weather and all chances: the same seed, the same match.",
    "chair": "Take a party's seat, and bid for it yourself.",
    "compare": "Play another mechanism beside it, all else the same.",
    "loading": "How the network is loaded: N normal, D high demand, G high generation.",
    "strategy": "How the party bids: as a rule says, by a disposition, or by learning.",
}
"""What each parameter means, in a sentence."""

NOBODY: Final = "nobody"
NOTHING: Final = "nothing"


@dataclass(frozen=True)
class Choice:
    """What a visitor has set."""

    scenario: Scenario
    days: int

    chair: int | None
    """The seat of a person."""

    rival: str | None
    """The mechanism that is played beside the scenario's first."""


def parameters(scenario: Scenario, seen: Study) -> Spec:
    """Return all parameters as Mesa writes them down, with what each means.

    Parameters
    ----------
    scenario : Scenario
        Where they start.
    seen : Study
        For its parties, loadings and days.
    """
    market, play = scenario.market, scenario.play
    rules = list(MECHANISMS)
    spec: Spec = {}
    for seat, party in enumerate(seen.parties):
        name = f"loading_{seat + 1}"
        spec[name] = _select("loading", f"Loading of {party}", play.pair[seat], seen.scenarios)
    spec["mechanism"] = _select("mechanism", "Mechanism", market.mechanisms[0], rules)
    sealed = "sealed" if market.sealed else "open"
    spec["bids"] = _select("bids", "Bids", sealed, ("open", "sealed"))
    for seat, party in enumerate(seen.parties):
        name = f"strategy_{seat + 1}"
        own = (play.seats[seat], *play.strategies)
        spec[name] = _strategies(f"Strategy of {party}", own)
    spec["chair"] = _select("chair", "Your seat", NOBODY, (NOBODY, *seen.parties))
    spec["compare"] = _select("compare", "Compare with", NOTHING, (NOTHING, *rules))
    ahead = "half-hour" if market.horizon == 1 else "day"
    spec["session"] = _select("session", "One bid for each", ahead, ("half-hour", "day"))
    venues = dict.fromkeys((scenario.chain.venue, *OFFERED_VENUES))
    spec["venue"] = _select("venue", "Venue", scenario.chain.venue, venues)
    if scenario.community.prosumers:
        spec |= community_parameters(scenario.community)
    return spec | days_and_seed(scenario, seen.days)


def days_and_seed(scenario: Scenario, days: int) -> Spec:
    """Return the parameters that all sorts of scenarios have."""
    return {
        "days": slider("Days", days, (1, days), MEANINGS["days"]),
        "seed": number("Seed", scenario.seed, MEANINGS["seed"]),
    }


def days_of(values: Mapping[str, Any], most: int) -> int:
    """Return how many days were asked for.

    Raises
    ------
    InputRefused
        If there are not so many.
    """
    days = whole("days", values["days"])
    if not 1 <= days <= most:
        raise InputRefused("days", f"is {days}, wanted 1 to {most}")
    return days


def choice(scenario: Scenario, values: Mapping[str, Any], parties: tuple[str, ...]) -> Choice:
    """Return what follows from the values of all parameters, checked.

    Raises
    ------
    ScenarioRefused, InputRefused, Unknown
        Naming what cannot be.
    """
    seats = range(1, len(parties) + 1)
    rivals = {NOTHING: None, **{name: name for name in MECHANISMS}}
    chairs = {NOBODY: None, **{party: seat for seat, party in enumerate(parties)}}
    day = 48 if scenario.market.horizon == 1 else scenario.market.horizon
    asked = replace(scenario, seed=whole("seed", values["seed"]))
    if scenario.community.prosumers:
        asked = with_community(asked, values)
    asked = asked.with_changes(
        "market",
        mechanisms=(values["mechanism"],),
        sealed=values["bids"] == "sealed",
        horizon=day if values["session"] == "day" else 1,
    )
    asked = asked.with_changes("chain", venue=values["venue"])
    asked = asked.with_changes(
        "play",
        pair=tuple(values[f"loading_{n}"] for n in seats),
        seats=tuple(values[f"strategy_{n}"] for n in seats),
    )
    chosen("venue", values["venue"], dict.fromkeys((scenario.chain.venue, *OFFERED_VENUES)))
    check(asked, VENUES)
    rival = chosen("mechanism", values["compare"], rivals)
    if rival is not None:
        check(asked.with_changes("market", mechanisms=(rival,)), VENUES)
    return Choice(
        scenario=asked,
        days=days_of(values, scenario.grid.days),
        chair=chosen("party", values["chair"], chairs),
        rival=rival,
    )


def _select(kind: str, label: str, value: str, values: Iterable[str]) -> dict[str, Any]:
    return select(label, value, values, MEANINGS[kind])


def _strategies(label: str, own: tuple[str, ...]) -> dict[str, Any]:
    """Return the parameter of a strategy, its values in groups, with what each does.

    The first of the scenario's own is where it starts.
    """
    fixed = [name for name in STRATEGIES if name not in LEARNING_RULES]
    disposed = [f"best-response(disposition={name})" for name in DISPOSITIONS]
    listed = {*fixed, *disposed, *LEARNING_RULES}
    groups = {
        "Of the scenario": [text for text in dict.fromkeys(own) if text not in listed],
        "As a rule says": fixed,
        "By a disposition": disposed,
        "Learning": list(LEARNING_RULES),
    }
    groups = {name: texts for name, texts in groups.items() if texts}
    entry = _select("strategy", label, own[0], [t for texts in groups.values() for t in texts])
    meanings = {name: make().meaning for name, make in STRATEGIES.items()}
    return entry | {"groups": groups, "meanings": meanings}
