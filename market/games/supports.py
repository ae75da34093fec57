"""Mixed equilibria of any number of players, support by support, by Newton's method.

For each choice of the actions that are played at all, the players' indifference among theirs
is a system of polynomial equations [1]_; Newton's method is started from many points. Supports
are left out in which an action is dominated while the others keep to theirs [2]_, and those
with fewer equations for a player's mixture than it has free probabilities: only ties can put
an equilibrium there, and then not an isolated one. Nothing proves that a system has no further
solution, so that the equilibria found for three or more players may not be all.

References
----------
.. [1] R. McKelvey, A. McLennan, "Computation of equilibria in finite games", Handbook of
   Computational Economics I, 1996, section 6.
.. [2] R. Porter, E. Nudelman, Y. Shoham, "Simple search methods for finding a Nash
   equilibrium", Games and Economic Behavior 63, 2008.
"""

from collections.abc import Iterator
from functools import partial
from itertools import combinations, pairwise, permutations, product
from string import ascii_lowercase
from typing import Final, TypeAlias

import numpy as np

from market.games.equilibria import pure_equilibria
from market.games.profiles import action_values
from market.games.solution import Profile, Solution, distinct, pure_profiles
from market.games.time_limit import Deadline, deadline
from market.types import Floats, Mask

Support: TypeAlias = tuple[tuple[int, ...], ...]
"""The actions of each player that are played."""

STARTS: Final = 32
"""From so many points Newton's method is started on each support."""

STEPS: Final = 40
"""The most steps from a point."""

LEAST: Final = 1e-7
"""A probability is positive from here on."""

SOLVED: Final = 1e-10
"""Gains up to this count as none, where payoffs are between 0 and 1."""

SINGULAR: Final = 1e8
"""From this condition number on a solution is not taken to be isolated."""

FAR: Final = 10.0
"""Newton's method is kept within this of 0."""

MOST: Final = 100_000
"""So many supports are looked at, however much time there is."""

MISSING: Final = (
    f"mixed equilibria were sought from {STARTS} points on each support: some may be missing"
)

WEAK: Final = "some pure equilibria are weak: they may lie on whole sets of equilibria"

EVEN: Final = "all but degenerate games have an odd number of equilibria: some may be missing"
"""R. Wilson, "Computing equilibria of n-person games", SIAM J. Applied Mathematics 21, 1971."""


def support_equilibria(payoffs: Floats, until: Deadline | None = None) -> Solution:
    """Return the pure equilibria and the isolated mixed ones that Newton's method finds.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game whose payoffs are between 0 and 1.
    until : Deadline, optional
        When to stop; it is looked at between supports.

    Examples
    --------
    Three commuters each like the empty road; somebody must take the other:

    >>> road = np.zeros((3, 2, 2, 2))
    >>> for place in np.ndindex(2, 2, 2):
    ...     for player, side in enumerate(place):
    ...         road[(player, *place)] = 1 - (place.count(side) - 1) / 2
    >>> found = support_equilibria(road).profiles
    >>> len(found), found[-1]
    (7, ((0.5, 0.5), (0.5, 0.5), (0.5, 0.5)))
    """
    until = until or deadline(None)
    found, notes, time_up = list(pure_profiles(payoffs)), [MISSING], False
    weak = any(not one.strict for one in pure_equilibria(payoffs))
    if weak:
        notes.append(WEAK)
    for looked, support in enumerate(_supports(payoffs)):
        time_up = until.passed
        if time_up or looked >= MOST:
            notes.append(f"only the {looked} smallest supports were looked at")
            break
        starts = _starts([len(own) for own in support])
        found += distinct(refined(payoffs, support, starts))
    found = list(distinct(found))
    if not (weak or time_up) and len(found) % 2 == 0:
        notes.append(EVEN)
    return Solution("enumerate", tuple(found), time_up=time_up, notes=tuple(notes))


def refined(
    payoffs: Floats, support: Support, starts: list[Floats], isolated: bool = True
) -> Iterator[Profile]:
    """Yield the equilibria of a support that Newton's method reaches.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game whose payoffs are between 0 and 1.
    support : tuple of tuple of int
        The actions of each player that are played.
    starts : list of ndarray of float, each of shape (start, action)
        Probabilities of these actions, by player.
    isolated : bool
        Whether to leave out those that lie on whole sets of equilibria.
    """
    game = payoffs[np.ix_(range(len(payoffs)), *support)]
    mixtures, regular = _newton(game, starts)
    for place in np.flatnonzero(regular | (not isolated)):
        inside = [own[place] for own in mixtures]
        if min(own.min() for own in inside) > LEAST:
            profile = [
                _spread(*each) for each in zip(inside, support, payoffs.shape[1:], strict=True)
            ]
            if _gain(payoffs, profile) <= SOLVED:
                yield tuple(tuple(own.tolist()) for own in profile)


def _spread(inside: Floats, support: tuple[int, ...], count: int) -> Floats:
    """Return the probabilities of all actions, given those that are played."""
    own = np.zeros(count)
    own[list(support)] = inside / inside.sum()
    return own


