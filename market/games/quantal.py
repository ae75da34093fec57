r"""Logit quantal response equilibria: players who err the less, the more it costs them.

With precision :math:`\lambda` a player takes action :math:`a` with a probability in proportion
to :math:`\exp(\lambda u(a))`, its payoff against the likewise erring others [1]_. At 0 all
actions are as likely; the branch that starts there leads, for almost all games, to one Nash
equilibrium. It is followed by the length of its arc, in logarithms of probabilities, so that
neither turns nor precisions at which probabilities vanish stop it [2]_.

References
----------
.. [1] R. D. McKelvey, T. R. Palfrey, "Quantal response equilibria for normal form games",
   Games and Economic Behavior 10, 1995.
.. [2] T. L. Turocy, "A dynamic homotopy interpretation of the logistic quantal response
   equilibrium correspondence", Games and Economic Behavior 51, 2005.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from market.games.normal_form import deviation_gains
from market.games.profiles import Mixture, action_values
from market.games.supports import pair_payoffs
from market.games.time_limit import Deadline, deadline
from market.types import Floats

FIRST: Final = 0.03
"""The first step along the branch, where the widest range of payoffs is 1."""

FASTER: Final = 1.3
"""By this factor steps grow while all goes well."""

SHORTEST: Final = 1e-9
"""Where a step would have to be shorter the branch is lost."""

NEAR: Final = 1e-11
"""A point is on the branch if Newton's method would move it less, as a share."""

CLOSE: Final = 0.2
"""The farthest that a predicted point may be from the branch."""

STRAIGHT: Final = 0.9
"""The least cosine between the directions of two steps."""

NEWTON: Final = 12
"""The most steps of Newton's method."""

STEEP: Final = 100.0
"""The greatest precision that is fitted unless one is given, where the widest range is 1."""


@dataclass(frozen=True)
class QuantalResponse:
    """A quantal response equilibrium."""

    precision: float
    """The precision lambda, per unit of the payoffs."""

    profile: tuple[Mixture, ...]
    """The probability of each action, by player."""


@dataclass(frozen=True)
class QuantalBranch:
    """The branch of quantal response equilibria that starts where all actions are as likely."""

    points: tuple[QuantalResponse, ...]
    """In order along the branch."""

    complete: bool
    """Whether it was followed to the precision that was asked for."""

    time_up: bool
    """Whether the time limit was hit."""

    method: str = "arc length in logarithms (Turocy 2005)"


def quantal_branch(
    payoffs: Floats, precision: float, time_limit: float | None = None
) -> QuantalBranch:
    """Follow the principal branch up to a precision.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    precision : float
        The lambda to end at, per unit of the payoffs; the last point has this.
    time_limit : float, optional
        Seconds; none unless given.

    Examples
    --------
    In matching pennies, where one wins 9 by heads, errors favour heads:

    >>> pennies = np.array([[[9.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> end = quantal_branch(pennies, 1.0).points[-1]
    >>> end.precision, [[round(p, 4) for p in own] for own in end.profile]
    (1.0, [[0.8936, 0.1064], [0.3128, 0.6872]])
    """
    deviation_gains(payoffs)  # refuses what is no game
    if not 0 < precision < np.inf:
        raise ValueError(f"precision is {precision}, wanted a number above 0")
    unit = _unit(payoffs)
    points, time_up = _followed(payoffs / unit, precision * unit, deadline(time_limit))
    sizes = payoffs.shape[1:]
    return QuantalBranch(
        points=tuple(_response(point, unit, sizes) for point in points),
        complete=bool(points[-1][-1] == precision * unit),
        time_up=time_up,
    )


@dataclass(frozen=True)
class FittedPrecision:
    """The precision under which observed play is likeliest."""

    response: QuantalResponse
    """The equilibrium that was fitted."""

    log_likelihood: float

    uniform_log_likelihood: float
    """The same if all actions were as likely, at precision 0."""

    at_end: bool
    """Whether the last precision looked at fits best: play as sharp as that, or sharper."""

    complete: bool
    """Whether the branch was followed to its end, not stopped by time or lost."""

    method: str = "maximum likelihood on the principal branch"


def fit_precision(
    payoffs: Floats,
    counts: Sequence[Sequence[float]],
    most: float | None = None,
    time_limit: float | None = None,
) -> FittedPrecision:
    """Return the precision that explains best how often each action was taken.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    counts : sequence of sequence of float
        How often each player was seen to take each action.
    most : float, optional
        The greatest precision to consider, per unit of the payoffs; unless given 100 over
        the widest range of a player's payoffs.
    time_limit : float, optional
        Seconds; none unless given.

    Examples
    --------
    Play as at precision 1 in the lopsided matching pennies of `quantal_branch`:

    >>> pennies = np.array([[[9.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> seen = quantal_branch(pennies, 1.0).points[-1].profile
    >>> round(fit_precision(pennies, seen).response.precision, 4)
    1.0
    """
    seen = np.concatenate([np.asarray(own, dtype=float) for own in counts])
    if [len(own) for own in counts] != list(payoffs.shape[1:]) or not (seen >= 0).all():
        raise ValueError("counts do not fit, wanted one of 0 or more for each action")
    unit = _unit(payoffs)
    most = STEEP / unit if most is None else most
    points, time_up = _followed(payoffs / unit, most * unit, deadline(time_limit))
    best = max(range(len(points)), key=lambda place: _likelihood(points[place], seen))
    fitted = _polished(payoffs / unit, points[max(0, best - 1) : best + 2], points[best], seen)
    return FittedPrecision(
        response=_response(fitted, unit, payoffs.shape[1:]),
        log_likelihood=_likelihood(fitted, seen),
        uniform_log_likelihood=_likelihood(points[0], seen),
        at_end=best == len(points) - 1,
        complete=not time_up and bool(points[-1][-1] == most * unit),
    )


