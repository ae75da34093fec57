"""All Nash equilibria of two players: the extreme ones, and the components they span.

The equilibria of a bimatrix game are a union of finitely many convex sets, whose corners are
the extreme equilibria: pairs of vertices of the two best-response polytopes which together
have every label, that is, each action is played by nobody or is a best response [1]_. The
vertices come in whole numbers (`market.games.vertices`), so that this holds for games full of
ties as well. Extreme equilibria that share a mixture span a convex set of equilibria with all
others that do (a maximal Nash subset, a maximal biclique of the graph that joins mixtures of
the first to mixtures of the second player); sets that touch make up a component [2]_.

References
----------
.. [1] B. von Stengel, "Equilibrium computation for two-player games in strategic and
   extensive form", in N. Nisan et al., "Algorithmic Game Theory", Cambridge 2007, chapter 3.
.. [2] D. Avis, G. Rosenberg, R. Savani, B. von Stengel, "Enumeration of Nash equilibria for
   two-player games", Economic Theory 42, 2010.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from market.games.profiles import Exact
from market.games.scaling import whole_payoffs
from market.games.time_limit import Deadline, deadline
from market.games.vertices import Vertices, vertices
from market.types import Floats

Rational: TypeAlias = tuple[Fraction, ...]
"""A mixture in rational numbers."""

Indices: TypeAlias = tuple[int, ...]
"""Places in a list of profiles."""


@dataclass(frozen=True)
class ExtremeEquilibria:
    """All extreme equilibria of two players, and how they hang together."""

    profiles: tuple[tuple[Rational, Rational], ...]
    """Probabilities in rational numbers."""

    components: tuple[Indices, ...]
    """The profiles of each component; one alone is an isolated equilibrium."""

    subsets: tuple[Indices, ...]
    """The profiles of each maximal Nash subset: all their mixtures are equilibria."""


def extreme_equilibria(payoffs: Floats, until: Deadline | None = None) -> ExtremeEquilibria:
    """Return all extreme equilibria of two players, whatever ties there are.

    Parameters
    ----------
    payoffs : ndarray of float, shape (2, row, column)
        A game of at most 62 actions in all, in any unit of money.
    until : Deadline, optional
        When to give up.

    Raises
    ------
    TimeUp
        If time is up before all are found.

    Examples
    --------
    >>> pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> extreme_equilibria(pennies).profiles
    (((Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2))),)

    Where nothing matters every pair of actions is extreme, and all hang together:

    >>> nothing = extreme_equilibria(np.zeros((2, 2, 2)))
    >>> len(nothing.profiles), nothing.components
    (4, ((0, 1, 2, 3),))
    """
    until = until or deadline(None)
    first, second = whole_payoffs(payoffs[0]), whole_payoffs(payoffs[1])
    pairs = _matching(vertices(second.T, until), vertices(first, until), first.shape, until)
    pairs.sort(reverse=True)
    subsets = _subsets(pairs, until)
    return ExtremeEquilibria(tuple(pairs), _components(subsets), subsets)


def _matching(
    x: Vertices, y: Vertices, shape: tuple[int, ...], until: Deadline
) -> list[tuple[Rational, Rational]]:
    """Return the pairs of vertices that have every label together."""
    rows, columns = shape
    every = (1 << (rows + columns)) - 1
    words = [int(word) & every for word in y.tight]  # without the bit of the cone's height
    turned = [(word << rows | word >> columns) & every for word in words]
    theirs = np.array(turned, dtype=np.uint64)
    found = []
    for place, word in enumerate(x.tight):
        until.check()
        complete = np.flatnonzero(((theirs | word) & np.uint64(every)) == every)
        found += [(_shares(x.points[place]), _shares(y.points[q])) for q in complete]
    return found


def _shares(point: Exact) -> Rational:
    """Return the mixture in proportion to a point."""
    total = int(point.sum())
    return tuple(Fraction(int(weight), total) for weight in point)


def _subsets(pairs: list[tuple[Rational, Rational]], until: Deadline) -> tuple[Indices, ...]:
    """Return the maximal Nash subsets, by the intersections of what mixtures are met by."""
    met = {x: frozenset(b for a, b in pairs if a == x) for x, _ in pairs}
    closed = set(met.values())
    fresh = closed
    while fresh:
        until.check()
        fresh = {a & b for a in fresh for b in met.values()} - closed - {frozenset()}
        closed |= fresh
    sets = ({x for x, others in met.items() if ys <= others} for ys in closed)
    members = [
        tuple(k for k, (x, y) in enumerate(pairs) if x in xs and y in ys)
        for xs, ys in zip(sets, closed, strict=True)
    ]
    return tuple(sorted(members))


def _components(subsets: Iterable[Indices]) -> tuple[Indices, ...]:
    """Return the unions of sets that touch."""
    found: list[set[int]] = []
    for members in subsets:
        touching = [one for one in found if one & set(members)]
        found = [one for one in found if one not in touching]
        found.append(set(members).union(*touching))
    return tuple(sorted(tuple(sorted(one)) for one in found))
