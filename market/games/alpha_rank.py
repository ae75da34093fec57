r"""Alpha-rank: where evolution spends its time, for any number of players and any payoffs.

Each player's seat is held by a population, all of one mind but for rare mutants. A mutant who
earns :math:`\Delta` more than its population takes it over with probability
:math:`(1 - e^{-\alpha\Delta}) / (1 - e^{-\alpha m \Delta})` in a population of :math:`m`, and
:math:`1/m` if it earns the same. This makes a Markov chain of the pure profiles, each player
deviating as often with each of its other actions; a profile's rank is its share of the time in
the long run [1]_. Selection of infinite strength leaves the graph of better responses, with
small probabilities of a step to worse that make the chain irreducible [2]_.

References
----------
.. [1] S. Omidshafiei et al., "Alpha-rank: multi-agent evaluation by evolution", Scientific
   Reports 9, 2019.
.. [2] M. Rowland et al., "Multiagent evaluation under incomplete information", NeurIPS 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from market.games.normal_form import deviation_gains
from market.games.scaling import without_noise
from market.types import Floats

PERTURBATION: Final = 1e-4
"""The share of steps to worse under selection of infinite strength."""

RAREST: Final = 1e-30
"""Steps that are rarer count as this rare, so that every profile can be left."""


@dataclass(frozen=True, eq=False)
class AlphaRank:
    """The share of time that evolution spends in each profile."""

    alpha: float
    """The strength of selection, per unit of the payoffs; infinite for better responses."""

    population: int
    perturbation: float

    shares: Floats
    """By profile, shape (*actions)."""

    method: str = "alpha-rank, multi-population"

    def of_player(self, player: int) -> Floats:
        """Return the share of time with each action of a player."""
        others = tuple(axis for axis in range(self.shares.ndim) if axis != player)
        return self.shares.sum(axis=others)

    def ranking(self) -> tuple[tuple[tuple[int, ...], float], ...]:
        """Return profiles with their shares, the greatest first."""
        order = np.argsort(-self.shares.ravel(), kind="stable")
        places = np.stack(np.unravel_index(order, self.shares.shape), axis=1).tolist()
        return tuple((tuple(place), float(self.shares[tuple(place)])) for place in places)


def alpha_rank(
    payoffs: Floats,
    alpha: float = inf,
    population: int = 50,
    perturbation: float = PERTURBATION,
) -> AlphaRank:
    """Return the share of time that evolution spends in each pure profile.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game, in any unit of money.
    alpha : float
        The strength of selection, per unit of the payoffs; infinite unless given.
    population : int
        How many hold each seat.
    perturbation : float
        Under infinite selection the share of steps to worse.

    Examples
    --------
    Evolution finds mutual defection, and stays:

    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> alpha_rank(dilemma).ranking()[0][0], alpha_rank(dilemma).shares.round(2).tolist()
    ((1, 1), [[0.0, 0.0], [0.0, 1.0]])

    Rock, paper, scissors goes round in circles:

    >>> beats = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    >>> alpha_rank(np.stack([beats, -beats])).of_player(0).round(6).tolist()
    [0.333333, 0.333333, 0.333333]
    """
    deviation_gains(payoffs)  # refuses what is no game
    if not alpha > 0 or population < 2 or not 0 < perturbation < 1:
        raise ValueError("wanted alpha above 0, a population of 2, a perturbation below 1")
    steps = transitions(payoffs, alpha, population, perturbation)
    shares = stationary(steps).reshape(payoffs.shape[1:])
    return AlphaRank(alpha, population, perturbation, shares)


def alpha_sweep(
    payoffs: Floats, alphas: Sequence[float], population: int = 50
) -> tuple[AlphaRank, ...]:
    """Return the ranks for each of several strengths of selection.

    Examples
    --------
    >>> coin = np.array([[0.0, 1.0]])
    >>> [round(float(one.shares[1]), 3) for one in alpha_sweep(coin, [1e-6, 0.01, 0.1])]
    [0.5, 0.62, 0.993]
    """
    return tuple(alpha_rank(payoffs, alpha, population) for alpha in alphas)


def transitions(payoffs: Floats, alpha: float, population: int, perturbation: float) -> Floats:
    """Return the probabilities of steps between pure profiles, shape (profile, profile).

    >>> transitions(np.array([[0.0, 1.0]]), inf, 50, 0.01).tolist()
    [[0.010000000000000009, 0.99], [0.01, 0.99]]
    """
    counts = payoffs.shape[1:]
    cells = np.arange(payoffs[0].size).reshape(counts)
    steps = np.zeros((cells.size, cells.size))
    for player, own in enumerate(without_noise(payoffs)):
        mine = np.moveaxis(own, player, 0).reshape(counts[player], -1)
        places = np.moveaxis(cells, player, 0).reshape(counts[player], -1)
        for old, new in np.argwhere(~np.eye(counts[player], dtype=bool)):
            gain = mine[new] - mine[old]
            steps[places[old], places[new]] = fixation(gain, alpha, population, perturbation)
    steps /= max(1, sum(counts) - len(counts))
    steps[np.diag_indices(len(steps))] = 1 - steps.sum(axis=1)
    return steps


def fixation(gain: Floats, alpha: float, population: int, perturbation: float) -> Floats:
    """Return the probability that a mutant takes a population over, by what it earns more.

    >>> fixation(np.array([-1.0, 0.0, 1.0]), inf, 50, 0.01).tolist()
    [0.01, 0.5, 0.99]
    >>> fixation(np.array([-1.0, 0.0, 1.0]), 0.1, 50, 0.01).round(6).tolist()
    [0.000713, 0.02, 0.095808]
    """
    if alpha == inf:
        return np.where(gain == 0, 0.5, np.where(gain > 0, 1 - perturbation, perturbation))
    strength = np.abs(alpha * gain)  # of less than nothing it is that of more, times decay
    decay = np.exp(-(population - 1) * np.where(gain < 0, strength, 0.0))
    with np.errstate(invalid="ignore"):
        taken = decay * np.expm1(-strength) / np.expm1(-population * strength)
    return np.where(strength == 0, 1 / population, np.maximum(taken, RAREST))


def stationary(steps: Floats) -> Floats:
    """Return the stationary distribution of an irreducible chain, without subtractions.

    Grassmann, Taksar and Heyman's elimination keeps small probabilities exact.

    >>> print(f"{stationary(np.array([[0.5, 0.5], [1e-9, 1 - 1e-9]]))[0]:.9e}")
    1.999999996e-09
    """
    work = steps.copy()
    for last in range(len(work) - 1, 0, -1):
        work[:last, last] /= work[last, :last].sum()
        work[:last, :last] += np.outer(work[:last, last], work[last, :last])
    shares = np.ones(len(work))
    for place in range(1, len(work)):
        shares[place] = shares[:place] @ work[:place, place]
    return shares / shares.sum()
