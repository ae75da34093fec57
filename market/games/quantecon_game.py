"""Games as QuantEcon takes them."""

from typing import Any

import numpy as np

from market.types import Floats


def quantecon_game(payoffs: Floats) -> Any:
    """Return a game of QuantEcon, which shares no memory with the payoffs.

    Parameters
    ----------
    payoffs : ndarray of float, shape (player, *actions)
        A game.

    Examples
    --------
    >>> quantecon_game(np.zeros((3, 2, 4, 1))).nums_actions
    (2, 4, 1)
    """
    from quantecon.game_theory import NormalFormGame

    return NormalFormGame(np.moveaxis(payoffs, 0, -1).copy())
