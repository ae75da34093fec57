"""Reinforcement: what has paid is played more often."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import numpy as np

from agents.learning.base import played
from agents.ranges import ranged
from market.types import Floats, Options

LEAST: Final = 1e-100
"""No propensity falls below it, so that there is always something to share."""


@dataclass(frozen=True)
class RothErev:
    """Play each action in proportion to its propensity, and add its payoff to that.

    Of Roth and Erev's rule [1]_ this is the form with a recency parameter ``φ`` and an
    experimentation parameter ``ε`` (their values here are those fitted in [2]_, over
    payoffs with a mean of one half), with the change of Nicolaisen, Petrov and Tesfatsion
    [3]_: the ``N - 1`` actions that were not played gain ``ε / (N - 1)`` of their own
    propensity, not of the payoff, so that a party which earns nothing still learns. After
    action ``k`` has earned ``r``:

    * ``q_k ← (1 - φ) q_k + (1 - ε) r``,
    * ``q_j ← (1 - φ) q_j + ε q_j / (N - 1)`` for every other ``j``.

    With neither, it is the basic model of [1]_. The state is the propensities, shape
    ``(…, action)``.

    References
    ----------
    .. [1] A. E. Roth and I. Erev, "Learning in extensive-form games: experimental data and
       simple dynamic models in the intermediate term", Games and Economic Behavior 8(1),
       1995, 164-212.
    .. [2] I. Erev and A. E. Roth, "Predicting how people play games: reinforcement learning
       in experimental games with unique, mixed strategy equilibria", American Economic
       Review 88(4), 1998, 848-881.
    .. [3] J. Nicolaisen, V. Petrov and L. Tesfatsion, "Market power and efficiency in a
       computational electricity market with discriminatory double-auction pricing", IEEE
       Transactions on Evolutionary Computation 5(5), 2001, 504-523.
    """

    meaning: ClassVar[str] = "plays an action more often, the more it has earned with it"
    feedback: ClassVar[Literal["bandit"]] = "bandit"

    strength: float = ranged(4.5, open=True)
    """Sum of the first propensities: nine payoffs of one half."""

    recency: float = ranged(0.1, most=1.0)
    """Share of every propensity that is forgotten in a round, ``φ``."""

    experimentation: float = ranged(0.2, most=1.0)
    """Share of what is learned that goes to the actions that were not played, ``ε``."""

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Be as inclined to each action."""
        return np.full((*shape, actions), self.strength / actions)

    def mix(self, state: Floats) -> Floats:
        """Share chances as propensities are."""
        return state / state.sum(-1, keepdims=True)

    def learn(self, state: Floats, action: Options, payoff: Floats) -> Floats:
        """Forget a little, and reinforce."""
        actions = state.shape[-1]
        earned = (1.0 - self.experimentation) * np.asarray(payoff)[..., None]
        tried = self.experimentation / max(actions - 1, 1) * state
        gains = np.where(played(action, actions), earned, tried)
        return np.maximum((1.0 - self.recency) * state + gains, LEAST)
