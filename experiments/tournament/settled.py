"""Whether the order of the best strategies is settled, so that a tournament may stop early.

A tournament is played in rounds of whole replicates: a match goes over all days with one
memory, so days cannot be added one by one, but replicates are matches of their own, with
chances of their own that all strategies share. After each round every two strategies that
follow each other among the best of a mechanism and seat are held against each other, sample by
sample on the same days and replicates. Their order is settled if the interval of what the
worse one costs more lies above zero, or if both cost the same on every day of every replicate.

Each interval is that of one pair alone, looked at after each round: of many pairs and rounds
some may seem settled by luck. Rounds of several replicates keep the looks few.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from experiments.tournament.intervals import as_units, ends, means_by_unit, sampled_means
from experiments.tournament.standings import DIGITS
from market.types import Floats


@dataclass(frozen=True)
class OpenPair:
    """Two strategies that follow each other in the standings, in an order that may change."""

    mechanism: str
    seat: int
    better: str
    worse: str


@dataclass(frozen=True)
class Settling:
    """How a tournament that may stop early ended."""

    best: int
    """How many places had to be settled."""

    replicates: int
    """How many were played."""

    most: int
    """How many might have been."""

    days: int
    """Of each replicate."""

    open: tuple[OpenPair, ...]
    """What is not settled."""

    @property
    def stopped(self) -> bool:
        """Whether replicates were left out."""
        return self.replicates < self.most

    def sentence(self, parties: Sequence[str]) -> str:
        """Say after how many days and replicates it stopped, or what is open still."""
        days = f"replicates of {_days(self.days)}"
        what = f"order of the best {self.best} by own cost of each mechanism and seat is"
        if self.stopped:
            played = f"{self.replicates} of at most {self.most}"
            return f"Stopped after {played} {days}: the {what} settled."
        played = f"All {self.most} {days} were played: the {what}"
        if not self.open:
            return f"{played} settled."
        pairs = [
            f"{one.mechanism}, {parties[one.seat]}: {one.better} before {one.worse}"
            for one in self.open
        ]
        return f"{played} not settled, for {'; '.join(pairs)}."

    def as_json(self) -> dict[str, object]:
        """Return it as scripts read it."""
        return asdict(self) | {"stopped": self.stopped}


def open_pairs(means: pd.DataFrame, best: int) -> tuple[OpenPair, ...]:
    """Return neighbours among the best, the next one included, whose order may change.

    Parameters
    ----------
    means : DataFrame
        As `experiments.tournament.intervals.means_by_unit` returns it.
    best : int
        How many places of each mechanism and seat count.
    """
    found = []
    for role, rows in means.groupby(level=["mechanism", "seat"], sort=False):
        mechanism, seat = map(str, tuple(role))
        units, names = as_units(rows), rows.index.get_level_values("strategy")
        order = np.argsort(units.mean((-2, -1)).round(DIGITS), kind="stable")[: best + 1]
        found += [
            OpenPair(mechanism, int(seat), names[better], names[worse])
            for better, worse in pairwise(order.tolist())
            if not _told_apart(units[worse] - units[better])
        ]
    return tuple(found)


def settling(payoffs: pd.DataFrame, best: int, most: int) -> Settling:
    """Return how a tournament ended.

    Parameters
    ----------
    payoffs : DataFrame
        As `experiments.tournament.payoffs.payoffs_table` returns it.
    best : int
        How many places had to be settled.
    most : int
        How many replicates might have been played.
    """
    means = means_by_unit(payoffs)
    days, replicates = as_units(means).shape[1:]
    return Settling(best, replicates, most, days, open_pairs(means, best))


def _told_apart(more: Floats) -> bool:
    """Return whether what one costs more, by day and replicate, is surely so, or never."""
    if (np.abs(more) < 10.0**-DIGITS).all():
        return True
    low, _ = ends(sampled_means(more))
    return bool(low > 0)


def _days(count: int) -> str:
    return f"{count} day{'s' * (count > 1)}"
