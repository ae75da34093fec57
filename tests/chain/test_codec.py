"""Bytes and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.artifacts import read_artifact
from chain.codec import Interface, Log, pack
from chain.errors import UnknownRevert
from chain.evm import Reverted
from chain.reverts import reverts_as_market_errors
from market.bids import HIGHEST_OFFER, Bid
from market.errors import WindowClosed, WindowOutOfOrder

interface = Interface(read_artifact("HighestCombinedOffer").abi)


@given(offers=st.lists(st.integers(0, HIGHEST_OFFER), min_size=2, max_size=255))
def test_an_offer_takes_four_bytes(offers):
    packed = pack("offers", Bid(tuple(offers)))

    found = [int.from_bytes(packed[place : place + 4]) for place in range(0, len(packed), 4)]
    assert found == offers


@given(points=st.lists(st.integers(-(2**31), 2**31 - 1), min_size=2, max_size=8))
def test_a_set_point_takes_four_bytes_more_with_a_sign(points):
    packed = pack("offers", Bid((0,) * len(points), tuple(points)))

    tail = packed[4 * len(points) :]
    places = range(0, len(tail), 4)
    assert [int.from_bytes(tail[p : p + 4], signed=True) for p in places] == points


@given(ranks=st.integers(2, 255).flatmap(lambda n: st.permutations(range(1, n + 1))))
def test_a_rank_takes_a_byte_and_points_are_left_out(ranks):
    assert list(pack("ranks", Bid(tuple(ranks), (0,) * len(ranks)))) == ranks


def test_a_call_is_a_selector_and_its_arguments():
    message = interface.call("withdraw", 5)

    assert (message.function, message.arguments) == ("withdraw", (5,))
    assert len(message.data) == 4 + 32
    assert message.data[-1] == 5


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

    assert (meant.value.window, meant.value.expected) == (3, 2)


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
