"""What every venue must do: the same script, the same answers, the same errors."""

from dataclasses import replace

import pytest

from market import errors
from market.bids import Bid
from market.errors import MarketError
from market.terms import MOST_TICKS, Terms
from market.venue import gas_of
from tests.draws import decide, report, submit

OPTIONS = ((-5000, -1), (0, 0), (1, 5000))
TWO = Terms(parties=2, options=OPTIONS, default=1, bond=5)
THREE = Terms(parties=3, options=OPTIONS, default=1, bond=5)
RANKS = Terms(parties=2, options=OPTIONS, default=1, mechanism="rps")
DAY = Terms(parties=2, options=OPTIONS, default=1, bond=5, horizon=2)
SEALED = replace(TWO, revealing=300)
CAPPED = replace(TWO, fee_cap=10**18)
CLOSED, DEADLINE = TWO.bids_close(0), TWO.meter_deadline(0)


def funded(venue, ticks=100):
    for seat in range(venue.terms.parties):
        venue.deposit(seat, ticks)
    return venue


def bid(venue, window, *offers, points=None):
    for seat, numbers in enumerate(offers):
        if numbers:
            submit(venue, window, seat, Bid(numbers, points))


def decided(venue):
    """Have window 0 decided for option 1: party 1 is to pay 3 ticks to party 0."""
    bid(funded(venue), 0, (10, 4, 0), (0, 7, 8))
    decide(venue)
    return venue


def test_a_window_goes_through_all_six_stages(open_here):
    venue = open_here(TWO)

    for seat in (0, 1):
        venue.deposit(seat, 100)
    bid(venue, 0, (10, 4, 0), (0, 7, 8))
    assert venue.free == (85, 87), "highest offer and bond are locked"
    award = decide(venue)
    assert (award.window, award.option, award.set_point) == (0, 1, 0)
    assert (award.payments, award.candidates) == ((-3, 3), (1,))
    assert (award.authority, award.authority_used, venue.authority) == (0, False, 0)
    assert venue.free == (85, 87), "nothing is paid before settlement"
    report(venue)
    assert venue.free == (103, 97)
    venue.withdraw(0, 103)
    assert venue.free == (0, 97)


def test_every_call_is_recorded_with_its_stage_session_and_seat(open_here):
    venue = decided(open_here(TWO))
    venue.wait_until(DEADLINE)
    venue.settle(0)
    venue.withdraw(1, 1)

    calls = [(call.stage, call.session, call.seat) for call in venue.calls]

    assert [call for call in calls if call[0] != "deploy"] == [
        ("deposit", None, 0),
        ("deposit", None, 1),
        ("submit", 0, 0),
        ("submit", 0, 1),
        ("decide", 0, None),
        ("settle", 0, None),
        ("withdraw", None, 1),
    ]
    assert gas_of(venue, 0) == sum(call.gas for call in venue.calls if call.session == 0)


def test_a_tie_is_broken_by_authority_which_then_moves(open_here):
    venue = funded(open_here(TWO))

    bid(venue, 0, (6, 2, 0), (0, 4, 3))
    first = decide(venue)
    bid(venue, 1, (6, 2, 0), (0, 4, 3))
    second = decide(venue, 1)

    assert (first.option, first.candidates, first.authority) == (0, (0, 1), 0)
    assert (second.option, second.candidates, second.authority) == (1, (0, 1), 1)
    assert second.authority_used
    assert venue.authority == 0


def test_authority_skips_the_absent_and_moves_past_who_decided(open_here):
    venue = funded(open_here(THREE))

    bid(venue, 0, None, (0, 0, 6), (6, 0, 0))
    venue.wait_until(CLOSED)
    award = decide(venue)

    assert (award.option, award.authority, venue.authority) == (2, 0, 2)


@pytest.mark.parametrize(
    ("points", "set_point"), [(None, 2500), ((-1, 0, 4321), 4321)], ids=["middle", "exact"]
)
def test_the_highest_bidder_names_the_exact_set_point(open_here, points, set_point):
    venue = funded(open_here(TWO))

    submit(venue, 0, 0, Bid((0, 0, 3), (-5000, 0, 17)))
    submit(venue, 0, 1, Bid((0, 0, 4), points))

    assert decide(venue).set_point == set_point


