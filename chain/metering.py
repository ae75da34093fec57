"""The meter's signed reports (EIP-712), which anyone may bring to a contract."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

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
    fields = {"session": "uint256", "flows": "int32[]", "blocked": "uint256[]"}
    said = {"session": session, "flows": list(flows), "blocked": list(blocked)}
    return _sign(meter, chain_id, contract, "Report", fields, said)


def sign_readings(
    meter: LocalAccount, chain_id: int, contract: str, session: int, metered: bytes
) -> bytes:
    """Return the meter's signature over what each party of a marketplace took in a session."""
    fields = {"session": "uint256", "metered": "bytes"}
    said = {"session": session, "metered": metered}
    return _sign(meter, chain_id, contract, "Metering", fields, said)


def _sign(
    meter: LocalAccount,
    chain_id: int,
    contract: str,
    kind: str,
    fields: Mapping[str, str],
    said: Mapping[str, Any],
) -> bytes:
    message = encode_typed_data(
        domain_data={
            "name": "gridpact",
            "version": "1",
            "chainId": chain_id,
            "verifyingContract": contract,
        },
        message_types={
            kind: [{"name": name, "type": of_type} for name, of_type in fields.items()]
        },
        message_data=dict(said),
    )
    return bytes(meter.sign_message(message).signature)
