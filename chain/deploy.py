"""Terms to a contract on a chain."""

from collections.abc import Sequence
from typing import Final

from chain.artifacts import read_artifact
from chain.codec import Deployment
from chain.market_size import fits
from market.payments import PAYMENT_RULES
from market.terms import Terms
from market.trading.terms import MarketTerms

CONTRACT_OF: Final = {
    "hco": "HighestCombinedOffer",
    "rps": "RankedPreferenceSelection",
    "rps-pareto": "ParetoPreferenceSelection",
    "rps-random": "RandomPreferenceSelection",
}
"""The Solidity twin of each mechanism."""

MARKET_OF: Final = {
    "uniform-price": ("DoubleAuction", 0),
    "pay-as-bid": ("DoubleAuction", 1),
    "supply-demand-ratio": ("EnergySharing", 0),
    "mid-market-rate": ("EnergySharing", 1),
    "bill-sharing": ("EnergySharing", 2),
}
"""The Solidity twin of each trading rule, and its ``Pricing``."""

TICK_WEI: Final = 10**12
"""What a tick is worth on the chain by default."""


def deployment(
    terms: Terms, parties: Sequence[str], meter: str, tick_wei: int = TICK_WEI
) -> Deployment:
    """Return the contract that holds windows under these terms, for these addresses."""
    artifact = read_artifact(CONTRACT_OF[terms.mechanism])
    agreed = (
        list(parties),
        meter,
        list(terms.options),
        terms.default,
        terms.authority,
        terms.horizon,
        terms.bond,
        tick_wei,
        terms.period,
        terms.revealing,
        terms.fee_cap,
    )
    paid = [list(PAYMENT_RULES).index(terms.payment)] if terms.rule.form == "offers" else []
    return Deployment(artifact.abi, artifact.bytecode, (agreed, *paid))


def market_deployment(terms: MarketTerms, parties: Sequence[str], meter: str) -> Deployment:
    """Return the contract in which a community trades under these terms.

    Raises
    ------
    ValueError
        If there are too many orders for a transaction to clear.
    """
    if not fits(terms.parties, terms.horizon):
        raise ValueError(
            f"{terms.parties} parties order for {terms.horizon} windows at once, wanted fewer: "
            "no transaction could clear that"
        )
    contract, pricing = MARKET_OF[terms.trading]
    artifact = read_artifact(contract)
    agreed = (
        list(parties),
        meter,
        terms.tariff.buy,
        terms.tariff.sell,
        terms.penalty,
        terms.horizon,
        terms.tick_wei,
        terms.period,
    )
    shared = [round(1000 * terms.k)] if terms.rule.limits else []
    return Deployment(artifact.abi, artifact.bytecode, (agreed, pricing, *shared))
