"""Gas is counted on every call, and is the same on every chain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.venue import EVMS, ContractVenue
from market.bids import HIGHEST_OFFER, Bid
from market.mechanisms import MECHANISMS
from market.terms import Terms
from tests.draws import days, play, terms


def fresh(name, held):
    """Return a venue on a chain of its own.

    What seals and signatures cost follows from the address of the contract, and that from
    all that its deployer did before.
    """
    return ContractVenue(held, EVMS[name]())


def spent(venue):
    return [(call.stage, call.session, call.seat, call.gas) for call in venue.calls]


def held(mechanism, parties, options, horizon=1, revealing=0):
    ranges = tuple((10 * option, 10 * option + 9) for option in range(options))
    return Terms(
        parties=parties,
        options=ranges,
        mechanism=mechanism,
        bond=7,
        horizon=horizon,
        revealing=revealing,
        fee_cap=10**18,
    )


def numbers(form, seat, options):
    if form == "offers":
        return tuple(HIGHEST_OFFER - seat * option for option in range(options))
    return tuple((seat + option) % options + 1 for option in range(options))


def through_all_stages(venue):
    """Call every function of a contract, with bids as large as they come."""
    terms = venue.terms
    points = tuple(low for low, _ in terms.options) if terms.rule.form == "offers" else None
    for seat in range(terms.parties):
        venue.deposit(seat, 2**40)
    for session in (0, 1):
        venue.open(session)
        for seat in range(terms.parties):
            bid = Bid(numbers(terms.rule.form, seat, len(terms.options)), points)
            venue.submit(session, seat, [bid] * terms.horizon, bytes([seat + 1]) * 32)
        for seat in range(terms.parties):
            venue.reveal(session, seat)
        venue.decide(session)
    venue.report(1, [-5] * terms.horizon, blocked=[(0,)] * terms.horizon)
    venue.wait_until(terms.meter_deadline(0))
    venue.settle(0)
    venue.withdraw(0, 1)
    return venue


@pytest.mark.parametrize(
    ("mechanism", "parties", "options", "horizon", "revealing"),
    [
        ("hco", 2, 2, 1, 0),
        ("hco", 2, 13, 1, 0),
        ("hco", 2, 13, 1, 300),
        ("hco", 2, 13, 48, 300),
        ("hco", 2, 255, 1, 0),
        ("hco", 8, 13, 1, 0),
        ("rps", 2, 13, 1, 0),
        ("rps", 2, 13, 48, 300),
        ("rps", 8, 255, 1, 0),
        ("rps-pareto", 8, 13, 1, 0),
        ("rps-random", 2, 61, 1, 300),
    ],
)
def test_every_call_uses_the_same_gas_on_both_chains(
    mechanism, parties, options, horizon, revealing
):
    market = held(mechanism, parties, options, horizon, revealing)

    in_process, in_blocks = (
        spent(through_all_stages(fresh(name, market))) for name in ("revm", "eth-tester")
    )

    assert in_process == in_blocks
    assert all(gas >= 21_000 for *_, gas in in_process)


@pytest.mark.parametrize("mechanism", MECHANISMS)
@settings(max_examples=3)
@given(data=st.data())
def test_drawn_days_use_the_same_gas_on_both_chains(mechanism, data):
    day = data.draw(days(terms(mechanisms=(mechanism,), parties=(2, 3)), sittings=(1, 2)))
    venues = [fresh(name, day.terms) for name in ("revm", "eth-tester")]

    for venue in venues:
        play(day, venue)

    assert spent(venues[0]) == spent(venues[1])


def test_many_bytes_cost_at_least_their_floor(open_venue):
    """EIP-7623: 40 gas a byte that is not zero, where that is more than execution costs."""
    market = held("hco", 2, 255, horizon=20, revealing=300)
    venue = through_all_stages(open_venue("revm", market))

    gas = next(call.gas for call in venue.calls if call.stage == "reveal")

    assert gas > 21_000 + 40 * 20 * 255 * 4


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
