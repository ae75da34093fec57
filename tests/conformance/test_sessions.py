"""Sealed bids and whole days, on every venue: each case of RULES §4."""

from dataclasses import replace
from hashlib import sha256

import pytest

from market.bids import Bid
from market.errors import BalanceTooSmall, DepositTooSmall
from market.terms import Terms
from tests.draws import decide, report, submit

OPTIONS = ((-5000, -1), (0, 0), (1, 5000))
SEALED = Terms(parties=3, options=OPTIONS, default=1, bond=5, revealing=300)
DAY = replace(SEALED, horizon=2)
RANKED = replace(SEALED, mechanism="rps", horizon=2)
NOTHING = Bid((0, 0, 0))


@pytest.fixture
def funded_here(open_here):
    """Return a function from terms to a venue, where each party has 100 ticks."""

    def funded(terms, ticks=100):
        venue = open_here(terms)
        for seat in range(terms.parties):
            venue.deposit(seat, ticks)
        return venue

    return funded


def reveal(venue, *seats, session=0):
    """Let some seats reveal, and the time of the others pass."""
    venue.wait_until(venue.terms.bids_close(session))
    for seat in seats:
        venue.reveal(session, seat)
    venue.wait_until(venue.terms.reveals_close(session))


def settle(venue, session=0):
    venue.wait_until(venue.terms.meter_deadline(session))
    venue.settle(session)
    return venue.free


def test_a_sealed_session_goes_through_all_stages(funded_here):
    venue = funded_here(replace(SEALED, parties=2))

    submit(venue, 0, 0, Bid((10, 4, 0)), salt=b"\1" * 32, cap=20)
    submit(venue, 0, 1, Bid((0, 7, 8)), salt=b"\2" * 32)
    assert venue.free == (75, 87), "cap and bond are locked, not the offer"
    venue.reveal(0, 0)
    venue.reveal(0, 1)
    (award,) = venue.decide(0)
    assert (award.option, award.payments, award.participants) == (1, (-3, 3), (0, 1))
    report(venue)

    assert venue.free == (103, 97), "every lock is freed"
    assert [call.stage for call in venue.calls if call.session == 0] == [
        "commit", "commit", "reveal", "reveal", "decide", "report",
    ]  # fmt: skip


def test_open_and_sealed_bids_have_the_same_outcome(open_here):
    outcomes = []
    for revealing in (0, 300):
        venue = open_here(replace(SEALED, revealing=revealing, horizon=3))
        for seat in range(3):
            venue.deposit(seat, 1000)
            bids = [Bid((seat, 2, (seat + window) % 3)) for window in range(3)]
            venue.submit(0, seat, bids)
        for seat in range(3):
            venue.reveal(0, seat)
        awards = venue.decide(0)
        venue.report(0, [0, 0, 0], [(), (1,), ()])
        outcomes.append((awards, venue.free, venue.authority))

    assert outcomes[0] == outcomes[1]


def test_control_reverts_to_the_one_that_revealed(funded_here):
    venue = funded_here(SEALED)
    for seat in range(3):
        submit(venue, 0, seat, Bid((1, 2, 3), (-7, 0, 7 + seat)))
    reveal(venue, 2)

    award = decide(venue)

    assert (award.option, award.set_point, award.payments) == (2, 9, (0, 0, 0))
    assert (award.participants, award.candidates) == ((2,), (2,))
    assert (award.authority_used, venue.authority) == (False, 0)
    assert settle(venue) == (95, 95, 110), "both bonds go to who revealed"


def test_the_bond_of_who_did_not_reveal_is_shared_with_odd_ticks_to_the_lowest(funded_here):
    venue = funded_here(SEALED)
    for seat in range(3):
        submit(venue, 0, seat, NOTHING, cap=30)
    reveal(venue, 0, 2)

    award = decide(venue)

    assert award.participants == (0, 2)
    assert venue.free == (65, 65, 65), "nothing moves before settlement"
    assert settle(venue) == (103, 95, 102), "the cap comes back, the bond does not"


def test_where_nobody_revealed_bonds_go_to_the_other_seats(funded_here):
    venue = funded_here(SEALED)
    for seat in range(3):
        submit(venue, 0, seat, NOTHING)
    reveal(venue)

    award = decide(venue)

    assert (award.option, award.set_point, award.participants) == (1, 0, ())
    assert settle(venue) == (101, 100, 99)


def test_the_bond_of_a_lone_bidder_that_hides_goes_to_seats_that_did_not_bid(funded_here):
    venue = funded_here(SEALED)
    submit(venue, 0, 1, NOTHING)
    reveal(venue)
    decide(venue)

    assert settle(venue) == (103, 95, 102)