def _unit(payoffs: Floats) -> float:
    """Return the widest range of a player's payoffs; 1 if nothing matters."""
    axes = tuple(range(1, payoffs.ndim))
    return float(np.ptp(payoffs, axis=axes).max()) or 1.0


def _likelihood(point: Floats, seen: Floats) -> float:
    """Return the logarithm of the likelihood of counts."""
    return float(seen @ point[:-1])


def _response(point: Floats, unit: float, sizes: tuple[int, ...]) -> QuantalResponse:
    """Return a point of the branch in the unit of the payoffs."""
    shares = np.split(np.exp(point[:-1]), np.cumsum(sizes)[:-1])
    profile = tuple(tuple((own / own.sum()).tolist()) for own in shares)
    return QuantalResponse(float(point[-1] / unit), profile)


def _polished(game: Floats, near: list[Floats], best: Floats, seen: Floats) -> Floats:
    """Return the likeliest point between neighbours on the branch."""
    from scipy.optimize import minimize_scalar

    low, high = near[0][-1], near[-1][-1]

    def unlikely(precision: float) -> float:
        """Return less the likelihood at a precision."""
        point = _at(game, best, precision)
        return np.inf if point is None else -_likelihood(point, seen)

    if not low < high:
        return best
    found = minimize_scalar(
        unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-10 * high}
    )
    better = _at(game, best, float(found.x))
    if better is None or _likelihood(better, seen) < _likelihood(best, seen):
        return best
    return better


def _followed(game: Floats, last: float, until: Deadline) -> tuple[list[Floats], bool]:
    """Return points along the branch up to a precision, and whether time was up.

    A point is the logarithm of every probability, and the precision at the end.
    """
    sizes = game.shape[1:]
    start = np.concatenate([*(np.full(n, -np.log(n)) for n in sizes), [0.0]])
    along, size, points = np.append(np.zeros(sum(sizes)), 1.0), FIRST, [start]
    along = _tangent(game, start, along)
    while size > SHORTEST and not until.passed:
        fresh = _corrected(game, points[-1] + size * along)
        turned = along if fresh is None else _tangent(game, fresh, along)
        if fresh is None or turned @ along < STRAIGHT:
            size /= 2
            continue
        if fresh[-1] >= last:
            end = _at(game, _between(points[-1], fresh, last), last)
            return ([*points, end], False) if end is not None else (points, False)
        points.append(fresh)
        along, size = turned, size * FASTER
    return points, until.passed


def _between(before: Floats, after: Floats, precision: float) -> Floats:
    """Return the point of a chord that has a precision."""
    share = (precision - before[-1]) / (after[-1] - before[-1])
    return before + share * (after - before)


def _tangent(game: Floats, point: Floats, along: Floats) -> Floats:
    """Return the direction of the branch, the one that goes on rather than back."""
    _, slopes = _equations(game, point)
    direction = np.linalg.qr(slopes.T, mode="complete")[0][:, -1]
    return direction if direction @ along >= 0 else -direction


def _at(game: Floats, guess: Floats, precision: float) -> Floats | None:
    """Return the point near a guess that has a precision, if Newton's method gets there."""
    fixed = np.append(guess[:-1], precision)
    return _newton(game, fixed, slice(None, -1), np.inf)


def _corrected(game: Floats, guess: Floats) -> Floats | None:
    """Return the point of the branch next to a guess, if it is close."""
    return _newton(game, guess, slice(None), CLOSE)


def _newton(game: Floats, point: Floats, free: slice, close: float) -> Floats | None:
    """Return where the equations hold, moving some coordinates by least squares."""
    point = point.copy()
    for _ in range(NEWTON):
        values, slopes = _equations(game, point)
        step = np.linalg.lstsq(slopes[:, free], values, rcond=None)[0]
        length = np.linalg.norm(step)
        if not length <= close:
            return None
        point[free] -= step
        if length <= NEAR * (1 + np.abs(point).max()):
            return point
    return None


def _equations(game: Floats, point: Floats) -> tuple[Floats, Floats]:
    """Return what must vanish, and its derivatives by logarithms and precision.

    For each player: its probabilities add up to 1, and for each action but the first the
    logarithm of the odds is what it earns more, times the precision.
    """
    sizes, precision = game.shape[1:], point[-1]
    spans = [slice(e - n, e) for n, e in zip(sizes, np.cumsum(sizes).tolist(), strict=True)]
    with np.errstate(over="ignore"):
        shares = [np.exp(point[span]) for span in spans]
    values, slopes = np.zeros(sum(sizes)), np.zeros((sum(sizes), sum(sizes) + 1))
    for i, span in enumerate(spans):
        earned = action_values(game, shares, i)
        values[span] = point[span] - point[span.start] - precision * (earned - earned[0])
        slopes[span, span] = np.eye(sizes[i])
        slopes[span, span.start] -= 1
        slopes[span, -1] = earned[0] - earned
        for j in (j for j in range(len(spans)) if j != i):
            pairs = pair_payoffs(game[i], [own[None] for own in shares], i, j)[0]
            slopes[span, spans[j]] = -precision * (pairs - pairs[0]) * shares[j]
        values[span.start] = shares[i].sum() - 1
        slopes[span.start] = 0
        slopes[span.start, span] = shares[i]
    return values, slopes
