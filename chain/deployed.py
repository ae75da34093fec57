"""What is sent to a contract that we deployed, and what it is asked: the part of all venues."""

from collections.abc import Callable, Sequence
from typing import Any

from eth_account.signers.local import LocalAccount

from chain.accounts import account
from chain.codec import Deployment, Interface
from chain.evm import Evm, Receipt
from chain.reverts import reverts_as_market_errors
from market.errors import NotAParty
from market.trading.orders import is_whole
from market.venue import Call, Stage


class DeployedContract:
    """Deploy a contract, make calls to it for its parties, and count gas.

    Parties have the first accounts of the chain, in the order of seats; the next one
    deploys, signs for the meter, and makes the calls that anyone may make.

    Parameters
    ----------
    evm : Evm
        Where it is deployed.
    parties : int
        How many seats it has.
    meter : LocalAccount, optional
        Who signs reports, if that next account has another key than on test chains.
    contract : callable
        What is deployed, by the addresses of the parties and of the meter.
    """

    def __init__(
        self,
        evm: Evm,
        parties: int,
        meter: LocalAccount | None,
        contract: Callable[[Sequence[str], str], Deployment],
    ) -> None:
        self._evm = evm
        self._servant = parties
        self._meter = meter or account(self._servant)
        self._calls: list[Call] = []
        self._outcomes: dict[int, bytes] = {}
        deployed = contract([evm.account(seat) for seat in range(parties)], self._meter.address)
        self._interface = Interface(deployed.abi)
        with reverts_as_market_errors(self._interface, "deploy"):
            receipt = evm.deploy(self._servant, deployed)
        self._record("deploy", None, None, receipt)
        assert receipt.contract is not None, "a deployment without an address"
        self._address = receipt.contract
        (self._opening,) = self._view("OPENING")

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw now, in ticks."""
        (ticks,) = self._view("freeDeposits")
        return tuple(ticks)

    @property
    def balance_wei(self) -> int:
        """What the contract holds."""
        return self._evm.balance(self._address)

    @property
    def calls(self) -> Sequence[Call]:
        """Every transaction that was accepted, oldest first."""
        return self._calls

    def wait_until(self, seconds: int) -> None:
        """Let the chain's time pass."""
        self._evm.wait_until(self._opening + seconds)

    def settle(self, session: int) -> None:
        """Settle without a report, after the meter's deadline."""
        self._send("settle", session, None, session, self._outcomes.get(session, b""))

    def _send(
        self,
        stage: Stage,
        session: int | None,
        seat: int | None,
        *arguments: Any,
        value: int = 0,
    ) -> Receipt:
        if seat is not None and not is_whole(seat, 0, 2**32):
            raise NotAParty(seat)  # no account has this number
        sender = self._servant if seat is None else seat
        message = self._interface.call(stage, *arguments)
        with reverts_as_market_errors(self._interface, stage):
            receipt = self._evm.send(sender, self._address, message, value)
        self._record(stage, session, seat, receipt)
        return receipt

    def _record(
        self, stage: Stage, session: int | None, seat: int | None, receipt: Receipt
    ) -> None:
        self._calls.append(
            Call(stage, session, seat, receipt.gas, receipt.transaction, receipt.block)
        )

    def _view(self, function: str) -> tuple[Any, ...]:
        answer = self._evm.view(self._address, self._interface.call(function))
        return self._interface.answer(function, answer)