def test_who_did_not_commit_forfeits_nothing(funded_here):
    venue = funded_here(SEALED)
    submit(venue, 0, 0, Bid((3, 0, 0)))
    submit(venue, 0, 2, Bid((0, 0, 1)))
    reveal(venue, 0, 2)

    award = decide(venue)

    assert (award.option, award.payments) == (0, (3, 0, -3))
    assert settle(venue) == (97, 100, 103)


@pytest.mark.parametrize(
    ("terms", "bad", "cap"),
    [
        pytest.param(DAY, Bid((9, 0, 0)), 8, id="above its cap"),
        pytest.param(DAY, Bid((1, 0, 0), (0, 0, 1)), 1, id="a point outside its option"),
        pytest.param(RANKED, Bid((1, 2, 2)), 0, id="a rank twice"),
        pytest.param(RANKED, Bid((0, 1, 2)), 0, id="no rank"),
        pytest.param(RANKED, Bid((1, 2, 255)), 0, id="beyond the last rank"),
    ],
)
def test_a_bad_window_of_a_day_counts_as_unrevealed_alone(funded_here, terms, bad, cap):
    venue = funded_here(terms)
    good = Bid((1, 2, 3))
    venue.submit(0, 0, [good, good])
    venue.submit(0, 1, [bad, good], caps=[cap, 3])
    venue.submit(0, 2, [good, good])
    for seat in range(3):
        venue.reveal(0, seat)

    first, second = venue.decide(0)
    venue.report(0, [0, 0], [(1,), ()])

    assert (first.participants, second.participants) == ((0, 2), (0, 1, 2))
    assert venue.free == (103, 95, 102), "once: who takes no part cannot block"


def test_a_day_that_is_not_revealed_loses_the_bond_of_every_window_that_it_covers(funded_here):
    venue = funded_here(replace(SEALED, horizon=3))
    for seat, bids in enumerate([[NOTHING] * 3, [NOTHING, None, NOTHING], [NOTHING] * 3]):
        venue.submit(0, seat, bids)
    reveal(venue, 0, 2)

    awards = venue.decide(0)

    assert [award.participants for award in awards] == [(0, 2)] * 3
    assert settle(venue) == (106, 90, 104)


def test_a_blocker_loses_its_bond_beside_who_did_not_reveal(funded_here):
    venue = funded_here(SEALED)
    for seat in range(3):
        submit(venue, 0, seat, NOTHING)
    reveal(venue, 0, 1)
    decide(venue)

    report(venue, blocked=[0, 2])

    # 2 forfeits 5: 3 to seat 0 and 2 to seat 1; then 0 loses 5 to the only other participant.
    assert venue.free == (100 + 3 - 5, 100 + 2 + 5, 95)


def test_a_day_is_locked_whole_and_refused_whole(funded_here):
    venue = funded_here(replace(DAY, parties=2))

    with pytest.raises(DepositTooSmall) as refused:
        venue.submit(0, 0, [Bid((60, 0, 0)), Bid((31, 0, 0))])

    assert (refused.value.needed, venue.free) == (101, (100, 100))
    venue.submit(0, 0, [Bid((60, 0, 0)), Bid((30, 0, 0))])
    assert venue.free == (0, 100)


def test_money_won_in_a_day_covers_nothing_that_day_but_the_next(funded_here):
    venue = funded_here(replace(DAY, parties=2, bond=0), ticks=20)
    poor, rich = [Bid((0, 1, 0)), Bid((1, 0, 0))], [Bid((20, 0, 0)), None]
    for seat, bids in enumerate((rich, poor)):
        venue.submit(0, seat, bids)
        venue.submit(1, seat, [None, Bid((0, 0, 0))])
    for seat in (0, 1):
        venue.reveal(0, seat)
    venue.decide(0)

    with pytest.raises(BalanceTooSmall):
        venue.withdraw(1, 19)
    venue.report(0, [0, 0])

    assert venue.free == (0, 40)
    venue.withdraw(1, 40)


def test_authority_goes_from_window_to_window_in_order(funded_here):
    venue = funded_here(replace(SEALED, bond=0, horizon=48))
    for seat in range(3):
        venue.submit(0, seat, [NOTHING] * 48)
    for seat in range(3):
        venue.reveal(0, seat)

    awards = venue.decide(0)

    assert [award.authority for award in awards] == [0, 1, 2] * 16
    assert [award.window for award in awards] == list(range(48))
    assert all(award.authority_used for award in awards)
    assert venue.authority == 0


