"""Solution concepts of games as the command line shows them: a table, JSON and notes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np

from experiments.errors import InputRefused, Unknown, chosen
from experiments.nfg import StrategicGame
from market.games.alpha_rank import alpha_rank
from market.games.correlated import CorrelatedEquilibrium, correlated_equilibria
from market.games.dominance import Dominated, eliminate
from market.games.ess import stable_strategies
from market.games.mixed import METHODS, NashEquilibria, nash_equilibria
from market.games.profiles import MixedProfile, mixed_profile
from market.games.quantal import STEEP, quantal_branch
from market.games.time_limit import TimeUp, deadline
from market.games.welfare import prices

SHOWN: Final = 20
"""So many profiles of a ranking are shown in the table, and points of a branch at all."""


@dataclass(frozen=True)
class Question:
    """What to look for in a game."""

    game: StrategicGame
    concept: str = "nash"
    method: str = "auto"

    time_limit: float | None = None
    """In seconds."""


@dataclass(frozen=True)
class Answer:
    """What was found."""

    method: str
    complete: bool

    found: Sequence[Mapping[str, Any]]
    """As JSON takes it."""

    heading: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    notes: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    """What JSON has beside the promised keys, under concepts other than Nash's."""


Concept: TypeAlias = Callable[[Question], Answer]


def answer(question: Question) -> Answer:
    """Return what there is in a game of what was asked for.

    Raises
    ------
    Unknown
        If there is no such concept or method.
    InputRefused
        If the method or the concept is not for such games.
    """
    find = chosen("concept", question.concept, CONCEPTS)
    if question.method not in METHODS:
        raise Unknown("method", question.method, METHODS)
    if question.concept != "nash" and question.method != "auto":
        raise InputRefused(f"--method {question.method}", "is for --concept nash alone")
    try:
        return find(question)
    except ValueError as error:
        raise InputRefused(question.game.title or "the game", str(error)) from error
    except TimeUp:
        note = "the time limit was hit before anything was found"
        return Answer(question.concept, False, (), (), (), (note,))


def as_json(question: Question, found: Answer) -> dict[str, Any]:
    """Return an answer as scripts read it."""
    game = question.game
    return {
        "game": {
            "players": list(game.players),
            "strategies": [list(own) for own in game.strategies],
        },
        "method": found.method,
        "complete": found.complete,
        "equilibria": list(found.found),
        "notes": list(found.notes),
    } | dict(found.more)


def _nash(question: Question) -> Answer:
    """Return Nash equilibria, with what self-interest costs."""
    game = question.game
    found = nash_equilibria(game.payoffs, question.method, question.time_limit)
    return Answer(
        method=found.method,
        complete=found.complete,
        found=[_profile_json(one) for one in found.equilibria],
        heading=_heading(game, "epsilon"),
        rows=[_profile_row(game, one, f"{one.epsilon:.3g}") for one in found.equilibria],
        notes=(*found.notes, *_prices(game, found)),
    )


def _prices(game: StrategicGame, found: NashEquilibria) -> Iterable[str]:
    """Yield the price of anarchy and of stability, if there are such ratios."""
    if not found.equilibria:
        return
    priced = prices(game.payoffs, found.equilibria)
    best = ", ".join(_pure_names(game, priced.optimal_actions))
    yield f"all together have {priced.optimum:.6g} at best, under {best}"
    if np.isfinite(priced.of_anarchy) and np.isfinite(priced.of_stability):
        what = "cost" if priced.costs else "welfare"
        yield (
            f"price of anarchy {priced.of_anarchy:.4g}, of stability "
            f"{priced.of_stability:.4g}, as ratios of {what}, over the equilibria above"
        )


def _correlated(question: Question) -> Answer:
    """Return the extremes of the correlated equilibria."""
    return _mediated(question, coarse=False)


def _coarse(question: Question) -> Answer:
    """Return the extremes of the coarse correlated equilibria."""
    return _mediated(question, coarse=True)