def _gain(payoffs: Floats, profile: list[Floats]) -> float:
    """Return the most that a player gains by leaving a profile."""
    values = [action_values(payoffs, profile, player) for player in range(len(payoffs))]
    return max(
        float(value.max() - own @ value) for own, value in zip(profile, values, strict=True)
    )


def _supports(payoffs: Floats) -> Iterator[Support]:
    """Yield the supports in which isolated mixed equilibria may be, small ones first."""
    sizes = product(*(range(1, count + 1) for count in payoffs.shape[1:]))
    for size in sorted(sizes, key=lambda size: (sum(size), max(size))):
        free = sum(size) - len(size)
        if free and all(2 * (own - 1) <= free for own in size):
            choices = map(combinations, map(range, payoffs.shape[1:]), size)
            yield from filter(partial(_sensible, payoffs), product(*choices))


def _sensible(payoffs: Floats, support: Support) -> bool:
    """Return whether no action is worse than another whatever the others choose of theirs."""
    for player in range(len(payoffs)):
        rows = list(support)
        rows[player] = tuple(range(payoffs.shape[player + 1]))
        own = np.moveaxis(payoffs[player][np.ix_(*rows)], player, 0)
        own = own.reshape(len(own), 1, -1)
        if (own < np.swapaxes(own, 0, 1)).all(axis=2)[list(support[player])].any():
            return False
    return True


def _starts(sizes: list[int]) -> list[Floats]:
    """Return the middle of a support and random points, the same ones in every run."""
    rng = np.random.default_rng(sizes)
    return [
        np.concatenate([np.full((1, n), 1 / n), rng.dirichlet(np.ones(n), STARTS - 1)])
        for n in sizes
    ]


def _newton(game: Floats, starts: list[Floats]) -> tuple[list[Floats], Mask]:
    """Return where Newton's method gets from each start, and whether it is isolated there."""
    sizes = game.shape[1:]
    worth = np.full((len(starts[0]), len(game)), 0.5)
    unknown = np.concatenate([*starts, worth], axis=1)
    for _ in range(STEPS):
        values, slopes = _system(game, unknown)
        step = (np.linalg.pinv(slopes, rcond=1 / SINGULAR) @ values[:, :, None])[:, :, 0]
        unknown = np.clip(unknown - step, -FAR, FAR)
        if np.abs(step).max() < 1e-14:
            break
    mixtures = np.split(unknown[:, : sum(sizes)], np.cumsum(sizes)[:-1], axis=1)
    return mixtures, np.linalg.cond(_system(game, unknown)[1]) < SINGULAR


def _system(game: Floats, unknown: Floats) -> tuple[Floats, Floats]:
    """Return what must vanish, and its derivatives, for each row of probabilities and worths.

    There is an equation for each action, that it earns what its player's worth is, and one
    for each player, that its probabilities add up to 1.
    """
    players, sizes = len(game), game.shape[1:]
    ends = np.cumsum((0, *sizes))
    spans = [slice(a, b) for a, b in pairwise(ends.tolist())]
    mixtures = [unknown[:, span] for span in spans]
    slopes = np.zeros((len(unknown), unknown.shape[1], unknown.shape[1]))
    for i, j in permutations(range(players), 2):
        slopes[:, spans[i], spans[j]] = pair_payoffs(game[i], mixtures, i, j)
    values = np.zeros_like(unknown)
    for i, span in enumerate(spans):
        other = spans[i - 1]  # any other: what it contributes is the whole expectation
        values[:, span] = (slopes[:, span, other] @ unknown[:, other, None])[:, :, 0]
        values[:, span] -= unknown[:, ends[-1] + i, None]
        values[:, ends[-1] + i] = mixtures[i].sum(axis=1) - 1
        slopes[:, span, ends[-1] + i] = -1
        slopes[:, ends[-1] + i, span] = 1
    return values, slopes


def pair_payoffs(own: Floats, mixtures: list[Floats], i: int, j: int) -> Floats:
    """Return what a player earns by each of its actions against each of another player.

    Parameters
    ----------
    own : ndarray of float, shape (*actions)
        The payoffs of player i.
    mixtures : list of ndarray of float, each of shape (start, action)
        Several profiles, by player.
    i, j : int
        Two players.

    Returns
    -------
    ndarray of float, shape (start, action of i, action of j)

    Examples
    --------
    >>> own = np.array([[3.0, 0.0], [5.0, 1.0]])
    >>> pair_payoffs(own, [np.ones((1, 2)), np.ones((1, 2))], 1, 0).tolist()
    [[[3.0, 5.0], [0.0, 1.0]]]
    """
    axes = ascii_lowercase[: own.ndim]
    others = [k for k in range(own.ndim) if k not in (i, j)]
    terms = ",".join([axes, *(f"z{axes[k]}" for k in others), "z"])
    rows = np.ones(len(mixtures[0]))
    return np.einsum(f"{terms}->z{axes[i]}{axes[j]}", own, *(mixtures[k] for k in others), rows)
