"""Equilibria of the game of bids itself, by adding best responses to a few bids: double oracle.

Each party has a menu of bids, at first the truth. The game among the menus is solved, each
party answers the others' mixture by a best response over all bids there are, and answers that
gain join the menus [1]_. It ends where none does: what nobody gains by leaving among all bids
is an equilibrium of the whole game, however few bids were looked at. With meta-strategies
other than equilibria this is known as policy-space response oracles [2]_.

Of the pure equilibria among the menus the one is answered that is nearest to one of the whole
game; a mixed one is sought if there is no pure one.

References
----------
.. [1] H. B. McMahan, G. J. Gordon, A. Blum, "Planning in the presence of cost functions
   controlled by an adversary", ICML 2003.
.. [2] M. Lanctot et al., "A unified game-theoretic approach to multiagent reinforcement
   learning", NeurIPS 2017.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from market.games.best_response import deviation_gain
from market.games.bid_game import Menus, bid_game
from market.games.bid_profile import BidProfile, bid_profile
from market.games.equilibria import TOLERANCE as STILL
from market.games.equilibria import nearest_equilibrium
from market.games.lemke_howson import lemke_howson
from market.games.mixed import nash_equilibria
from market.games.mixture_response import LOOKS
from market.games.normal_form import deviation_gains
from market.games.profiles import Mixture, pure_mixture
from market.games.scaling import rescaled, without_noise
from market.mechanisms.base import Mechanism
from market.types import Bids, Floats

Ending: TypeAlias = Literal["pure", "mixed", "unproved", "rounds"]
"""``pure`` and ``mixed``: an equilibrium of the whole game. ``unproved``: no bid was found
that gains more than the tolerance and is new, but one may exist. ``rounds``: given up after
so many rounds, or with so many profiles."""

TOLERANCE: Final = 1e-6
"""Gains up to this, in ticks, move nobody."""

ROUNDS: Final = 100
"""After which it is given up."""

PROFILES: Final = 20_000
"""It is given up where the game among the menus has more."""


@dataclass(frozen=True, eq=False)
class DoubleOracle:
    """The profile of bids that nobody gains much by leaving, and what speaks against it."""

    menus: Menus
    """The bids of each party, each of shape ``(bid, option)``: offers in ticks, or ranks."""

    profile: tuple[Mixture, ...]
    """The probability of each bid, by party."""

    payoffs: tuple[float, ...]
    """What each party earns on average, in ticks."""

    epsilon: float
    """What a party gains by the best other bid that was found, in ticks."""

    at_most: float
    """No party gains more than this by any bid: a bound that is proved, in ticks."""

    history: tuple[float, ...]
    """Epsilon in each round."""

    ended: Ending

    equilibria: tuple[tuple[int, ...], ...]
    """All pure equilibria of the whole game among the menus: the bid of each party. None,
    unless the ending is ``pure``."""

    @property
    def exact(self) -> bool:
        """Whether epsilon is known exactly: no bid gains more."""
        return self.at_most <= self.epsilon + TOLERANCE

    @property
    def converged(self) -> bool:
        """Whether an equilibrium of the whole game was reached."""
        return self.ended in {"pure", "mixed"}

    @property
    def rounds(self) -> int:
        """How many games among menus were solved."""
        return len(self.history)


def double_oracle(
    rule: Mechanism,
    values: Floats,
    starts: Bids,
    authority: int,
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
    looks: int = LOOKS,
) -> DoubleOracle:
    """Add best responses to a menu for each party until nobody gains by one.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    values : ndarray of float, shape (party, option)
        What each option is worth to each party, in ticks.
    starts : ndarray of int64, shape (start, party, option)
        Profiles whose bids are on the menus at first: offers in ticks, or ranks.
    authority : int
        The seat that breaks a tie.
    tolerance : float
        Gains up to this, in ticks, move nobody.
    rounds : int
        After which to give up; one or more.
    looks : int
        After so many looks a search for a best response to a mixture is given up.

    Raises
    ------
    ValueError
        If a lottery has more than two parties, or there are no rounds.

    Examples
    --------
    Two who want opposite options, where seat 0 breaks ties. From the truth on, seat 0 learns
    to offer just enough, and seat 1 to offer less than it must:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> values = np.array([[9.0, 0.0], [0.0, 4.0]])
    >>> truth = values.astype(np.int64)[np.newaxis]
    >>> found = double_oracle(HighestCombinedOffer(), values, truth, authority=0)
    >>> found.ended, found.payoffs, found.epsilon, found.rounds
    ('pure', (5.0, 4.0), 0.0, 2)
    """
    if rounds < 1:
        raise ValueError(f"{rounds} rounds reach nothing, wanted one or more")
    menus = tuple(np.unique(starts[:, seat], axis=0) for seat in range(len(values)))
    seen: list[BidProfile] = []
    ended: Ending | None = None
    while ended is None:
        game = bid_game(rule, values, menus, np.array(authority))
        held = _held(rule, values, menus, authority, game)
        here = bid_profile(rule, values, menus, _profile(game, held), authority, looks)
        seen.append(here)
        longer = _longer(here, tolerance)
        last = len(seen) == rounds or game[0].size > PROFILES
        ended = _ended(here, longer is None, tolerance, last)
        menus = longer or menus
    best = min(seen, key=lambda one: one.at_most)
    return DoubleOracle(
        menus=best.menus,
        profile=best.mixtures,
        payoffs=best.payoffs,
        epsilon=best.epsilon,
        at_most=best.at_most,
        history=tuple(one.epsilon for one in seen),
        ended=ended,
        equilibria=tuple(actions for actions, gain in held if gain <= tolerance),
    )


def _longer(here: BidProfile, tolerance: float) -> Menus | None:
    """Return the menus with all new bids that gain; None if there are none."""
    longer = tuple(
        np.concatenate([menu, found.bids[np.newaxis]])
        if found.worth - earns > tolerance and not (menu == found.bids).all(-1).any()
        else menu
        for menu, earns, found in zip(here.menus, here.payoffs, here.responses, strict=True)
    )
    grown = any(len(new) > len(old) for new, old in zip(longer, here.menus, strict=True))
    return longer if grown else None


def _held(
    rule: Mechanism, values: Floats, menus: Menus, authority: int, game: Floats
) -> list[tuple[tuple[int, ...], float]]:
    """Return the pure equilibria among the menus, and what somebody gains by any bid."""
    found = np.argwhere(deviation_gains(game).max(axis=0) <= STILL)
    if not len(found):
        return []
    bids = np.stack([menu[own] for menu, own in zip(menus, found.T, strict=True)], axis=1)
    gains = [
        deviation_gain(rule, values[seat], bids, seat, np.array(authority))
        for seat in range(len(menus))
    ]
    actions = map(tuple, found.tolist())
    return list(zip(actions, np.max(gains, axis=0).tolist(), strict=True))


def _profile(game: Floats, held: list[tuple[tuple[int, ...], float]]) -> tuple[Mixture, ...]:
    """Return the pure equilibrium that is left for the least gain, else a mixed one."""
    if held:
        actions, _ = min(held, key=lambda one: one[1])
        return _certain(actions, game)
    return _mixed(game)


def _mixed(game: Floats) -> tuple[Mixture, ...]:
    """Return a mixed equilibrium, or what is nearest to one of what was looked at."""
    if len(game) > len(("row", "column")):
        return nash_equilibria(game, "mclennan-tourky").nearest.profile
    found = lemke_howson(rescaled(without_noise(game)), enough=1)
    nearest = _certain(nearest_equilibrium(game).actions, game)
    return (*found.profiles, nearest)[0]


def _certain(actions: tuple[int, ...], game: Floats) -> tuple[Mixture, ...]:
    """Return a pure profile as mixtures."""
    return tuple(
        pure_mixture(action, count)
        for action, count in zip(actions, game.shape[1:], strict=True)
    )


def _ended(answered: BidProfile, stuck: bool, tolerance: float, last: bool) -> Ending | None:
    """Return how it ended; None if it goes on."""
    if answered.at_most <= tolerance:
        pure = all(max(mixture) == 1.0 for mixture in answered.mixtures)
        return "pure" if pure else "mixed"
    if stuck:
        return "unproved"
    return "rounds" if last else None
