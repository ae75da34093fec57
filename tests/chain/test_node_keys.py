"""Keys come from the environment or a keystore, and are never shown."""

import json

import pytest
from eth_account import Account

from chain.accounts import account
from chain.errors import KeyRefused
from chain.keys import address_of, key_from, keys_from

KEY = account(0).key.hex()


@pytest.mark.parametrize("text", [KEY, f"0x{KEY}", f" {KEY}\n"])
def test_one_key_is_read_from_the_environment(text):
    assert key_from({"GRIDPACT_KEY": text}) == account(0)


def test_several_keys_keep_their_order():
    text = ", ".join(account(index).key.hex() for index in (2, 0, 1))

    assert keys_from({"GRIDPACT_KEYS": text}) == (account(2), account(0), account(1))


@pytest.mark.parametrize("text", ["", " "])
def test_a_missing_key_is_named_by_its_variable(text):
    with pytest.raises(KeyRefused, match=r"^GRIDPACT_KEY is not set in the environment$"):
        key_from({"GRIDPACT_KEY": text})
    with pytest.raises(KeyRefused, match=r"^GRIDPACT_KEYS is not set"):
        keys_from({})


@pytest.mark.parametrize("text", [KEY[:-2], KEY + "00", "00" * 32, "ff" * 32, "zz" * 32])
def test_a_bad_key_is_one_line_that_does_not_show_it(text):
    with pytest.raises(KeyRefused) as refused:
        key_from({"GRIDPACT_KEY": text})

    assert str(refused.value) == "GRIDPACT_KEY holds no private key, wanted 32 bytes in hex"
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(KeyRefused, match="holds a key twice"):
        keys_from({"GRIDPACT_KEYS": f"{KEY},{KEY}"})


@pytest.fixture(scope="module")
def keystore(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "key.json"
    locked = Account.encrypt(KEY, "secret", kdf="pbkdf2", iterations=10)
    path.write_text(json.dumps(locked), encoding="utf-8")
    return path


def test_a_keystore_is_opened_with_the_password_in_the_environment(keystore):
    assert key_from({"GRIDPACT_PASSWORD": "secret"}, keystore) == account(0)


def test_a_keystore_that_does_not_open_is_one_line(keystore, tmp_path):
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")

    with pytest.raises(KeyRefused, match="not the password in GRIDPACT_PASSWORD"):
        key_from({"GRIDPACT_PASSWORD": "wrong"}, keystore)
    with pytest.raises(KeyRefused, match="no keystore"):
        key_from({"GRIDPACT_PASSWORD": "secret"}, other)
    with pytest.raises(KeyRefused, match="cannot be read: No such file"):
        key_from({"GRIDPACT_PASSWORD": "secret"}, tmp_path / "none.json")
    with pytest.raises(KeyRefused, match="GRIDPACT_PASSWORD is not set"):
        key_from({}, keystore)


def test_what_is_no_address_is_refused():
    assert address_of(account(0).address.lower()) == account(0).address
    with pytest.raises(KeyRefused, match="'0x12' is no address, wanted 20 bytes in hex"):
        address_of("0x12")