@pytest.mark.parametrize(("option", "middle"), [(0, -2500), (2, 2500)])
def test_an_odd_middle_goes_towards_zero(open_here, option, middle):
    venue = open_here(Terms(parties=2, options=OPTIONS, default=option))
    venue.wait_until(CLOSED)

    assert decide(venue).set_point == middle


def test_ranks_instruct_the_middle_and_cost_nothing(open_here):
    venue = open_here(RANKS)

    bid(venue, 0, (1, 2, 3), (3, 2, 1))
    award = decide(venue)

    assert (award.option, award.set_point, award.payments) == (0, -2500, (0, 0))
    assert (award.candidates, venue.authority) == ((0, 1, 2), 1)


def test_control_reverts_to_a_lone_participant(open_here):
    venue = funded(open_here(TWO))
    bid(venue, 0, None, (0, 2, 8))
    venue.wait_until(CLOSED)

    award = decide(venue)
    report(venue)

    assert (award.option, award.payments, award.candidates) == (2, (0, 0), (2,))
    assert venue.free == (100, 100)


def test_the_default_is_instructed_where_nobody_takes_part(open_here):
    venue = open_here(TWO)
    venue.wait_until(CLOSED)

    award = decide(venue)

    assert (award.option, award.set_point, award.candidates) == (1, 0, (1,))


def test_a_bid_may_come_until_its_window_closes_and_for_any_later_window(open_here):
    venue = funded(open_here(TWO))

    submit(venue, 3, 0, Bid((0, 0, 0)))
    venue.wait_until(CLOSED - 1)
    submit(venue, 0, 0, Bid((0, 0, 0)))

    assert venue.free == (90, 100)


def test_windows_are_decided_in_order_whenever_they_are_settled(open_here):
    venue = funded(open_here(TWO))
    for window in (0, 1):
        bid(venue, window, (9, 0, 0), (0, 4, 0))
        decide(venue, window)

    report(venue, 1)
    venue.wait_until(DEADLINE)
    venue.settle(0)

    assert venue.free == (82, 118), "the higher offer paid 9 twice"


def test_three_parties_pay_whole_ticks_that_sum_to_zero(open_here):
    venue = funded(open_here(THREE))
    bid(venue, 0, (9, 0, 0), (0, 4, 0), (0, 4, 0))

    award = decide(venue)
    report(venue)

    assert (award.option, award.payments) == (0, (9, -4, -5))
    assert venue.free == (91, 104, 105)


@pytest.mark.parametrize(
    ("blocked", "free"),
    [
        pytest.param([0], (95, 103, 102), id="odd tick to the lowest seat"),
        pytest.param([2], (103, 102, 95), id="the last seat"),
        pytest.param([1, 2], (106, 97, 97), id="two blockers share each other's bond"),
        pytest.param([1, 1], (103, 95, 102), id="at most one bond"),
        pytest.param([0, 1, 2], (101, 100, 99), id="everybody"),
    ],
)
def test_who_blocked_loses_its_bond_to_the_other_participants(open_here, blocked, free):
    venue = funded(open_here(THREE))
    bid(venue, 0, (0, 0, 0), (0, 0, 0), (0, 0, 0))
    decide(venue)

    report(venue, blocked=blocked)

    assert venue.free == free


def test_a_lone_blocker_pays_the_other_seats_and_the_absent_lose_nothing(open_here):
    venue = funded(open_here(THREE))
    bid(venue, 0, None, (0, 0, 9))
    venue.wait_until(CLOSED)
    decide(venue)

    report(venue, blocked=[0, 1])

    assert venue.free == (103, 95, 102)


def test_payments_stand_after_a_block_also_to_the_blocker(open_here):
    venue = decided(open_here(TWO))

    report(venue, blocked=[0])

    assert venue.free == (100 + 3 - 5, 100 - 3 + 5)


def late(venue):
    venue.wait_until(CLOSED)
    bid(venue, 0, (0, 0, 0))


def bid_again(venue):
    bid(funded(venue), 0, (0, 0, 0))
    bid(venue, 0, (1, 0, 0))


