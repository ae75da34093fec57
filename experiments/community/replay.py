"""The audit of the fast path: a day that was cleared in memory, again on the contract."""

from collections.abc import Sequence
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
from market.types import Floats, Ticks, WattHours

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
    paid_in = np.zeros(market.terms.parties, np.int64)
    for session in range(day.metered_wh.shape[-1] // market.terms.horizon):
        paid_in += clear_session(market, day, place, session)
        settle_session(market, day, place, session)
    paid = (day.cleared.payments + day.charges)[place].sum(-1)
    if not np.array_equal(np.array(market.free), paid_in - paid):
        raise CheckFailed(
            f"{market.terms.trading}: what is free after settlement differs on chain"
        )


def clear_session(
    market: Marketplace | LocalMarketplace, day: Day, place: int, session: int
) -> Ticks:
    """Pay in what accounts lack, order, clear, and compare with what was cleared in memory.

    Parameters
    ----------
    market : Marketplace
        Its sessions parts of days.
    day : Day
        The day that the session is of.
    place : int
        The community's place in it.
    session : int
        Counted over all days.

    Returns
    -------
    ndarray of int64, shape (party,)
        What each paid in.

    Raises
    ------
    CheckFailed
        At the first difference.
    """
    terms, part = market.terms, _part(market.terms, day, session)
    orders = day.placed.orders
    mine = Orders(orders.quantity_wh[place, :, part], orders.limit[place, :, part])
    needed = locks(terms.rule, terms.tariff, mine, terms.penalty).sum(-1)
    missing = np.maximum(needed - np.array(market.free), 0)
    for seat in np.flatnonzero(missing).tolist():
        market.deposit(seat, int(missing[seat]))
    both = mine.quantity_wh.tolist(), mine.limit.tolist()
    for seat, (wanted, limits) in enumerate(zip(*both, strict=True)):
        sent = [Order(*one) if one[0] else None for one in zip(wanted, limits, strict=True)]
        market.submit(session, seat, sent)
    _compare(terms.trading, market.clear(session), day.cleared, place, part)
    return missing


def settle_session(
    market: Marketplace | LocalMarketplace, day: Day, place: int, session: int
) -> None:
    """Report what the meters of a session said; arguments as of `clear_session`."""
    part = _part(market.terms, day, session)
    market.report(session, day.metered_wh[place, :, part].T.tolist())


def _part(terms: MarketTerms, day: Day, session: int) -> slice:
    """Return the windows of a day that a session has."""
    first = session * terms.horizon % day.metered_wh.shape[-1]
    return slice(first, first + terms.horizon)


def _compare(
    rule: str, found: Sequence[Trade], cleared: Cleared, place: int, part: slice
) -> None:
    """Refuse trades that are not those that were cleared in memory."""
    wanted: dict[str, WattHours | Floats] = {
        "traded_wh": cleared.traded_wh[place, :, part].T,
        "payments": cleared.payments[place, :, part].T,
        "price": cleared.price[place, part],
    }
    for name, there in wanted.items():
        if not np.array_equal(np.array([getattr(trade, name) for trade in found]), there):
            raise CheckFailed(f"{rule}: {name} differs between memory and the contract")
