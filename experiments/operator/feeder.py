"""What trade on a chain does to the feeder: load flows of what the meters reported there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from chain.history import History
from market.types import Mask

if TYPE_CHECKING:
    from experiments.community.world import World
    from grid.feeder.flow import FeederFlows

HOURS: Final = 0.5
"""Of a window."""


@dataclass(frozen=True, eq=False)
class Driven:
    """Days of a feeder, driven by what its households traded and took; axes (day, window)."""

    history: History

    flows: "FeederFlows"
    """With the energy that is on the chain."""

    alone: "FeederFlows"
    """With that of households that plan by their tariff alone, and trade nothing."""

    @property
    def days(self) -> int:
        """How many whole days were cleared."""
        return int(self.flows.head_kw.shape[0])

    @property
    def exchange_kwh(self) -> float:
        """What the feeder drew from the grid."""
        return float(self.flows.head_kw.sum() * HOURS)

    @property
    def losses_kwh(self) -> float:
        """What was lost in lines and transformer."""
        return float(self.flows.losses_kw.sum() * HOURS)

    @property
    def metered_kwh(self) -> float:
        """What all households took together, less what they gave, as far as is known."""
        return float(self.history.metered_wh[:, : self.flows.head_kw.size].sum() / 1000)

    @property
    def reported(self) -> int:
        """How many windows a meter has reported; of the others trades are taken for flows."""
        return int(self.history.metered[: self.flows.head_kw.size].sum())

    @property
    def traded_kwh(self) -> float:
        """What households bought of each other."""
        traded = self.history.traded_wh[:, : self.flows.head_kw.size]
        return float(traded.clip(min=0).sum() / 1000)

    @property
    def changed(self) -> Mask:
        """In which windows the feeder draws something else than without trade."""
        return np.asarray(np.abs(self.flows.head_kw - self.alone.head_kw) > 1e-6)


def driven(world: "World", history: History) -> Driven:
    """Solve the load flows of all whole days that were cleared.

    Net power at a connection point is what was traded there and what went to the grid beyond
    it, which together are what the meters of its households showed.

    Parameters
    ----------
    world : World
        Whose feeder it is, one community.
    history : History
        What is on the chain.
    """
    from experiments.community.baselines import alone

    windows = world.windows
    days = min(history.metered_wh.shape[1] // windows, world.days)
    net = (
        history.metered_wh[:, : days * windows]
        .reshape(len(history.metered_wh), days, windows)
        .swapaxes(0, 1)
    )
    day, rows = np.arange(days), np.zeros(days, np.int64)
    without = np.array([alone(world, d, rows[:1]).net_wh[0] for d in range(days)])
    return Driven(
        history,
        world.flows(net.astype(float), day, rows),
        world.flows(without.reshape(net.shape), day, rows),
    )