def settle_early(venue):
    decided(venue).wait_until(DEADLINE - 1)
    venue.settle(0)


def settle_undecided(venue):
    venue.wait_until(DEADLINE)
    venue.settle(0)


def decide_again(venue):
    decided(venue).decide(0)


def settle_twice(venue):
    decided(venue).wait_until(DEADLINE)
    venue.settle(0)
    venue.settle(0)


def report_settled(venue):
    report(decided(venue))
    report(venue)


def short_by_a_tick(venue):
    venue.deposit(1, 11)
    submit(venue, 0, 1, Bid((7, 0, 0)))


def decide_before_all_bid(venue):
    bid(funded(venue), 0, (0, 0, 0))
    venue.wait_until(CLOSED - 1)
    decide(venue)


def spend_what_is_locked(venue):
    bid(funded(venue), 0, (0, 0, 10))
    venue.withdraw(0, 86)


def reveal_early(venue):
    bid(funded(venue), 0, (0, 0, 0))
    venue.wait_until(CLOSED - 1)
    venue.reveal(0, 0)


def reveal_late(venue):
    bid(funded(venue), 0, (0, 0, 0))
    venue.wait_until(SEALED.reveals_close(0))
    venue.reveal(0, 0)


def reveal_nothing(venue):
    bid(funded(venue), 0, (0, 0, 0))
    venue.wait_until(CLOSED)
    venue.reveal(0, 1)


def reveal_twice(venue):
    bid(funded(venue), 0, (0, 0, 0), (0, 0, 0))
    venue.reveal(0, 0)
    venue.reveal(0, 0)


def reveal_where_another_session_stands(venue):
    bid(funded(venue), 0, (0, 0, 0), (0, 0, 0))
    decide(venue)
    bid(venue, 8, (0, 0, 0))
    venue.reveal(0, 1)


def reveal_of_a_stranger(venue):
    venue.wait_until(CLOSED)
    venue.reveal(0, 2)


def decide_hidden(venue):
    bid(funded(venue), 0, (0, 0, 0), (0, 0, 0))
    venue.reveal(0, 1)
    venue.wait_until(SEALED.reveals_close(0) - 1)
    venue.decide(0)


def open_twice(venue):
    venue.open(0)
    venue.open(0)


def open_late(venue):
    venue.wait_until(CLOSED)
    venue.open(0)


def decide_with_a_full_ring(venue):
    """Session 8 is written where session 0 stands, so that must be settled first."""
    for session in range(9):
        venue.wait_until(venue.terms.bids_close(session))
        venue.decide(session)


def rank(*numbers):
    return lambda venue: submit(venue, 0, 1, Bid(numbers))


def point(*points):
    return lambda venue: submit(venue, 0, 1, Bid((0, 0, 0), points))


