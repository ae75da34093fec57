"""Transactions of one key, from signing to as many confirmations as were asked for.

A transaction keeps its nonce until that nonce is used on the chain, whatever happens: if the
node forgets the transaction it is sent again, if it lies still it is replaced by one that pays
more, and if a reorganisation takes its receipt away the wait goes on. So nothing is ever done
twice. Nonces before it that nobody uses are filled with transfers of nothing.
"""

import re
import time
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from eth_account.signers.local import LocalAccount

from chain.errors import NodeRefused, TransactionStuck
from chain.evm import Reverted
from chain.rpc import Rpc
from market.size import MOST_GAS

KNOWN: Final = re.compile(r"already|\bknown", re.IGNORECASE)
USED: Final = re.compile(r"nonce too low|old ?nonce", re.IGNORECASE)
CHEAP: Final = re.compile(r"underpriced|base fee|replacement", re.IGNORECASE)
REVERT: Final = re.compile(r"revert", re.IGNORECASE)
REVERT_CODE: Final = 3

FIRST_POLL_S: Final = 0.02
LONGEST_POLL_S: Final = 1.0
FORGET_S: Final = 0.2  # a transaction that is not found for so long is forgotten
TAKEN_S: Final = 3.0  # a nonce without a receipt for so long went to something else
MOST_DEAR: Final = 10  # times today's fee is the most that a replacement pays


class Fate(Enum):
    """What becomes of a transaction that is not mined."""

    TAKEN = "its nonce was used by another"
    FORGOTTEN = "the node does not know it any more"
    STILL = "it waits"


@dataclass(frozen=True)
class Waits:
    """How long a sender waits, and for what."""

    confirmations: int = 1
    """Blocks that must hold a transaction or follow it, before it counts as done."""

    stuck_s: float = 30.0
    """After so long a transaction is replaced by one that pays more."""

    lost_s: float = 600.0
    """After so long `TransactionStuck` is raised."""


