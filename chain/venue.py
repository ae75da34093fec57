"""The venue on a chain: one contract that holds all windows, and counts gas."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from eth_account.signers.local import LocalAccount

from chain.accounts import account
from chain.codec import Interface
from chain.deploy import TICK_WEI, deployment
from chain.evm import Evm, Receipt
from chain.metering import blocked_bits, sign_report
from chain.packing import Packed, pack_bids, pack_caps, pack_covered, seal_of, unpack_outcome
from chain.reverts import reverts_as_market_errors
from chain.revm import Revm
from chain.testnet import TestNet
from market.accounts import check_deposit
from market.bids import Bids, check_bids
from market.errors import BalanceTooSmall, OutcomeMismatch
from market.session import stakes
from market.terms import Terms
from market.venue import Award, Call, Stage

EVMS: Final[dict[str, Callable[[], Evm]]] = {"revm": Revm, "eth-tester": TestNet}
"""Where a contract can run, by the name of the venue."""


class ContractVenue:
    """Hold windows in a contract: the rules of `LocalVenue`, and gas.

    Parties have the first accounts of the chain, in the order of seats; the next one
    deploys, signs for the meter, and makes the calls that anyone may make.

    Parameters
    ----------
    terms : Terms
        What the contract is deployed with.
    evm : Evm
        Where it is deployed.
    tick_wei : int
        What a tick is worth on the chain.
    meter : LocalAccount, optional
        Who signs reports, if that next account has another key than on test chains.
    """

    def __init__(
        self,
        terms: Terms,
        evm: Evm,
        tick_wei: int = TICK_WEI,
        meter: LocalAccount | None = None,
    ) -> None:
        self.terms = terms
        self.tick_wei = tick_wei
        self._evm = evm
        self._servant = terms.parties
        self._meter = meter or account(self._servant)
        self._calls: list[Call] = []
        self._sent: dict[int, dict[int, Packed]] = {}
        self._hidden: dict[int, dict[int, Packed]] = {}
        self._outcomes: dict[int, bytes] = {}
        parties = [evm.account(seat) for seat in range(terms.parties)]
        contract = deployment(terms, parties, self._meter.address, tick_wei)
        self._interface = Interface(contract.abi)
        with reverts_as_market_errors(self._interface, "deploy"):
            receipt = evm.deploy(self._servant, contract)
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
        self._send("deposit", None, seat, seat, value=ticks * self.tick_wei)

    def open(self, session: int) -> None:
        """Have the contract compare the base fee of the block with the cap."""
        self._send("open", session, None, session)

    def submit(
        self,
        session: int,
        seat: int,
        bids: Bids,
        salt: bytes = bytes(32),
        caps: Sequence[int] | None = None,
    ) -> None:
        """Send open bids, or a commitment to sealed ones."""
        check_bids(self.terms, seat, bids, caps)
        covered, packed = pack_covered(bids), pack_bids(self.terms, bids)
        if self.terms.sealed:
            staked = stakes(self.terms, bids, caps)
            self._commit(session, seat, Packed(covered, pack_caps(staked), packed, salt))
        else:
            self._send("submit", session, seat, seat, session, covered, packed)
            self._sent.setdefault(session, {})[seat] = Packed(covered, b"", packed)

    def reveal(self, session: int, seat: int) -> None:
        """Send sealed bids in the open."""
        if not self.terms.sealed:
            return
        packed = self._hidden.get(session, {}).get(seat, Packed())
        self._send("reveal", session, seat, seat, session, packed.arguments)
        self._sent.setdefault(session, {})[seat] = packed

    def wait_until(self, seconds: int) -> None:
        """Let the chain's time pass."""
        self._evm.wait_until(self._opening + seconds)

    def decide(self, session: int) -> tuple[Award, ...]:
        """Have the contract decide, and read the awards from its event."""
        sent = self._sent.get(session, {})
        presented = [
            sent.get(seat, self._unrevealed(session, seat)).arguments
            for seat in range(self.terms.parties)
        ]
        receipt = self._send("decide", session, None, session, presented)
        outcome = self._interface.event("SessionDecided", receipt.logs)["outcome"]
        self._outcomes[session] = outcome
        return unpack_outcome(self.terms, session, outcome)

    def report(
        self, session: int, flows: Sequence[int], blocked: Sequence[Collection[int]] = ()
    ) -> None:
        """Bring the meter's signed report, which settles the session."""
        blocked = blocked or [()] * self.terms.horizon
        if {len(flows), len(blocked)} != {self.terms.horizon}:
            raise OutcomeMismatch(session)
        bits = blocked_bits(blocked)
        signature = sign_report(
            self._meter, self._evm.chain_id, self._address, session, flows, bits
        )
        outcome = self._outcomes.get(session, b"")
        self._send("report", session, None, session, outcome, list(flows), bits, signature)

    def settle(self, session: int) -> None:
        """Settle as instructed, after the meter's deadline."""
        self._send("settle", session, None, session, self._outcomes.get(session, b""))

    def withdraw(self, seat: int, ticks: int) -> None:
        """Have ether sent back."""
        if ticks < 0:  # no transaction can carry it
            raise BalanceTooSmall(seat, self.free[seat], ticks)
        self._send("withdraw", None, seat, seat, ticks)

    def _commit(self, session: int, seat: int, packed: Packed) -> None:
        seal = self._seal(session, seat, packed)
        self._send("commit", session, seat, seat, session, packed.covered, packed.caps, seal)
        self._hidden.setdefault(session, {})[seat] = packed

    def _seal(self, session: int, seat: int, packed: Packed) -> bytes:
        party = self._evm.account(seat)
        return seal_of(self._evm.chain_id, self._address, session, party, packed)

    def _unrevealed(self, session: int, seat: int) -> Packed:
        packed = self._hidden.get(session, {}).get(seat)
        return packed.hidden(self._seal(session, seat, packed)) if packed else Packed()

    def _send(
        self,
        stage: Stage,
        session: int | None,
        seat: int | None,
        *arguments: Any,
        value: int = 0,
    ) -> Receipt:
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
