"""Follows a contract's events on a node, through reorganisations."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chain.agreement import Contract
from chain.codec import Log
from chain.node import Node
from chain.standing import Standing, fold

SETTLED_DEPTH: Final = 64
"""Blocks so deep are read once; the later ones again at every look."""

MOST_BLOCKS: Final = 2_000
"""Nodes answer for so many blocks at once."""


class Follower:
    """Knows where a market stands.

    Parameters
    ----------
    node : Node
        Where the contract stands.
    agreement : Contract
        What it says.
    """

    def __init__(self, node: Node, agreement: Contract) -> None:
        self._node = node
        self._agreement = agreement
        self._interface = agreement.interface
        self._start_over()

    def look(self) -> tuple[Standing, int]:
        """Return where the market stands now, and the time since its opening in seconds."""
        head = self._node.head
        self._settle(head - SETTLED_DEPTH)
        standing = self._read(self._settled, self._next, head)
        call = self._interface.call("freeDeposits")
        answer = self._node.view(self._agreement.address, call, head)
        (free,) = self._interface.answer("freeDeposits", answer)
        return replace(standing, free=tuple(free)), self._node.soon - self._agreement.opening

    def _start_over(self) -> None:
        self._next = first_block(self._node, self._agreement.opening)
        self._settled = Standing()
        self._last: tuple[int, str] | None = None

    def _settle(self, last: int) -> None:
        """Fold deep blocks for good; should they change all the same, start over."""
        if self._last and (
            self._last[0] > self._node.head
            or self._node.block(self._last[0])[0] != self._last[1]
        ):
            self._start_over()
        if last >= self._next:
            self._settled = self._read(self._settled, self._next, last)
            self._next = last + 1
            self._last = last, self._node.block(last)[0]

    def _read(self, standing: Standing, first: int, last: int) -> Standing:
        logs = logs_between(self._node, self._agreement.address, first, last)
        return fold(standing, self._interface, logs)


def logs_between(node: Node, address: str, first: int, last: int) -> Iterator[Log]:
    """Yield the events of a contract in a range of blocks, oldest first, however long it is."""
    for start in range(first, last + 1, MOST_BLOCKS):
        yield from node.logs(address, start, min(start + MOST_BLOCKS - 1, last))


def first_block(node: Node, time: int) -> int:
    """Return the first block that is not older than a time."""
    low, high = 0, node.head
    while low < high:
        middle = (low + high) // 2
        if node.block(middle)[1] < time:
            low = middle + 1
        else:
            high = middle
    return low
