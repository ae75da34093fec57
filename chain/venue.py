"""The venue on a chain: one contract that holds all windows, and counts gas."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Final

from eth_account.signers.local import LocalAccount

from chain.deploy import TICK_WEI, deployment
from chain.deployed import DeployedContract
from chain.evm import Evm
from chain.metering import blocked_bits, sign_report
from chain.packing import Packed, pack_bids, pack_caps, pack_covered, seal_of, unpack_outcome
from chain.revm import Revm
from chain.testnet import TestNet
from market.accounts import check_deposit
from market.bids import Bids, check_bids
from market.errors import BalanceTooSmall, OutcomeMismatch
from market.session import stakes
from market.terms import Terms
from market.venue import Award

EVMS: Final[dict[str, Callable[[], Evm]]] = {"revm": Revm, "eth-tester": TestNet}
"""Where a contract can run, by the name of the venue."""


class ContractVenue(DeployedContract):
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
        self._sent: dict[int, dict[int, Packed]] = {}
        self._hidden: dict[int, dict[int, Packed]] = {}
        contract = partial(deployment, terms, tick_wei=tick_wei)
        super().__init__(evm, terms.parties, meter, contract)

    @property
    def authority(self) -> int:
        """The seat that breaks the next tie."""
        (seat,) = self._view("authority")
        return seat

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
