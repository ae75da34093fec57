"""What a snapshot is taken of: a record, and what the grid says about its windows."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from experiments.tournament.match import Case
from experiments.visualiser.record import Record
from experiments.visualiser.world import Physics, World
from market.types import Floats, Options


@dataclass(frozen=True, eq=False)
class Source:
    """A record beside costs and physics; the arrays are reckoned once, when it is made."""

    world: World
    record: Record

    costs_gbp: Floats
    """Shape (party, window, option)."""

    no_link_gbp: Floats | None
    """Shape (party, window); None if not known."""

    optimum_gbp: Floats
    """Of each party where all together pay least, shape (party, window)."""

    physics: Physics | None

    @classmethod
    def of(cls, world: World, record: Record) -> Self:
        """Return the source of a record."""
        seen, pair, last = world.seen, record.pair, record.windows
        costs = Case.of(seen, pair).costs_gbp[:, :last]
        best = costs.sum(0).argmin(-1)
        alone = seen.no_link_gbp
        if alone is not None:
            alone = alone[seen.seats, seen.places(pair)].reshape(len(seen.parties), -1)
        return cls(
            world=world,
            record=record,
            costs_gbp=costs,
            no_link_gbp=None if alone is None else alone[:, :last],
            optimum_gbp=np.take_along_axis(costs, best[np.newaxis, :, np.newaxis], -1)[..., 0],
            physics=world.physics(pair),
        )

    def delivered(self, shown: int) -> Options:
        """Return the option of each window as delivered; the last one is no link at all."""
        record = self.record
        none = self.costs_gbp.shape[-1]
        return np.where(record.stopped[:shown], none, record.option[:shown])

    def balance(self, shown: int) -> float | None:
        """Return exchange with the supply points, over what it would be without the link."""
        if self.physics is None or not shown:
            return None
        exchange = np.abs(self.physics.exchange_mw[:, :shown])
        there = exchange[:, np.arange(shown), self.delivered(shown)].sum()
        return finite(there / exchange[..., -1].sum())

    def breaches(self, shown: int) -> list[int]:
        """Return in how many windows each network was outside its limits."""
        if self.physics is None:
            return []
        there = self.physics.breaches[:, np.arange(shown), self.delivered(shown)]
        return [int(n) for n in there.sum(-1)]


def finite(number: float, digits: int = 6) -> float | None:
    """Return a number as JSON takes it: rounded, and None where it is not one.

    >>> finite(0.1 + 0.2), finite(float("nan"))
    (0.3, None)
    """
    return round(float(number), digits) if np.isfinite(number) else None


def numbers(array: Floats, digits: int) -> list[float | None]:
    """Return an array of one axis as JSON takes it."""
    return [finite(number, digits) for number in array.tolist()]
