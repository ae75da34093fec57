r"""Evolution of play: replicator dynamics of any number of populations, and Moran's process.

In the replicator dynamics the share of an action grows by as much as it earns more than its
population's average [1]_. In Moran's process, in a population of finite size, one individual is
born in proportion to fitness :math:`e^{w u}` and one dies at random, until a mutant has taken
over or gone [2]_.

References
----------
.. [1] P. D. Taylor, L. B. Jonker, "Evolutionarily stable strategies and game dynamics",
   Mathematical Biosciences 40, 1978.
.. [2] M. A. Nowak et al., "Emergence of cooperation and evolutionary stability in finite
   populations", Nature 428, 2004; A. Traulsen et al., "Analytical results for individual and
   group selection of any intensity", Bulletin of Mathematical Biology 70, 2008.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from market.games.normal_form import deviation_gains
from market.games.profiles import action_values
from market.types import Floats, Mask

PRECISE: Final = 1e-10
"""The error of a step of the dynamics, in logarithms of shares."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Shares of actions over time."""

    times: Floats
    """In units of time over the unit of the payoffs, or generations."""

    shares: tuple[Floats, ...]
    """By population, each of shape (time, action)."""

    method: str

    @property
    def end(self) -> tuple[Floats, ...]:
        """The last shares, by population."""
        return tuple(own[-1] for own in self.shares)


def replicator(
    payoffs: Floats, start: Sequence[Sequence[float]], times: Sequence[float]
) -> Trajectory:
    """Return shares of actions at given times, in continuous time, a population a player.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    start : sequence of sequence of float
        The share of each action at the first time, by population; what has none never grows.
    times : sequence of float
        Rising.

    Examples
    --------
    Silence dies out among prisoners:

    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> path = replicator(dilemma, [[0.9, 0.1], [0.5, 0.5]], [0.0, 1.0, 20.0])
    >>> path.shares[0][:, 0].round(3).tolist()
    [0.9, 0.711, 0.0]
    """
    from scipy.integrate import solve_ivp

    with np.errstate(divide="ignore"):
        logs = np.log(np.concatenate(_shares(payoffs, start)))
    alive = np.isfinite(logs)
    path = np.full((len(times), len(logs)), -np.inf)
    solved = solve_ivp(
        lambda _, now: _growth(payoffs, _filled(now, alive))[alive],
        (times[0], times[-1]),
        logs[alive],
        t_eval=times,
        method="LSODA",
        rtol=PRECISE,
        atol=PRECISE,
    )
    path[:, alive] = solved.y.T
    return Trajectory(
        np.asarray(times, dtype=float), _by_player(payoffs, path), "replicator, continuous time"
    )


def replicator_steps(
    payoffs: Floats, start: Sequence[Sequence[float]], generations: int, rate: float = 1.0
) -> Trajectory:
    """Return shares of actions by generation: each grows by the exponential of what it earns.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    start : sequence of sequence of float
        The share of each action at the start, by population.
    generations : int
        How many.
    rate : float
        The intensity of selection, per unit of the payoffs.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> replicator_steps(dilemma, [[0.5, 0.5], [0.5, 0.5]], 2).shares[0][:, 0].round(3).tolist()
    [0.5, 0.182, 0.064]
    """
    path = [_shares(payoffs, start)]
    for _ in range(generations):
        now = path[-1]
        values = [action_values(payoffs, now, player) for player in range(len(payoffs))]
        grown = [s * np.exp(rate * (v - v.max())) for s, v in zip(now, values, strict=True)]
        path.append([own / own.sum() for own in grown])
    shares = tuple(np.stack(own) for own in zip(*path, strict=True))
    return Trajectory(np.arange(generations + 1.0), shares, "replicator, discrete time")


def moran_fixation(own: Floats, population: int, intensity: float = 1.0) -> Floats:
    """Return how probably one mutant takes a population over whose members play each other.

    Parameters
    ----------
    own : ndarray of float, shape (action, action of the other)
        What a player earns; nobody plays against itself.
    population : int
        How many there are, the mutant among them.
    intensity : float
        Of selection, per unit of the payoffs.

    Returns
    -------
    ndarray of float, shape (resident action, mutant action)
        One over the population on the diagonal, where the mutant is as good.

    Examples
    --------
    A mutant worth twice as much, 1 - 1/2 over 1 - 1/2^10:

    >>> twice = np.log([[1.0, 1.0], [2.0, 2.0]])
    >>> round(float(moran_fixation(twice, 10)[0, 1]), 6)
    0.500489
    """
    mutants = np.arange(1, population)
    found = np.full(own.shape, 1 / population)
    for old, new in np.argwhere(~np.eye(len(own), dtype=bool)):
        ours = own[new, new] * (mutants - 1) + own[new, old] * (population - mutants)
        theirs = own[old, new] * mutants + own[old, old] * (population - mutants - 1)
        found[old, new] = _fixed(intensity * (ours - theirs) / (population - 1))
    return found


def moran_fixation_between(
    payoffs: Floats, residents: Sequence[int], population: int, intensity: float = 1.0
) -> tuple[Floats, ...]:
    """Return how probably a mutant takes its population over while the others stay as they are.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    residents : sequence of int
        The action of each population.
    population : int
        How many there are in each.
    intensity : float
        Of selection, per unit of the payoffs.

    Returns
    -------
    tuple of ndarray of float, each of shape (action,)
        By population and mutant.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> moran_fixation_between(dilemma, [0, 0], 10)[0].round(4).tolist()
    [0.1, 0.8647]
    """
    found = []
    for player, action in enumerate(residents):
        choices = np.moveaxis(payoffs[player], player, -1)
        rest = tuple(a for other, a in enumerate(residents) if other != player)
        gains = choices[rest] - choices[(*rest, action)]
        found.append(np.array([_fixed(np.full(population - 1, intensity * g)) for g in gains]))
    return tuple(found)


def _fixed(gains: Floats) -> float:
    """Return the probability of fixation, by gains for each number of mutants."""
    losses = np.append(0.0, np.cumsum(-gains))
    most = losses.max()
    return float(np.exp(-most) / np.exp(losses - most).sum())


def _shares(payoffs: Floats, start: Sequence[Sequence[float]]) -> list[Floats]:
    """Return the shares to start from, refusing what is none."""
    deviation_gains(payoffs)
    shares = [np.asarray(own, dtype=float) for own in start]
    fit = [len(own) for own in shares] == list(payoffs.shape[1:])
    if not fit or any((own < 0).any() or own.sum() <= 0 for own in shares):
        raise ValueError("start does not fit, wanted a share of 0 or more for each action")
    return [own / own.sum() for own in shares]


def _filled(logs: Floats, alive: Mask) -> Floats:
    """Return logarithms of all shares, given those of actions that are taken at all."""
    whole = np.full(len(alive), -np.inf)
    whole[alive] = logs
    return whole


def _by_player(payoffs: Floats, logs: Floats) -> tuple[Floats, ...]:
    """Return shares from logarithms that lack a constant, the last axis cut by player."""
    cuts = np.cumsum(payoffs.shape[1:])[:-1]
    return tuple(_normal(own) for own in np.split(logs, cuts, axis=-1))


def _growth(payoffs: Floats, logs: Floats) -> Floats:
    """Return by how much logarithms of shares grow."""
    shares = _by_player(payoffs, logs)
    values = [action_values(payoffs, shares, player) for player in range(len(payoffs))]
    return np.concatenate([v - s @ v for v, s in zip(values, shares, strict=True)])


def _normal(logs: Floats) -> Floats:
    """Return shares from logarithms that lack a constant."""
    shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)
