"""Nash equilibria of any finite game: all of two players', what can be found of more.

Strictly dominated actions go first. What is left of one or two players with a choice is solved
in whole numbers and completely (`market.games.extreme`), unless it is too large, when paths of
Lemke and Howson find some. With three players or more the pure equilibria are all found and
mixed ones sought on every support (`market.games.supports`); if there is none, McLennan and
Tourky's method finds one. Every solver sees whole numbers or payoffs between 0 and 1; what is
reported is reckoned again from the payoffs as they are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np

from market.games.dominance import Elimination, eliminate
from market.games.equilibria import nearest_equilibrium
from market.games.extreme import extreme_equilibria
from market.games.gambit import gambit
from market.games.lemke_howson import ACCEPTED, lemke_howson
from market.games.mclennan_tourky import mclennan_tourky
from market.games.normal_form import deviation_gains
from market.games.profiles import MixedProfile, mixed_profile, pure_mixture
from market.games.scaling import noise_of, rescaled, without_noise
from market.games.solution import Profile, Solution, pure_profiles
from market.games.supports import support_equilibria
from market.games.time_limit import Deadline, TimeUp, deadline
from market.games.vertices import LARGEST
from market.types import Floats

Solver: TypeAlias = Callable[[Floats, Deadline], Solution]
"""From payoffs and a moment to stop at to equilibria."""


@dataclass(frozen=True)
class NashEquilibria:
    """The equilibria of a game, how they were found, and what may be missing."""

    method: str
    """Of what was asked for, the solver that was used."""

    parameters: Mapping[str, float | None]
    """What the solver was told: the time limit, in seconds."""

    equilibria: tuple[MixedProfile, ...]
    """In the order in which they were found, pure ones of more than two players first."""

    complete: bool
    """Whether these are known to be all isolated equilibria."""

    components: tuple[tuple[int, ...], ...]
    """If complete: the equilibria that lie on each connected set of equilibria."""

    subsets: tuple[tuple[int, ...], ...]
    """If complete: the equilibria of each maximal Nash subset: any mixture of what its first
    players do, with any of what its second players do, is an equilibrium."""

    time_up: bool
    """Whether the time limit was hit."""

    nearest: MixedProfile
    """The best of all profiles looked at: an equilibrium if any was found."""

    notes: tuple[str, ...]
    """What a reader should know."""


def nash_equilibria(
    payoffs: Floats, method: str = "auto", time_limit: float | None = None
) -> NashEquilibria:
    """Return Nash equilibria, pure and mixed.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game of one player or more, in any unit of money.
    method : str
        One of `METHODS`.
    time_limit : float, optional
        Seconds after which to return what was found; none unless given.

    Raises
    ------
    ValueError
        If the array is no game, a payoff is beyond 1e300, or the method is unknown or not
        for this many players.
    GambitMissing
        If Gambit is asked for and not installed.

    Examples
    --------
    Two go to the theatre or to the match, but rather together:

    >>> battle = np.array([[[3.0, 0.0], [0.0, 2.0]], [[2.0, 0.0], [0.0, 3.0]]])
    >>> found = nash_equilibria(battle)
    >>> found.method, found.complete
    ('enumerate', True)
    >>> [one.profile for one in found.equilibria]
    [((1.0, 0.0), (1.0, 0.0)), ((0.6, 0.4), (0.4, 0.6)), ((0.0, 1.0), (0.0, 1.0))]
    """
    deviation_gains(np.clip(payoffs, -HUGE, HUGE))  # refuses what is no game
    if np.abs(payoffs).max() > HUGE:
        raise ValueError(f"a payoff is beyond {HUGE:g}, wanted a smaller unit of money")
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}, wanted one of {', '.join(METHODS)}")
    until = deadline(time_limit)
    settled = without_noise(payoffs)
    left = eliminate(settled, until=until.part(ELIMINATING))
    small, players = _played(left.restricted(settled))
    solution = METHODS[method](small, until)
    found = [
        mixed_profile(payoffs, _whole(profile, players, left, payoffs.shape[1:]))
        for profile in solution.profiles
    ]
    return _judged(payoffs, solution, found, left, time_limit)


def _played(game: Floats) -> tuple[Floats, tuple[int, ...]]:
    """Return a game without players who have no choice; two are kept at least, if there are."""
    free = [player for player, count in enumerate(game.shape[1:]) if count > 1]
    rest = [player for player in range(len(game)) if player not in free]
    kept = tuple(sorted(free + rest[: max(0, 2 - len(free))]))
    counts = [game.shape[1 + player] for player in kept]
    small = game[list(kept)].reshape(len(kept), *counts)
    if len(kept) == 1:  # somebody who looks on
        small = np.stack([small[0], np.zeros(counts)])[..., None]
    return small, kept


def _whole(
    profile: Profile, players: tuple[int, ...], left: Elimination, counts: tuple[int, ...]
) -> Profile:
    """Return a profile of all players and actions, from one of those that were kept."""
    whole = [np.zeros(count) for count in counts]
    for own, actions in zip(whole, left.actions, strict=True):
        own[actions[0]] = 1.0
    for player, mixture in zip(players, profile, strict=False):
        whole[player][list(left.actions[player])] = mixture
    return tuple(tuple(own.tolist()) for own in whole)


def _judged(
    payoffs: Floats,
    solution: Solution,
    found: list[MixedProfile],
    left: Elimination,
    time_limit: float | None,
) -> NashEquilibria:
    """Return a solution without what is no equilibrium, and with notes."""
    kept = tuple(one for one in found if _accepted(payoffs, one))
    nearest = min((*kept, *found, _nearest_pure(payoffs)), key=lambda one: one.epsilon)
    if not kept and _accepted(payoffs, nearest):
        kept = (nearest,)
    return NashEquilibria(
        method=solution.method,
        parameters={"time_limit_s": time_limit},
        equilibria=kept,
        complete=solution.complete or all(len(own) == 1 for own in left.actions),
        components=solution.components,
        subsets=solution.subsets,
        time_up=solution.time_up,
        nearest=nearest,
        notes=tuple(_notes(solution, kept, nearest, left)),
    )


def _notes(
    solution: Solution, kept: tuple[MixedProfile, ...], nearest: MixedProfile, left: Elimination
) -> Iterator[str]:
    """Yield what a reader should know."""
    if left.removed:
        yield f"strictly dominated actions left out: {len(left.removed)}"
    if not all(len(own) == 1 for own in left.actions):
        yield from solution.notes
    for members in solution.components:
        if len(members) > 1:
            parts = [part for part in solution.subsets if set(part) <= set(members)]
            convex = f", in {len(parts)} convex parts" if len(parts) > 1 else ""
            yield (
                f"equilibria {', '.join(str(member + 1) for member in members)} "
                f"are the corners of one connected set of equilibria{convex}"
            )
    if solution.time_up:
        yield "the time limit was hit"
    if not kept:
        shown = [[round(share, 6) for share in own] for own in nearest.profile]
        yield (
            f"no equilibrium was found; nearest to one is {shown}, "
            f"which nobody gains more than {nearest.epsilon:.6g} by leaving"
        )


def _nearest_pure(payoffs: Floats) -> MixedProfile:
    """Return the pure profile with the least epsilon."""
    actions = nearest_equilibrium(payoffs).actions
    mixtures = [pure_mixture(a, n) for a, n in zip(actions, payoffs.shape[1:], strict=True)]
    return mixed_profile(payoffs, mixtures)


def _accepted(payoffs: Floats, found: MixedProfile) -> bool:
    """Return whether nobody gains by leaving a profile but for what solvers leave over."""
    spans = [float(own.max() / 2 - own.min() / 2) * 2 for own in payoffs]
    limits = [ACCEPTED * s + noise_of(own) for s, own in zip(spans, payoffs, strict=True)]
    return all(gain <= limit for gain, limit in zip(found.gains, limits, strict=True))


def _pure(small: Floats, _: Deadline) -> Solution:
    """Return the pure equilibria, which takes no time."""
    return Solution("pure", pure_profiles(rescaled(small)), notes=(PURE_ONLY,))


def _enumerate(small: Floats, until: Deadline) -> Solution:
    """Return all extreme equilibria of two players, and what supports yield of more."""
    if len(small) > 2:
        return support_equilibria(rescaled(small), until)
    pure = Solution("enumerate", pure_profiles(rescaled(small)))
    if sum(small.shape[1:]) > LARGEST:
        return replace(pure, notes=(f"more than {LARGEST} actions: {PURE_ONLY}",))
    try:
        found = extreme_equilibria(small, until)
    except TimeUp:
        return replace(pure, time_up=True, notes=(PURE_ONLY,))
    profiles = tuple(
        tuple(tuple(float(share) for share in own) for own in profile)
        for profile in found.profiles
    )
    return replace(
        pure,
        profiles=profiles,
        complete=True,
        components=found.components,
        subsets=found.subsets,
    )


def _lemke_howson(small: Floats, until: Deadline) -> Solution:
    """Return the ends of the paths of Lemke and Howson."""
    if len(small) > 2:
        raise ValueError(f"lemke-howson solves two players, not {len(small)} who have a choice")
    return lemke_howson(rescaled(small), until)


def _mclennan_tourky(small: Floats, until: Deadline) -> Solution:
    """Return the equilibrium that McLennan and Tourky's method finds."""
    return mclennan_tourky(rescaled(small), until)


def _auto(small: Floats, until: Deadline) -> Solution:
    """Return all equilibria if they can be had in time, else some."""
    found = _enumerate(small, until.part(ENUMERATING))
    if found.complete or (len(small) > 2 and found.profiles):
        return found
    some = (mclennan_tourky if len(small) > 2 else lemke_howson)(rescaled(small), until)
    return replace(some, notes=some.notes + found.notes, time_up=some.time_up or found.time_up)


HUGE: Final = 1e300
"""Differences of payoffs up to this are numbers."""

PURE_ONLY: Final = "mixed equilibria were not sought"

ELIMINATING: Final = 0.2
"""The share of the time in which dominated actions are sought."""

ENUMERATING: Final = 0.7
"""The share of the time in which all equilibria are sought before some are."""

METHODS: Final[Mapping[str, Solver]] = MappingProxyType(
    {
        "auto": _auto,
        "pure": _pure,
        "enumerate": _enumerate,
        "lemke-howson": _lemke_howson,
        "mclennan-tourky": _mclennan_tourky,
        "gambit": gambit,
    }
)
"""By the names that users give them."""
