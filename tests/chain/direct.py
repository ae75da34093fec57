"""A contract called by any account, past every venue."""

from dataclasses import dataclass, replace
from typing import Any

from chain.accounts import account
from chain.artifacts import read_artifact
from chain.codec import Deployment, Interface
from chain.evm import Evm
from chain.metering import sign_report
from chain.packing import POINTS, Packed, seal_of
from chain.reverts import reverts_as_market_errors

METER, STRANGER = 2, 3
TICK = 10**6
BOND = 5
PERIOD = 1800
REVEALING = 300
OPTIONS = [(-5000, -1), (0, 0), (1, 5000)]
TERMS = {
    "parties": None,
    "meter": None,
    "options": OPTIONS,
    "default": 1,
    "authority": 0,
    "horizon": 1,
    "bond": BOND,
    "tick": TICK,
    "period": PERIOD,
    "revealing": 0,
    "fee_cap": 0,
}
ABSENT = Packed()
"""What is presented for a seat that did not bid."""


@dataclass(frozen=True)
class Contract:
    """A contract, and any account to call it from."""

    evm: Evm
    interface: Interface
    address: str
    opening: int

    def send(self, sender: int, function: str, *arguments: Any, value: int = 0) -> bytes | None:
        """Call it; return the outcome if a session was decided."""
        with reverts_as_market_errors(self.interface, function):
            call = self.interface.call(function, *arguments)
            receipt = self.evm.send(sender, self.address, call, value)
        if function == "decide":
            return self.interface.event("SessionDecided", receipt.logs)["outcome"]
        return None

    def wait(self, seconds: int) -> None:
        """Let time pass until so many seconds after the opening."""
        self.evm.wait_until(self.opening + seconds)

    def seal(self, seat: int, packed: Packed, session: int = 0) -> bytes:
        """Return the seal of a party's bid."""
        party = self.evm.account(seat)
        return seal_of(self.evm.chain_id, self.address, session, party, packed)

    def commit(self, seat: int, packed: Packed, session: int = 0) -> None:
        """Commit a bid to a session."""
        seal = self.seal(seat, packed, session)
        self.send(seat, "commit", seat, session, packed.covered, packed.caps, seal)

    def signed(self, session=0, flows=(0,), blocked=(0,), meter=METER, **bound) -> bytes:
        """Return a signature over a report, bound to this contract unless told otherwise."""
        bound = {"chain_id": self.evm.chain_id, "contract": self.address} | bound
        return sign_report(
            account(meter), session=session, flows=flows, blocked=blocked, **bound
        )

    def report(self, outcome: bytes, session=0, flows=(0,), blocked=(0,), by=STRANGER) -> None:
        """Bring the meter's report."""
        signature = self.signed(session, flows, blocked)
        self.send(by, "report", session, outcome, list(flows), list(blocked), signature)

    @property
    def free(self) -> tuple[int, ...]:
        """What each seat could withdraw, in ticks."""
        data = self.evm.view(self.address, self.interface.call("freeDeposits"))
        return self.interface.answer("freeDeposits", data)[0]

    @property
    def balance(self) -> int:
        """What the contract holds, in wei."""
        return self.evm.balance(self.address)


def agreed(evm: Evm, **changes: Any) -> tuple[Any, ...]:
    """Return the contract's terms, in the order of its struct."""
    own = {"parties": [evm.account(seat) for seat in (0, 1)], "meter": evm.account(METER)}
    return tuple((TERMS | own | changes).values())


def deployed(evm: Evm, name: str, *arguments: Any) -> Contract:
    """Put a contract on a chain."""
    artifact = read_artifact(name)
    receipt = evm.deploy(STRANGER, Deployment(artifact.abi, artifact.bytecode, arguments))
    return Contract(evm, Interface(artifact.abi), receipt.contract, evm.now)


def offers(*ticks: int, width: int = 2, points: tuple[int, ...] = ()) -> bytes:
    """Return offers for any number of windows, with set-points or without."""
    head = bytes([width | (POINTS if points else 0)])
    tail = b"".join(point.to_bytes(4, "big", signed=True) for point in points)
    return head + b"".join(tick.to_bytes(width, "big") for tick in ticks) + tail


def sent(bids: bytes, covered: int = 1) -> Packed:
    """Return an open bid, as it is presented to the decision."""
    return Packed(covered, b"", bids)


def sealed(bids: bytes, cap: int, salt: bytes = b"\7" * 32) -> Packed:
    """Return a sealed bid for one window."""
    return Packed(1, cap.to_bytes(4, "big"), bids, salt)


def presented(*packed: Packed) -> list[tuple[int, bytes, bytes, bytes]]:
    """Return what each seat sent, as arguments of a call."""
    return [one.arguments for one in packed]


def changed(packed: Packed, **changes: Any) -> Packed:
    """Return a bid with something changed."""
    return replace(packed, **changes)
