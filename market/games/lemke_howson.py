"""Some Nash equilibria of two players, where there are too many actions to find them all.

Lemke and Howson's path [1]_ leads from each action that one may drop first to an equilibrium,
often to the same one. QuantEcon's implementation is used, which breaks ties by a lexicographic
rule, so that degenerate games do not send it round in circles.

References
----------
.. [1] C. E. Lemke, J. T. Howson, "Equilibrium points of bimatrix games", Journal of the
   Society for Industrial and Applied Mathematics 12, 1964.
"""

from typing import Final

import numpy as np

from market.games.profiles import mixed_profile
from market.games.quantecon_game import quantecon_game
from market.games.solution import Solution, distinct, pure_profiles
from market.games.time_limit import Deadline, deadline
from market.types import Floats

PIVOTS: Final = 100_000
"""The most steps of a path."""

ACCEPTED: Final = 1e-6
"""The most that a player may gain at an equilibrium, as a share of its payoffs' range."""

MISSING: Final = "not every equilibrium lies on a path of Lemke and Howson: there may be more"


def lemke_howson(
    payoffs: Floats, until: Deadline | None = None, enough: int | None = None
) -> Solution:
    """Return the equilibria at the end of every path, and the pure ones.

    Parameters
    ----------
    payoffs : ndarray of float, shape (2, row, column)
        A game whose payoffs are between 0 and 1.
    until : Deadline, optional
        When to stop; it is looked at between paths.
    enough : int, optional
        After so many equilibria, pure ones among them, no further path is followed.

    Examples
    --------
    >>> chicken = np.array([[[0.9, 0.3], [1.0, 0.0]], [[0.9, 1.0], [0.3, 0.0]]])
    >>> [[round(p, 3) for p in found[0]] for found in lemke_howson(chicken).profiles]
    [[1.0, 0.0], [0.0, 1.0]]
    """
    from quantecon.game_theory import lemke_howson as follow

    until = until or deadline(None)
    game, found, time_up = quantecon_game(payoffs), list(pure_profiles(payoffs)), False
    for dropped in range(sum(payoffs.shape[1:])):
        if len(found) == enough or (time_up := until.passed):
            break
        ends, way = follow(game, init_pivot=dropped, max_iter=PIVOTS, full_output=True)
        profile = tuple(tuple(np.maximum(own, 0.0).tolist()) for own in ends)
        if way.converged and mixed_profile(payoffs, profile).epsilon <= ACCEPTED:
            found.append(profile)
    return Solution("lemke-howson", distinct(found), time_up=time_up, notes=(MISSING,))
