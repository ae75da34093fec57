"""Q-learning where every round is alike: a running estimate of what each action earns."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from agents.learning.base import best, logit, played
from agents.ranges import ranged
from market.types import Floats, Options


@dataclass(frozen=True)
class GreedyQ:
    """Play the action that seems best, and at times any.

    The estimate of the action that was played moves towards its payoff [1]_,
    ``Q_k ← Q_k + rate (r - Q_k)``; there is one situation, so that no later value is added.
    A rate that does not fall forgets the past, which suits parties that change [2]_. The
    state is the estimates, shape ``(…, action)``.

    References
    ----------
    .. [1] C. J. C. H. Watkins and P. Dayan, "Q-learning", Machine Learning 8(3-4), 1992,
       279-292.
    .. [2] R. S. Sutton and A. G. Barto, *Reinforcement Learning: An Introduction*, 2nd ed.,
       MIT Press, 2018, sections 2.2 and 2.5.
    """

    meaning: ClassVar[str] = "plays what has seemed best of late, and one time in ten any"
    feedback: ClassVar[Literal["bandit"]] = "bandit"

    rate: float = ranged(0.1, most=1.0)
    """How far an estimate moves towards a payoff."""

    chance: float = ranged(0.1, most=1.0)
    """Of playing any action, ``ε``."""

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Expect nothing."""
        return np.zeros((*shape, actions))

    def mix(self, state: Floats) -> Floats:
        """Play the best, of equals the first; and with a small chance any."""
        return self.chance / state.shape[-1] + (1.0 - self.chance) * best(state)

    def learn(self, state: Floats, action: Options, payoff: Floats) -> Floats:
        """Move the estimate of what was played towards what it earned."""
        missed = np.asarray(payoff)[..., None] - state
        return state + self.rate * missed * played(action, state.shape[-1])


@dataclass(frozen=True)
class BoltzmannQ:
    """Play each action the more often, the better it seems.

    The estimates are those of `GreedyQ` [1]_; chances are in proportion to
    ``exp(Q / temperature)`` [2]_. The state is the estimates, shape ``(…, action)``.

    References
    ----------
    .. [1] C. J. C. H. Watkins and P. Dayan, "Q-learning", Machine Learning 8(3-4), 1992,
       279-292.
    .. [2] L. P. Kaelbling, M. L. Littman and A. W. Moore, "Reinforcement learning: a
       survey", Journal of Artificial Intelligence Research 4, 1996, 237-285, section 2.2.
    """

    meaning: ClassVar[str] = "plays an action more often, the better it has seemed of late"
    feedback: ClassVar[Literal["bandit"]] = "bandit"

    rate: float = ranged(0.1, most=1.0)
    """How far an estimate moves towards a payoff."""

    temperature: float = ranged(0.1, open=True)
    """The difference between payoffs that makes one action ``e`` times as likely."""

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Expect nothing."""
        return np.zeros((*shape, actions))

    def mix(self, state: Floats) -> Floats:
        """Weigh each action by the exponential of its estimate."""
        return logit(state / self.temperature)

    def learn(self, state: Floats, action: Options, payoff: Floats) -> Floats:
        """Learn as `GreedyQ` does."""
        return GreedyQ(self.rate).learn(state, action, payoff)
