"""What parties agreed, read from the contract that they deployed."""

from dataclasses import dataclass
from typing import Any, Final

from eth_utils.address import to_checksum_address

from chain.artifacts import read_artifact
from chain.codec import Interface
from chain.deploy import CONTRACT_OF
from chain.errors import ContractUnknown
from chain.node import Node
from market.errors import NotAParty, NotTheMeter
from market.mechanisms import MECHANISMS
from market.payments import PAYMENT_RULES
from market.terms import Terms

ANY: Final = "hco"  # every mechanism has the views of the others


@dataclass(frozen=True)
class Agreement:
    """A contract on a chain, and what it says."""

    address: str
    terms: Terms
    parties: tuple[str, ...]
    """Who holds each seat."""

    meter: str
    tick_wei: int
    opening: int
    """When session 0 opened, in seconds of block time."""

    chain_id: int

    @property
    def interface(self) -> Interface:
        """The interface of the contract."""
        return interface_of(self.terms.mechanism)

    def seat_of(self, address: str) -> int:
        """Return the seat that an address holds; raise `NotAParty` if it holds none."""
        if address not in self.parties:
            raise NotAParty(address)
        return self.parties.index(address)

    def check_meter(self, address: str) -> None:
        """Raise `NotTheMeter` for any other address."""
        if address != self.meter:
            raise NotTheMeter(address)


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
    interface = interface_of(rule)

    def ask(view: str, *arguments: int) -> Any:
        (answer,) = interface.answer(view, node.view(address, interface.call(view, *arguments)))
        return answer

    parties = tuple(ask("partyAt", seat) for seat in range(ask("PARTIES")))
    paid = MECHANISMS[rule](next(iter(PAYMENT_RULES))).form == "offers"
    try:
        terms = Terms(
            parties=len(parties),
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
    meter, tick, opening = ask("METER"), ask("TICK"), ask("OPENING")
    checksummed = tuple(map(to_checksum_address, (address, meter, *parties)))
    return Agreement(
        checksummed[0], terms, checksummed[2:], checksummed[1], tick, opening, node.chain_id
    )


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
        compiled = read_artifact(contract).bytecode[-len(code) :]
        if len(compiled) == len(code) and all(
            ours in (theirs, 0) for ours, theirs in zip(compiled, code, strict=True)
        ):
            return mechanism
    rules = ", ".join(CONTRACT_OF)
    raise ContractUnknown(
        address, f"holds other code than ours; say which mechanism it has: {rules}"
    )


def interface_of(mechanism: str) -> Interface:
    """Return the interface of a mechanism's contract."""
    return Interface(read_artifact(CONTRACT_OF[mechanism]).abi)
