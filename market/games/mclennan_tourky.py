"""One equilibrium of any number of players, which always exists and here is always sought.

McLennan and Tourky [1]_ reach an approximate fixed point of best responses by two-player games
in which one player imitates the other. QuantEcon's implementation is used; what it finds is
refined by Newton's method on its support.

References
----------
.. [1] A. McLennan, R. Tourky, "From imitation games to Kakutani", 2006.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from market.games.profiles import mixed_profile, pure_mixture
from market.games.quantecon_game import quantecon_game
from market.games.solution import Profile, Solution, distinct
from market.games.supports import refined
from market.games.time_limit import Deadline, TimeUp, deadline
from market.types import Floats

AIM: Final = 1e-5
"""What a player may gain where the method stops, as a share of its payoffs' range."""

SLIPS: Final = (1e-2, 1e-3, 1e-4, 0.0)
"""Probabilities up to these are tried as none before the refinement."""

STEPS: Final = 5_000
"""The most steps of the method."""

MISSING: Final = "one equilibrium was sought: there may be more"


def mclennan_tourky(payoffs: Floats, until: Deadline | None = None) -> Solution:
    """Return one equilibrium, refined if it can be, or what was reached in time.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game of two players or more whose payoffs are between 0 and 1.
    until : Deadline, optional
        When to stop.

    Examples
    --------
    >>> pennies = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> [np.round(own, 9).tolist() for own in mclennan_tourky(pennies).profiles[0]]
    [[0.5, 0.5], [0.5, 0.5]]
    """
    until = until or deadline(None)
    reached, time_up = _approximate(payoffs, until)
    found = distinct(_refinements(payoffs, reached)) or (reached,)
    return Solution("mclennan-tourky", found[:1], time_up=time_up, notes=(MISSING,))


def _approximate(payoffs: Floats, until: Deadline) -> tuple[Profile, bool]:
    """Return the last profile that the method looked at, and whether time was up."""
    from quantecon.game_theory import mclennan_tourky as follow

    game = quantecon_game(payoffs)
    judge, best = game.is_nash, [_first(payoffs)]

    def look(profile: Any, **settings: Any) -> bool:
        """Note a profile, and stop if time is up."""
        best[0] = tuple(tuple(np.asarray(own, dtype=float).tolist()) for own in profile)
        until.check()
        return bool(judge(profile, **settings))

    game.is_nash = look
    try:
        follow(game, epsilon=AIM, max_iter=STEPS)
    except TimeUp:
        return best[0], True
    return best[0], False


def _first(payoffs: Floats) -> Profile:
    """Return the profile where everybody takes its first action."""
    return tuple(pure_mixture(0, count) for count in payoffs.shape[1:])


def _refinements(payoffs: Floats, reached: Profile) -> Iterator[Profile]:
    """Yield exact equilibria near an approximate one, without its least probabilities."""
    for slip in SLIPS:
        support = tuple(
            tuple(a for a, share in enumerate(own) if share > slip) for own in reached
        )
        starts = [
            np.array([[own[a] for a in played]])
            for own, played in zip(reached, support, strict=True)
        ]
        near = [start / start.sum() for start in starts]
        yield from refined(payoffs, support, near, isolated=False)
        if all(len(played) == 1 for played in support):
            pure = tuple(
                pure_mixture(played[0], n)
                for played, n in zip(support, payoffs.shape[1:], strict=True)
            )
            if mixed_profile(payoffs, pure).epsilon == 0:
                yield pure
