"""What parties agreed, read from the contract that they deployed."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from chain.artifacts import read_artifact
from chain.codec import Interface
from chain.deploy import CONTRACT_OF
from chain.errors import ContractUnknown
from chain.metering import sign_report
from chain.node import Node
from market.errors import NotAParty, NotTheMeter
from market.mechanisms import MECHANISMS
from market.payments import PAYMENT_RULES
from market.terms import Terms
from market.trading.terms import MarketTerms

ANY: Final = "hco"  # every mechanism has the views of the others


@dataclass(frozen=True)
class Contract(ABC):
    """A contract on a chain, and what it says, whatever is agreed there."""

    address: str
    terms: Terms | MarketTerms
    parties: tuple[str, ...]
    """Who holds each seat."""

    meter: str
    tick_wei: int
    opening: int
    """When session 0 opened, in seconds of block time."""

    chain_id: int

    @property
    @abstractmethod
    def interface(self) -> Interface:
        """The interface of the contract."""

    @abstractmethod
    def signature(self, meter: LocalAccount, session: int, *seen: Any) -> bytes:
        """Return the meter's signature over the arguments of a report, but for the outcome."""

    def seat_of(self, address: str) -> int:
        """Return the seat that an address holds; raise `NotAParty` if it holds none."""
        if address not in self.parties:
            raise NotAParty(address)
        return self.parties.index(address)

    def check_meter(self, address: str) -> None:
        """Raise `NotTheMeter` for any other address."""
        if address != self.meter:
            raise NotTheMeter(address)


@dataclass(frozen=True)
class Agreement(Contract):
    """A contract that decides the set-points of a link."""

    terms: Terms

    @property
    def interface(self) -> Interface:
        """The interface of the contract."""
        return interface_of(self.terms.mechanism)

    def signature(self, meter: LocalAccount, session: int, *seen: Sequence[int]) -> bytes:
        """Return the meter's signature over the flows, and who blocked, of a session."""
        return sign_report(meter, self.chain_id, self.address, session, *seen)


def read_agreement(node: Node, address: str, mechanism: str | None = None) -> Agreement:
    """Return what a contract was deployed with.

    Parameters
    ----------
    node : Node
        Where the contract stands.
    address : str
        Of the contract.
    mechanism : str, optional
        Key into `CONTRACT_OF`, if the contract was compiled otherwise than the committed one.

    Raises
    ------
    ContractUnknown
        If no contract stands there, or one whose rule is not known, or whose sessions are too
        large for a transaction to decide.
    """
    rule = mechanism or mechanism_of(address, node.code(address))
    ask = asking(node, address, interface_of(rule))
    paid = MECHANISMS[rule](next(iter(PAYMENT_RULES))).form == "offers"
    try:
        terms = Terms(
            parties=ask("PARTIES"),
            options=tuple(tuple(ask("optionAt", option)) for option in range(ask("OPTIONS"))),
            mechanism=rule,
            payment=list(PAYMENT_RULES)[ask("PAYMENT") if paid else 0],
            default=ask("DEFAULT_OPTION"),
            bond=ask("BOND"),
            authority=ask("authority"),
            horizon=ask("HORIZON"),
            period=ask("PERIOD"),
            revealing=ask("REVEALING"),
            fee_cap=ask("FEE_CAP"),
        )
    except ValueError as error:
        raise ContractUnknown(address, f"has terms that we refuse: {error}") from error
    return Agreement(to_checksum_address(address), terms, *founding(ask), node.chain_id)


def asking(node: Node, address: str, interface: Interface) -> Callable[..., Any]:
    """Return a function that asks a contract for what one of its views returns."""

    def ask(view: str, *arguments: int) -> Any:
        (answer,) = interface.answer(view, node.view(address, interface.call(view, *arguments)))
        return answer

    return ask


def founding(ask: Callable[..., Any]) -> tuple[tuple[str, ...], str, int, int]:
    """Return what every contract of ours has: parties, meter, tick in wei, and opening."""
    parties = [to_checksum_address(ask("partyAt", seat)) for seat in range(ask("PARTIES"))]
    return tuple(parties), to_checksum_address(ask("METER")), ask("TICK"), ask("OPENING")


def mechanism_of(address: str, code: bytes) -> str:
    """Return whose code this is, but for what deployment fills in.

    Raises
    ------
    ContractUnknown
        If it is nobody's.
    """
    if not code:
        raise ContractUnknown(address, "holds no contract on this chain")
    for mechanism, contract in CONTRACT_OF.items():
        if is_code_of(contract, code):
            return mechanism
    rules = ", ".join(CONTRACT_OF)
    raise ContractUnknown(
        address, f"holds other code than ours; say which mechanism it has: {rules}"
    )


def is_code_of(contract: str, code: bytes) -> bool:
    """Return whether code is that of a compiled contract, but for what deployment fills in."""
    compiled = read_artifact(contract).bytecode[-len(code) :]
    return len(compiled) == len(code) and all(
        ours in (theirs, 0) for ours, theirs in zip(compiled, code, strict=True)
    )


def interface_of(mechanism: str) -> Interface:
    """Return the interface of a mechanism's contract."""
    return Interface(read_artifact(CONTRACT_OF[mechanism]).abi)
