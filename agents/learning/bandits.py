"""Bandits with a bound on their regret: one for chance, and one for an adversary."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from agents.learning.base import best, logit, played
from market.types import Floats, Options


@dataclass(frozen=True)
class UCB1:
    """Play the action that might be best: the highest of upper confidence bounds.

    The bound of an action that has been played ``n_j`` of ``n`` times is its mean payoff
    plus ``sqrt(2 ln n / n_j)`` (fig. 1 of [1]_). Where payoffs of each action are alike by
    chance, and ``Δ_j`` below those of the best in the mean, action ``j`` is expected
    to be played at most ``8 ln n / Δ_j² + 1 + π² / 3`` times (proof of theorem 1 of [1]_).
    The state is what each action has earned and how often it was played, shape
    ``(…, 2, action)``.

    References
    ----------
    .. [1] P. Auer, N. Cesa-Bianchi and P. Fischer, "Finite-time analysis of the multiarmed
       bandit problem", Machine Learning 47(2-3), 2002, 235-256.
    """

    meaning: ClassVar[str] = "plays what might be best, given how little it has tried it"
    feedback: ClassVar[Literal["bandit"]] = "bandit"

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Have tried nothing."""
        return np.zeros((*shape, 2, actions))

    def mix(self, state: Floats) -> Floats:
        """Play the first action that is untried, or else that of the highest bound."""
        earned, times = state[..., 0, :], state[..., 1, :]
        tried = np.maximum(times, 1.0)
        rounds = np.maximum(times.sum(-1, keepdims=True), 1.0)
        bounds = earned / tried + np.sqrt(2.0 * np.log(rounds) / tried)
        return best(np.where(times > 0, bounds, np.inf))

    def learn(self, state: Floats, action: Options, payoff: Floats) -> Floats:
        """Add the payoff, and count."""
        heard = np.stack([np.asarray(payoff), np.ones_like(payoff)], -1)[..., None]
        return state + heard * played(action, state.shape[-1])[..., None, :]


@dataclass(frozen=True)
class Exp3:
    """Play as `Hedge` does, on estimates of what is not heard.

    An action that is played with chance ``p`` and loses ``1 - r`` is held to have lost
    ``(1 - r) / p``, and the others nothing, which is right in the mean [1]_. Chances are in
    proportion to ``exp(-η_t L)`` of the estimated losses, with ``η_t = sqrt(ln K / (t K))``
    in round ``t``, so that no horizon is needed; for any payoffs the regret expected after
    ``n`` rounds is then at most ``2 sqrt(n K ln K)`` (theorem 3.1 of [2]_). The algorithm
    of [1]_ estimates gains, and mixes in the uniform distribution; with losses there is no
    need for that. The state is the estimated losses and the number of rounds, shape
    ``(…, 2, action)``.

    References
    ----------
    .. [1] P. Auer, N. Cesa-Bianchi, Y. Freund and R. E. Schapire, "The nonstochastic
       multiarmed bandit problem", SIAM Journal on Computing 32(1), 2002, 48-77.
    .. [2] S. Bubeck and N. Cesa-Bianchi, "Regret analysis of stochastic and nonstochastic
       multi-armed bandit problems", Foundations and Trends in Machine Learning 5(1), 2012,
       1-122.
    """

    meaning: ClassVar[str] = "shifts weight from what has lost, as far as it has heard"
    feedback: ClassVar[Literal["bandit"]] = "bandit"

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Have lost nothing, in no rounds."""
        return np.zeros((*shape, 2, actions))

    def mix(self, state: Floats) -> Floats:
        """Weigh each action by the exponential of its estimated losses."""
        losses, rounds = state[..., 0, :], state[..., 1, :]
        actions = state.shape[-1]
        return logit(-np.sqrt(np.log(actions) / (actions * (rounds + 1.0))) * losses)

    def learn(self, state: Floats, action: Options, payoff: Floats) -> Floats:
        """Add the loss of what was played, the more the rarer it is."""
        lost = played(action, state.shape[-1]) * (1.0 - np.asarray(payoff)[..., None])
        estimate = np.divide(lost, self.mix(state), out=np.zeros_like(lost), where=lost > 0)
        return state + np.stack([estimate, np.ones_like(estimate)], -2)
