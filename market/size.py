"""How large a market may be, so that a transaction can hold the dearest call of a session.

A session is decided and settled in one call each. If one needed more than a transaction may
use, all bids of the session would be locked for ever, and later sessions could not be decided.
"""

from typing import Final

MOST_GAS: Final = 2**24
"""What a transaction may use (EIP-7825)."""

MOST_BYTES: Final = 2**17
"""What a transaction may carry to be passed on; a rule of clients, not of the chain."""

GAS_OF: Final = {"offers": 850, "ranks": 310}
"""Of each number of a bid, by its form, at the most."""

BYTES_OF: Final = {"offers": 8, "ranks": 1}
"""The same; an exact set-point may come with an offer."""


def fits(form: str, parties: int, options: int, horizon: int, bond: int) -> bool:
    """Return whether a session can be decided and settled, whatever anybody sends.

    Examples
    --------
    >>> fits("offers", parties=2, options=13, horizon=48, bond=1)
    True
    >>> fits("offers", parties=8, options=255, horizon=48, bond=1)
    False
    """
    gas = most_gas(form, parties, options, horizon, bond)
    return gas <= MOST_GAS and most_bytes(form, parties, options, horizon) <= MOST_BYTES


def most_gas(form: str, parties: int, options: int, horizon: int, bond: int) -> int:
    """Return a bound on the gas of the dearest call, above all that was measured.

    Either each bid counts, with exact set-points, and all options tie; or each party forfeits
    its bond in every window, by silence or by blocking, and the others share it. Measured by
    ``tests/chain/test_size.py``; deploying is not counted, since it traps nothing.
    """
    shared = 85_000 + 8_500 * parties + 600 * options
    counted = 4_500 + (2_900 + GAS_OF[form] * options) * parties + 540 * options
    forfeited = 2_200 + 700 * parties + 640 * parties**2 if bond else 0
    return shared + horizon * max(counted, forfeited)


def most_bytes(form: str, parties: int, options: int, horizon: int) -> int:
    """Return a bound on what is sent to a decision: every bid, and a cap for each window."""
    return 160 + parties * (320 + horizon * (4 + BYTES_OF[form] * options))
