"""A chain behind any Ethereum JSON-RPC node, with keys that stay here."""

import time
from collections.abc import Sequence
from typing import Any, Final

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from chain.codec import Deployment, Log, Message
from chain.errors import KeyRefused
from chain.evm import Receipt, Reverted
from chain.rpc import Rpc
from chain.sender import Sender, Waits, reverted_or

PATIENCE_S: Final = 60.0
"""How long a node may be away by default, in seconds."""

POLL_S: Final = 0.2
LONGEST_SLEEP_S: Final = 5.0


class Node:
    """A real chain: signs here, sends there, and waits for receipts.

    It outlives what happens on a network: a node that restarts, a queue that forgets, fees
    that rise, and reorganisations of up to as many blocks as it waits for.

    Parameters
    ----------
    url : str
        Of the node, with ``http`` or ``https``.
    keys : sequence of LocalAccount
        The accounts, which somebody has funded.
    waits : Waits
        How many confirmations a transaction needs, and how long it may take.
    patience_s : float
        How long a node may be away before `NodeUnreachable`.
    moves_time : bool
        Whether `wait_until` may set the clock of the node, a development one such as anvil;
        else it sleeps.
    """

    def __init__(
        self,
        url: str,
        keys: Sequence[LocalAccount],
        waits: Waits | None = None,
        patience_s: float = PATIENCE_S,
        moves_time: bool = False,
    ) -> None:
        self._rpc = Rpc(url, patience_s)
        self._keys = tuple(keys)
        self._moves_time = moves_time
        self._waits = waits or Waits()
        self.chain_id = int(self._rpc.ask("eth_chainId"), 16)
        self._senders = [Sender(self._rpc, key, self.chain_id, self._waits) for key in keys]

    def account(self, index: int) -> str:
        """Return the address of a key."""
        return self.key(index).address

    def deploy(self, sender: int, deployment: Deployment) -> Receipt:
        """Send the constructor in a transaction without a receiver."""
        return self._transact(sender, {"to": None, "data": deployment.data, "value": 0})

    def send(self, sender: int, to: str, message: Message, value: int = 0) -> Receipt:
        """Send a transaction, and wait until it is confirmed."""
        return self._transact(sender, {"to": to, "data": message.data, "value": value})

    def view(self, to: str, message: Message, block: int | None = None) -> bytes:
        """Ask at the latest block, or at a given one."""
        asked = {"to": to, "data": "0x" + message.data.hex()}
        return _bytes(reverted_or(self._rpc, "eth_call", asked, _tag(block)))

    def balance(self, address: str) -> int:
        """Return what an address holds at the latest block, in wei."""
        return int(self._rpc.ask("eth_getBalance", address, "latest"), 16)

    @property
    def now(self) -> int:
        """The time of the latest block."""
        return self._time("latest")

    @property
    def soon(self) -> int:
        """The least time that the next block can have, as far as the node tells."""
        return max(self._time("latest"), self._time("pending"))

    def wait_until(self, timestamp: int) -> None:
        """Sleep until the next block comes no earlier than this, or set the node's clock."""
        if self._moves_time:
            if timestamp > self.now:
                self._rpc.ask("evm_setNextBlockTimestamp", timestamp)
                self._rpc.ask("evm_mine")
            return
        while (left := timestamp - self.soon) > 0:
            time.sleep(min(max(left - 1, POLL_S), LONGEST_SLEEP_S))

    # What the port does not ask for, but who follows a contract does.

    def key(self, index: int) -> LocalAccount:
        """Return a key; raise `KeyRefused` if there are fewer."""
        if index >= len(self._keys):
            held = f"hold {len(self._keys)} accounts, wanted {index + 1} or more"
            raise KeyRefused("the private keys", held)
        return self._keys[index]

    def code(self, address: str) -> bytes:
        """Return what stands at an address."""
        return _bytes(self._rpc.ask("eth_getCode", address, "latest"))

    @property
    def head(self) -> int:
        """The number of the latest block."""
        return int(self._rpc.ask("eth_blockNumber"), 16)

    def block(self, number: int) -> tuple[str, int]:
        """Return hash and time of a block."""
        found = self._rpc.ask("eth_getBlockByNumber", hex(number), False)
        return found["hash"], int(found["timestamp"], 16)

    def logs(self, address: str, first: int, last: int) -> tuple[Log, ...]:
        """Return the events of a contract in a range of blocks, oldest first."""
        asked = {"address": address, "fromBlock": hex(first), "toBlock": hex(last)}
        return tuple(map(_log, self._rpc.ask("eth_getLogs", asked)))

    def wait_for_own(self, index: int) -> None:
        """Wait until nothing of a key is in the queue, as long as until it counts as stuck."""
        sender, end = self._sender(index), time.monotonic() + self._waits.stuck_s
        while sender.count("pending") > sender.count("latest") and time.monotonic() < end:
            time.sleep(POLL_S)

    def _transact(self, index: int, call: dict[str, Any]) -> Receipt:
        sender = self._sender(index)
        receipt = sender.run(call)
        if not int(receipt["status"], 16):
            self._replay(index, call, receipt["blockNumber"])
        where = receipt["contractAddress"]
        return Receipt(
            gas=int(receipt["gasUsed"], 16),
            logs=tuple(map(_log, receipt["logs"])),
            contract=to_checksum_address(where) if where else None,
            transaction=receipt["transactionHash"],
            block=int(receipt["blockNumber"], 16),
        )

    def _replay(self, index: int, call: dict[str, Any], block: str) -> None:
        """Raise what a mined transaction reverted with."""
        asked = {"from": self.account(index), "data": "0x" + call["data"].hex()}
        asked |= {"value": hex(call["value"])} | ({"to": call["to"]} if call["to"] else {})
        reverted_or(self._rpc, "eth_call", asked, block)
        raise Reverted(b"")  # out of gas, say

    def _time(self, tag: str) -> int:
        found = self._rpc.ask("eth_getBlockByNumber", tag, False)
        return int(found["timestamp"], 16) if found else 0

    def _sender(self, index: int) -> Sender:
        self.key(index)
        return self._senders[index]


def _tag(block: int | None) -> str:
    return "latest" if block is None else hex(block)


def _log(log: Any) -> Log:
    return Log(tuple(map(_bytes, log["topics"])), _bytes(log["data"]))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])
