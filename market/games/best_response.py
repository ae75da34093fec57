"""Exact best responses to bids that are known, and what a party could have gained by them.

With offers, a best response offers just enough at one option and nothing elsewhere, so it
costs a look at each option (RULES §5.5). With ranks, it ranks one option first and the
options that threaten it as far down as it must (RULES §5.6).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from market.bids import HIGHEST_OFFER
from market.games.best_offers import least_offers, own_payments
from market.games.best_ranks import (
    best_draw,
    favourites,
    ranks_to_draw,
    rivals_of,
    within_reach,
)
from market.games.bid_game import earned
from market.mechanisms.base import Mechanism
from market.mechanisms.entries import at, highest
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from market.mechanisms.rps_pareto import ParetoPreferenceSelection
from market.mechanisms.rps_random import RandomPreferenceSelection
from market.money import ranks
from market.types import Bids, Floats, Options, Seats, Ticks


@dataclass(frozen=True)
class BestResponse:
    """The bid that serves a party best, and where it leads."""

    bids: Bids
    """Offers in ticks, or ranks, shape ``(…, option)``."""

    option: Options
    """What is chosen if the party bids so, shape ``(…)``; in a lottery the most valued draw."""

    worth: Floats
    """The objective there, in ticks, shape ``(…)``; in a lottery the mean over the draws."""


def best_response(
    rule: Mechanism,
    values: Floats,
    others: Bids,
    seat: int,
    authority: Seats,
    weights: tuple[float, float] = (1.0, 0.0),
    others_values: Floats | None = None,
    budget: int = HIGHEST_OFFER,
) -> BestResponse:
    r"""Return the best bid against bids that are known, where all parties take part.

    The objective at option `b`, for a payment of :math:`p_b`, is
    :math:`\alpha (v_b - p_b) + \beta (W_b + p_b)`: the party's own earnings and those of all
    others together, who receive what it pays, weighed as in social value orientation [1]_.
    Of equal ones, the lowest payment counts, then the lowest option.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (…, option)
        What each option is worth to the party, in ticks.
    others : ndarray of int64, shape (…, party, option)
        Everybody's offers in ticks, or ranks; the row of `seat` is not read.
    seat : int
        Whose response is wanted.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie; -1: not known, and the party loses every tie.
    weights : tuple of float
        Alpha and beta. With beta above alpha the party would give without end; it gives
        what the option is worth to it, rounded half to even, if that is more than enough.
    others_values : ndarray of float, shape (…, option), optional
        What the others together earn at each option before payments, in ticks; by default
        nothing.
    budget : int
        The most that the party can offer, in ticks; one or more.

    Raises
    ------
    ValueError
        If the budget is less than one tick, or a lottery has more than two parties, for
        which no exact response is known here.
    KeyError
        If the mechanism is none of those in `RESPONSES`.

    References
    ----------
    .. [1] W. B. G. Liebrand, "The effect of social motives, communication and group size on
       behaviour in an N-person multi-stage mixed-motive game", European Journal of Social
       Psychology 14, 1984.

    Examples
    --------
    The other offers 7 for the last option. Seat 0 could win the first with 7, and would pay
    them; it rather makes a tie at the second, which it breaks, and is paid:

    >>> offers = np.array([[0, 0, 0], [0, 4, 7]])
    >>> best = best_response(
    ...     HighestCombinedOffer(), np.array([9.0, 8.0, 1.0]), offers, 0, np.array(0)
    ... )
    >>> best.bids.tolist(), int(best.option), float(best.worth)
    ([0, 3, 0], 1, 9.0)
    """
    if budget < 1:
        raise ValueError(f"a budget of {budget} ticks wins nothing, wanted one or more")
    earned = np.zeros(values.shape[-1]) if others_values is None else others_values
    lead = np.broadcast_shapes(
        values.shape[:-1], others.shape[:-2], authority.shape, earned.shape[:-1]
    )
    position = _Position(
        values=np.broadcast_to(values, (*lead, values.shape[-1])),
        others_values=earned,
        others=np.broadcast_to(others, (*lead, *others.shape[-2:])),
        seat=seat,
        authority=np.broadcast_to(authority, lead),
        weights=weights,
        budget=budget,
    )
    return RESPONSES[type(rule)](rule, position)


def deviation_gain(
    rule: Mechanism, values: Floats, bids: Bids, seat: int, authority: Seats
) -> Floats:
    """Return what a party would have gained by its best response to the others' bids.

    In a lottery, the gain in expectation over the lots.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (…, option)
        What each option is worth to the party, in ticks.
    bids : ndarray of int64, shape (…, party, option)
        Everybody's offers in ticks, or ranks.
    seat : int
        Whose gain is wanted.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie.

    Returns
    -------
    ndarray of float, shape (…)
        Ticks, never negative: the regret of its own bid.

    Raises
    ------
    ValueError
        If it is not known who breaks ties, or a lottery has more than two parties.

    Examples
    --------
    Seat 0 wins the first option with twice what it takes:

    >>> offers, values = np.array([[8, 0], [0, 4]]), np.array([9.0, 0.0])
    >>> float(deviation_gain(HighestCombinedOffer(), values, offers, 0, np.array(0)))
    4.0
    """
    if (authority < 0).any():
        raise ValueError("wanted the seat that breaks ties, to know what a bid led to")
    best = best_response(rule, values, bids, seat, authority)
    gain = best.worth - earned(rule, values, bids, seat, authority)
    return np.maximum(gain, 0.0)  # means over equal draws may differ in the last digit


@dataclass(frozen=True)
class _Position:
    """What a party knows before it bids, all leading axes alike; see `best_response`."""

    values: Floats
    others_values: Floats
    others: Bids
    seat: int
    authority: Seats
    weights: tuple[float, float]
    budget: int

    def worth(self, payments: Ticks) -> Floats:
        """Return the objective at each option for what the party pays there."""
        own, rest = self.weights
        return own * (self.values - payments) + rest * (self.others_values + payments)

    def worth_unpaid(self) -> Floats:
        """Return the objective at each option where nobody pays."""
        return self.worth(np.zeros(self.values.shape[-1], np.int64))


def _offers(rule: Mechanism, position: _Position) -> BestResponse:
    """Offer just enough for one option, or what it is worth where giving is wanted."""
    enough = least_offers(position.others, position.seat, position.authority)
    offers = enough
    if position.weights[1] > position.weights[0]:
        most = np.minimum(np.rint(position.values), position.budget).astype(np.int64)
        offers = np.maximum(enough, most)
    payments = own_payments(rule, offers, position.others, position.seat)
    worth = np.where(enough <= position.budget, position.worth(payments), -np.inf)
    best = np.equal(worth, highest(worth))
    option = np.where(best, payments, np.iinfo(np.int64).max).argmin(-1)
    bids = np.where(np.arange(worth.shape[-1]) == option[..., None], offers, 0)
    return BestResponse(bids, option, at(worth, option))


def _ranks(_rule: Mechanism, position: _Position) -> BestResponse:
    """Rank the best option within reach first, and its rivals as it takes."""
    where = position.others, position.seat, position.authority
    worth = np.where(within_reach(*where), position.worth_unpaid(), -np.inf)
    option = worth.argmax(-1)
    rivals = rivals_of(option, *where)
    return BestResponse(ranks(-rivals.astype(np.float64)), option, at(worth, option))


def _pareto_ranks(_rule: Mechanism, position: _Position) -> BestResponse:
    """Rank truthfully: authority gets its favourite, and nobody else changes anything.

    Where authority is not known, the other party whose favourite is worst has it.
    """
    worth, seat = position.worth_unpaid(), position.seat
    chosen = favourites(position.others)
    chosen[..., seat] = worth.argmax(-1)
    worths = np.take_along_axis(worth, chosen, -1)
    worths[..., seat] = np.where(position.authority < 0, np.inf, worths[..., seat])
    holder = np.where(position.authority < 0, worths.argmin(-1), position.authority)
    return BestResponse(ranks(worth), at(chosen, holder), at(worths, holder))


def _drawn_ranks(_rule: Mechanism, position: _Position) -> BestResponse:
    """Leave the set with the best mean undominated, against one other party."""
    if position.others.shape[-2] > 2:
        raise ValueError("best responses under a lottery are known for two parties alone")
    other, worth = position.others[..., 1 - position.seat, :], position.worth_unpaid()
    drawn = best_draw(worth, other)
    option = np.where(drawn, worth, -np.inf).argmax(-1)
    return BestResponse(ranks_to_draw(drawn, other), option, worth.mean(-1, where=drawn))


RESPONSES: Final[dict[type[Mechanism], Callable[[Mechanism, _Position], BestResponse]]] = {
    HighestCombinedOffer: _offers,
    RankedPreferenceSelection: _ranks,
    ParetoPreferenceSelection: _pareto_ranks,
    RandomPreferenceSelection: _drawn_ranks,
}
"""How to respond under each mechanism."""