REFUSED = {
    "a stranger pays in": (TWO, lambda v: v.deposit(2, 5), errors.NotAParty(2)),
    "a stranger bids": (TWO, lambda v: submit(v, 0, 2, Bid((0, 0, 0))), errors.NotAParty(2)),
    "a stranger asks money back": (TWO, lambda v: v.withdraw(2, 0), errors.NotAParty(2)),
    "less than nothing": (
        TWO,
        lambda v: v.deposit(0, -1),
        errors.DepositRefused(-1, MOST_TICKS),
    ),
    "too much money": (
        TWO,
        lambda v: v.deposit(0, MOST_TICKS + 1),
        errors.DepositRefused(MOST_TICKS + 1, MOST_TICKS),
    ),
    "more than anyone has": (
        TWO,
        lambda v: v.deposit(2, 10**30),
        errors.DepositRefused(10**30, MOST_TICKS),
    ),
    "too few offers": (TWO, rank(1, 2), errors.BidMalformed(1, 2, 3)),
    "too many ranks": (RANKS, rank(1, 2, 3, 4), errors.BidMalformed(1, 4, 3)),
    "too few points": (TWO, point(-1, 0), errors.BidMalformed(1, 2, 3)),
    "ranks with points": (
        RANKS,
        lambda v: submit(v, 0, 1, Bid((1, 2, 3), (-1, 0, 1))),
        errors.BidMalformed(1, 3, 0),
    ),
    "a negative offer": (TWO, rank(0, -1, 0), errors.OfferOutOfRange(1, 1, -1)),
    "33 bits": (TWO, rank(0, 0, 2**32), errors.OfferOutOfRange(1, 2, 2**32)),
    "rank 0": (RANKS, rank(1, 0, 2), errors.RanksMalformed(1, 1, 0)),
    "rank 4 of 3": (RANKS, rank(1, 2, 4), errors.RanksMalformed(1, 2, 4)),
    "a rank twice": (RANKS, rank(1, 2, 2), errors.RanksMalformed(1, 2, 2)),
    "a point below": (TWO, point(-5001, 0, 1), errors.PointOutsideOption(1, 0, -5001)),
    "a point above": (TWO, point(-1, 0, 5001), errors.PointOutsideOption(1, 2, 5001)),
    "a malformed bid of a stranger": (
        TWO,
        lambda v: submit(v, 0, 2, Bid((1,))),
        errors.BidMalformed(2, 1, 3),
    ),
    "a deposit short by a tick": (TWO, short_by_a_tick, errors.DepositTooSmall(1, 11, 12)),
    "caps for other windows": (
        replace(DAY, revealing=300),
        lambda v: v.submit(0, 1, [Bid((0, 0, 0)), None], caps=[0, 0]),
        errors.BidUnreadable(1, 0),
    ),
    "less than nothing at stake": (
        SEALED,
        lambda v: submit(v, 0, 1, Bid((0, 0, 0)), cap=-1),
        errors.BidUnreadable(1, 0),
    ),
    "no bid at all": (DAY, lambda v: v.submit(0, 1, [None, None]), errors.BidUnreadable(1, 2)),
    "a window too many": (
        DAY,
        lambda v: v.submit(0, 1, [Bid((0, 0, 0)), None, None]),
        errors.BidUnreadable(1, 2),
    ),
    "a malformed window of an open day": (
        DAY,
        lambda v: v.submit(0, 1, [Bid((0, 0, 0)), Bid((0, 0, 0), (0, 0, 0))]),
        errors.PointOutsideOption(1, 0, 0),
    ),
    "a day short by a tick": (
        DAY,
        lambda v: funded(v, 24).submit(0, 1, [Bid((7, 0, 0)), Bid((0, 8, 0))]),
        errors.DepositTooSmall(1, 24, 25),
    ),
    "a sealed bid of a stranger": (
        SEALED,
        lambda v: submit(v, 0, 2, Bid((0, 0, 0))),
        errors.NotAParty(2),
    ),
    "a cap that is not covered": (
        SEALED,
        lambda v: submit(funded(v, 14), 0, 1, Bid((7, 0, 0)), cap=10),
        errors.DepositTooSmall(1, 14, 15),
    ),
    "a second sealed bid": (SEALED, bid_again, errors.AlreadyBid(0, 0)),
    "a late sealed bid": (SEALED, late, errors.WindowClosed(0)),
    "a bid nine sessions ahead": (
        TWO,
        lambda v: submit(funded(v), 8, 0, Bid((0, 0, 0))),
        errors.WindowClosed(8),
    ),
    "revealed while others may bid": (SEALED, reveal_early, errors.WindowNotReady(0)),
    "revealed late": (SEALED, reveal_late, errors.WindowNotReady(0)),
    "revealed without a bid": (SEALED, reveal_nothing, errors.BidMismatch(0, 1)),
    "revealed twice": (SEALED, reveal_twice, errors.BidMismatch(0, 0)),
    "revealed where another session stands": (
        SEALED,
        reveal_where_another_session_stands,
        errors.WindowNotReady(0),
    ),
    "revealed by a stranger": (SEALED, reveal_of_a_stranger, errors.BidMismatch(0, 2)),
    "decided while one may reveal": (SEALED, decide_hidden, errors.WindowNotReady(0)),
    "opened without a cap": (TWO, lambda v: v.open(0), errors.WindowNotReady(0)),
    "opened twice": (CAPPED, open_twice, errors.WindowNotReady(0)),
    "opened late": (CAPPED, open_late, errors.WindowClosed(0)),
    "opened nine sessions ahead": (CAPPED, lambda v: v.open(8), errors.WindowClosed(8)),
    "a bid before the opening": (
        CAPPED,
        lambda v: submit(funded(v), 0, 0, Bid((0, 0, 0))),
        errors.WindowNotReady(0),
    ),
    "decided over what is not settled": (
        TWO,
        decide_with_a_full_ring,
        errors.WindowNotReady(8),
    ),
    "reported for other windows": (
        TWO,
        lambda v: decided(v).report(0, [0, 0]),
        errors.OutcomeMismatch(0),
    ),
    "blocked in other windows": (
        TWO,
        lambda v: decided(v).report(0, [0], [(), ()]),
        errors.OutcomeMismatch(0),
    ),
    "a second bid": (TWO, bid_again, errors.AlreadyBid(0, 0)),
    "a late bid": (TWO, late, errors.WindowClosed(0)),
    "a bid for a decided window": (
        TWO,
        lambda v: bid(decided(v), 0, (0, 0, 0)),
        errors.WindowClosed(0),
    ),
    "locked money": (TWO, spend_what_is_locked, errors.BalanceTooSmall(0, 85, 86)),
    "a negative withdrawal": (
        TWO,
        lambda v: funded(v).withdraw(0, -1),
        errors.BalanceTooSmall(0, 100, -1),
    ),
    "decided early": (TWO, decide_before_all_bid, errors.WindowNotReady(0)),
    "reported undecided": (TWO, report, errors.WindowNotReady(0)),
    "settled early": (TWO, settle_early, errors.WindowNotReady(0)),
    "settled undecided": (TWO, settle_undecided, errors.WindowNotReady(0)),
    "decided ahead": (TWO, lambda v: v.decide(1), errors.WindowOutOfOrder(1, 0)),
    "decided twice": (TWO, decide_again, errors.WindowOutOfOrder(0, 1)),
    "settled twice": (TWO, settle_twice, errors.WindowSettled(0)),
    "reported after settlement": (TWO, report_settled, errors.WindowSettled(0)),
}
"""What is refused, with the terms, the script and the facts: the same from every venue."""


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_refused_with_the_same_facts(open_here, case):
    terms, script, wanted = REFUSED[case]
    venue = open_here(terms)

    with pytest.raises(MarketError) as refused:
        script(venue)

    found, expected = vars(refused.value), vars(wanted)
    if "sender" in expected:  # a seat in memory, an address on a chain
        assert found.keys() == expected.keys()
        assert found["sender"] == 2 or found["sender"].startswith("0x")
    else:
        assert found == expected
    assert type(refused.value) is type(wanted)


