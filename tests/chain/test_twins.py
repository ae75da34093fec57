"""The rules in Python and in Solidity are twins, over whole days of windows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.bids import HIGHEST_OFFER, Bid
from market.mechanisms import MECHANISMS
from market.terms import Terms
from tests.draws import Day, Window, days, play, terms

every_mechanism = pytest.mark.parametrize("mechanism", MECHANISMS)


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
    day = data.draw(days(terms(mechanisms=(mechanism,), parties=(2, 3)), windows=(2, 3)))

    in_memory = play(day, open_venue("local", day.terms))

    assert play(day, open_venue("eth-tester", day.terms)) == in_memory


@every_mechanism
@pytest.mark.parametrize(("parties", "options"), [(2, 255), (8, 61), (255, 2)])
def test_the_largest_markets_go_alike_in_memory_and_on_revm(
    open_venue, mechanism, parties, options
):
    held = Terms(
        parties=parties,
        options=tuple((10 * o, 10 * o + 9) for o in range(options)),
        mechanism=mechanism,
        bond=parties + 1,
        authority=parties - 1,
    )
    if held.rule.form == "offers":
        numbers = [
            [HIGHEST_OFFER - (s * o) % 7 for o in range(options)] for s in range(parties)
        ]
    else:
        numbers = [[(s + o) % options + 1 for o in range(options)] for s in range(parties)]
    window = Window(
        bids=tuple(Bid(tuple(row), tuple(low for low, _ in held.options)) for row in numbers),
        blocked=frozenset({0, parties - 1}),
        metered=True,
    )
    day = Day(held, deposits=(2**33,) * parties, windows=(window, window))

    in_memory = play(day, open_venue("local", held))

    assert play(day, open_venue("revm", held)) == in_memory
