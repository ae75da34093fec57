"""Private keys, from the environment or an encrypted keystore; never from the command line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import is_address, to_checksum_address

from chain.errors import KeyRefused

ONE: Final = "GRIDPACT_KEY"
"""The variable of one key: 32 bytes in hex."""

SEVERAL: Final = "GRIDPACT_KEYS"
"""The variable of several keys, in the order of accounts, with commas between."""

PASSWORD: Final = "GRIDPACT_PASSWORD"
"""The variable of a keystore's password."""


def key_from(environment: Mapping[str, str], keystore: Path | None = None) -> LocalAccount:
    """Return one key: of a keystore file if one is named, else of the environment.

    Raises
    ------
    KeyRefused
        Naming the variable or the file, and never the key.
    """
    if keystore is not None:
        return _unlocked(keystore, _wanted(environment, PASSWORD))
    return _read(ONE, _wanted(environment, ONE))


def keys_from(environment: Mapping[str, str]) -> tuple[LocalAccount, ...]:
    """Return several keys; raise `KeyRefused` for what is none."""
    keys = tuple(_read(SEVERAL, text) for text in _wanted(environment, SEVERAL).split(","))
    if len({key.address for key in keys}) < len(keys):
        raise KeyRefused(SEVERAL, "holds a key twice, wanted one for each account")
    return keys


def _wanted(environment: Mapping[str, str], name: str) -> str:
    if not environment.get(name, "").strip():
        raise KeyRefused(name, "is not set in the environment")
    return environment[name]


def _read(source: str, text: str) -> LocalAccount:
    try:
        return Account.from_key(bytes.fromhex(text.strip().removeprefix("0x")))
    except ValueError:  # its message may hold the key
        raise KeyRefused(source, "holds no private key, wanted 32 bytes in hex") from None


def _unlocked(keystore: Path, password: str) -> LocalAccount:
    try:
        text = keystore.read_text(encoding="utf-8")
        return Account.from_key(Account.decrypt(json.loads(text), password))
    except OSError as failure:
        raise KeyRefused(str(keystore), f"cannot be read: {failure.strerror}") from failure
    except (KeyError, TypeError, ValueError):
        raise KeyRefused(
            str(keystore), f"cannot be opened: no keystore, or not the password in {PASSWORD}"
        ) from None


def address_of(text: str) -> str:
    """Return an address with its checksum; raise `KeyRefused` for what is none.

    >>> address_of("0x70997970c51812dc3a010c7d01b50e0d17dc79c8")
    '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    """
    if not is_address(text):
        raise KeyRefused(repr(text), "is no address, wanted 20 bytes in hex")
    return to_checksum_address(text)
