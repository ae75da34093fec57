"""Fictitious play: the best response to how the others have played so far."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from agents.learning.base import best, logit
from agents.ranges import ranged
from market.types import Floats


@dataclass(frozen=True)
class FictitiousPlay:
    """Play the best response to the mean of the others' joint play so far [1]_.

    Payoffs are linear in that mean: what an action earns against it is the mean of what
    the action would have earned in each round. To best-respond to it is therefore to follow
    the leader, the action with the highest sum of payoffs, of equals the first. A state
    that does not begin at nothing is a prior belief. The state is the sums, shape
    ``(…, action)``.

    References
    ----------
    .. [1] G. W. Brown, "Iterative solution of games by fictitious play", in T. C. Koopmans
       (ed.), *Activity Analysis of Production and Allocation*, Wiley, 1951, 374-376.
    """

    meaning: ClassVar[str] = "plays what would have been best all along"
    feedback: ClassVar[Literal["full"]] = "full"

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Have seen nothing."""
        return np.zeros((*shape, actions))

    def mix(self, state: Floats) -> Floats:
        """Play the leader, of equals the first."""
        return best(state)

    def learn(self, state: Floats, payoffs: Floats) -> Floats:
        """Add the payoffs."""
        return state + payoffs


@dataclass(frozen=True)
class SmoothBestResponse:
    """Play as in fictitious play, but weigh what is almost best almost as much.

    Chances are in proportion to ``exp(u / temperature)``, where ``u`` is what an action
    would have earned in the mean: the logit form of smooth fictitious play [1]_. The state
    is the payoffs so far and the number of rounds, shape ``(…, 2, action)``.

    References
    ----------
    .. [1] D. Fudenberg and D. K. Levine, *The Theory of Learning in Games*, MIT Press,
       1998, ch. 4.
    """

    meaning: ClassVar[str] = "plays an action more often, the better it would have been"
    feedback: ClassVar[Literal["full"]] = "full"

    temperature: float = ranged(0.1, open=True)
    """The difference between mean payoffs that makes one action ``e`` times as likely."""

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Have seen nothing."""
        return np.zeros((*shape, 2, actions))

    def mix(self, state: Floats) -> Floats:
        """Weigh each action by the exponential of its mean payoff."""
        return logit(state[..., 0, :] / np.maximum(state[..., 1, :], 1.0) / self.temperature)

    def learn(self, state: Floats, payoffs: Floats) -> Floats:
        """Add the payoffs, and count."""
        return state + np.stack([payoffs, np.ones_like(payoffs)], -2)
