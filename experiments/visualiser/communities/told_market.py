"""The market of a community as its half-hours go by, with every call in words."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from experiments.community.play import Day
from experiments.community.replay import clear_session, session_terms, settle_session
from experiments.community.world import World
from experiments.errors import chosen
from experiments.visualiser.communities.neighbours import Beside
from experiments.visualiser.record import Told
from experiments.visualiser.told_venue import pounds
from market.trading.local import LocalMarketplace
from market.trading.marketplace import Marketplace
from market.trading.tariff import TICK_GBP, TICKS_PER_PENNY
from market.trading.terms import MarketTerms
from market.types import WattHours

PLACE: Final = 0
"""The community whose market is held."""

Words = Mapping[str, Callable[[int], str]]
"""What a call of a stage said, by the seat that made it."""


class ToldMarket:
    """Hold the market of the first community; every session must come out as in memory.

    Parameters
    ----------
    world : World
        The communities.
    trading : str
        The trading rule.
    venue : str
        One of `VENUES`.
    """

    def __init__(self, world: World, trading: str, venue: str) -> None:
        terms = session_terms(world, trading)
        self.horizon = terms.horizon
        self.market = chosen("venue", venue, VENUES)(terms)
        self.parties = tuple(f"household {seat + 1}" for seat in range(terms.parties))
        self.told: list[Told] = []
        self.called: list[int] = []
        """How many calls there were by the end of each half-hour."""
        self._tell(0, {"deploy": lambda _: f"{trading}, {terms.parties} households"})

    def step(self, window: int, beside: Beside) -> None:
        """Go through a half-hour: orders and clearing begin a session, meters end it.

        Raises
        ------
        CheckFailed
            If trades or payments are others than in memory.
        ValueError
            If the day was read from files, which have no orders to send.
        """
        day = beside.played
        if day is None:
            raise ValueError("a day that was read has no orders, wanted one that was played")
        session, place = divmod(window, self.horizon)
        first = (window - place) % day.metered_wh.shape[-1]
        part = slice(first, first + self.horizon)
        if not place:
            paid_in = clear_session(self.market, day, PLACE, session)
            ordered = day.placed.orders.quantity_wh[PLACE, :, part]
            words: Words = {
                "deposit": lambda seat: pounds(paid_in[seat] * TICK_GBP),
                "submit": lambda seat: _ordered(ordered[seat]),
                "clear": lambda _: _cleared(day, part),
            }
            self._tell(window, words)
        if place == self.horizon - 1:
            settle_session(self.market, day, PLACE, session)
            metered = int(day.metered_wh[PLACE, :, part].sum())
            self._tell(window, {"report": lambda _: f"in all {_kwh(metered)} from the grid"})
        self.called.append(len(self.told))

    def _tell(self, window: int, words: Words) -> None:
        """Keep the newest calls with what they said."""
        for call in self.market.calls[len(self.told) :]:
            said = words[call.stage](-1 if call.seat is None else call.seat)
            who, gas = (window, call.stage, call.seat, said), call.gas
            self.told.append(Told(*who, gas, call.transaction, call.block))


def _local(terms: MarketTerms) -> Marketplace:
    return LocalMarketplace(terms)


def _revm(terms: MarketTerms) -> Marketplace:
    from chain.marketplace import ContractMarketplace
    from chain.revm import Revm

    return ContractMarketplace(terms, Revm())


VENUES: Final[Mapping[str, Callable[[MarketTerms], Marketplace]]] = {
    "local": _local,
    "revm": _revm,
}
"""Where the page can hold a market: in memory, or in a contract."""


def _ordered(wh: WattHours) -> str:
    takes, gives = int(np.maximum(wh, 0).sum()), int(np.maximum(-wh, 0).sum())
    return f"take {_kwh(takes)}, give {_kwh(gives)}, in {np.count_nonzero(wh)} half-hours"


def _cleared(day: Day, part: slice) -> str:
    traded = np.maximum(day.cleared.traded_wh[PLACE, :, part], 0).sum(0)
    prices = day.cleared.price[PLACE, part][traded > 0] / TICKS_PER_PENNY
    if not prices.size:
        return "nothing traded"
    low, high = f"{prices.min():.2f}", f"{prices.max():.2f}"
    at = low if low == high else f"{low} to {high}"
    return f"{_kwh(int(traded.sum()))} traded at {at} p/kWh"


def _kwh(wh: int) -> str:
    """Return an energy in words.

    >>> _kwh(1250)
    '1.25 kWh'
    """
    return f"{wh / 1000:.2f} kWh"
