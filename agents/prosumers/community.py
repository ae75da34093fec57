"""Communities of prosumers, day by day: plans, orders, delivery, and what each learns.

A day goes through the methods of `Prosumers`, and between them through a market and meters::

    schedule = prosumers.plan(households)
    placed = prosumers.order(schedule.net_wh)
    cleared = terms.rule.clear(placed.orders, terms.tariff)
    blocked = prosumers.blocks(placed, cleared)
    prosumers.learn(placed, cleared, blocked, np.where(blocked, 0, schedule.net_wh))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agents.draws import Draws
from agents.lookup import Elsewhere, nowhere
from agents.player import Player
from agents.prosumers.billing import Attitudes, Billing
from agents.prosumers.manners import Manner, manner
from agents.prosumers.orders import (
    NOT_TO_TRADE,
    TO_TRADE,
    candour,
    experience,
    knowledge,
    limited,
    saving_gbp,
    scaled,
    two_options,
    wanted_by_rest,
    with_trade_worth,
)
from agents.prosumers.scheduling import EPSILON_GBP, SWEEPS, Households, Schedule, schedule
from agents.strategies.base import Knowledge
from market.trading.base import Cleared, Orders
from market.trading.settlement import charges, locks
from market.trading.terms import MarketTerms
from market.types import Bids, Floats, Mask, Ticks, WattHours

Names: TypeAlias = NDArray[np.str_]
"""Strategies as users write them, shape ``(community, household)``."""

WORKING_TICKS: Final = 10**9
"""What a household usually keeps in its account: GBP 100."""


@dataclass(frozen=True, eq=False)
class Placed:
    """What prosumers ordered for a day."""

    orders: Orders
    """Those that counted, shape ``(community, household, window)``; nothing of all others."""

    sent: Mask
    """Whose counted, shape ``(community, household)``."""

    net_wh: WattHours
    """What each plans to take, shape ``(community, household, window)``."""

    candour: Floats
    """How much of what trade is worth each conceded, the same shape."""

    offers: Bids
    """What each offers for either option, ``(household, window, option)``.

    The households of all communities follow each other.
    """


class Prosumers:
    """Take prosumers through days; what they learn stays with them.

    All who follow one strategy bid together, each with its own memory and chances.

    Parameters
    ----------
    names : ndarray of str, shape (community, household)
        The strategy of each.
    terms : MarketTerms
        Of every community; a session is a day.
    charge : float
        Of the network, see `Billing`.
    seed : int
        Of their chances; each household has a stream of its own.
    working_ticks : int
        What a household usually keeps in its account, where orders lock it.
    elsewhere : callable, optional
        Asked for strategies that are not listed.

    Raises
    ------
    NotForProsumers
        If a strategy needs what a prosumer cannot know.
    """

    def __init__(
        self,
        names: Names,
        terms: MarketTerms,
        *,
        charge: float = 0.0,
        seed: int = 0,
        working_ticks: int = WORKING_TICKS,
        elsewhere: Elsewhere = nowhere,
    ) -> None:
        self.names, self.terms = names, terms
        self.billing = Billing(terms.tariff, terms.rule, charge)
        self.day = 0
        """How many days were settled."""
        manners = {str(name): manner(str(name), elsewhere) for name in np.unique(names)}
        self.attitudes = attitudes(names, manners)
        self.players = [
            self._player(name, found, seed) for name, found in sorted(manners.items())
        ]
        conducts = [(player.where, player.strategy.conduct) for player in self.players]
        self._sends, self._keeps = np.zeros(names.size, bool), np.zeros(names.size, np.int64)
        for where, conduct in conducts:
            self._sends[where] = conduct.sends == "in time"
            self._keeps[where] = round(conduct.deposit * working_ticks)

    def _player(self, name: str, found: Manner, seed: int) -> Player:
        """Return all who follow a strategy, as one player of many matches."""
        communities, households = np.nonzero(self.names == name)
        places = zip(communities.tolist(), households.tolist(), strict=True)
        seeds = [np.random.SeedSequence((seed, *place)) for place in places]
        where = np.flatnonzero(self.names == name)
        setting = two_options(len(where), self.terms.horizon)
        return Player(found.orders, setting, Draws(seeds), where)

    def plan(
        self, households: Households, epsilon_gbp: float = EPSILON_GBP, sweeps: int = SWEEPS
    ) -> Schedule:
        """Return what they plan for a day, as `schedule` does."""
        return schedule(
            households, self.attitudes, self.billing, epsilon_gbp=epsilon_gbp, sweeps=sweeps
        )

    def order(self, net_wh: WattHours) -> Placed:
        """Return what they order.

        Orders are left out of those that send none in time, and of those whose account does
        not cover what their day would lock.

        Parameters
        ----------
        net_wh : ndarray of int64, shape (community, household, window)
            What each plans to take.
        """
        share, offers = self._conceded(_flat(net_wh))
        conceded, keeps = share.reshape(net_wh.shape), self._keeps.reshape(self.names.shape)
        rule, tariff = self.terms.rule, self.terms.tariff
        meant = (limited if rule.limits else scaled)(net_wh, conceded, tariff)
        lock = locks(rule, tariff, meant, self.terms.penalty).sum(-1)
        sent = self._sends.reshape(self.names.shape) & (lock <= keeps)
        counted = Orders(meant.quantity_wh * sent[..., np.newaxis], meant.limit)
        return Placed(counted, sent, net_wh, conceded, offers)

    def _conceded(self, net_wh: WattHours) -> tuple[Floats, Bids]:
        """Return the candour of each, and what it offers; their leading axis is `_flat`."""
        share, offers = np.empty(net_wh.shape), np.empty((*net_wh.shape, 2), np.int64)
        for player in self.players:
            known = knowledge(player.setting, net_wh[player.where], self.terms.tariff, self.day)
            offers[player.where] = player.bid(known)
            share[player.where] = candour(known, offers[player.where])
        return share, offers

    def blocks(self, placed: Placed, cleared: Cleared) -> Mask:
        """Return who does not deliver what it traded, and cuts itself off for the window.

        Each weighs what its trade saves it, against no trade, if it does as it planned.

        Returns
        -------
        ndarray of bool, shape (community, household, window)
        """
        saved = self._saved_gbp(cleared, placed.net_wh, 0)
        option = _flat(np.where(cleared.traded_wh != 0, TO_TRADE, NOT_TO_TRADE))
        blocked = np.zeros(saved.shape, bool)
        for player in self.players:
            if player.may_block:
                known, chosen = _known(player), option[player.where]
                player.knowledge = with_trade_worth(known, saved[player.where])
                blocked[player.where] = player.blocks(chosen) & (chosen == TO_TRADE)
                player.knowledge = known
        return blocked.reshape(placed.net_wh.shape)

    def learn(
        self, placed: Placed, cleared: Cleared, blocked: Mask, metered_wh: WattHours
    ) -> Floats:
        """Learn from a day that was settled; return what trade saved each, in GBP.

        Parameters
        ----------
        placed, cleared, blocked
            What `order` returned, what came of it, and what `blocks` returned.
        metered_wh : ndarray of int64, shape (community, household, window)
            What each took.

        Returns
        -------
        ndarray of float, shape (community, household, window)
            Against its tariff alone.
        """
        lost = charges(cleared.traded_wh, metered_wh, self.terms.penalty)
        saved = self._saved_gbp(cleared, metered_wh, lost)
        sent = placed.sent[..., np.newaxis] & np.ones_like(blocked)
        heard = {
            "offers": placed.offers,
            "wanted": _flat(wanted_by_rest(placed.orders)),
            "sent": _flat(sent),
            "blocked": _flat(blocked),
            "option": _flat(np.where(cleared.traded_wh != 0, TO_TRADE, NOT_TO_TRADE)),
            "paid": _flat(cleared.payments + lost),
            "earned_gbp": saved,
        }
        for player in self.players:
            if player.learns:
                own = {name: array[player.where] for name, array in heard.items()}
                player.learn(experience(_known(player), **own))
        self.day += 1
        return saved.reshape(metered_wh.shape)

    def _saved_gbp(self, cleared: Cleared, metered_wh: WattHours, lost: Ticks | int) -> Floats:
        """Return what trade saves each, shape ``(household of all communities, window)``."""
        paid = cleared.payments + lost
        saved = saving_gbp(self.terms.tariff, cleared.traded_wh, paid, metered_wh)
        return saved.reshape(-1, saved.shape[-1])


def attitudes(names: Names, manners: Mapping[str, Manner]) -> Attitudes:
    """Return how households weigh bills, by their strategies.

    Parameters
    ----------
    names : ndarray of str, of any shape
        Of strategies.
    manners : mapping
        Each of the names to how it plans.
    """
    kinds, place = np.unique(names, return_inverse=True)
    found = [manners[str(name)] for name in kinds]
    own, others = np.array([each.disposition.weights for each in found]).T
    heeds = np.array([each.heeds for each in found])
    return Attitudes(own[place], others[place], heeds[place])


def _known(player: Player) -> Knowledge:
    """Return what a player ordered upon."""
    if player.knowledge is None:
        raise ValueError("prosumers deliver and learn after they have ordered")
    return player.knowledge


def _flat(array: NDArray[Any]) -> NDArray[Any]:
    """Return (community, household, window) as (household of all communities, window)."""
    return array.reshape(-1, array.shape[-1])
