"""Terms to a contract on a chain."""

from collections.abc import Sequence
from typing import Final

from chain.artifacts import read_artifact
from chain.codec import Deployment
from market.payments import PAYMENT_RULES
from market.terms import Terms

CONTRACT_OF: Final = {
    "hco": "HighestCombinedOffer",
    "rps": "RankedPreferenceSelection",
    "rps-pareto": "ParetoPreferenceSelection",
    "rps-random": "RandomPreferenceSelection",
}
"""The Solidity twin of each mechanism."""

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
