"""What a party expects the others to bid, from what they revealed before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agents.ranges import ranged
from market import money
from market.mechanisms.base import Form
from market.types import Bids, Floats, Mask

if TYPE_CHECKING:  # strategies hold beliefs
    from agents.strategies.base import Experience, Knowledge, Setting


@dataclass(frozen=True, eq=False)
class Seen:
    """Bids of the past, of one half-hour of the day or of all."""

    mean: NDArray[Any]
    """Mean offers in ticks, or mean ranks, shape ``(match, party, option)``."""

    count: Floats
    """How many bids it is the mean of, shape ``(match, party)``."""


Past: TypeAlias = tuple[Seen, ...]
"""What was seen by half-hour; the last place stands for all half-hours together."""


@dataclass(frozen=True)
class Belief:
    """Expect what was bid before: last, on average, or with old bids fading.

    Examples
    --------
    Offers of 10 and then 20 at the only option:

    >>> def after(belief):
    ...     seen = Seen(np.zeros((1, 1, 1)), np.zeros((1, 1)))
    ...     for offer in (10, 20):
    ...         seen = belief.updated(seen, np.array([[[offer]]]), np.array([[True]]))
    ...     return float(seen.mean[0, 0, 0])
    >>> after(Belief(newest=1.0)), after(Belief(newest=0.0)), after(Belief(newest=0.8))
    (20.0, 15.0, 18.0)
    """

    newest: float = ranged(1.0, most=1.0, open=True)
    """The least weight of the newest bid: 1 for the last bid, 0 for the mean of all."""

    by_half_hour: bool = False
    """Whether each half-hour of the day is expected by itself, once it was seen."""

    def start(self, setting: "Setting") -> Past:
        """Return what is known before anything was seen."""
        shape = setting.matches, setting.parties
        nothing = Seen(np.zeros((*shape, setting.options)), np.zeros(shape))
        return (nothing,) * (setting.day + 1 if self.by_half_hour else 1)

    def learn(self, past: Past, experience: "Experience") -> Past:
        """Return what is known after a session."""
        seen = list(past)
        for window, half_hour in enumerate(experience.knowledge.half_hours.tolist()):
            numbers, present = experience.bids[:, :, window], experience.present[..., window]
            for place in (half_hour, -1) if self.by_half_hour else (-1,):
                seen[place] = self.updated(seen[place], numbers, present)
        return tuple(seen)

    def updated(self, seen: Seen, numbers: Bids, present: Mask) -> Seen:
        """Return what is known after one window.

        Parameters
        ----------
        seen : Seen
            What was known.
        numbers : ndarray of int64, shape (match, party, option)
            What was bid.
        present : ndarray of bool, shape (match, party)
            By whom.
        """
        count = seen.count + present
        if self.newest >= 1.0 and present.all():
            return Seen(numbers, count)
        weight = np.maximum(self.newest, 1.0 / np.maximum(count, 1.0)) * present
        return Seen(seen.mean + weight[..., np.newaxis] * (numbers - seen.mean), count)

    def expect(self, past: Past, knowledge: "Knowledge") -> tuple[Bids, Mask]:
        """Return what each party is expected to bid, and whether it has been seen to bid.

        Returns
        -------
        ndarray of int64, shape (match, window, party, option)
            Offers in ticks, or ranks.
        ndarray of bool, shape (match, window, party)
            False where nothing is known; the numbers are no bid then.
        """
        latest, windows = past[-1], len(knowledge.windows)
        expected = [latest.mean] * windows
        if self.by_half_hour:
            seen = [past[place] for place in knowledge.half_hours.tolist()]
            expected = [
                np.where(there.count[..., np.newaxis] > 0, there.mean, latest.mean)
                for there in seen
            ]
        known = np.repeat(latest.count[:, np.newaxis] > 0, windows, axis=1)
        return self._as_bids(np.stack(expected, 1), knowledge.setting.form), known

    def _as_bids(self, mean: NDArray[Any], form: Form) -> Bids:
        """Return mean offers in whole ticks, or the order that mean ranks make."""
        if self.newest >= 1.0:
            return mean.astype(np.int64, copy=False)
        return np.rint(mean).astype(np.int64) if form == "offers" else money.ranks(-mean)


LAST: Final = Belief()
"""What was bid last."""

MEAN_BY_HALF_HOUR: Final = Belief(newest=0.0, by_half_hour=True)
"""The mean of what was bid in the same half-hour of every day so far."""
