"""Ranked preference selection by lot among all undominated options.

RULES §3; the Methods of the paper, "it may be preferable". The paper feared the expense of
random numbers on a chain; the salts of sealed bids give them for almost nothing. Who reveals
last knows every salt, and can choose between the outcome with its own and the one without it,
at the price of its bond.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from market.mechanisms.rps_pareto import ParetoPreferenceSelection


@dataclass(frozen=True)
class RandomPreferenceSelection(ParetoPreferenceSelection):
    """Draw among the undominated options; authority is neither used nor moved [1]_.

    References
    ----------
    .. [1] L. Thomas et al., "A general form of smart contract for decentralised energy
       systems management", Nature Energy 4, 2019, Methods.
    """

    lottery: ClassVar[bool] = True


def draw_lot(window: int, salts: Sequence[bytes]) -> int:
    """Return the number that ties of a window are broken by, modulo their count.

    It is the SHA-256 of ``abi.encode(uint256 window, bytes32[] salts)``.

    Parameters
    ----------
    window : int
        Counted over all sessions.
    salts : sequence of bytes
        32 bytes from each participant, in the order of seats.

    Examples
    --------
    >>> draw_lot(0, [bytes(32), bytes(32)]) % 13
    11
    """
    words = [window, 64, len(salts)]
    encoded = b"".join(word.to_bytes(32, "big") for word in words) + b"".join(salts)
    return int.from_bytes(sha256(encoded).digest(), "big")