def test_windows_are_counted_over_sessions(funded_here):
    venue = funded_here(replace(DAY, bond=0))
    for session in (0, 1):
        for seat in range(3):
            venue.submit(session, seat, [NOTHING, None])

    for session in (0, 1):
        for seat in range(3):
            venue.reveal(session, seat)
        numbers = [award.window for award in venue.decide(session)]
        assert numbers == [2 * session, 2 * session + 1]


def test_a_window_that_nobody_bids_for_has_the_default(funded_here):
    venue = funded_here(DAY)
    for seat in range(3):
        venue.submit(0, seat, [None, Bid((9, 0, 0))])
        venue.submit(1, seat, [Bid((9, 0, 0))])
    for seat in range(3):
        venue.reveal(0, seat)

    assert [award.option for award in venue.decide(0)] == [1, 0]


def test_the_lot_is_drawn_by_the_hash_of_the_window_and_the_salts_of_participants(funded_here):
    venue = funded_here(replace(RANKED, mechanism="rps-random", authority=2))
    salts = [bytes([seat]) * 32 for seat in (7, 8, 9)]
    for seat, numbers in enumerate([(1, 2, 3), (3, 1, 2), (3, 2, 1)]):
        venue.submit(0, seat, [None, Bid(numbers)], salts[seat])
        venue.submit(1, seat, [Bid(numbers), None], salts[seat])
    reveal(venue, 0, 1, 2)
    venue.decide(0)
    reveal(venue, 0, 2, session=1)

    award, _ = venue.decide(1)

    words = [(2).to_bytes(32, "big"), (64).to_bytes(32, "big"), (2).to_bytes(32, "big")]
    digest = sha256(b"".join([*words, salts[0], salts[2]])).digest()
    assert award.participants == (0, 2)
    assert award.candidates == (0, 1, 2)
    assert award.option == int.from_bytes(digest, "big") % 3
    assert (award.authority, award.authority_used, venue.authority) == (2, False, 2)


@pytest.mark.parametrize("parties", range(2, 9))
def test_many_parties_share_an_element(funded_here, parties):
    venue = funded_here(replace(SEALED, parties=parties))
    for seat in range(parties):
        submit(venue, 0, seat, Bid((0, 0, seat)))
    reveal(venue, *range(1, parties))

    award = decide(venue)

    total, count = sum(range(parties)), parties - 1
    exact = [
        (count * seat - total) / (count - 1) if count > 1 else 0 for seat in range(parties)
    ]
    assert sum(award.payments) == 0
    assert award.payments[0] == 0
    assert all(
        abs(paid - wanted) < 1
        for paid, wanted in zip(award.payments[1:], exact[1:], strict=True)
    )
    assert sum(settle(venue)) == 100 * parties


def test_an_element_may_be_a_transformer_with_255_tap_steps(funded_here):
    taps = tuple((step, step) for step in range(1, 256))
    venue = funded_here(Terms(parties=2, options=taps, default=254, revealing=60), ticks=10**6)
    for seat in (0, 1):
        bid = Bid(tuple(1000 - abs(step - 200 - 10 * seat) for step, _ in taps), None)
        submit(venue, 0, seat, bid)
    reveal(venue, 0, 1)

    award = decide(venue)

    assert award.candidates == tuple(range(199, 210))
    assert award.set_point == taps[award.option][0] == 200


def test_an_exact_point_is_the_step_itself_or_nothing(funded_here):
    venue = funded_here(Terms(parties=2, options=((1, 1), (2, 2)), revealing=60))
    submit(venue, 0, 0, Bid((0, 9), (1, 2)))
    submit(venue, 0, 1, Bid((9, 9), (1, 3)))
    reveal(venue, 0, 1)

    award = decide(venue)

    assert (award.option, award.set_point, award.participants) == (1, 2, (0,))


def test_where_the_points_of_some_windows_are_named_the_others_have_the_middle(funded_here):
    venue = funded_here(DAY)
    venue.submit(0, 0, [Bid((0, 0, 9)), Bid((0, 0, 9), (-1, 0, 4999))])
    reveal(venue, 0)

    assert [award.set_point for award in venue.decide(0)] == [2500, 4999]


def test_a_missing_report_lets_a_session_settle_without_penalty_in_any_order(funded_here):
    venue = funded_here(SEALED)
    for session in (0, 1):
        for seat in range(3):
            submit(venue, session, seat, NOTHING)
        for seat in range(3):
            venue.reveal(session, seat)
        venue.decide(session)

    report(venue, 1, blocked=[0])
    assert venue.free == (90, 98, 97)
    assert settle(venue) == (95, 103, 102)
