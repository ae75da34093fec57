"""A chain with blocks, receipts and signed transactions: web3 on eth-tester on py-evm."""

import ast
import logging
from typing import Any, Final

from eth_account.signers.local import LocalAccount

from chain.accounts import CHAIN_ID, FUNDS, account
from chain.codec import Deployment, Log, Message
from chain.evm import Receipt, Reverted
from market.size import MOST_GAS

BANK: Final = 10**6  # the number of the account that funds the others
FEE: Final = 10**9  # wei a gas; the base fee starts here, and falls in blocks that are not full


class TestNet:
    """A chain of its own, under Prague's rules, which mines a block for each transaction."""

    __test__ = False  # pytest would take it for a test

    chain_id = CHAIN_ID

    def __init__(self) -> None:
        from eth_tester import EthereumTester, PyEVMBackend
        from web3 import EthereumTesterProvider, Web3

        logging.getLogger("eth.vm").setLevel(logging.CRITICAL)  # reverts are ours to report
        self._bank = account(BANK)
        funded = {"balance": 10**6 * FUNDS, "nonce": 0, "code": b"", "storage": {}}
        backend = PyEVMBackend(genesis_state={bytes.fromhex(self._bank.address[2:]): funded})
        type(backend.chain).chain_id = CHAIN_ID  # a class of this backend's own
        self._tester = EthereumTester(backend)
        self._web3 = Web3(EthereumTesterProvider(self._tester))
        self._funded = 0
        self._nonces: dict[str, int] = {}

    def account(self, index: int) -> str:
        """Return an address, funded by a transfer when first asked for."""
        while self._funded <= index:
            fresh = account(self._funded).address
            self._transact(self._bank, {"to": fresh, "value": FUNDS, "data": b""})
            self._funded += 1
        return account(index).address

    def deploy(self, sender: int, deployment: Deployment) -> Receipt:
        """Send the constructor in a transaction without a receiver."""
        self.account(sender)
        return self._transact(account(sender), {"to": b"", "data": deployment.data, "value": 0})

    def send(self, sender: int, to: str, message: Message, value: int = 0) -> Receipt:
        """Sign a transaction, send it and read its receipt."""
        self.account(sender)
        return self._transact(account(sender), {"to": to, "data": message.data, "value": value})

    def view(self, to: str, message: Message) -> bytes:
        """Ask at the latest block."""
        return self._call({"from": self._bank.address, "to": to, "data": message.data})

    def balance(self, address: str) -> int:
        """Return what an address holds at the latest block, in wei."""
        return self._web3.eth.get_balance(self._web3.to_checksum_address(address))

    @property
    def now(self) -> int:
        """The time of the latest block."""
        return self._web3.eth.get_block("latest")["timestamp"]

    def wait_until(self, timestamp: int) -> None:
        """Mine an empty block then."""
        if timestamp > self.now:
            self._tester.time_travel(timestamp)

    def _transact(self, sender: LocalAccount, transaction: dict[str, Any]) -> Receipt:
        nonce = self._nonces.get(sender.address, 0)
        fees = {"gas": MOST_GAS, "maxFeePerGas": FEE, "maxPriorityFeePerGas": 0}
        signed = sender.sign_transaction(
            transaction | fees | {"nonce": nonce, "chainId": self.chain_id}
        )
        sent = self._web3.eth.send_raw_transaction(signed.raw_transaction)
        self._nonces[sender.address] = nonce + 1
        receipt = self._web3.eth.get_transaction_receipt(sent)
        if not receipt["status"]:
            self._call(transaction | {"from": sender.address})  # raises what it reverted with
        return Receipt(
            gas=receipt["gasUsed"],
            logs=tuple(
                Log(tuple(map(bytes, log["topics"])), bytes(log["data"]))
                for log in receipt["logs"]
            ),
            contract=receipt["contractAddress"],
            transaction=sent.to_0x_hex(),
            block=receipt["blockNumber"],
        )

    def _call(self, transaction: Any) -> bytes:
        from eth_tester.exceptions import TransactionFailed
        from web3.exceptions import ContractPanicError

        try:
            return bytes(self._web3.eth.call(transaction))
        except TransactionFailed as failure:
            raise Reverted(_revert_data(failure)) from failure
        except ContractPanicError as panic:  # web3 has read these bytes already
            raise Reverted(bytes.fromhex(str(panic.data)[2:])) from panic


def _revert_data(failure: Exception) -> bytes:
    """Recover the bytes, which eth-tester passes on as the text of a literal."""
    text = str(failure).removeprefix("execution reverted: ")
    return ast.literal_eval(text) if text.startswith(("b'", 'b"')) else b""
