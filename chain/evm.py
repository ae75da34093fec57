"""The port to an Ethereum virtual machine, wherever it runs."""

from dataclasses import dataclass
from typing import Protocol

from chain.codec import Deployment, Log, Message


@dataclass(frozen=True)
class Receipt:
    """What became of a transaction."""

    gas: int
    logs: tuple[Log, ...]
    contract: str | None = None
    """Where the contract stands, for a deployment."""

    transaction: str | None = None
    """Hash, where transactions have one."""

    block: int | None = None
    """Number, where there are blocks."""


class Reverted(Exception):
    """A contract refused a call, with these bytes."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data.hex())
        self.data = data


class Evm(Protocol):
    """A chain with funded accounts, of which the caller holds the keys.

    `send` and `view` raise `Reverted` if the contract refuses.
    """

    chain_id: int
    """What signatures on this chain are bound to."""

    def account(self, index: int) -> str:
        """Return the address of an account, made and funded when first asked for."""
        ...

    def deploy(self, sender: int, deployment: Deployment) -> Receipt:
        """Put a contract on the chain."""
        ...

    def send(self, sender: int, to: str, message: Message, value: int = 0) -> Receipt:
        """Send a transaction with a value in wei, and wait for its receipt."""
        ...

    def view(self, to: str, message: Message) -> bytes:
        """Ask a contract without changing it."""
        ...

    def balance(self, address: str) -> int:
        """Return what an address holds, in wei."""
        ...

    @property
    def now(self) -> int:
        """The time of the latest block, in seconds."""
        ...

    def wait_until(self, timestamp: int) -> None:
        """Let the next block come no earlier than this."""
        ...
