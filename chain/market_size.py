"""How large a community may be, so that a transaction can hold the dearest call of a session.

If a clearing needed more than a transaction may use, all orders of its session would be locked
for ever, and later sessions could not be cleared.
"""

from market.size import MOST_BYTES, MOST_GAS


def fits(parties: int, horizon: int) -> bool:
    """Return whether a session can be cleared and settled, whatever anybody orders.

    Examples
    --------
    >>> fits(255, horizon=1), fits(155, horizon=48), fits(255, horizon=48)
    (True, True, False)
    """
    small = most_bytes(parties, horizon) <= MOST_BYTES
    return small and most_gas(parties, horizon) <= MOST_GAS


def most_gas(parties: int, horizon: int) -> int:
    """Return a bound on the gas of the dearest call, above all that was measured.

    Either each order trades, at a price of its own; or nobody delivers. Measured by
    ``tests/chain/test_market_size.py``; deploying is not counted, since it traps nothing.
    """
    cleared = 80_000 + 600 * horizon + parties * (3_600 + 2_050 * horizon)
    settled = 50_000 + 600 * horizon + parties * (6_400 + 1_270 * horizon)
    return max(cleared, settled)


def most_bytes(parties: int, horizon: int) -> int:
    """Return a bound on what is sent to a clearing or to a settlement."""
    return 600 + parties * (8 + 8 * horizon)
