"""Orders, outcomes and readings as marketplaces have them; twin of ``TradeLib.sol``."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from market.trading.base import Cleared, Orders
from market.trading.orders import Order
from market.types import WattHours

ORDER: Final = 6  # bytes: four of a quantity, two of a limit
FLOW: Final = 4  # bytes of a trade or a reading


def pack_orders(orders: Sequence[Order | None]) -> bytes:
    """Return the orders of a party for a session; no order is all zero.

    >>> pack_orders([Order(258, limit=9), None, Order(-1, limit=0)]).hex()
    '000001020009000000000000ffffffff0000'
    """
    return b"".join(
        int(order.quantity_wh).to_bytes(4, "big", signed=True)
        + int(order.limit).to_bytes(2, "big")
        if order
        else bytes(ORDER)
        for order in orders
    )


def unpack_orders(parties: int, horizon: int, orders: bytes) -> Orders:
    """Return the orders of all parties for a session, those of one behind those of another.

    >>> found = unpack_orders(2, 1, pack_orders([Order(-258, limit=9), None]))
    >>> found.quantity_wh.tolist(), found.limit.tolist()
    ([[-258], [0]], [[9], [0]])
    """
    table = np.frombuffer(orders, [("quantity", ">i4"), ("limit", ">u2")])
    table = table.reshape(parties, horizon)
    return Orders(table["quantity"].astype(np.int64), table["limit"].astype(np.int64))


def pack_merit(merit: Sequence[tuple[Sequence[int], Sequence[int]]]) -> bytes:
    """Return for each window its buyers and then its sellers, two bytes each.

    >>> pack_merit([((2, 0), (1,)), ((), ())]).hex()
    '000200000001'
    """
    return b"".join(
        seat.to_bytes(2, "big") for window in merit for side in window for seat in side
    )


def pack_readings(metered_wh: Sequence[Sequence[int]]) -> bytes:
    """Return what each seat took, window by window.

    >>> pack_readings([[1, -1]]).hex()
    '00000001ffffffff'
    """
    return b"".join(
        int(flow).to_bytes(FLOW, "big", signed=True) for flows in metered_wh for flow in flows
    )


def unpack_readings(parties: int, horizon: int, metered: bytes) -> WattHours:
    """Return what each seat took, shape ``(party, window)``.

    >>> unpack_readings(2, 1, pack_readings([[1, -1]])).tolist()
    [[1], [-1]]
    """
    return np.frombuffer(metered, ">i4").astype(np.int64).reshape(horizon, parties).T


def unpack_cleared(parties: int, horizon: int, outcome: bytes, payments: bytes) -> Cleared:
    """Return what ``SessionCleared`` said, but for what settlement owes.

    Examples
    --------
    Two parties trade 3 Wh for 12 ticks:

    >>> outcome = pack_readings([[3, -3]]) + bytes(16)
    >>> found = unpack_cleared(2, 1, outcome, (12).to_bytes(8) + (-12).to_bytes(8, signed=True))
    >>> found.traded_wh.tolist(), found.payments.tolist(), found.price.tolist()
    ([[3], [-3]], [[12], [-12]], [4])
    """
    traded = unpack_readings(parties, horizon, outcome[: FLOW * parties * horizon])
    paid = np.frombuffer(payments, ">i8").astype(np.int64).reshape(horizon, parties).T
    price = np.maximum(paid, 0).sum(0) // np.maximum(np.maximum(traded, 0).sum(0), 1)
    return Cleared(traded, paid, price)