def _mediated(question: Question, coarse: bool) -> Answer:
    """Return the best and the worst for all, and the best for each."""
    game = question.game
    found = correlated_equilibria(game.payoffs, coarse, question.time_limit)
    named = {"welfare, best": found.welfare_best, "welfare, worst": found.welfare_worst} | {
        f"best for {player}": one
        for player, one in zip(game.players, found.player_best, strict=True)
    }
    return Answer(
        method=found.method,
        complete=True,
        found=[_mediated_json(game, name, one) for name, one in named.items()],
        heading=("aim", "profiles drawn", *game.players, "epsilon"),
        rows=[
            (name, _drawn(game, one), *map(_money, one.payoffs), f"{one.epsilon:.3g}")
            for name, one in named.items()
        ],
    )


def _mediated_json(game: StrategicGame, aim: str, one: CorrelatedEquilibrium) -> dict[str, Any]:
    """Return a correlated equilibrium as JSON takes it."""
    return {
        "aim": aim,
        "distribution": [
            {"profile": list(_pure_names(game, place)), "probability": share}
            for place, share in _likely(one)
        ],
        "payoffs": list(one.payoffs),
        "epsilon": one.epsilon,
    }


def _drawn(game: StrategicGame, one: CorrelatedEquilibrium) -> str:
    """Return the profiles of a distribution in words."""
    parts = (f"{' / '.join(_pure_names(game, p))} {share:.4g}" for p, share in _likely(one))
    return "; ".join(parts)


def _likely(one: CorrelatedEquilibrium) -> list[tuple[tuple[int, ...], float]]:
    """Return the profiles that are drawn at all."""
    places = np.argwhere(one.distribution > 1e-12).tolist()
    return [(tuple(place), float(one.distribution[tuple(place)])) for place in places]


def _quantal(question: Question) -> Answer:
    """Return points of the branch of quantal response equilibria."""
    game = question.game
    axes = tuple(range(1, game.payoffs.ndim))
    unit = float(np.ptp(game.payoffs, axis=axes).max()) or 1.0
    branch = quantal_branch(game.payoffs, STEEP / unit, question.time_limit)
    places = np.unique(np.linspace(0, len(branch.points) - 1, SHOWN).round().astype(int))
    points = [branch.points[place] for place in places]
    judged = [mixed_profile(game.payoffs, point.profile) for point in points]
    pairs = list(zip(points, judged, strict=True))
    return Answer(
        method=branch.method,
        complete=branch.complete,
        found=[{"precision": p.precision} | _profile_json(one) for p, one in pairs],
        heading=_heading(game, "precision"),
        rows=[_profile_row(game, one, f"{p.precision:.4g}") for p, one in pairs],
        notes=("the time limit was hit",) if branch.time_up else (),
    )


def _alpha_rank(question: Question) -> Answer:
    """Return the profiles where evolution spends its time."""
    game = question.game
    ranked = alpha_rank(game.payoffs)
    ranking = [
        (_pure_names(game, place), share) for place, share in ranked.ranking() if share > 1e-9
    ]
    return Answer(
        method=ranked.method,
        complete=True,
        found=[{"profile": list(names), "share": share} for names, share in ranking],
        heading=(*game.players, "share of time"),
        rows=[(*names, f"{share:.4f}") for names, share in ranking[:SHOWN]],
        notes=(f"steps to worse have probability {ranked.perturbation:g} each",),
        more={
            "shares": [
                dict(zip(own, ranked.of_player(player).tolist(), strict=True))
                for player, own in enumerate(game.strategies)
            ]
        },
    )


