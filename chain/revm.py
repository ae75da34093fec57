"""An Ethereum virtual machine in this process: revm. No blocks, no hashes.

Two bindings of the same machine run side by side. pyrevm answers: it returns events and the
bytes of a revert. But it never ends a transaction (its journal stays open, so slots stay
warm), and so it reports too little gas. simular ends each transaction and so knows its gas,
but loses the bytes of a revert. Gas therefore comes from simular, and equals that of every
other venue.
"""

import importlib.util
import json
import re
from collections import Counter
from typing import Any, Final

from chain.accounts import CHAIN_ID, FUNDS, account
from chain.codec import Deployment, Log, Message
from chain.errors import EngineMissing
from chain.evm import Receipt, Reverted
from market.size import MOST_GAS

FORK: Final = "PRAGUE"


class Revm:
    """A bare machine, whose transactions run at once."""

    chain_id = CHAIN_ID

    def __init__(self) -> None:
        for package in ("pyrevm", "simular"):
            if importlib.util.find_spec(package) is None:
                raise EngineMissing("revm", package)
        from pyrevm import EVM
        from simular import PyEvm

        self._machine = EVM(spec_id=FORK)
        self._gauge = PyEvm()
        self._abis: dict[str, Any] = {}
        self._nonces: Counter[str] = Counter()
        self._addresses: list[str] = []
        self._now = 0
        self.wait_until(1)

    def account(self, index: int) -> str:
        """Return an address; nothing is signed here."""
        while len(self._addresses) <= index:
            address = account(len(self._addresses)).address
            self._machine.set_balance(address, FUNDS)
            self._gauge.create_account(address, FUNDS)
            self._addresses.append(address)
        return self._addresses[index]

    def deploy(self, sender: int, deployment: Deployment) -> Receipt:
        """Run the constructor.

        The contract must have one address on both machines, since seals and signatures are
        bound to it. It follows from the sender's nonce, and pyrevm does not count calls.
        """
        from pyrevm import AccountInfo
        from simular import PyAbi

        deployer = self.account(sender)
        nonce, balance = self._nonces[deployer], self.balance(deployer)
        counted = AccountInfo(nonce=nonce, balance=balance)  # type: ignore[call-arg]  # a stub
        self._machine.insert_account_info(deployer, counted)
        try:
            address = self._machine.deploy(deployer, deployment.data, gas=MOST_GAS)
        except RuntimeError as failure:
            raise Reverted(_revert_data(failure)) from failure
        abi = PyAbi.from_abi_bytecode(json.dumps(deployment.abi), deployment.bytecode)
        twin = self._gauge.deploy(_text(deployment.arguments), deployer, 0, abi)
        assert int(twin, 16) == int(address, 16), "the machines disagree on an address"
        self._nonces[deployer] += 1
        self._abis[address] = abi
        return Receipt(self._result.gas_used, (), contract=address)

    def send(self, sender: int, to: str, message: Message, value: int = 0) -> Receipt:
        """Run a transaction."""
        caller = self.account(sender)
        try:
            self._machine.message_call(
                caller, to, calldata=message.data, value=value, gas=MOST_GAS
            )
        except RuntimeError as failure:
            raise Reverted(_revert_data(failure)) from failure
        gauged = self._gauge.transact(
            message.function, _text(message.arguments), caller, to, value, self._abis[to]
        )
        self._nonces[caller] += 1
        logs = tuple(_log(log.topics, log.data[1]) for log in self._result.logs)
        return Receipt(max(gauged.gas_used, _floor(message.data)), logs)

    def view(self, to: str, message: Message) -> bytes:
        """Ask without changing anything."""
        try:
            return self._machine.message_call(
                self.account(0), to, calldata=message.data, is_static=True
            )
        except RuntimeError as failure:
            raise Reverted(_revert_data(failure)) from failure

    def balance(self, address: str) -> int:
        """Return what an address holds, in wei."""
        return self._machine.get_balance(address)

    @property
    def _result(self) -> Any:
        return self._machine.result

    @property
    def now(self) -> int:
        """The time that contracts see."""
        return self._now

    def wait_until(self, timestamp: int) -> None:
        """Let both machines see a later time; only differences of times matter."""
        from pyrevm import BlockEnv

        if timestamp > self._now:
            self._gauge.advance_block(timestamp - self._now)
            self._machine.set_block_env(BlockEnv(number=1, timestamp=timestamp))
            self._now = timestamp


def _floor(data: bytes) -> int:
    """Return the least gas of a transaction (EIP-7623), which simular does not know yet."""
    return 21_000 + 10 * data.count(0) + 40 * (len(data) - data.count(0))


def _text(value: Any) -> str:
    """Return an argument as simular wants it: a Solidity literal in text."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, tuple):
        return f"({','.join(map(_text, value))})"
    if isinstance(value, list):
        return f"[{','.join(map(_text, value))}]"
    return str(value)


def _log(topics: list[str], data: bytes) -> Log:
    return Log(tuple(bytes.fromhex(topic[2:]) for topic in topics), data)


def _revert_data(failure: RuntimeError) -> bytes:
    """Recover the bytes, which pyrevm passes on as text; a halt has none."""
    found = re.search(r"output: 0x([0-9a-f]*)", str(failure))
    return bytes.fromhex(found[1]) if found else b""