class Sender:
    """Signs and sends, one transaction at a time.

    Parameters
    ----------
    rpc : Rpc
        The node.
    key : LocalAccount
        Who signs; nobody else may use the key at the same time.
    chain_id : int
        What signatures are bound to.
    waits : Waits
        How long to wait.
    """

    def __init__(self, rpc: Rpc, key: LocalAccount, chain_id: int, waits: Waits) -> None:
        self._rpc = rpc
        self._key = key
        self._chain_id = chain_id
        self._waits = waits

    def run(self, call: dict[str, Any]) -> dict[str, Any]:
        """Return the receipt of a call: ``to`` (none to deploy), ``data``, ``value``.

        Raises
        ------
        Reverted
            If the contract refuses before anything was sent.
        NodeRefused, NodeUnreachable, TransactionStuck
        """
        end = time.monotonic() + self._waits.lost_s
        gas = self._estimate(call)
        while True:
            receipt = self._place(call | {"gas": gas}, self.count("pending"), end)
            if receipt is not None:
                return receipt

    def count(self, block: str) -> int:
        """Return how many nonces are used: ``latest``, or with the queue, ``pending``."""
        return int(self._rpc.ask("eth_getTransactionCount", self._key.address, block), 16)

    def _estimate(self, call: dict[str, Any]) -> int:
        """Return enough gas, with a quarter to spare, but no more than is allowed."""
        asked = {"from": self._key.address, "data": "0x" + call["data"].hex()}
        asked |= {"value": hex(call["value"])} | ({"to": call["to"]} if call["to"] else {})
        with_reverts = reverted_or(self._rpc, "eth_estimateGas", asked, "pending")
        return min(int(with_reverts, 16) * 5 // 4, MOST_GAS)

    def _place(self, call: dict[str, Any], nonce: int, end: float) -> dict[str, Any] | None:
        """Return the receipt of a call, or None if its nonce went to something else."""
        fees, sent = self._fees(), list[str]()
        while True:
            raw, name = self._sign(call | fees | {"nonce": nonce})
            sent.append(name)
            cheap = self._offer(raw)
            fate = self._watch(sent, nonce, end)
            if fate is Fate.TAKEN:
                return None
            if not isinstance(fate, Fate):
                return fate
            if time.monotonic() > end:
                raise TransactionStuck(name, self._waits.lost_s)
            fees = _raised(fees, self._fees(), more=cheap or fate is Fate.STILL)
            self._fill(nonce, fees)

    def _offer(self, raw: str) -> bool:
        """Send a signed transaction; return whether the node finds it too cheap."""
        try:
            self._rpc.ask("eth_sendRawTransaction", raw)
        except NodeRefused as refused:
            if KNOWN.search(refused.reason) or USED.search(refused.reason):
                return False
            if not CHEAP.search(refused.reason):
                raise
            return True
        return False

    def _watch(self, sent: list[str], nonce: int, end: float) -> "dict[str, Any] | Fate":
        """Wait for the receipt of whatever was sent with a nonce, or for its fate."""
        still = min(time.monotonic() + self._waits.stuck_s, end)
        taken, pause_s = time.monotonic() + TAKEN_S, FIRST_POLL_S
        while True:
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_POLL_S)
            used = self.count("latest") > nonce  # asked first, so that its receipt is there
            found, now = self._receipt(sent), time.monotonic()
            if found is not None and self._depth(found) >= self._waits.confirmations:
                return found
            if found is None and used and now > taken:
                return Fate.TAKEN
            if found is None and not used and pause_s > FORGET_S and not self._queued(sent[-1]):
                return Fate.FORGOTTEN
            if now > (still if found is None and not used else end):
                return Fate.STILL

    def _queued(self, name: str) -> bool:
        return self._rpc.ask("eth_getTransactionByHash", name) is not None

    def _receipt(self, sent: list[str]) -> dict[str, Any] | None:
        for name in reversed(sent):
            found = self._rpc.ask("eth_getTransactionReceipt", name)
            if found is not None:
                return found
        return None

    def _depth(self, receipt: dict[str, Any]) -> int:
        head = int(self._rpc.ask("eth_blockNumber"), 16)
        return head - int(receipt["blockNumber"], 16) + 1

    def _fees(self) -> dict[str, int]:
        """Return what is paid for gas, in wei: up to twice today's base fee, and a tip."""
        base = int(self._rpc.ask("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
        tip = int(self._rpc.ask("eth_maxPriorityFeePerGas"), 16)
        return {"maxFeePerGas": 2 * base + tip, "maxPriorityFeePerGas": tip}

    def _fill(self, nonce: int, fees: dict[str, int]) -> None:
        """Use up the nonces before this one, by which it would wait for ever."""
        nothing = {"to": self._key.address, "data": b"", "value": 0, "gas": 21_000}
        for unused in range(self.count("latest"), nonce):
            self._offer(self._sign(nothing | fees | {"nonce": unused})[0])

    def _sign(self, transaction: dict[str, Any]) -> tuple[str, str]:
        """Return a signed transaction and its hash."""
        to = transaction["to"] or b""
        signed = self._key.sign_transaction(transaction | {"to": to, "chainId": self._chain_id})
        return signed.raw_transaction.to_0x_hex(), signed.hash.to_0x_hex()


def reverted_or(rpc: Rpc, method: str, *parameters: Any) -> str:
    """Return what a node computed; raise `Reverted` if a contract refused."""
    try:
        return rpc.ask(method, *parameters)
    except NodeRefused as refused:
        if refused.code != REVERT_CODE and not REVERT.search(refused.reason):
            raise
        found = re.search(r"0x([0-9a-fA-F]*)", refused.data)
        raise Reverted(bytes.fromhex(found[1]) if found else b"") from refused


def _raised(old: dict[str, int], today: dict[str, int], more: bool) -> dict[str, int]:
    """Return fees that replace old ones, a quarter higher if more is to be paid.

    >>> fees = {"maxFeePerGas": 100, "maxPriorityFeePerGas": 8}
    >>> _raised(fees, {"maxFeePerGas": 40, "maxPriorityFeePerGas": 9}, more=True)
    {'maxFeePerGas': 126, 'maxPriorityFeePerGas': 11}
    """
    return {
        name: max(min(fee + (fee // 4 + 1) * more, MOST_DEAR * today[name]), fee, today[name])
        for name, fee in old.items()
    }