def test_every_error_that_a_venue_can_raise_has_a_case():
    every = [kind for kind in _below(MarketError) if kind.__module__ == errors.__name__]
    leaves = {kind for kind in every if not kind.__subclasses__()}

    raised = {type(wanted) for _, _, wanted in REFUSED.values()}

    forged = {errors.WrongSealing, errors.NotTheMeter}  # see tests/chain/test_attacks.py
    dear = {errors.FeeTooHigh}  # see tests/conformance/test_fee_cap.py
    of_trade = {  # see test_marketplaces.py here, and tests/chain/test_marketplace.py
        errors.OrdersMalformed,
        errors.OrderMalformed,
        errors.QuantityOutOfRange,
        errors.LimitOutOfRange,
        errors.MeritMismatch,
        errors.ReadingsMalformed,
    }
    assert leaves - raised == forged | dear | of_trade


def test_a_refused_call_changes_nothing_and_is_not_recorded(open_here):
    venue = decided(open_here(TWO))
    before = venue.free, venue.authority, len(venue.calls)

    for script in (
        lambda: venue.deposit(0, MOST_TICKS + 1),
        lambda: venue.withdraw(0, 86),
        lambda: submit(venue, 1, 0, Bid((96, 0, 0))),
        lambda: venue.decide(2),
    ):
        with pytest.raises(MarketError):
            script()

    assert (venue.free, venue.authority, len(venue.calls)) == before
    submit(venue, 1, 0, Bid((80, 0, 0)))


def _below(kind):
    return {kind} | {heir for child in kind.__subclasses__() for heir in _below(child)}
