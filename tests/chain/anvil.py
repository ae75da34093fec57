"""A real node for tests: anvil, which npm brings."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chain.accounts import FUNDS, account
from chain.errors import ChainError
from chain.node import Node
from chain.rpc import Rpc
from chain.sender import Waits

BINARY = (
    Path(__file__).parents[2]
    / "chain/contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
)

QUICK = Waits(stuck_s=1.0, lost_s=20.0)
"""For a chain that mines at once."""


class Anvil:
    """A node on a free port, with funded accounts, that can be stopped and started again."""

    def __init__(self, *options: str) -> None:
        if not BINARY.exists():
            pytest.skip("anvil is not there: run `npm ci` in chain/contracts")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._options = options
        self._rpc = Rpc(self.url, patience_s=20.0)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(BINARY), "--silent", "--port", str(self.port), *self._options]
        self._process = subprocess.Popen(command)
        self.ask("eth_chainId")

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait()

    def ask(self, method: str, *parameters: Any) -> Any:
        return self._rpc.ask(method, *parameters)

    def fund(self, accounts: int) -> None:
        for index in range(accounts):
            self.ask("anvil_setBalance", account(index).address, hex(FUNDS))

    def mine(self, blocks: int = 1) -> None:
        self.ask("anvil_mine", hex(blocks))

    def node(self, accounts: int = 4, waits: Waits = QUICK, **options: Any) -> Node:
        keys = [account(index) for index in range(accounts)]
        return Node(self.url, keys, waits=waits, **options)

    def queued(self) -> dict[str, Any]:
        """Return the transactions of the first account that wait, by nonce."""
        waiting = self.ask("txpool_content")["pending"]
        by_sender = {sender.lower(): found for sender, found in waiting.items()}
        return by_sender.get(account(0).address.lower(), {})


@contextmanager
def anvil(*options: str, accounts: int = 4) -> Iterator[Anvil]:
    """Yield a running node."""
    node = Anvil(*options)
    node.start()
    try:
        node.fund(accounts)
        yield node
    finally:
        node.stop()


def eventually(holds: Any, seconds: float = 10.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not _calmly(holds):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def _calmly(holds: Any) -> bool:
    try:
        return bool(holds())
    except ChainError:
        return False
