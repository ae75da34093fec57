"""What a visitor may set about communities: how many live there, who, and how they trade."""

from collections.abc import Mapping
from typing import Any, Final

from agents.disposition import DISPOSITIONS
from agents.learning import LEARNING_RULES
from agents.prosumers.manners import allowed
from agents.strategies import STRATEGIES
from experiments.errors import chosen
from experiments.scenario import CommunityPart, Scenario
from experiments.visualiser.spec import Spec, select, slider, whole
from market.trading.rules import TRADING_RULES

MANY: Final = 1000
"""How many households the page offers, unless the scenario has more."""

MEANINGS: Final[Mapping[str, str]] = {
    "prosumers": "How many households there are; more than a feeder takes live on several.",
    "trading": "How orders of households become trades and prices.",
    "residents": "How most households plan and order; of the scenario's mix, how all do.",
    "others": "How the rest of the households plan and order.",
    "share": "How many in a hundred households are those others.",
}
"""What each parameter means, in a sentence."""

MIXED: Final = "the scenario's mix"
"""What residents are called if the scenario has more than two kinds."""


def community_parameters(part: CommunityPart) -> Spec:
    """Return the parameters of communities, in Mesa's terms."""
    most, others, share = _halves(part)
    return {
        "prosumers": slider(
            "Households", part.prosumers, (3, max(MANY, part.prosumers)), MEANINGS["prosumers"]
        ),
        "trading": described(
            select("Trading rule", part.rules[0], TRADING_RULES, MEANINGS["trading"]),
            {name: rule.meaning for name, rule in TRADING_RULES.items()},
        ),
        "residents": _strategies("Most households", most, "residents"),
        "others": _strategies("Other households", others, "others"),
        "share": slider("Others, in a hundred", share, (0, 50), MEANINGS["share"]),
    }


def with_community(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario whose communities are as a visitor set them.

    Raises
    ------
    InputRefused, Unknown
        Naming what cannot be.
    """
    part = scenario.community
    chosen("trading rule", values["trading"], TRADING_RULES)
    return scenario.with_changes(
        "community",
        prosumers=whole("prosumers", values["prosumers"]),
        rules=(values["trading"],),
        mix=_mix(part, values["residents"], values["others"], whole("share", values["share"])),
    )


def _mix(part: CommunityPart, most: str, others: str, share: int) -> Mapping[str, float]:
    """Return who lives there; the scenario's own mix, to the last digit, if nothing changed."""
    if most == MIXED or (most, others, share) == _halves(part):
        return part.mix
    if not share or most == others:
        return {most: 1.0}
    return {most: 1 - share / 100, others: share / 100}


def _halves(part: CommunityPart) -> tuple[str, str, int]:
    """Return most households' strategy, the others', and the share of these in a hundred."""
    total = sum(part.mix.values())
    by_share = sorted(part.mix, key=lambda name: -part.mix[name])
    if len(by_share) > 2:
        return MIXED, "adversarial", 0
    if len(by_share) == 1:
        return by_share[0], "adversarial", 0
    return by_share[0], by_share[1], round(100 * part.mix[by_share[1]] / total)


def _strategies(label: str, own: str, kind: str) -> dict[str, Any]:
    """Return the parameter of a strategy of households, its values in groups."""
    known = [name for name in allowed() if name not in LEARNING_RULES]
    disposed = [name for name in known if name in {*DISPOSITIONS, "indifferent"}]
    groups = {
        "Of the scenario": [own] if own not in allowed() else [],
        "By a disposition": disposed,
        "As a rule says": [name for name in known if name not in disposed],
        "Learning": [name for name in allowed() if name in LEARNING_RULES],
    }
    groups = {name: texts for name, texts in groups.items() if texts}
    values = [text for texts in groups.values() for text in texts]
    meanings = {name: STRATEGIES[name]().meaning for name in allowed()}
    return described(select(label, own, values, MEANINGS[kind]), meanings) | {"groups": groups}


def described(entry: dict[str, Any], meanings: Mapping[str, str]) -> dict[str, Any]:
    """Return a parameter with what each of its values means."""
    return entry | {"meanings": dict(meanings)}
