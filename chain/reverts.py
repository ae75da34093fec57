"""A revert becomes the market error of the same name."""

from collections.abc import Iterator
from contextlib import contextmanager

from chain.codec import Interface
from chain.errors import UnknownRevert
from chain.evm import Reverted
from market import errors


@contextmanager
def reverts_as_market_errors(interface: Interface, call: str) -> Iterator[None]:
    """Raise what the contract meant, instead of the bytes that it returned.

    A Solidity error and its Python twin have the same name, and the same arguments
    in the same order, so no table has to be kept.
    """
    try:
        yield
    except Reverted as reverted:
        meant = interface.error(reverted.data)
        twin = getattr(errors, meant[0], None) if meant else None
        if meant is None or twin is None:
            raise UnknownRevert(call, reverted.data) from reverted
        raise twin(*meant[1]) from reverted
