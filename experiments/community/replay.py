"""The audit of the fast path: a day that was cleared in memory, again on the contract."""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from experiments.community.play import Day, market_terms
from experiments.community.world import World
from experiments.errors import CheckFailed
from market.trading.base import Cleared, Orders
from market.trading.local import LocalMarketplace
from market.trading.marketplace import Marketplace, Trade
from market.trading.orders import Order
from market.trading.settlement import locks
from market.trading.terms import MarketTerms
from market.types import Floats, WattHours

MOST_ORDERS = 2_000
"""The most orders of a session, so that a transaction can clear and settle it."""


@dataclass(frozen=True)
class Replay:
    """A day that came out on the contract as in memory."""

    rule: str

    orders: int
    """Of something; those of nothing not counted."""

    gas: int
    """Of all orders, the clearing and the report; deposits and deployment not counted."""

    @property
    def gas_per_order(self) -> float:
        """What an order costs from its submission to its settlement."""
        return self.gas / max(self.orders, 1)


def can_replay() -> bool:
    """Return whether the contract's bytecode can be run in process."""
    return find_spec("pyrevm") is not None


def replayed(world: World, trading: str, day: Day, place: int = 0) -> Replay:
    """Clear and settle a day of one community on the contract, and compare all.

    Parameters
    ----------
    world : World
        Where.
    trading : str
        The rule.
    day : Day
        As it was played in memory.
    place : int
        The community's place in it.

    Raises
    ------
    CheckFailed
        At the first difference, naming the rule.
    """
    from chain.marketplace import ContractMarketplace
    from chain.revm import Revm

    agreed = session_terms(world, trading)
    contract = ContractMarketplace(agreed, Revm())
    check_day(contract, day, place)
    stages = {"submit", "clear", "report"}
    gas = sum(call.gas or 0 for call in contract.calls if call.stage in stages)
    return Replay(trading, int((day.placed.orders.quantity_wh[place] != 0).sum()), gas)


def session_terms(world: World, trading: str) -> MarketTerms:
    """Return the terms of a community, its days in sessions that a transaction can hold."""
    from dataclasses import replace

    agreed = market_terms(world, trading)
    lengths = [n for n in range(1, agreed.horizon + 1) if agreed.horizon % n == 0]
    fitting = [n for n in lengths if n * agreed.parties <= MOST_ORDERS]
    return replace(agreed, horizon=max(fitting, default=1))


def check_day(market: Marketplace | LocalMarketplace, day: Day, place: int) -> None:
    """Take a day through a marketplace, and compare trades, payments, prices and money.

    Parameters
    ----------
    market : Marketplace
        Fresh, its sessions parts of the day.
    day : Day
        As it was played.
    place : int
        The community's place in it.

    Raises
    ------
    CheckFailed
        At the first difference.
    """
    terms, orders = market.terms, day.placed.orders
    mine = Orders(orders.quantity_wh[place], orders.limit[place])
    funds = locks(terms.rule, terms.tariff, mine, terms.penalty).sum(-1).tolist()
    for seat, ticks in enumerate(funds):
        market.deposit(seat, ticks)
    metered = day.metered_wh[place]
    found: list[Trade] = []
    for session in range(metered.shape[1] // terms.horizon):
        part = slice(session * terms.horizon, (session + 1) * terms.horizon)
        _submit(market, session, mine, part)
        found += market.clear(session)
        market.report(session, metered[:, part].T.tolist())
    _compare(terms.trading, found, day.cleared, place)
    paid = (day.cleared.payments + day.charges)[place].sum(-1)
    if not np.array_equal(np.array(market.free), np.array(funds) - paid):
        raise CheckFailed(f"{terms.trading}: what is free after settlement differs on chain")


def _submit(
    market: Marketplace | LocalMarketplace, session: int, orders: Orders, part: slice
) -> None:
    """Have every seat send its orders for a session."""
    both = orders.quantity_wh[:, part].tolist(), orders.limit[:, part].tolist()
    for seat, (wanted, limits) in enumerate(zip(*both, strict=True)):
        sent = [Order(*one) if one[0] else None for one in zip(wanted, limits, strict=True)]
        market.submit(session, seat, sent)


def _compare(rule: str, found: list[Trade], cleared: Cleared, place: int) -> None:
    """Refuse trades that are not those that were cleared in memory."""
    wanted: dict[str, WattHours | Floats] = {
        "traded_wh": cleared.traded_wh[place].T,
        "payments": cleared.payments[place].T,
        "price": cleared.price[place],
    }
    for name, there in wanted.items():
        if not np.array_equal(np.array([getattr(trade, name) for trade in found]), there):
            raise CheckFailed(f"{rule}: {name} differs between memory and the contract")
