"""The pivotal mechanism: where truth is the best bid whatever the others bid.

It chooses as `hco` does, and each party pays what its bid costs the others. The payments do
not sum to zero: what they leave over must go to nobody who bids. So it is a benchmark here,
and no contract settles by it.
"""

from dataclasses import dataclass

import numpy as np

from market.bids import HIGHEST_OFFER
from market.decision import decide
from market.games.best_offers import least_offers
from market.games.best_response import BestResponse
from market.mechanisms.hco import HighestCombinedOffer
from market.types import Bids, Floats, Options, Seats, Ticks


@dataclass(frozen=True, eq=False)
class Pivotal:
    """What the pivotal mechanism decided, for any number of like windows at once."""

    option: Options
    """The option with the highest sum of offers, shape (…)."""

    payments: Ticks
    """What each party pays, never negative, shape (…, party)."""

    @property
    def surplus(self) -> Ticks:
        """What the parties together pay, and none of them may get back; shape (…)."""
        return self.payments.sum(-1)


def pivotal(offers: Bids, authority: Seats) -> Pivotal:
    r"""Choose as `hco` does; each pays :math:`\max_b O_{-i}(b) - O_{-i}(b^*)` [1]_ [2]_.

    With :math:`O_{-i}` the sum of the others' offers: a party pays what the others would
    have offered more for, had it not bid. All parties take part.

    Parameters
    ----------
    offers : ndarray of int64, shape (…, party, option)
        In ticks.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie.

    References
    ----------
    .. [1] E. H. Clarke, "Multipart pricing of public goods", Public Choice 11, 1971.
    .. [2] T. Groves, "Incentives in teams", Econometrica 41(4), 1973.

    Examples
    --------
    Alone, the second party would have had the last option, worth 1 more to it:

    >>> found = pivotal(np.array([[10, 4, 0], [0, 7, 8]]), np.array(0))
    >>> int(found.option), found.payments.tolist(), int(found.surplus)
    (1, [1, 6], 7)
    """
    present = np.ones(offers.shape[:-1], np.bool_)
    option = decide(HighestCombinedOffer("none"), offers, present, authority).option
    others = offers.sum(-2, keepdims=True) - offers
    chosen = np.take_along_axis(others, option[..., np.newaxis, np.newaxis], -1)[..., 0]
    return Pivotal(option, others.max(-1) - chosen)


def best_pivotal_response(
    values: Floats, others: Bids, seat: int, authority: Seats
) -> BestResponse:
    """Return the best bid against offers that are known, by trying every option.

    What a party pays for an option does not depend on what it offers, so it is enough to
    look at the least offer that wins each option. That truth does as well is not used here.

    Parameters
    ----------
    values : ndarray of float, shape (…, option)
        What each option is worth to the party, in ticks.
    others : ndarray of int64, shape (…, party, option)
        Offers in ticks; the row of `seat` is not read.
    seat : int
        Whose response.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie; -1: not known, and the party loses every tie.

    Examples
    --------
    >>> offers = np.array([[10, 4, 0], [0, 7, 8]])
    >>> best = best_pivotal_response(np.array([10.0, 4.0, 0.0]), offers, 0, np.array(0))
    >>> best.bids.tolist(), int(best.option), float(best.worth)
    ([0, 1, 0], 1, 3.0)
    """
    combined = np.delete(others, seat, -2).sum(-2)
    payments = combined.max(-1, keepdims=True) - combined
    enough = least_offers(others, seat, authority)
    worth = np.where(enough <= HIGHEST_OFFER, values - payments, -np.inf)
    option = worth.argmax(-1)
    bids = np.where(np.arange(worth.shape[-1]) == option[..., np.newaxis], enough, 0)
    return BestResponse(bids, option, worth.max(-1))
