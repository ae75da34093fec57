r"""Best responses to a mixture of bids that the others may make.

Under the highest combined offer and the lowest sum of ranks, a bid is judged by the targets
that it wins (`market.games.targets`). They are sought profile by profile, the likeliest first,
the most promising start first: what is known of a start is its least bid, and the rest can
bring no more than best responses to each of the other profiles alone. So the first that is
complete is best among all bids there are [1]_. For `k` profiles of `B` options, at most
:math:`\binom{k + B - 1}{k}` vectors of targets can be won at all [2]_: few, where k is small.

Where authority dictates (`rps-pareto`) the truth is best against anything. Under a lottery of
two parties all rankings are tried if they are few; else those are improved, by swapping two
ranks at a time, that are best responses to one profile. Then the answer may not be the best,
and says what no bid can exceed.

References
----------
.. [1] P. E. Hart, N. J. Nilsson, B. Raphael, "A formal basis for the heuristic determination of
   minimum cost paths", IEEE Transactions on Systems Science and Cybernetics 4, 1968.
.. [2] M. Develin, B. Sturmfels, "Tropical convexity", Documenta Mathematica 9, 2004: the
   targets that can be won are the regions of an arrangement of k tropical hyperplanes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations, permutations
from math import factorial
from typing import Final

import numpy as np

from market.games.best_offers import least_offers, own_payments
from market.games.best_ranks import within_reach
from market.games.best_response import best_response
from market.games.bid_game import earned
from market.games.targets import least_offers_for, margins, ranks_for
from market.mechanisms.base import Mechanism
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from market.mechanisms.rps_pareto import ParetoPreferenceSelection
from market.mechanisms.rps_random import RandomPreferenceSelection
from market.money import ranks
from market.types import Bids, Floats

LOOKS: Final = 5_000
"""Starts of targets that are looked at before the search is given up."""

FEW: Final = 720
"""All rankings are tried if they are no more than these: of six options."""

SAME: Final = 1e-9
"""Worths that differ by less, in ticks, are equal: what adding floats may leave."""


@dataclass(frozen=True, eq=False)
class MixtureResponse:
    """The best bid found against a mixture, and how good another could be."""

    bids: Bids
    """Offers in ticks, or ranks, shape ``(option,)``."""

    worth: float
    """What it earns on average, in ticks."""

    at_most: float
    """No bid earns more, in ticks: a bound that is proved."""

    @property
    def exact(self) -> bool:
        """Whether no bid is better."""
        return self.at_most <= self.worth + SAME


def mixture_response(
    rule: Mechanism,
    values: Floats,
    others: Bids,
    chances: Floats,
    seat: int,
    authority: int,
    looks: int = LOOKS,
) -> MixtureResponse:
    """Return the best bid against bids that the others make with some chances.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (option,)
        What each option is worth to the party, in ticks.
    others : ndarray of int64, shape (profile, party, option)
        What the others may bid together, offers in ticks or ranks; the row of `seat` is not
        read.
    chances : ndarray of float, shape (profile,)
        The probability of each profile; those of none are left out.
    seat : int
        Whose response is wanted.
    authority : int
        The seat that breaks a tie.
    looks : int
        After so many looks the search for targets is given up.

    Raises
    ------
    ValueError
        If a lottery has more than two parties.
    KeyError
        If the mechanism is none of those in `RESPONSES`.

    Examples
    --------
    The other offers 4 for the second option every other time. Seat 0 wins the first for 4
    always, which it does not break even on; rather it is paid 4 half the time:

    >>> found = mixture_response(
    ...     HighestCombinedOffer(),
    ...     values=np.array([3.0, 0.0]),
    ...     others=np.array([[[0, 0], [0, 4]], [[0, 0], [0, 0]]]),
    ...     chances=np.array([0.5, 0.5]),
    ...     seat=0,
    ...     authority=0,
    ... )
    >>> found.bids.tolist(), found.worth, found.exact
    ([0, 0], 3.5, True)
    """
    likely = [place for place in (-chances).argsort(kind="stable") if chances[place] > 0]
    position = _Position(rule, values, others[likely], chances[likely], seat, authority, looks)
    return RESPONSES[type(rule)](position)


@dataclass(frozen=True)
class _Position:
    """What a party knows before it bids, the likeliest profile first."""

    rule: Mechanism
    values: Floats
    others: Bids
    chances: Floats
    seat: int
    authority: int
    looks: int

    def worth(self, bids: Bids) -> Floats:
        """Return what bids of shape ``(…, option)`` earn on average, by the rules."""
        table = np.repeat(self.others[np.newaxis], bids[..., 0].size, 0)
        table[:, :, self.seat] = bids.reshape(-1, 1, bids.shape[-1])
        holder = np.array(self.authority)
        paid = earned(self.rule, self.values, table, self.seat, holder) @ self.chances
        return paid.reshape(bids.shape[:-1])

    def alone(self) -> Bids:
        """Return the best response to each profile on its own, shape ``(profile, option)``."""
        holder = np.array(self.authority)
        return best_response(self.rule, self.values, self.others, self.seat, holder).bids

    def hopes(self) -> Floats:
        """Return what each option brings against each profile alone, times its chance."""
        holders = np.full(len(self.others), self.authority)
        if self.rule.form == "ranks":
            reach = within_reach(self.others, self.seat, holders)
            worth = np.where(reach, self.values, -np.inf)
        else:
            enough = least_offers(self.others, self.seat, holders)
            worth = self.values - own_payments(self.rule, enough, self.others, self.seat)
        return worth * self.chances[:, np.newaxis]

    def won(self, bid: Bids, targets: tuple[int, ...]) -> float:
        """Return what a bid brings that wins a target against each of the first profiles."""
        where, count = list(targets), len(targets)
        offers = self.others[np.arange(count), :, where]
        offers[:, self.seat] = bid[where]
        paid = self.rule.charge(offers, np.ones(offers.shape[-1], np.bool_))[:, self.seat]
        return float((self.values[where] - paid) @ self.chances[:count])


def _by_targets(position: _Position) -> MixtureResponse:
    """Return the best bid by the targets that it wins, the most promising start first."""
    needed = margins(position.rule, position.others, position.seat, position.authority)
    bid_for = least_offers_for if position.rule.form == "offers" else ranks_for
    hopes = position.hopes()
    rest = np.append(hopes.max(-1)[::-1].cumsum()[::-1], 0.0)
    heap: list[tuple[float, bool, tuple[int, ...]]] = [(-rest[0], False, ())]
    for _ in range(position.looks):
        hope, known, targets = heappop(heap)
        count = len(targets)
        bid = bid_for(targets, needed) if targets else np.zeros(len(position.values), np.int64)
        if bid is None:
            continue
        if not known:
            heappush(heap, (-position.won(bid, targets) - rest[count], True, targets))
        elif count == len(hopes):
            worth = float(position.worth(bid))
            return MixtureResponse(bid, worth, worth)
        else:
            _branch(heap, -hope - rest[count], targets, hopes[count], rest[count + 1])
    starts = position.alone()
    if position.rule.form == "ranks":
        starts = _swapped(position, starts)
    return _best_of(position, starts, at_most=-heap[0][0])


def _branch(
    heap: list[tuple[float, bool, tuple[int, ...]]],
    so_far: float,
    targets: tuple[int, ...],
    hopes: Floats,
    rest: float,
) -> None:
    """Note every option as the next target, with the most that it may come to."""
    for option in np.flatnonzero(np.isfinite(hopes)).tolist():
        heappush(heap, (-(so_far + hopes[option] + rest), False, (*targets, option)))


def _truth(position: _Position) -> MixtureResponse:
    """Return true ranks: authority gets its favourite, and nobody else changes anything."""
    bid = ranks(position.values)
    worth = float(position.worth(bid))
    return MixtureResponse(bid, worth, worth)


def _by_rankings(position: _Position) -> MixtureResponse:
    """Return the best of all rankings, or of those that swaps of two improve no more."""
    alone, options = position.alone(), len(position.values)
    best_each = earned(
        position.rule,
        position.values,
        _with(position, alone),
        position.seat,
        np.array(position.authority),
    )
    at_most = float(best_each @ position.chances)
    if factorial(options) <= FEW:
        every = np.array(list(permutations(range(1, options + 1))))
        return _best_of(position, every, float(position.worth(every).max()))
    return _best_of(position, _swapped(position, alone), at_most)


def _swapped(position: _Position, starts: Bids) -> Bids:
    """Return the best of some rankings, improved by swaps of two options until none gains."""
    pairs = np.array(list(combinations(range(starts.shape[-1]), 2)))
    earns = position.worth(starts)
    bid, worth = starts[earns.argmax()], float(earns.max())
    while True:
        near = np.repeat(bid[np.newaxis], len(pairs), 0)
        np.put_along_axis(near, pairs, bid[pairs[:, ::-1]], -1)
        earns = position.worth(near)
        if earns.max() <= worth + SAME:
            return bid[np.newaxis]
        bid, worth = near[earns.argmax()], float(earns.max())


def _with(position: _Position, bids: Bids) -> Bids:
    """Return the profiles with a bid of the party's own in each."""
    table = position.others.copy()
    table[:, position.seat] = bids
    return table


def _best_of(position: _Position, bids: Bids, at_most: float) -> MixtureResponse:
    """Return the best of some bids, the first of equals."""
    earns = position.worth(bids)
    best = int(earns.argmax())
    return MixtureResponse(bids[best], float(earns[best]), max(at_most, float(earns[best])))


RESPONSES: Final[dict[type[Mechanism], Callable[[_Position], MixtureResponse]]] = {
    HighestCombinedOffer: _by_targets,
    RankedPreferenceSelection: _by_targets,
    ParetoPreferenceSelection: _truth,
    RandomPreferenceSelection: _by_rankings,
}
"""How to respond under each mechanism."""
