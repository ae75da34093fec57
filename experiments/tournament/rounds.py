"""In which rounds the replicates of a tournament are played that may stop early."""

from collections.abc import Iterator
from typing import Final

ROUND: Final = 5
"""Replicates of a round. None stops after fewer: of four, one time in eight all differences
would have one sign by chance alone."""

MOST: Final = 20
"""Replicates at most, where the command line says nothing of them."""


def rounds(replicates: int, settle: int) -> Iterator[range]:
    """Yield the replicates of each round: all at once where nothing is to be settled.

    >>> list(rounds(12, settle=3)), list(rounds(12, settle=0))
    ([range(0, 5), range(5, 10), range(10, 12)], [range(0, 12)])
    """
    step = ROUND if settle else replicates
    for first in range(0, replicates, step):
        yield range(first, min(first + step, replicates))
