"""What self-interest costs all together, and how fairly an outcome shares.

References
----------
.. [1] E. Koutsoupias, C. Papadimitriou, "Worst-case equilibria", STACS 1999; E. Anshelevich et
   al., "The price of stability for network design with fair cost allocation", FOCS 2004.
.. [2] J. F. Nash, "The bargaining problem", Econometrica 18, 1950.
.. [3] C. Gini, "Variabilità e mutabilità", 1912; R. Jain, D. Chiu, W. Hawe, "A quantitative
   measure of fairness and discrimination", DEC report TR-301, 1984.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan

import numpy as np

from market.games.normal_form import deviation_gains
from market.games.profiles import MixedProfile
from market.types import Floats


@dataclass(frozen=True)
class Prices:
    """The welfare of equilibria against the best that all could have."""

    optimum: float
    """The most that all can earn together in a profile; if negative, less the least cost."""

    optimal_actions: tuple[int, ...]
    """A profile that earns it, the first of several."""

    best: float
    """What all earn together in the best equilibrium."""

    worst: float
    """The same in the worst."""

    costs: bool
    """Whether ratios are of costs (equilibrium over optimum), or of welfare (the other way)."""

    @property
    def of_anarchy(self) -> float:
        """How many times worse the worst equilibrium is; NaN where it is no ratio."""
        return self._ratio(self.worst)

    @property
    def of_stability(self) -> float:
        """How many times worse the best equilibrium is; NaN where it is no ratio."""
        return self._ratio(self.best)

    def _ratio(self, welfare: float) -> float:
        """Return a ratio of 1 or more, if both are on the right side of zero."""
        lost, had = (-welfare, -self.optimum) if self.costs else (self.optimum, welfare)
        if lost == had:
            return 1.0
        return lost / had if lost >= 0 < had else nan


def prices(
    payoffs: Floats, equilibria: Iterable[MixedProfile], costs: bool | None = None
) -> Prices:
    """Return the price of anarchy and of stability [1]_ for a set of equilibria.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game; costs are negative payoffs.
    equilibria : iterable of MixedProfile
        Of this game, one or more.
    costs : bool, optional
        Whether ratios are of costs; unless given, if the optimum is negative.

    Examples
    --------
    Two years in prison each where one would have done:

    >>> from market.games.mixed import nash_equilibria
    >>> dilemma = -np.array([[[1.0, 3.0], [0.0, 2.0]], [[1.0, 0.0], [3.0, 2.0]]])
    >>> found = prices(dilemma, nash_equilibria(dilemma).equilibria)
    >>> found.of_anarchy, found.of_stability, found.optimal_actions
    (2.0, 2.0, (0, 0))
    """
    deviation_gains(payoffs)  # refuses what is no game
    welfare = payoffs.sum(axis=0)
    earned = [sum(found.payoffs) for found in equilibria]
    if not earned:
        raise ValueError("there is no equilibrium, wanted one or more")
    place = np.unravel_index(welfare.argmax(), welfare.shape)
    optimum = float(welfare.max())
    return Prices(
        optimum=optimum,
        optimal_actions=tuple(int(action) for action in place),
        best=max(earned),
        worst=min(earned),
        costs=optimum < 0 if costs is None else costs,
    )


@dataclass(frozen=True)
class Bargain:
    """The outcome that maximises the product of what everybody gains by agreeing."""

    place: int
    """Which of the outcomes it is."""

    product: float
    """Of the gains over the disagreement point."""


def nash_bargain(outcomes: Floats, disagreement: Floats) -> Bargain | None:
    """Return Nash's bargaining solution [2]_ among finitely many outcomes.

    Parameters
    ----------
    outcomes : ndarray of float, shape (outcome, player)
        What each player earns.
    disagreement : ndarray of float, shape (player,)
        What each has if there is no bargain.

    Returns
    -------
    Bargain or None
        Of equal products that with the larger sum of gains, then the first; None if every
        outcome is worse than disagreement for somebody.

    Examples
    --------
    >>> nash_bargain(np.array([[9.0, 1.0], [5.0, 4.0], [0.0, 9.0]]), np.array([0.0, 1.0]))
    Bargain(place=1, product=15.0)
    """
    gains = outcomes - disagreement
    rational = (gains >= 0).all(axis=1)
    if not rational.any():
        return None
    products = np.where(rational, np.clip(gains, 0, None).prod(axis=1), -1.0)
    best = np.lexsort((-gains.sum(axis=1), -products))[0]
    return Bargain(int(best), float(products[best]))


def individually_rational(payoffs: Floats, disagreement: Floats) -> tuple[bool, ...]:
    """Return for each player whether it has no less than if there were no bargain.

    >>> individually_rational(np.array([3.0, -1.0]), np.zeros(2))
    (True, False)
    """
    return tuple(bool(has) for has in payoffs >= disagreement)


def gini(amounts: Floats) -> float:
    """Return Gini's index [3]_ of amounts that are not negative: 0 if they are equal.

    Parameters
    ----------
    amounts : ndarray of float, shape (player,)
        Such as costs, or gains over no link.

    Examples
    --------
    Of n players one has it all: 1 - 1/n.

    >>> gini(np.array([0.0, 0.0, 0.0, 8.0])), gini(np.array([2.0, 2.0]))
    (0.75, 0.0)
    """
    if not _total(amounts):
        return 0.0
    shares = amounts / amounts.max()
    differences = np.abs(shares[:, None] - shares[None, :]).sum()
    return float(differences / (2 * len(shares) * shares.sum()))


def jain(amounts: Floats) -> float:
    """Return Jain's index [3]_ of amounts that are not negative: 1 if they are equal.

    Examples
    --------
    Of n players one has it all: 1/n.

    >>> jain(np.array([0.0, 0.0, 0.0, 8.0])), jain(np.array([2.0, 2.0]))
    (0.25, 1.0)
    """
    if not _total(amounts):
        return 1.0
    shares = amounts / amounts.max()
    return float(shares.sum() ** 2 / (len(shares) * (shares**2).sum()))


def _total(amounts: Floats) -> float:
    """Return the sum of amounts, refusing those below zero."""
    if not amounts.size or not (amounts >= 0).all():
        raise ValueError("wanted one amount of 0 or more for each player")
    return float(amounts.sum())
