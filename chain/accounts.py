"""The accounts of a chain that lives in this process: the same keys on every such venue."""

from functools import cache
from typing import Final

from eth_account import Account
from eth_account.signers.local import LocalAccount

FUNDS: Final = 10**30
"""What each account starts with, in wei; more than any deposit that the rules allow."""

CHAIN_ID: Final = 1
"""What signatures are bound to; one for all, so that they cost the same gas."""


@cache
def account(index: int) -> LocalAccount:
    """Return an account by its number. The keys are public: never use them elsewhere."""
    return Account.from_key((0xB0B0 + index).to_bytes(32, "big"))
