r"""The vertices of a best-response polytope, exactly, by double description.

The polytope is :math:`\{z \ge 0 : M z \le 1\}` with a positive matrix. One adds a row at a
time [1]_: of two adjacent vertices that a new row parts, the edge between them is cut. Whole
numbers of any length keep this exact, so that vertices where more rows meet than dimensions,
which games full of ties have, are found once each and with all their rows; floating point
loses them or counts them several times.

References
----------
.. [1] K. Fukuda, A. Prodon, "Double description method revisited", Combinatorics and
   Computer Science, LNCS 1120, 1996.
"""

from dataclasses import dataclass
from math import gcd
from typing import Final

import numpy as np
from numpy.typing import NDArray

from market.games.profiles import Exact
from market.games.time_limit import Deadline

LARGEST: Final = 63
"""The most rows and columns together: one bit of a word each."""


@dataclass(frozen=True, eq=False)
class Vertices:
    """The vertices of a polytope but the origin."""

    points: Exact
    """Whole numbers in proportion to the coordinates, shape (vertex, column)."""

    tight: NDArray[np.uint64]
    """Bit j of a vertex: coordinate j is 0; bit columns + i: row i holds with equality."""


@dataclass(frozen=True, eq=False)
class _Cone:
    """The extreme rays (z, t) of the cone over what is built so far."""

    rays: Exact
    tight: NDArray[np.uint64]


def vertices(matrix: Exact, until: Deadline) -> Vertices:
    """Return all vertices of a polytope but the origin.

    Parameters
    ----------
    matrix : ndarray of int objects, shape (row, column)
        Positive whole numbers.
    until : Deadline
        When to give up.

    Raises
    ------
    TimeUp
        If time is up before all are found.

    Examples
    --------
    >>> from market.games.time_limit import deadline
    >>> square = vertices(np.array([[2, 1], [1, 2]], dtype=object), deadline(None))
    >>> square.points.tolist()
    [[1, 1], [0, 1], [1, 0]]
    >>> [f"{int(word):04b}" for word in square.tight]
    ['1100', '1001', '0110']
    """
    rows, columns = matrix.shape
    cone = _orthant(columns, rows)
    for row in range(rows):
        cone = _cut(cone, np.append(-matrix[row], 1), np.uint64(1 << (columns + row)), until)
    proper = cone.rays[:, :-1].any(axis=1).astype(bool)
    order = np.flatnonzero(proper)[::-1]
    return Vertices(cone.rays[order, :-1], cone.tight[order])


def _orthant(columns: int, rows: int) -> _Cone:
    """Return the cone of z and t of 0 or more; t has the bit after all others."""
    every = [1 << j for j in (*range(columns), columns + rows)]
    rays = np.array(
        [[int(i == j) for j in range(columns + 1)] for i in range(columns + 1)], dtype=object
    )
    return _Cone(rays, np.array([sum(every) - bit for bit in every], dtype=np.uint64))


def _cut(cone: _Cone, normal: Exact, bit: np.uint64, until: Deadline) -> _Cone:
    """Return the part of a cone where the product with a normal is not negative."""
    slack = cone.rays @ normal
    tight = np.where(slack == 0, cone.tight | bit, cone.tight)
    inside, outside = np.flatnonzero(slack > 0), np.flatnonzero(slack < 0)
    fresh, words = [], []
    for p in inside.tolist():
        until.check()
        for q in _neighbours(cone, p, outside):
            fresh.append(_primitive(slack[p] * cone.rays[q] - slack[q] * cone.rays[p]))
            words.append(cone.tight[p] & cone.tight[q] | bit)
    kept = slack >= 0
    rays = [cone.rays[kept], np.array(fresh, dtype=object).reshape(-1, len(normal))]
    return _Cone(np.concatenate(rays), np.append(tight[kept], np.array(words, dtype=np.uint64)))


def _neighbours(cone: _Cone, p: int, others: NDArray[np.intp]) -> list[int]:
    """Return those of other rays that share an edge with ray p: none else is tight there."""
    shared = cone.tight[p] & cone.tight[others]
    enough = np.bitwise_count(shared) >= cone.rays.shape[1] - 2
    return [
        int(q)
        for q, word in zip(others[enough], shared[enough], strict=True)
        if np.count_nonzero((cone.tight & word) == word) == 2
    ]


def _primitive(ray: Exact) -> Exact:
    """Return a ray in the least whole numbers."""
    return ray // gcd(*ray.tolist())
