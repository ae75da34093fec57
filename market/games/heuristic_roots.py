"""Mixtures of all strategies of a table at which all of them earn the same."""

from itertools import compress, pairwise
from typing import Final

import numpy as np

from market.games.heuristic import HeuristicTable, expected_payoffs, payoff_slopes
from market.games.profiles import Mixture
from market.types import Floats

ROOT: Final = 1e-10
"""Payoffs that differ by up to this share of their range are the same."""

INSIDE: Final = 1e-6
"""Shares up to this count as none: such a root belongs to a smaller face."""

GONE: Final = 1e-9
"""Newton's method gives up where it comes this near to a face."""

STEPS: Final = 80
"""Of Newton's method."""

HALVINGS: Final = 40
"""Of an interval around roots, after which they are one."""


def inner_roots(
    table: HeuristicTable, rng: np.random.Generator, starts: int, span: float
) -> tuple[Mixture, ...]:
    """Return mixtures of all strategies at which all earn the same, some of them twice.

    Parameters
    ----------
    table : HeuristicTable
        Of two strategies or more; of two all roots are found, if it is complete.
    rng : numpy.random.Generator
        Draws where Newton's method starts.
    starts : int
        How many there are.
    span : float
        The range of payoffs, of which `ROOT` is a share.

    Examples
    --------
    >>> from market.games.heuristic import tabulated
    >>> few = tabulated(lambda c: (c[1] - 1.0, 0.5 * c[0]), ("rare", "dear"), 4)
    >>> np.round(inner_roots(few, np.random.default_rng(0), 9, 1.0), 6).tolist()
    [[0.444444, 0.555556]]
    """
    if len(table.strategies) == 2 and table.complete:
        gains = table.against.payoffs @ np.array(
            [1.0, -1.0]
        )  # by how many others play the first
        return tuple((root, 1 - root) for root in bernstein_roots(gains, ROOT * span))
    return _newton(table, rng, starts, span)


def bernstein_roots(gains: Floats, noise: float) -> tuple[float, ...]:
    """Return the roots of a polynomial in Bernstein's form between 0 and 1, ascending.

    Where coefficients change sign once there is one root, and where they never do there is
    none; else the interval is halved. Between two roots that are told apart it is not 0.

    Parameters
    ----------
    gains : ndarray of float, shape (degree + 1,)
        The coefficients, of ascending powers of the variable.
    noise : float
        Coefficients up to this are 0. If all are, everything is a root, and 0.5 stands for it.

    Examples
    --------
    The roots of (4 x - 1) (4 x - 3) are 1/4 and 3/4:

    >>> bernstein_roots(np.array([3.0, -5.0, 3.0]), 1e-12)
    (0.25, 0.75)
    """
    if (np.abs(gains) <= noise).all():
        return (0.5,)
    found = _within(gains, 0.0, 1.0, noise, HALVINGS)
    inner = sorted(root for root in found if INSIDE < root < 1 - INSIDE)
    apart = [abs(_value(gains, (one + two) / 2)) > noise for one, two in pairwise(inner)]
    return tuple(compress(inner, [True, *apart]))


def tangents(count: int) -> Floats:
    """Return directions along a simplex: orthonormal columns that each add up to 0.

    >>> along = tangents(3)
    >>> along.shape, np.allclose(along.sum(axis=0), 0), np.allclose(along.T @ along, np.eye(2))
    ((3, 2), True, True)
    """
    rotation: Floats = np.linalg.svd(np.ones((1, count)))[2]
    return rotation[1:].T


def _newton(
    table: HeuristicTable, rng: np.random.Generator, starts: int, span: float
) -> tuple[Mixture, ...]:
    """Return the roots that Newton's method finds from the centre and from many starts.

    No step leaves the inside of the simplex, nor goes more than most of the way out of it.
    """
    count = len(table.strategies)
    drawn = rng.dirichlet(np.ones(count), max(starts - 1, 0))
    shares = np.concatenate([np.full((1, count), 1 / count), drawn])
    along = tangents(count)
    found: list[Mixture] = []
    for _ in range(STEPS):
        gaps, slopes = _gaps(table, shares), payoff_slopes(table, shares)
        level = np.abs(gaps).max(axis=-1) <= ROOT * span
        found.extend(tuple(map(float, root)) for root in shares[level])
        known = np.isfinite(gaps).all(axis=-1) & np.isfinite(slopes).all(axis=(-2, -1))
        left = known & ~level & (shares.min(axis=-1) > GONE)
        if not left.any():
            break
        shares, gaps, slopes = shares[left], gaps[left], slopes[left]
        turned = (slopes[:, 1:] - slopes[:, :1]) @ along
        steps = -(np.linalg.pinv(turned, rcond=1e-12) @ gaps[..., None])[..., 0] @ along.T
        shares = shares + _inward(shares, steps)[:, None] * steps
        shares /= shares.sum(axis=-1, keepdims=True)
    return tuple(root for root in found if min(root) > INSIDE)


def _gaps(table: HeuristicTable, shares: Floats) -> Floats:
    """Return what each strategy but the first earns more than the first."""
    values = expected_payoffs(table, shares)
    return values[:, 1:] - values[:, :1]


def _inward(shares: Floats, steps: Floats) -> Floats:
    """Return what part of each step to take: all, unless that leaves the simplex."""
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(steps < 0, -shares / steps, np.inf).min(axis=-1)
    return np.minimum(1.0, 0.9 * room)


def _within(gains: Floats, low: float, high: float, noise: float, halvings: int) -> list[float]:
    """Return roots of a polynomial between two ends, given its coefficients there."""
    from scipy.optimize import brentq

    signs = np.sign(np.where(np.abs(gains) > noise, gains, 0.0))
    signs = signs[signs != 0]
    changes = int((np.diff(signs) != 0).sum())
    middle = (low + high) / 2
    if changes == 0:
        return []
    if halvings == 0:
        return [middle]
    if changes == 1 and abs(gains[0]) > noise and abs(gains[-1]) > noise:
        root = brentq(lambda share: _value(gains, share), 0.0, 1.0, xtol=1e-15)
        return [low + root * (high - low)]
    left, right = _cut(gains, 0.5)
    meeting = [middle] if abs(right[0]) <= noise else []
    return [
        *_within(left, low, middle, noise, halvings - 1),
        *meeting,
        *_within(right, middle, high, noise, halvings - 1),
    ]


def _value(gains: Floats, share: float) -> float:
    """Return the value of a polynomial in Bernstein's form."""
    return float(_cut(gains, share)[1][0])


def _cut(gains: Floats, share: float) -> tuple[Floats, Floats]:
    """Return the coefficients below and above a point, by de Casteljau's algorithm."""
    row = gains.copy()
    left, right = np.empty_like(row), np.empty_like(row)
    for step in range(len(gains)):
        left[step], right[len(gains) - 1 - step] = row[0], row[-1]
        row = (1 - share) * row[:-1] + share * row[1:]
    return left, right
