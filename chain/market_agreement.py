"""What a community agreed, read from the marketplace that it deployed."""

from dataclasses import dataclass
from typing import Final

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from chain.agreement import (
    Agreement,
    Contract,
    asking,
    founding,
    is_code_of,
    read_agreement,
)
from chain.artifacts import read_artifact
from chain.codec import Interface
from chain.deploy import CONTRACT_OF, MARKET_OF
from chain.errors import ContractUnknown
from chain.market_size import fits
from chain.metering import sign_readings
from chain.node import Node
from market.trading.rules import TRADING_RULES
from market.trading.tariff import Tariff
from market.trading.terms import MarketTerms

MARKETS: Final = tuple(dict.fromkeys(contract for contract, _ in MARKET_OF.values()))
"""The contracts in which communities trade."""


@dataclass(frozen=True)
class MarketAgreement(Contract):
    """A contract in which a community trades."""

    terms: MarketTerms

    @property
    def interface(self) -> Interface:
        """The interface of the contract."""
        return market_interface(MARKET_OF[self.terms.trading][0])

    def signature(self, meter: LocalAccount, session: int, *seen: bytes) -> bytes:
        """Return the meter's signature over what each party took in a session."""
        return sign_readings(meter, self.chain_id, self.address, session, *seen)


def read_contract(
    node: Node, address: str, rule: str | None = None
) -> Agreement | MarketAgreement:
    """Return what a contract was deployed with, be it about a link or a community's trade.

    Parameters
    ----------
    node : Node
        Where the contract stands.
    address : str
        Of the contract.
    rule : str, optional
        Key into `CONTRACT_OF` or `MARKET_OF`, if it was compiled otherwise than the committed
        one.

    Raises
    ------
    ContractUnknown
        If no contract stands there, or one whose rule is not known, or whose sessions are too
        large for a transaction to decide.
    """
    code = node.code(address)
    if rule in MARKET_OF:
        return read_market(node, address, MARKET_OF[rule][0])
    if rule is not None and rule not in CONTRACT_OF:
        known = ", ".join((*CONTRACT_OF, *MARKET_OF))
        raise ContractUnknown(address, f"has no rule {rule!r}, wanted one of {known}")
    found = [contract for contract in MARKETS if code and is_code_of(contract, code)]
    if found and rule is None:
        return read_market(node, address, found[0])
    return read_agreement(node, address, rule)


def read_market(node: Node, address: str, contract: str) -> MarketAgreement:
    """Return what a marketplace was deployed with; raises as `read_contract` does.

    Parameters
    ----------
    node : Node
        Where it stands.
    address : str
        Its address.
    contract : str
        One of `MARKETS`.
    """
    ask = asking(node, address, market_interface(contract))
    pricing = ask("PRICING")
    (trading,) = (rule for rule, kind in MARKET_OF.items() if kind == (contract, pricing))
    shared = {"k": ask("K") / 1000} if TRADING_RULES[trading].limits else {}
    try:
        terms = MarketTerms(
            parties=ask("PARTIES"),
            tariff=Tariff(ask("BUY"), ask("SELL")),
            trading=trading,
            penalty=ask("PENALTY"),
            horizon=ask("HORIZON"),
            period=ask("PERIOD"),
            tick_wei=ask("TICK"),
            **shared,
        )
    except ValueError as error:
        raise ContractUnknown(address, f"has terms that we refuse: {error}") from error
    if not fits(terms.parties, terms.horizon):
        raise ContractUnknown(address, "has sessions that no transaction could clear")
    return MarketAgreement(to_checksum_address(address), terms, *founding(ask), node.chain_id)


def market_interface(contract: str) -> Interface:
    """Return the interface of a marketplace's contract."""
    return Interface(read_artifact(contract).abi)
