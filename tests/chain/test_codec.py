"""Calls, events and errors: bytes and back."""

import pytest

from chain.artifacts import read_artifact
from chain.codec import Interface, Log
from chain.errors import UnknownRevert
from chain.evm import Reverted
from chain.reverts import reverts_as_market_errors
from market.errors import WindowClosed, WindowOutOfOrder

interface = Interface(read_artifact("HighestCombinedOffer").abi)


def test_a_call_is_a_selector_and_its_arguments():
    message = interface.call("withdraw", 1, 5)

    assert (message.function, message.arguments) == ("withdraw", (1, 5))
    assert len(message.data) == 4 + 2 * 32
    assert (message.data[35], message.data[-1]) == (1, 5)


def test_events_are_told_apart_by_name():
    topic = interface._events["Withdrawn"][0]
    other = interface._events["Deposited"][0]
    word = (7).to_bytes(32, "big")
    logs = [Log((other, word), bytes(32)), Log((topic, word), (9).to_bytes(32, "big"))]

    assert interface.event("Withdrawn", logs) == {"seat": 7, "ticks": 9}


def revert(name, *words):
    selector = next(key for key, error in interface._errors.items() if error[0] == name)
    return selector + b"".join(word.to_bytes(32, "big") for word in words)


def test_a_revert_becomes_the_market_error_of_the_same_name():
    with (
        pytest.raises(WindowOutOfOrder) as meant,
        reverts_as_market_errors(interface, "decide"),
    ):
        raise Reverted(revert("WindowOutOfOrder", 3, 2))

    assert (meant.value.session, meant.value.expected) == (3, 2)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="no data"),
        pytest.param(b"\1\2\3\4", id="an error of another contract"),
        pytest.param(revert("FailedCall"), id="an error without a twin"),
        pytest.param(bytes.fromhex("4e487b71") + bytes(31) + b"\x11", id="a panic"),
    ],
)
def test_a_revert_that_says_nothing_known_is_passed_on_with_its_bytes(data):
    with pytest.raises(UnknownRevert) as unknown, reverts_as_market_errors(interface, "settle"):
        raise Reverted(data)

    assert (unknown.value.call, unknown.value.data) == ("settle", data)
    assert (data.hex() or "no data") in str(unknown.value)


def test_what_does_not_revert_passes():
    with reverts_as_market_errors(interface, "settle"):
        pass
    with pytest.raises(WindowClosed), reverts_as_market_errors(interface, "submit"):
        raise WindowClosed(0)
