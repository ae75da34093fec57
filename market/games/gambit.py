"""Equilibria by Gambit, the reference of the field, where it is installed.

Two players: all extreme equilibria (``enummixed_solve``); more: all isolated ones
(``enumpoly_solve``), which may take for ever. Gambit runs in a process of its own, so that it
can be stopped; the pure equilibria come first and are kept [1]_.

References
----------
.. [1] R. Savani, T. L. Turocy, "Gambit: the package for computation in game theory", 2026,
   https://www.gambit-project.org.
"""

import multiprocessing
from importlib.util import find_spec
from multiprocessing.connection import Connection
from typing import Any, Final

import numpy as np

from market.errors import MarketError
from market.games.scaling import whole_payoffs
from market.games.solution import Profile, Solution, distinct
from market.games.time_limit import Deadline, deadline
from market.types import Floats

STOPPED: Final = "Gambit was stopped at the time limit: there may be more"

POLYNOMIAL: Final = "Gambit finds isolated equilibria of three or more players, no others"


class GambitMissing(MarketError):
    """Gambit is asked for, but is not installed."""

    def __init__(self) -> None:
        super().__init__("Gambit is not installed, wanted: pip install 'gridpact[gambit]'")


def gambit(payoffs: Floats, until: Deadline | None = None) -> Solution:
    """Return the equilibria that Gambit finds.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game; Gambit gets it in whole numbers.
    until : Deadline, optional
        When to stop it.

    Raises
    ------
    GambitMissing
        If it is not installed.
    """
    until = until or deadline(None)
    if find_spec("pygambit") is None:
        raise GambitMissing
    found, finished = _in_time([whole_payoffs(own) for own in payoffs], until)
    two = len(payoffs) == 2
    notes = () if two else (POLYNOMIAL,)
    return Solution(
        "gambit",
        distinct(found),
        complete=finished and two,
        time_up=not finished,
        notes=notes if finished else (*notes, STOPPED),
    )


def _in_time(payoffs: list[Any], until: Deadline) -> tuple[list[Profile], bool]:
    """Return what another process finds before time is up, and whether it finished."""
    there, here = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=solve_and_send, args=(payoffs, here), daemon=True)
    process.start()
    here.close()
    found: list[Profile] = []
    try:
        for _ in range(2):
            if not there.poll(None if until.left == np.inf else until.left):
                return found, False
            found += there.recv()
    finally:
        process.kill()
        process.join()
    return found, True


def solve_and_send(payoffs: list[Any], answer: Connection) -> None:
    """Send the pure equilibria, then all that Gambit finds."""
    import pygambit

    game = pygambit.Game.from_arrays(*(_rationals(own) for own in payoffs))
    mixed = "enummixed_solve" if len(payoffs) == 2 else "enumpoly_solve"
    for solver in ("enumpure_solve", mixed):
        solved = getattr(pygambit.nash, solver)(game)
        answer.send([_profile(game, one) for one in solved.equilibria])


def _rationals(own: Any) -> Any:
    """Return whole numbers as Gambit's rational numbers."""
    import pygambit

    return np.vectorize(pygambit.Rational, otypes=[object])(own)


def _profile(game: Any, found: Any) -> Profile:
    """Return a profile of Gambit as plain numbers."""
    return tuple(tuple(float(found[s]) for s in player.strategies) for player in game.players)