def _stable(question: Question) -> Answer:
    """Return the evolutionarily stable strategies of a symmetric game of two."""
    game, payoffs = question.game, question.game.payoffs
    if len(payoffs) != 2 or payoffs.shape[1] != payoffs.shape[2]:
        raise ValueError("is no game of two players with as many strategies, as ess wants")
    if not np.allclose(payoffs[1], payoffs[0].T, rtol=1e-9, atol=0):
        raise ValueError("is not symmetric, as ess wants: the players earn differently")
    found = stable_strategies(payoffs[0], question.time_limit)
    judged = [mixed_profile(payoffs, [own, own]) for own in found.strategies]
    late = ("the time limit was hit",) if found.time_up else ()
    none = () if judged else ("no evolutionarily stable strategy was found",)
    return Answer(
        method=found.method,
        complete=found.complete,
        found=[_profile_json(one) for one in judged],
        heading=_heading(game, "epsilon"),
        rows=[_profile_row(game, one, f"{one.epsilon:.3g}") for one in judged],
        notes=none + late,
    )


def _dominance(question: Question) -> Answer:
    """Return what is left when strictly dominated strategies are removed again and again."""
    game = question.game
    until = deadline(question.time_limit)
    left = eliminate(game.payoffs, until=until)
    kept = [
        [game.strategies[player][action] for action in own]
        for player, own in enumerate(left.actions)
    ]
    return Answer(
        method="iterated elimination of strictly dominated strategies",
        complete=not until.passed,
        found=(),
        heading=("player", "removed", "worse than"),
        rows=[_removed_row(game, one) for one in left.removed],
        notes=tuple(
            f"{player} is left with {', '.join(own)}"
            for player, own in zip(game.players, kept, strict=True)
        ),
        more={"left": kept, "removed": [_removed_json(game, one) for one in left.removed]},
    )


def _removed_json(game: StrategicGame, one: Dominated) -> dict[str, Any]:
    """Return a dominated strategy as JSON takes it."""
    player, strategy, _ = _removed_row(game, one)
    return {"player": player, "strategy": strategy, "dominated_by": list(one.by)}


def _removed_row(game: StrategicGame, one: Dominated) -> tuple[str, str, str]:
    """Return a dominated strategy and what dominates it in words."""
    names = game.strategies[one.player]
    return game.players[one.player], names[one.action], _mixture(names, one.by)


def _heading(game: StrategicGame, last: str) -> tuple[str, ...]:
    """Return the columns of a table of profiles."""
    return (*game.players, *(f"{player} has" for player in game.players), last)


def _profile_row(game: StrategicGame, one: MixedProfile, last: str) -> tuple[str, ...]:
    """Return a profile in words, and what everybody has."""
    mixtures = map(_mixture, game.strategies, one.profile)
    return (*mixtures, *map(_money, one.payoffs), last)


def _profile_json(one: MixedProfile) -> dict[str, Any]:
    """Return a profile as JSON takes it."""
    return {
        "profile": [list(own) for own in one.profile],
        "payoffs": list(one.payoffs),
        "epsilon": one.epsilon,
    }


def _mixture(names: Sequence[str], shares: Sequence[float]) -> str:
    """Return a mixture in words.

    >>> _mixture(("left", "right"), (0.25, 0.75)), _mixture(("left", "right"), (0.0, 1.0))
    ('left 0.25, right 0.75', 'right')
    """
    played = [(name, share) for name, share in zip(names, shares, strict=True) if share > 0]
    if len(played) == 1:
        return played[0][0]
    return ", ".join(f"{name} {share:.4g}" for name, share in played)


def _money(payoff: float) -> str:
    return f"{payoff:.6g}"


def _pure_names(game: StrategicGame, actions: Iterable[int]) -> tuple[str, ...]:
    """Return the strategies of a pure profile."""
    return tuple(own[action] for own, action in zip(game.strategies, actions, strict=True))


CONCEPTS: Final[Mapping[str, Concept]] = MappingProxyType(
    {
        "nash": _nash,
        "correlated": _correlated,
        "coarse-correlated": _coarse,
        "quantal": _quantal,
        "alpha-rank": _alpha_rank,
        "ess": _stable,
        "dominance": _dominance,
    }
)
"""By the names that users give them."""
