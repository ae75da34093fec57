"""What speaks against a profile of bids, pure or mixed: best responses over all bids."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from market.games.bid_game import Menus, bid_game
from market.games.mixture_response import LOOKS, MixtureResponse, mixture_response
from market.games.profiles import Mixture, mixed_profile
from market.mechanisms.base import Mechanism
from market.types import Floats


@dataclass(frozen=True, eq=False)
class BidProfile:
    """A mixture of bids for each party, and its best response to those of the others."""

    menus: Menus
    """The bids of each party, each of shape ``(bid, option)``: offers in ticks, or ranks."""

    mixtures: tuple[Mixture, ...]
    """The probability of each bid, by party."""

    payoffs: tuple[float, ...]
    """What each party earns on average, in ticks."""

    responses: tuple[MixtureResponse, ...]

    @property
    def epsilon(self) -> float:
        """What a party gains by the best response that was found, in ticks."""
        worth = (found.worth for found in self.responses)
        return max(0.0, *(w - e for w, e in zip(worth, self.payoffs, strict=True)))

    @property
    def at_most(self) -> float:
        """What no party gains more than by any bid there is, in ticks: proved."""
        bounds = (found.at_most for found in self.responses)
        return max(0.0, *(b - e for b, e in zip(bounds, self.payoffs, strict=True)))


def bid_profile(
    rule: Mechanism,
    values: Floats,
    menus: Menus,
    mixtures: Sequence[Mixture],
    authority: int,
    looks: int = LOOKS,
) -> BidProfile:
    """Return a profile of bids with each party's best response over all bids.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (party, option)
        What each option is worth to each party, in ticks.
    menus : tuple of ndarray of int64, each of shape (bid, option)
        Bids of each party: offers in ticks, or ranks.
    mixtures : sequence of sequence of float
        The probability of each of these bids, by party.
    authority : int
        The seat that breaks a tie.
    looks : int
        After so many looks a search for a best response to a mixture is given up.

    Examples
    --------
    The truth, where seat 0 could win with 4 as well as with 9:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> values = np.array([[9.0, 0.0], [0.0, 4.0]])
    >>> menus = tuple(values.astype(np.int64)[:, np.newaxis])
    >>> truth = bid_profile(HighestCombinedOffer(), values, menus, [(1.0,), (1.0,)], 0)
    >>> truth.payoffs, truth.epsilon, truth.at_most
    ((0.0, 9.0), 5.0, 5.0)
    """
    places = [np.flatnonzero(mixture) for mixture in mixtures]
    played = [menu[place] for menu, place in zip(menus, places, strict=True)]
    shares = [np.asarray(own)[place] for own, place in zip(mixtures, places, strict=True)]
    game = bid_game(rule, values, played, np.array(authority))
    responses = []
    for seat in range(len(menus)):
        others = [bids[:1] if i == seat else bids for i, bids in enumerate(played)]
        weights = [np.ones(1) if i == seat else own for i, own in enumerate(shares)]
        bids = np.array(list(product(*others)))
        chances = np.array([prod(own) for own in product(*weights)])
        responses.append(
            mixture_response(rule, values[seat], bids, chances, seat, authority, looks)
        )
    return BidProfile(
        menus=menus,
        mixtures=tuple(mixtures),
        payoffs=mixed_profile(game, [own.tolist() for own in shares]).payoffs,
        responses=tuple(responses),
    )
