"""Gas is counted on every call, and is the same on every chain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.bids import HIGHEST_OFFER, Bid
from market.mechanisms import MECHANISMS
from market.terms import Terms
from tests.draws import days, play, terms


def spent(venue):
    return [(call.stage, call.window, call.seat, call.gas) for call in venue.calls]


def held(mechanism, parties, options):
    ranges = tuple((10 * option, 10 * option + 9) for option in range(options))
    return Terms(parties=parties, options=ranges, mechanism=mechanism, bond=7)


def numbers(form, seat, options):
    if form == "offers":
        return tuple(HIGHEST_OFFER - seat * option for option in range(options))
    return tuple((seat + option) % options + 1 for option in range(options))


def through_all_stages(venue):
    """Call every function of a contract, with bids as large as they come."""
    terms = venue.terms
    points = tuple(low for low, _ in terms.options) if terms.rule.form == "offers" else None
    for seat in range(terms.parties):
        venue.deposit(seat, 2**34)
    for window in (0, 1):
        for seat in range(terms.parties):
            bid = Bid(numbers(terms.rule.form, seat, len(terms.options)), points)
            venue.submit(window, seat, bid)
        venue.decide(window)
    venue.report(1, -5, blocked=[0])
    venue.wait_until(terms.meter_deadline(0))
    venue.settle(0)
    venue.withdraw(0, 1)
    return venue


@pytest.mark.parametrize(
    ("mechanism", "parties", "options"),
    [
        ("hco", 2, 2),
        ("hco", 2, 13),
        ("hco", 2, 61),
        ("hco", 2, 255),
        ("hco", 8, 13),
        ("rps", 2, 13),
        ("rps", 2, 61),
        ("rps", 8, 255),
        ("rps-pareto", 2, 61),
        ("rps-pareto", 8, 13),
    ],
)
def test_every_call_uses_the_same_gas_on_both_chains(open_venue, mechanism, parties, options):
    market = held(mechanism, parties, options)

    in_process, in_blocks = (
        spent(through_all_stages(open_venue(name, market))) for name in ("revm", "eth-tester")
    )

    assert in_process == in_blocks
    assert all(gas >= 21_000 for *_, gas in in_process)


@pytest.mark.parametrize("mechanism", MECHANISMS)
@settings(max_examples=3)
@given(data=st.data())
def test_drawn_days_use_the_same_gas_on_both_chains(open_venue, mechanism, data):
    day = data.draw(days(terms(mechanisms=(mechanism,), parties=(2, 3)), windows=(1, 2)))
    venues = [open_venue(name, day.terms) for name in ("revm", "eth-tester")]

    for venue in venues:
        play(day, venue)

    assert spent(venues[0]) == spent(venues[1])


def test_a_bid_of_many_bytes_pays_no_floor_price(open_venue):
    """EIP-7623 charges at least 40 gas a non-zero byte; execution costs more here."""
    venue = through_all_stages(open_venue("revm", held("hco", 2, 255)))

    (gas, *_) = [call.gas for call in venue.calls if call.stage == "submit"]

    assert gas > 21_000 + 40 * 8 * 255


def test_transactions_have_a_hash_and_a_block_where_there_are_blocks(open_venue):
    venue = open_venue("eth-tester", held("hco", 2, 2))
    venue.deposit(0, 1)
    venue.deposit(1, 1)

    deployed, first, second = venue.calls

    assert [call.stage for call in venue.calls] == ["deploy", "deposit", "deposit"]
    assert len({call.transaction for call in venue.calls}) == 3
    assert first.transaction.startswith("0x")
    assert len(first.transaction) == 66
    assert deployed.block < first.block < second.block


def test_there_are_no_blocks_in_process(open_venue):
    (deployed,) = open_venue("revm", held("hco", 2, 2)).calls

    assert (deployed.transaction, deployed.block) == (None, None)
