"""What a community tournament found, in sentences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from experiments.community.baselines import PLANT
from experiments.community.estimates import Estimate, number
from experiments.community.tournament.game import RuleGame
from experiments.community.tournament.numbers import (
    Cost,
    Invaded,
    cost_of,
    cost_of_baseline,
    invaded,
    saving_of,
)
from market.games.heuristic_rest import RestPoint
from market.games.profiles import Mixture

RESIDENT: Final = "cooperative"
INVADER: Final = "adversarial"
"""Who invades whom, if both play; else the second strategy the first."""

FEW: Final = 3
"""So many groups at most are a few."""


def findings(games: Iterable[RuleGame]) -> dict[str, tuple[str, ...]]:
    """Say for each rule which way of living next to each other lasts, and what it costs."""
    return {
        game.rule: (
            verdict(game),
            *how_sure(game),
            *(costs(game, point) for point in game.lasting),
            invasion_words(game),
            best_on_average(game),
            how_plans_ended(game),
        )
        for game in games
    }


def answer(games: Sequence[RuleGame]) -> tuple[str, ...]:
    """Say what lasts under which rules, what that saves, and whom invaders harm."""
    found: dict[str, list[str]] = {}
    for game in games:
        found.setdefault(_lasting_words(game), []).append(game.rule)
    said = [f"{what} under {_and(rules)}" for what, rules in found.items()]
    return f"{_capital('; '.join(said))}.", *_savings(games), *_invading(games)


def _savings(games: Sequence[RuleGame]) -> Iterator[str]:
    """Yield what each mix that lasts saves and exchanges, over all rules where it does."""
    found: dict[str, list[Cost]] = {}
    for game in games:
        for point in game.lasting:
            cost = cost_of(game, point.mixture)
            found.setdefault(mix_words(game, point.mixture), []).append(cost)
    for mix, each in found.items():
        yield (
            f"{_capital(mix)}: a household saves GBP "
            f"{_range([one.saved_gbp for one in each])} a day against each alone, "
            f"{_range([one.captured for one in each], 100)} % of what a virtual power plant "
            f"would save; the community exchanges "
            f"{_range([one.exchange_ratio for one in each])} times as much with the "
            f"grid as each alone."
        )


def _invading(games: Sequence[RuleGame]) -> Iterator[str]:
    """Yield under which rules a few invaders spread, and what they cost the residents."""
    found = {game.rule: invaders_of(game) for game in games}
    first = found[games[0].rule][0]
    spread = [rule for rule, few in found.items() if any(one.found.spreads for one in few)]
    lost = [one.residents_lose for few in found.values() for one in few]
    under = f"spread under {_and(spread)} alone" if spread else "spread under no rule"
    if len(spread) == len(games) > 1:
        under = "spread under every rule"
    few = f"1 to {len(found[games[0].rule])} of {games[0].table.players} groups"
    yield (
        f"A few {first.invader} among all {first.resident} ({few}) {under}; they cost each "
        f"{first.resident} household GBP {_range(lost)} a day."
    )


def _range(numbers: Sequence[Estimate], times: int = 1) -> str:
    """Return the least and the greatest of numbers, one if they are told alike.

    >>> _range([Estimate(0.5, 0.4, 0.6), Estimate(0.6, 0.5, 0.7)], 100)
    '50 to 60'
    """
    places = 2 if times == 1 else 0
    values = [times * one.value for one in numbers]
    told = [number(value, places) for value in (min(values), max(values))]
    return " to ".join(dict.fromkeys(told))


def verdict(game: RuleGame) -> str:
    """Say which mixes last."""
    if not game.lasting:
        near = min(game.rests.points, key=lambda one: one.epsilon)
        kind = (
            "Every equilibrium that was found" if game.rests.equilibria else "What is nearest"
        )
        return (
            f"No mix of these strategies lasts: none that no group would leave attracts the "
            f"mixes nearby. {kind}, such as {mix_words(game, near.mixture)}, is "
            f"{near.stability}, and leaving it gains GBP {number(near.epsilon, 2)} a day."
        )
    told = [
        f"{mix_words(game, one.mixture)}, where {percent(game.basin(one))} of mixes end"
        for one in game.lasting
    ]
    meaning = "no group saves more by changing its strategy alone, and mixes nearby come to it"
    lasts = "lasts" if len(told) == 1 else "last"
    unstable = [one for one in game.lasting if not one.evolutionarily_stable]
    stable = "" if unstable else "; evolutionarily stable"
    return f"{_capital(', and '.join(told))}, {lasts}: {meaning}{stable}."


def how_sure(game: RuleGame) -> tuple[str, ...]:
    """Say in how many samples the equilibria remain; nothing of a single day."""
    sure = [(point, game.sure(point)) for point in game.lasting]
    told = [
        f"{mix_words(game, point.mixture)} is an equilibrium in {share(found.remains)}, and "
        f"leaving it gains {_gain(found.epsilon[2])}"
        for point, found in sure
        if found is not None
    ]
    return (f"Of bootstrap samples {'; '.join(told)}.",) if told else ()


def costs(game: RuleGame, point: RestPoint) -> str:
    """Say what a mix saves and exchanges, against each alone and one controller."""
    found = cost_of(game, point.mixture)
    best = cost_of_baseline(game, PLANT)
    return (
        f"{_capital(mix_words(game, point.mixture))}: a household saves GBP "
        f"{found.saved_gbp.words()} a day against each alone, {found.captured.percent()} of "
        f"what a virtual power plant would save; the community exchanges "
        f"{found.exchange_ratio.words()} times as much with the grid as each alone, and the "
        f"virtual power plant {best.exchange_ratio.words()} times."
    )


def sides(game: RuleGame) -> tuple[str, str]:
    """Return whose invasion is told: a resident and an invader."""
    first, second, *_ = game.strategies
    known = {RESIDENT, INVADER} <= set(game.strategies)
    return (RESIDENT, INVADER) if known else (first, second)


def invaders_of(game: RuleGame) -> tuple[Invaded, ...]:
    """Return what a few invaders of a community do, by their number."""
    resident, invader = map(game.strategies.index, sides(game))
    most = min(FEW, game.table.players - 1)
    return tuple(invaded(game, resident, invader, few) for few in range(1, most + 1))


def invasion_words(game: RuleGame) -> str:
    """Say what invaders earn, whether they spread, and what they cost the residents."""
    found = invaders_of(game)
    first, last = found[0], found[-1]
    turned = _and([str(one.found.invaders) for one in found], "or")
    return (
        f"If {turned} of {game.table.players} groups turn {first.invader} where all were "
        f"{first.resident} and a household saved GBP {number(first.found.before, 2)} a day, "
        f"they save {_and([one.invaders_earn.words() for one in found])}, and the "
        f"{first.resident} beside them {_and([one.residents_earn.words() for one in found])}. "
        f"{_spreading(found)}; {_paying(found)}. {last.found.invaders} groups cost each "
        f"{first.resident} household GBP {last.residents_lose.words()} a day."
    )


def best_on_average(game: RuleGame) -> str:
    """Say what strategies save on average over all mixes of the others."""
    saved = {name: saving_of(game, i) for i, name in enumerate(game.strategies)}
    order = sorted(saved, key=lambda name: -saved[name].value)
    told = [f"{name} saves GBP {saved[name].words()}" for name in order]
    return f"On average over all mixes of the others {_and(told)} a day."


def how_plans_ended(game: RuleGame) -> str:
    """Say how often planning ended, and how far from an equilibrium it was left."""
    ended = float(game.measured.ended.mean())
    if ended == 1:
        return "Planning ended on every day in every mix."
    far = float(game.measured.epsilon_gbp.mean())
    worst = game.table.counts[int(game.measured.ended.argmin())]
    groups = [f"{n} {name}" for n, name in zip(worst, game.strategies, strict=True) if n]
    return (
        f"Planning ended on {share(ended)} of days over all mixes, and on "
        f"{share(float(game.measured.ended.min()))} with groups of {', '.join(groups)}; where "
        f"it did not, plans are those it was left with, from which some store would have "
        f"gained GBP {number(far, 2)} a day on average over all days."
    )


def mix_words(game: RuleGame, mixture: Mixture) -> str:
    """Return a mixture in words, such as ``all cooperative``."""
    shares = sorted(zip(mixture, game.strategies, strict=True), reverse=True)
    played = [(part, name) for part, name in shares if part > 0]
    if len(played) == 1:
        return f"all {played[0][1]}"
    return ", ".join(f"{name} {share(part)}" for part, name in played)


def _lasting_words(game: RuleGame) -> str:
    if not game.lasting:
        return "no mix lasts"
    told = [
        mix_words(game, one.mixture)
        + (
            f" ({share(game.basin(one).value)} of mixes end there)"
            if len(game.lasting) > 1
            else ""
        )
        for one in game.lasting
    ]
    return f"{_and(told)} {'lasts' if len(told) == 1 else 'last'}"


def _spreading(found: Sequence[Invaded]) -> str:
    """Say whether invaders spread, and in what share of samples."""
    known = [one.spreads for one in found if np.isfinite(one.spreads)]
    spread = [one.found.invaders for one in found if one.found.spreads]
    sampled = f" (in {', '.join(map(share, known))} of samples)" if known else ""
    if not spread:
        return f"They do not spread{sampled}"
    return f"They spread from {min(spread)} on{sampled}"


def _paying(found: Sequence[Invaded]) -> str:
    gains = [one.invaders_gain.value for one in found]
    if not any(one.found.pays for one in found):
        return f"each of them loses GBP {-max(gains):,.2f} to {-min(gains):,.2f} by it itself"
    return f"they gain up to GBP {max(gains):,.2f} by it themselves"


def _gain(most: float) -> str:
    """Return what leaving an equilibrium gains in all but the most extreme samples."""
    return f"at most GBP {number(most, 2)} a day (97.5 %)" if most > 0.005 else "nothing"


def percent(part: Estimate) -> str:
    """Return a share with its interval, if it has one.

    >>> percent(Estimate(0.671, 0.4, 0.96)), percent(Estimate(1.0, np.nan, np.nan))
    ('67 % (40 to 96)', '100 %')
    """
    if not np.isfinite(part.low):
        return share(part.value)
    return Estimate(100 * part.value, 100 * part.low, 100 * part.high).words(0, " %")


def share(value: float) -> str:
    """Return a share as a text that does not call a little none, nor nearly all all.

    >>> share(0.0004), share(0.5), share(1.0)
    ('under 1 %', '50 %', '100 %')
    """
    if 0 < value < 0.005:
        return "under 1 %"
    if 0.995 <= value < 1:
        return "over 99 %"
    return f"{100 * value:.0f} %"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _and(parts: Sequence[str], word: str = "and") -> str:
    *rest, last = parts
    return f"{', '.join(rest)} {word} {last}" if rest else last
