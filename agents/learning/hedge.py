"""Exponential weights, with full information."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from agents.learning.base import logit
from market.types import Floats


@dataclass(frozen=True)
class Hedge:
    """Weigh each action by the exponential of what it would have earned so far [1]_.

    The step of round ``t`` is ``η_t = sqrt(8 ln K / t)``, so that no horizon is needed; for
    any payoffs the regret of the mixes after ``n`` rounds is then at most
    ``2 sqrt(n ln K / 2) + sqrt(ln K / 8)`` (theorem 2.3 of [2]_). The state is the payoffs
    so far and the number of rounds, shape ``(…, 2, action)``.

    References
    ----------
    .. [1] Y. Freund and R. E. Schapire, "A decision-theoretic generalization of on-line
       learning and an application to boosting", Journal of Computer and System Sciences
       55(1), 1997, 119-139.
    .. [2] N. Cesa-Bianchi and G. Lugosi, *Prediction, Learning, and Games*, Cambridge
       University Press, 2006, section 2.3.
    """

    meaning: ClassVar[str] = "shifts weight to what would have earned more, ever more slowly"
    feedback: ClassVar[Literal["full"]] = "full"

    def start(self, shape: tuple[int, ...], actions: int) -> Floats:
        """Have earned nothing, in no rounds."""
        return np.zeros((*shape, 2, actions))

    def mix(self, state: Floats) -> Floats:
        """Weigh each action by the exponential of its payoffs."""
        payoffs, rounds = state[..., 0, :], state[..., 1, :]
        return logit(np.sqrt(8.0 * np.log(state.shape[-1]) / (rounds + 1.0)) * payoffs)

    def learn(self, state: Floats, payoffs: Floats) -> Floats:
        """Add the payoffs, and count."""
        return state + np.stack([payoffs, np.ones_like(payoffs)], -2)
