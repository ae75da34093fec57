"""Bids worked out on costs that are not those of the window: old ones, or wrong ones."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from agents.draws import Draws
from agents.ranges import ranged
from agents.strategies.base import Experience, Knowledge, Setting
from agents.wrappers.base import Remembering
from market import money
from market.types import Floats


@dataclass(frozen=True)
class Delay(Remembering):
    """Bid upon what options were worth some sessions ago, as one with sticky plans [1]_.

    Until so many sessions have passed it knows what they are worth now. A day ahead, these
    are yesterday's values of the same half-hours.

    References
    ----------
    .. [1] N. G. Mankiw and R. Reis, "Sticky information versus sticky prices: a proposal to
       replace the New Keynesian Phillips curve", Quarterly Journal of Economics 117(4), 2002.
    """

    meaning: ClassVar[str] = "bids upon the values of the session before"

    sessions: int = ranged(1)
    """How old its values are."""

    def begin(self, setting: Setting) -> tuple[Floats, ...]:
        """Remember no values."""
        return ()

    def told(self, knowledge: Knowledge) -> Knowledge:
        """Tell old values; the last session of a run may have fewer windows than they."""
        values, past = knowledge.values_gbp, knowledge.memory.own
        if len(past) == self.sessions:
            values = past[0][:, : values.shape[1]]
        return replace(super().told(knowledge), values_gbp=values)

    def keep(self, experience: Experience) -> tuple[Floats, ...]:
        """Remember the true values, the oldest first."""
        known = experience.knowledge
        return (*known.memory.own, known.values_gbp)[-self.sessions :]


@dataclass(frozen=True)
class ForecastError(Remembering):
    """Bid upon costs that are wrong by a tilt.

    Costs are nearly a parabola of the set-point, about the power that the network needs. A
    forecast [1]_ that has this need wrong moves the parabola, which adds to the costs what is
    linear in the set-point. The party earns what its true costs say.

    References
    ----------
    .. [1] T. Hong et al., "Probabilistic energy forecasting: Global Energy Forecasting
       Competition 2014 and beyond", International Journal of Forecasting 32(3), 2016.
    """

    meaning: ClassVar[str] = "bids upon a forecast that has the power it needs wrong"

    size: float = ranged(0.1)
    """Standard deviation of the tilt, as a share of what the best option is worth."""

    def begin(self, setting: Setting) -> Floats:
        """Make no error yet: it has no forecast."""
        return np.zeros((setting.matches, setting.horizon))

    def think(self, knowledge: Knowledge, draws: Draws) -> Any:
        """Make a new forecast, and have the other think upon it."""
        error = draws.normal(len(knowledge.windows))
        forecast = replace(knowledge, memory=replace(knowledge.memory, own=error))
        return super().think(forecast, draws)

    def told(self, knowledge: Knowledge) -> Knowledge:
        """Tell the values of tilted costs."""
        values = knowledge.values_gbp
        scale = self.size * knowledge.memory.own[..., np.newaxis]
        tilt = scale * values.max(-1, keepdims=True) * _scaled(knowledge.setting.set_points)
        return replace(super().told(knowledge), values_gbp=money.values(tilt - values))


def _scaled(points: Floats) -> Floats:
    """Return set-points on a scale from -1 to 1; all 0 if they are the same."""
    middle, reach = (points.max() + points.min()) / 2, np.ptp(points) / 2
    return (points - middle) / max(reach, np.finfo(float).tiny)
