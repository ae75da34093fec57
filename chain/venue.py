"""The venue on a chain: one contract that holds all windows, and counts gas."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from chain.artifacts import Artifact, read_artifact
from chain.codec import Deployment, Interface, pack
from chain.evm import Evm, Receipt
from chain.reverts import reverts_as_market_errors
from chain.revm import Revm
from chain.testnet import TestNet
from market.accounts import check_deposit
from market.bids import Bid, check_bid
from market.errors import BalanceTooSmall
from market.payments import PAYMENT_RULES
from market.terms import Terms
from market.venue import Award, Call, Stage

EVMS: Final[dict[str, Callable[[], Evm]]] = {"revm": Revm, "eth-tester": TestNet}
"""Where a contract can run, by the name of the venue."""

CONTRACT_OF: Final = {
    "hco": "HighestCombinedOffer",
    "rps": "RankedPreferenceSelection",
    "rps-pareto": "ParetoPreferenceSelection",
}
"""The Solidity twin of each mechanism."""

TICK_WEI: Final = 10**12
"""What a tick is worth on the chain."""


class ContractVenue:
    """Hold windows in a contract: the rules of `LocalVenue`, and gas.

    Parties have the first accounts of the chain, in the order of seats; the next one
    deploys, meters, and makes the calls that anyone may make.

    Parameters
    ----------
    terms : Terms
        What the contract is deployed with.
    evm : Evm
        Where it is deployed.
    tick_wei : int
        What a tick is worth on the chain.
    """

    def __init__(self, terms: Terms, evm: Evm, tick_wei: int = TICK_WEI) -> None:
        self.terms = terms
        self._evm = evm
        self.tick_wei = tick_wei
        self._servant = terms.parties
        artifact = read_artifact(CONTRACT_OF[terms.mechanism])
        self._interface = Interface(artifact.abi)
        self._calls: list[Call] = []
        self._bids: dict[int, dict[int, bytes]] = {}
        self._address = self._deploy(artifact)
        self._opening = evm.now

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw now, in ticks."""
        (ticks,) = self._view("freeDeposits")
        return tuple(ticks)

    @property
    def authority(self) -> int:
        """The seat that breaks the next tie."""
        (seat,) = self._view("authority")
        return seat

    @property
    def balance_wei(self) -> int:
        """What the contract holds."""
        return self._evm.balance(self._address)

    @property
    def calls(self) -> Sequence[Call]:
        """Every transaction that was accepted, oldest first."""
        return self._calls

    def deposit(self, seat: int, ticks: int) -> None:
        """Send ether to an account."""
        check_deposit(ticks)
        self._send("deposit", None, seat, value=ticks * self.tick_wei)

    def submit(self, window: int, seat: int, bid: Bid) -> None:
        """Send an open bid."""
        check_bid(self.terms, seat, bid)
        packed = pack(self.terms.rule.form, bid)
        self._send("submit", window, seat, window, packed)
        self._bids.setdefault(window, {})[seat] = packed

    def wait_until(self, seconds: int) -> None:
        """Let the chain's time pass."""
        self._evm.wait_until(self._opening + seconds)

    def decide(self, window: int) -> Award:
        """Have the contract decide, and read the award from its events."""
        held = self._bids.get(window, {})
        bids = [held.get(seat, b"") for seat in range(self.terms.parties)]
        receipt = self._send("decide", window, None, window, bids)
        decided = self._interface.event("WindowDecided", receipt.logs)
        instructed = self._interface.event("SetPointInstructed", receipt.logs)
        options = range(len(self.terms.options))
        return Award(
            window=window,
            option=decided["option"],
            set_point=instructed["setPoint"],
            payments=decided["payments"],
            candidates=tuple(o for o in options if decided["candidates"] >> o & 1),
            authority=decided["authority"],
        )

    def report(self, window: int, flow: int, blocked: Collection[int] = ()) -> None:
        """Send the meter's report, which settles the window."""
        self._send(
            "report", window, None, window, flow, sum(1 << seat for seat in set(blocked))
        )

    def settle(self, window: int) -> None:
        """Settle as instructed, after the meter's deadline."""
        self._send("settle", window, None, window)

    def withdraw(self, seat: int, ticks: int) -> None:
        """Have ether sent back."""
        if ticks < 0:  # no transaction can carry it
            raise BalanceTooSmall(seat, self.free[seat], ticks)
        self._send("withdraw", None, seat, ticks)

    def _deploy(self, artifact: Artifact) -> str:
        parties = [self._evm.account(seat) for seat in range(self.terms.parties)]
        arguments: tuple[object, ...] = (
            (
                parties,
                self._evm.account(self._servant),
                list(self.terms.options),
                self.terms.default,
                self.terms.authority,
                self.terms.bond,
                self.tick_wei,
                self.terms.period,
            ),
        )
        if self.terms.rule.form == "offers":
            arguments += (list(PAYMENT_RULES).index(self.terms.payment),)
        deployment = Deployment(artifact.abi, artifact.bytecode, arguments)
        with reverts_as_market_errors(self._interface, "deploy"):
            receipt = self._evm.deploy(self._servant, deployment)
        self._record("deploy", None, None, receipt)
        assert receipt.contract is not None, "a deployment without an address"
        return receipt.contract

    def _send(
        self,
        stage: Stage,
        window: int | None,
        seat: int | None,
        *arguments: object,
        value: int = 0,
    ) -> Receipt:
        sender = self._servant if seat is None else seat
        message = self._interface.call(stage, *arguments)
        with reverts_as_market_errors(self._interface, stage):
            receipt = self._evm.send(sender, self._address, message, value)
        self._record(stage, window, seat, receipt)
        return receipt

    def _record(
        self, stage: Stage, window: int | None, seat: int | None, receipt: Receipt
    ) -> None:
        self._calls.append(
            Call(stage, window, seat, receipt.gas, receipt.transaction, receipt.block)
        )

    def _view(self, function: str) -> tuple[Any, ...]:
        answer = self._evm.view(self._address, self._interface.call(function))
        return self._interface.answer(function, answer)
