"""The marketplace in memory: the contract's rules without its chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from market import errors
from market.local import IN_FLIGHT
from market.terms import MOST_TICKS
from market.trading.base import Cleared, Orders
from market.trading.marketplace import Trade
from market.trading.orders import Order, book, check_orders, check_readings, is_whole
from market.trading.settlement import dues, locks
from market.trading.terms import MarketTerms
from market.types import Ticks, WattHours
from market.venue import Call, Stage


@dataclass(frozen=True, eq=False)
class Held:
    """What a session holds between its first orders and its settlement."""

    sent: Mapping[int, tuple[Order | None, ...]] = field(default_factory=dict)
    """By seat, an order for each window."""

    lock: Ticks = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    """What each party locked for each window, ``(party, window)``, once cleared."""

    cleared: Cleared | None = None
    settled: bool = False


class LocalMarketplace:
    """Hold a community's trade in memory; the twin of ``Marketplace.sol``.

    Parameters
    ----------
    terms : MarketTerms
        What the parties agreed.

    Examples
    --------
    >>> from market.trading.tariff import Tariff
    >>> market = LocalMarketplace(MarketTerms(parties=2, tariff=Tariff(2500, 500), penalty=100))
    >>> for seat, order in enumerate([Order(400, limit=2500), Order(-500, limit=500)]):
    ...     market.deposit(seat, 1_100_000)
    ...     market.submit(0, seat, [order])
    >>> market.free
    (60000, 1050000)
    >>> (trade,) = market.clear(0)
    >>> trade.traded_wh, trade.price, trade.payments
    ((400, -400), 1500, (600000, -600000))
    >>> market.report(0, [[410, -390]])  # 10 Wh short, for 1000 ticks
    >>> market.free
    (501000, 1699000)
    """

    def __init__(self, terms: MarketTerms) -> None:
        self.terms = terms
        self._free = [0] * terms.parties
        self._sessions: dict[int, Held] = {}
        self._next = 0
        self._now = 0
        self._calls: list[Call] = []

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw now, in ticks."""
        return tuple(self._free)

    @property
    def calls(self) -> Sequence[Call]:
        """Every call that was accepted, oldest first."""
        return self._calls

    def deposit(self, seat: int, ticks: int) -> None:
        """Pay into an account."""
        if not is_whole(ticks, 0, MOST_TICKS):
            raise errors.DepositRefused(ticks, MOST_TICKS)
        self._check_seat(seat)
        self._free[seat] += ticks
        self._record("deposit", None, seat)

    def submit(self, session: int, seat: int, orders: Sequence[Order | None]) -> None:
        """Record orders, and lock what they may cost."""
        check_orders(self.terms, seat, orders)
        self._check_taking_orders(session, seat)
        needed = int(self._locks([orders]).sum())
        if self._free[seat] < needed:
            raise errors.DepositTooSmall(seat, self._free[seat], needed)
        self._free[seat] -= needed
        sent = {**self._held(session).sent, seat: tuple(orders)}
        self._sessions[session] = Held(sent)
        self._record("submit", session, seat)

    def wait_until(self, seconds: int) -> None:
        """Let time pass."""
        self._now = max(self._now, seconds)

    def clear(self, session: int) -> tuple[Trade, ...]:
        """Run the trading rule on the orders for each window."""
        if session != self._next:
            raise errors.WindowOutOfOrder(session, self._next)
        held = self._held(session)
        oldest = self._sessions.get(session - IN_FLIGHT)
        if not self._closed(session, held) or (oldest and not oldest.settled):
            raise errors.WindowNotReady(session)
        nothing = (None,) * self.terms.horizon
        sent = [held.sent.get(seat, nothing) for seat in range(self.terms.parties)]
        orders = book(sent)
        cleared = self.terms.rule.clear(orders, self.terms.tariff)
        self._sessions[session] = replace(held, lock=self._locks(sent), cleared=cleared)
        self._next += 1
        self._record("clear", session, None)
        return trades(session, orders, cleared)

    def report(self, session: int, metered_wh: Sequence[Sequence[int]]) -> None:
        """Settle a session by what the meters saw."""
        check_readings(self.terms, session, metered_wh)
        self._settle(session, np.array(metered_wh, np.int64).T)
        self._record("report", session, None)

    def settle(self, session: int) -> None:
        """Settle a session as traded, once the meter's deadline has passed."""
        if self._now < self.terms.meter_deadline(session):
            raise errors.WindowNotReady(session)
        self._settle(session, None)
        self._record("settle", session, None)

    def withdraw(self, seat: int, ticks: int) -> None:
        """Take money out of an account."""
        self._check_seat(seat)
        if not is_whole(ticks, 0, self._free[seat]):
            raise errors.BalanceTooSmall(seat, self._free[seat], ticks)
        self._free[seat] -= ticks
        self._record("withdraw", None, seat)

    # What may be sent when.

    def _check_taking_orders(self, session: int, seat: int) -> None:
        self._check_seat(seat)
        early = self._next <= session < self._next + IN_FLIGHT
        if not early or self._now >= self.terms.orders_close(session):
            raise errors.WindowClosed(session)
        if seat in self._held(session).sent:
            raise errors.AlreadyBid(session, seat)

    def _closed(self, session: int, held: Held) -> bool:
        everyone = len(held.sent) == self.terms.parties
        return everyone or self._now >= self.terms.orders_close(session)

    def _settle(self, session: int, metered_wh: WattHours | None) -> None:
        held = self._held(session)
        if held.cleared is None:
            raise errors.WindowNotReady(session)
        if held.settled:
            raise errors.WindowSettled(session)
        flows = held.cleared.traded_wh if metered_wh is None else metered_wh
        freed = dues(held.lock, held.cleared, flows, self.terms.penalty)
        self._free = [free + due for free, due in zip(self._free, freed.tolist(), strict=True)]
        self._sessions[session] = replace(held, settled=True)

    def _locks(self, sent: Sequence[Sequence[Order | None]]) -> Ticks:
        return locks(self.terms.rule, self.terms.tariff, book(sent), self.terms.penalty)

    def _held(self, session: int) -> Held:
        return self._sessions.get(session, Held())

    def _check_seat(self, seat: int) -> None:
        if not is_whole(seat, 0, self.terms.parties - 1):
            raise errors.NotAParty(seat)

    def _record(self, stage: Stage, session: int | None, seat: int | None) -> None:
        self._calls.append(Call(stage, session, seat))


def trades(session: int, orders: Orders, cleared: Cleared) -> tuple[Trade, ...]:
    """Return what came of the orders for a session, window by window.

    Parameters
    ----------
    session : int
        Which it is.
    orders : Orders
        Of shape ``(party, window)``.
    cleared : Cleared
        What came of them.

    Examples
    --------
    >>> traded = np.array([[4], [-4], [0]])
    >>> orders = Orders(np.array([[5], [-4], [0]]), np.array([[20], [8], [0]]))
    >>> (trade,) = trades(2, orders, Cleared(traded, 14 * traded, np.array([14])))
    >>> trade.window, trade.traded_wh, trade.participants
    (2, (4, -4, 0), (0, 1))
    """
    horizon = orders.quantity_wh.shape[-1]
    return tuple(
        Trade(
            window=session * horizon + window,
            traded_wh=tuple(cleared.traded_wh[:, window].tolist()),
            payments=tuple(cleared.payments[:, window].tolist()),
            price=int(cleared.price[window]),
            participants=tuple(np.flatnonzero(orders.quantity_wh[:, window]).tolist()),
        )
        for window in range(horizon)
    )
