"""The meter's signed report (EIP-712), which anyone may bring to the contract."""

from collections.abc import Collection, Sequence

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount


def blocked_bits(blocked: Sequence[Collection[int]]) -> list[int]:
    """Return for each window a bit for each seat that blocked the transfer.

    >>> blocked_bits([(), (0, 2)])
    [0, 5]
    """
    return [sum(1 << seat for seat in set(seats)) for seats in blocked]


def sign_report(
    meter: LocalAccount,
    chain_id: int,
    contract: str,
    session: int,
    flows: Sequence[int],
    blocked: Sequence[int],
) -> bytes:
    """Return the meter's signature over what a session's windows did."""
    message = encode_typed_data(
        domain_data={
            "name": "gridpact",
            "version": "1",
            "chainId": chain_id,
            "verifyingContract": contract,
        },
        message_types={
            "Report": [
                {"name": "session", "type": "uint256"},
                {"name": "flows", "type": "int32[]"},
                {"name": "blocked", "type": "uint256[]"},
            ]
        },
        message_data={"session": session, "flows": list(flows), "blocked": list(blocked)},
    )
    return bytes(meter.sign_message(message).signature)
