"""What a contract refuses of sealed bids: early, late, copied, stale, of another."""

import pytest

from chain.packing import seal_of
from market import errors
from market.errors import MarketError
from tests.chain.direct import (
    ABSENT,
    BOND,
    PERIOD,
    REVEALING,
    STRANGER,
    TICK,
    agreed,
    changed,
    deployed,
    offers,
    presented,
    sealed,
)

FIRST, SECOND = sealed(offers(9, 0, 0), cap=10), sealed(offers(0, 4, 0), cap=4, salt=b"\1" * 32)


@pytest.fixture
def evm(chains):
    return chains("revm")


def funded(evm, **changes):
    """Return a contract for sealed offers, with 100 ticks of either party."""
    held = agreed(evm, **({"revealing": REVEALING} | changes))
    market = deployed(evm, "HighestCombinedOffer", held, 0)
    for seat in (0, 1):
        market.send(seat, "deposit", seat, value=100 * TICK)
    return market


@pytest.fixture
def contract(evm):
    return funded(evm)


@pytest.fixture
def both(contract):
    """Return a contract that both parties have committed to, and that bids are closed of."""
    contract.commit(0, FIRST)
    contract.commit(1, SECOND)
    return contract


def refused(wanted, call, *arguments):
    with pytest.raises(MarketError) as found:
        call(*arguments)
    assert (type(found.value), vars(found.value)) == (type(wanted), vars(wanted))


def test_a_commitment_locks_cap_and_bond_and_shows_nothing_else(contract):
    contract.commit(0, FIRST)

    assert contract.free == (100 - 10 - BOND, 100)


@pytest.mark.parametrize("caps", [b"", bytes(3), bytes(5), bytes(8)])
def test_a_commitment_names_four_bytes_of_cap_for_each_covered_window(contract, caps):
    wanted = errors.BidUnreadable(0, 0)
    refused(wanted, contract.send, 0, "commit", 0, 0, 1, caps, bytes(32))


def test_caps_are_locked_to_the_last_tick_or_the_commitment_is_refused(contract):
    refused(errors.DepositTooSmall(0, 100, 101), contract.commit, 0, sealed(b"", cap=96))

    contract.commit(0, sealed(b"", cap=95))

    assert contract.free == (0, 100)


def test_open_bids_are_refused_where_they_are_sealed_and_the_other_way_round(evm, contract):
    open_market = deployed(evm, "HighestCombinedOffer", agreed(evm), 0)

    refused(errors.WrongSealing(), contract.send, 0, "submit", 0, 0, 1, FIRST.bids)
    refused(errors.WrongSealing(), open_market.commit, 0, FIRST)


def test_nobody_commits_for_another(contract):
    with pytest.raises(errors.NotAParty):
        contract.send(1, "commit", 0, 0, 1, bytes(4), bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"bids": offers(8, 0, 0)}, id="another offer"),
        pytest.param({"bids": offers(9, 0, 0, width=4)}, id="the same in more bytes"),
        pytest.param({"salt": b"\1" * 32}, id="another salt"),
        pytest.param({"caps": (11).to_bytes(4, "big")}, id="a higher cap"),
        pytest.param({"caps": (9).to_bytes(4, "big")}, id="a lower cap"),
        pytest.param({"caps": b""}, id="no cap"),
        pytest.param({"covered": 3}, id="another window"),
    ],
)
def test_only_what_was_committed_can_be_revealed(both, change):
    other = changed(FIRST, **change)

    refused(errors.BidMismatch(0, 0), both.send, 0, "reveal", 0, 0, other.arguments)

    both.send(0, "reveal", 0, 0, FIRST.arguments)


def test_a_copied_commitment_cannot_be_opened_when_its_owner_reveals(contract):
    contract.commit(0, FIRST)
    seal = contract.seal(0, FIRST)
    contract.send(1, "commit", 1, 0, FIRST.covered, FIRST.caps, seal)
    contract.send(0, "reveal", 0, 0, FIRST.arguments)

    refused(errors.BidMismatch(0, 1), contract.send, 1, "reveal", 1, 0, FIRST.arguments)

    contract.wait(PERIOD + REVEALING)
    hidden = changed(FIRST, bids=b"", salt=seal)
    outcome = contract.send(1, "decide", 0, presented(FIRST, hidden))
    contract.wait(3 * PERIOD + REVEALING)
    contract.send(1, "settle", 0, outcome)
    assert contract.free == (105, 95), "the copy costs a bond"


def test_a_seal_of_another_contract_session_party_or_chain_opens_nothing(evm, contract):
    chain, other, party = evm.chain_id + 1, funded(evm), evm.account(0)
    seals = [
        other.seal(0, FIRST, session=0),
        contract.seal(0, FIRST, session=0),
        contract.seal(1, FIRST, session=2),
        seal_of(chain, contract.address, 3, party, FIRST),
        contract.seal(0, FIRST, session=4),
    ]
    for session, seal in enumerate(seals):
        contract.send(0, "commit", 0, session, 1, FIRST.caps, seal)

    for session in range(4):
        contract.wait((session + 1) * PERIOD)
        wanted = errors.BidMismatch(session, 0)
        refused(wanted, contract.send, 0, "reveal", 0, session, FIRST.arguments)

    contract.wait(5 * PERIOD)
    contract.send(0, "reveal", 0, 4, FIRST.arguments)


