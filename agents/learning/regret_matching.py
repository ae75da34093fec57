"""Regret matching: play what one regrets not having played."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from market.types import Floats


@dataclass(frozen=True)
class RegretMatching:
    """Play each action in proportion to how much its absence is regretted [1]_.

    The regret for an action is what it would have earned so far over what the mixes have;
    it is that of [1]_ without conditions, for an action against all that was played. Its
    maximum after ``n`` rounds is at most ``sqrt(K n)`` for any payoffs (the forecaster with
    polynomial weights of exponent 2, corollary 2.1 of [2]_). If every party plays so, their
    joint play approaches the coarse correlated equilibria; with two actions each these are
    the correlated equilibria. The state is the regrets, shape ``(…, action)``.

    References
    ----------
    .. [1] S. Hart and A. Mas-Colell, "A simple adaptive procedure leading to correlated
       equilibrium", Econometrica 68(5), 2000, 1127-1150.
    .. [2] N. Cesa-Bianchi and G. Lugosi, *Prediction, Learning, and Games*, Cambridge
       University Press, 2006, section 2.1.
    """

    meaning: ClassVar[str] = "plays an action as often as it regrets not having played it"
    feedback: ClassVar[Literal["full"]] = "full"

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Regret nothing."""
        return np.zeros((*shape, actions))

    def mix(self, state: Floats) -> Floats:
        """Mix the actions that are regretted, or all of them if none is."""
        wanted = np.maximum(state, 0.0)
        wanted = np.where(wanted.any(-1, keepdims=True), wanted, 1.0)
        return wanted / wanted.sum(-1, keepdims=True)

    def learn(self, state: Floats, payoffs: Floats) -> Floats:
        """Add what each action would have earned over what the mix has.

        Both are measured from the first action, so that equals leave no regret at all.
        """
        gains = payoffs - payoffs[..., :1]
        return state + gains - (self.mix(state) * gains).sum(-1, keepdims=True)


@dataclass(frozen=True)
class RegretMatchingPlus:
    """Match regrets, and forget at once what would have been worse [1]_.

    A regret never falls below nothing, so that an action returns as soon as it pays. The
    bound is that of `RegretMatching` [2]_. The state is what is left of the regrets, shape
    ``(…, action)``.

    References
    ----------
    .. [1] O. Tammelin, "Solving large imperfect information games using CFR+",
       arXiv:1407.5042, 2014.
    .. [2] O. Tammelin, N. Burch, M. Johanson and M. Bowling, "Solving heads-up limit Texas
       hold'em", IJCAI 2015, 645-652.
    """

    meaning: ClassVar[str] = "matches its regrets, and never holds a loss against an action"
    feedback: ClassVar[Literal["full"]] = "full"

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Regret nothing."""
        return RegretMatching().start(shape, actions)

    def mix(self, state: Floats) -> Floats:
        """Mix the actions that are regretted, or all of them if none is."""
        return RegretMatching().mix(state)

    def learn(self, state: Floats, payoffs: Floats) -> Floats:
        """Learn as `RegretMatching` does, and keep what is above nothing."""
        return np.maximum(RegretMatching().learn(state, payoffs), 0.0)
