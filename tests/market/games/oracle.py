"""Second opinions: Gambit's answers, and gains worked out in a few plain lines."""

from fractions import Fraction
from itertools import product

import numpy as np
import pygambit


def gambit_game(payoffs):
    exact = np.vectorize(lambda p: pygambit.Rational(Fraction(p)), otypes=[object])
    return pygambit.Game.from_arrays(*map(exact, payoffs))


def gambit_profiles(payoffs, solver):
    """Return what a solver of Gambit finds, as tuples."""
    game = gambit_game(payoffs)
    found = getattr(pygambit.nash, solver)(game).equilibria
    return [
        tuple(tuple(float(one[s]) for s in player.strategies) for player in game.players)
        for one in found
    ]


def gains_by_hand(payoffs, profile):
    """Return what every player gains by its best pure deviation, by the definition."""
    gains = []
    for player in range(len(payoffs)):
        earned = 0.0
        alone = [0.0] * payoffs.shape[player + 1]
        for actions in product(*map(range, payoffs.shape[1:])):
            chance = np.prod([profile[j][a] for j, a in enumerate(actions)])
            earned += chance * payoffs[(player, *actions)]
            others = np.prod([profile[j][a] for j, a in enumerate(actions) if j != player])
            alone[actions[player]] += others * payoffs[(player, *actions)]
        gains.append(max(alone) - earned)
    return gains


def apart(one, other):
    """Return the largest difference of two profiles' probabilities."""
    return float(np.abs(np.concatenate(one) - np.concatenate(other)).max())


def among(one, several, within=1e-6):
    return any(apart(one, other) < within for other in several)