def test_bids_are_revealed_after_they_closed_and_before_revealing_ends(contract):
    contract.commit(0, FIRST)
    reveal = (0, "reveal", 0, 0, FIRST.arguments)

    contract.wait(PERIOD - 1)
    refused(errors.WindowNotReady(0), contract.send, *reveal)
    contract.wait(PERIOD + REVEALING)
    refused(errors.WindowNotReady(0), contract.send, *reveal)


def test_bids_close_as_soon_as_every_party_has_bid(both):
    both.send(0, "reveal", 0, 0, FIRST.arguments)
    both.send(1, "reveal", 1, 0, SECOND.arguments)

    both.send(STRANGER, "decide", 0, presented(FIRST, SECOND))


def test_a_bid_is_revealed_once(both):
    both.send(0, "reveal", 0, 0, FIRST.arguments)

    refused(errors.BidMismatch(0, 0), both.send, 0, "reveal", 0, 0, FIRST.arguments)


def test_who_knows_the_salt_may_reveal_for_another_and_gains_nothing(both):
    both.send(STRANGER, "reveal", 0, 0, FIRST.arguments)
    both.send(0, "reveal", 1, 0, SECOND.arguments)

    outcome = both.send(STRANGER, "decide", 0, presented(FIRST, SECOND))
    both.report(outcome)

    assert both.free == (91, 109)


def test_a_seat_that_does_not_exist_reveals_nothing(both):
    refused(errors.BidMismatch(0, 2), both.send, 0, "reveal", 2, 0, FIRST.arguments)


@pytest.mark.parametrize("bids", [b"", b"\2", offers(1, 2), offers(1, 2, 3) + bytes(10_000)])
def test_bids_of_the_wrong_length_are_not_revealed_and_cost_the_bond(contract, bids):
    """Else one could reveal more than fits into a decision, and trap the money of all."""
    giant = sealed(bids, cap=9)
    contract.commit(0, giant)
    contract.commit(1, SECOND)
    contract.send(1, "reveal", 1, 0, SECOND.arguments)

    refused(errors.BidUnreadable(0, 0), contract.send, 0, "reveal", 0, 0, giant.arguments)

    contract.wait(PERIOD + REVEALING)
    hidden = giant.hidden(contract.seal(0, giant))
    outcome = contract.send(1, "decide", 0, presented(hidden, SECOND))
    contract.report(outcome)
    assert contract.free == (95, 105)


def test_what_is_hidden_cannot_be_presented_as_revealed_nor_the_other_way_round(both):
    both.send(1, "reveal", 1, 0, SECOND.arguments)
    seals = [both.seal(seat, one) for seat, one in enumerate((FIRST, SECOND))]
    both.wait(PERIOD + REVEALING)
    hidden = [one.hidden(seal) for one, seal in zip((FIRST, SECOND), seals, strict=True)]

    opened = presented(FIRST, SECOND)
    refused(errors.BidMismatch(0, 0), both.send, 0, "decide", 0, opened)
    closed = presented(*hidden)
    refused(errors.BidMismatch(0, 1), both.send, 0, "decide", 0, closed)
    kept_back = presented(ABSENT, SECOND)
    refused(errors.BidMismatch(0, 0), both.send, 0, "decide", 0, kept_back)

    both.send(0, "decide", 0, presented(hidden[0], SECOND))


def test_a_stale_seal_of_the_same_place_opens_nothing(evm):
    market = funded(evm, bond=0)
    market.commit(0, FIRST)
    market.wait(PERIOD)
    market.send(0, "reveal", 0, 0, FIRST.arguments)
    for session in range(8):
        market.wait((session + 1) * PERIOD + REVEALING)
        bids = presented(FIRST if session == 0 else ABSENT, ABSENT)
        market.report(market.send(0, "decide", session, bids), session)
    market.wait(9 * PERIOD)

    refused(errors.BidMismatch(8, 0), market.send, 0, "reveal", 0, 8, FIRST.arguments)
    market.wait(9 * PERIOD + REVEALING)
    stale = presented(FIRST, ABSENT)
    refused(errors.BidMismatch(8, 0), market.send, 0, "decide", 8, stale)
    market.send(0, "decide", 8, presented(ABSENT, ABSENT))


def test_the_place_of_a_session_is_taken_again_after_eight(evm):
    market = funded(evm, bond=0)
    refused(errors.WindowClosed(8), market.commit, 0, FIRST, 8)
    market.wait(PERIOD)
    market.report(market.send(0, "decide", 0, presented(ABSENT, ABSENT)))

    market.commit(0, FIRST, 8)

    assert market.free == (90, 100)
