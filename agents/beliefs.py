"""What a party expects the others to bid, from what they revealed before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from market import money
from market.mechanisms.base import Form
from market.types import Bids, Floats, Mask

if TYPE_CHECKING:  # strategies hold beliefs
    from agents.strategies.base import Experience, Knowledge, Setting


@dataclass(frozen=True, eq=False)
class Seen:
    """Bids of the past, by half-hour; the last place stands for all half-hours together."""

    mean: Floats
    """Mean offers in ticks, or mean ranks, shape ``(match, place, party, option)``."""

    count: Floats
    """How many bids it is the mean of, shape ``(match, place, party)``."""


@dataclass(frozen=True)
class Belief:
    """Expect what was bid before: last, on average, or with old bids fading.

    Examples
    --------
    Offers of 10 and then 20 at the only option:

    >>> def after(belief):
    ...     seen = Seen(np.zeros((1, 1, 1, 1)), np.zeros((1, 1, 1)))
    ...     for offer in (10.0, 20.0):
    ...         seen = belief.updated(seen, 0, np.array([[[offer]]]), np.array([[True]]))
    ...     return float(seen.mean[0, 0, 0, 0])
    >>> after(Belief(newest=1.0)), after(Belief(newest=0.0)), after(Belief(newest=0.8))
    (20.0, 15.0, 18.0)
    """

    newest: float = 1.0
    """The least weight of the newest bid: 1 for the last bid, 0 for the mean of all."""

    by_half_hour: bool = False
    """Whether each half-hour of the day is expected by itself, once it was seen."""

    def start(self, setting: "Setting") -> Seen:
        """Return what is known before anything was seen."""
        places = setting.day + 1 if self.by_half_hour else 1
        shape = setting.matches, places, setting.parties
        return Seen(np.zeros((*shape, setting.options)), np.zeros(shape))

    def learn(self, seen: Seen, experience: "Experience") -> Seen:
        """Return what is known after a session."""
        for place, half_hour in enumerate(experience.knowledge.half_hours.tolist()):
            numbers = experience.bids[:, :, place].astype(float)
            present = experience.present[..., place]
            if self.by_half_hour:
                seen = self.updated(seen, half_hour, numbers, present)
            seen = self.updated(seen, -1, numbers, present)
        return seen

    def updated(self, seen: Seen, place: int, numbers: Floats, present: Mask) -> Seen:
        """Return what is known after one window.

        Parameters
        ----------
        seen : Seen
            What was known.
        place : int
            Of the half-hour, or -1 for all.
        numbers : ndarray of float, shape (match, party, option)
            What was bid.
        present : ndarray of bool, shape (match, party)
            By whom.
        """
        count, mean = seen.count.copy(), seen.mean.copy()
        count[:, place] += present
        weight = np.maximum(self.newest, 1.0 / np.maximum(count[:, place], 1.0)) * present
        mean[:, place] += weight[..., np.newaxis] * (numbers - mean[:, place])
        return Seen(mean, count)

    def expect(self, seen: Seen, knowledge: "Knowledge") -> tuple[Bids, Mask]:
        """Return what each party is expected to bid, and whether it has been seen to bid.

        Returns
        -------
        ndarray of int64, shape (match, window, party, option)
            Offers in ticks, or ranks.
        ndarray of bool, shape (match, window, party)
            False where nothing is known; the numbers are no bid then.
        """
        latest = np.full(len(knowledge.windows), seen.count.shape[1] - 1)
        place = knowledge.half_hours if self.by_half_hour else latest
        known = seen.count[:, place] > 0
        mean = seen.mean[:, place]
        if self.by_half_hour:
            mean = np.where(known[..., np.newaxis], mean, seen.mean[:, latest])
            known = seen.count[:, latest] > 0
        return _as_bids(mean, knowledge.setting.form), known


LAST: Final = Belief()
"""What was bid last."""

MEAN_BY_HALF_HOUR: Final = Belief(newest=0.0, by_half_hour=True)
"""The mean of what was bid in the same half-hour of every day so far."""


def _as_bids(mean: Floats, form: Form) -> Bids:
    """Return mean offers in whole ticks, or the order that mean ranks make."""
    return np.rint(mean).astype(np.int64) if form == "offers" else money.ranks(-mean)
