"""The rules in Python and in Solidity are twins, over whole days of sessions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.bids import HIGHEST_OFFER, Bid
from market.mechanisms import MECHANISMS
from market.terms import Terms
from tests.draws import Day, Sending, Sitting, days, play, terms

every_mechanism = pytest.mark.parametrize("mechanism", MECHANISMS)
KINDS = [
    (mechanism, revealing)
    for mechanism, kind in MECHANISMS.items()
    for revealing in (0, 300)
    if revealing or not kind("none").lottery
]
"""Every mechanism with open and with sealed bids; a lottery needs the latter."""


@every_mechanism
@settings(max_examples=120)
@given(data=st.data())
def test_days_go_alike_in_memory_and_on_revm(open_venue, mechanism, data):
    day = data.draw(days(terms(mechanisms=(mechanism,))))

    in_memory = play(day, open_venue("local", day.terms))

    assert play(day, open_venue("revm", day.terms)) == in_memory


@every_mechanism
@settings(max_examples=4)
@given(data=st.data())
def test_days_go_alike_in_memory_and_on_eth_tester(open_venue, mechanism, data):
    day = data.draw(days(terms(mechanisms=(mechanism,), parties=(2, 3)), sittings=(2, 3)))

    in_memory = play(day, open_venue("local", day.terms))

    assert play(day, open_venue("eth-tester", day.terms)) == in_memory


def numbers(held, seat, window=0):
    """Return offers or ranks that differ by seat and window."""
    options = range(len(held.options))
    if held.rule.form == "offers":
        return tuple(HIGHEST_OFFER - (seat * option + window) % 7 for option in options)
    return tuple((seat + option + window) % len(options) + 1 for option in options)


@pytest.mark.parametrize(("mechanism", "revealing"), KINDS)
@pytest.mark.parametrize(
    ("parties", "options", "horizon", "bond"),
    [
        (2, 255, 1, 3),
        (2, 13, 48, 3),
        (8, 61, 2, 9),
        (3, 2, 64, 4),
        (150, 2, 1, 151),
        (255, 2, 1, 0),
    ],
)
def test_the_largest_markets_go_alike_in_memory_and_on_revm(
    open_venue, mechanism, parties, options, horizon, bond, revealing
):
    held = Terms(
        parties=parties,
        options=tuple((10 * o, 10 * o + 9) for o in range(options)),
        mechanism=mechanism,
        bond=bond,
        authority=parties - 1,
        horizon=horizon,
        revealing=revealing,
    )
    points = tuple(low for low, _ in held.options) if held.rule.form == "offers" else None
    sent = tuple(
        Sending(
            tuple(Bid(numbers(held, seat, window), points) for window in range(horizon)),
            bytes([seat]) * 32,
        )
        for seat in range(parties)
    )
    sitting = Sitting(sent, blocked=(frozenset({0, parties - 1}),) * horizon)
    day = Day(held, deposits=(2**40,) * parties, sittings=(sitting, sitting))

    in_memory = play(day, open_venue("local", held))

    assert play(day, open_venue("revm", held)) == in_memory
