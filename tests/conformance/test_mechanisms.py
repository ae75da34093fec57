"""What every mechanism must do, with every payment rule, whoever takes part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market import decision as rules
from market.mechanisms import MECHANISMS
from market.mechanisms.rps_random import draw_lot
from market.payments import PAYMENT_RULES
from tests.draws import batches, cases


def both(test):
    """Draw data for every mechanism with every payment rule."""
    drawn = settings(max_examples=40)(given(data=st.data())(test))
    names = pytest.mark.parametrize("name", MECHANISMS)
    return names(pytest.mark.parametrize("payment", PAYMENT_RULES)(drawn))


LOT = draw_lot(0, [bytes(32)] * 2)


def decide(rule, bids, present, authority, default=0):
    """Decide, with one lot for all if the mechanism draws."""
    lots = np.full(present.shape[:-1], LOT, dtype=object) if rule.lottery else None
    return rules.decide(rule, bids, present, authority, default, lots)


def drawn(data, name, payment):
    rule = MECHANISMS[name](payment)
    return rule, *data.draw(cases(rule.form))


def best_of(rule, bid, options):
    """Return what a party likes best of some options, the lowest index first."""
    sign = 1 if rule.form == "offers" else -1
    return max(options, key=lambda option: (sign * bid[option], -option))


@both
def test_payments_sum_to_zero_and_nobody_pays_more_than_it_offered(name, payment, data):
    rule, bids, present, authority = drawn(data, name, payment)

    decision = decide(rule, bids, present, authority)

    offers = bids[:, decision.option] if rule.form == "offers" else np.zeros(len(bids), int)
    assert decision.payments.sum() == 0
    assert (decision.payments <= offers * present).all()
    assert not decision.payments[~present].any()


@both
def test_authority_takes_its_best_candidate_and_moves_only_when_used(name, payment, data):
    rule, bids, present, authority = drawn(data, name, payment)
    parties = len(bids)
    seats = [(int(authority) + step) % parties for step in range(parties)]

    decision = decide(rule, bids, present, authority)

    tied = np.flatnonzero(decision.candidates).tolist()
    assert decision.used == (len(tied) > 1 and not rule.lottery)
    assert decision.option in tied
    if not decision.used:
        assert len(tied) == 1 or rule.lottery
        assert decision.authority == authority
    else:
        assert present.sum() > 1
        holder = next(seat for seat in seats if present[seat])
        assert decision.option == best_of(rule, bids[holder], tied)
        assert decision.authority == (holder + 1) % parties


@both
def test_a_lone_participant_decides_for_nothing(name, payment, data):
    rule, bids, _, authority = drawn(data, name, payment)
    alone = data.draw(st.integers(0, len(bids) - 1))

    decision = decide(rule, bids, np.arange(len(bids)) == alone, authority)

    assert decision.option == best_of(rule, bids[alone], range(bids.shape[1]))
    assert decision.instructor == (alone if rule.form == "offers" else -1)
    assert not decision.payments.any()


@both
def test_the_default_is_taken_where_nobody_takes_part(name, payment, data):
    rule, bids, _, authority = drawn(data, name, payment)
    default = bids.shape[1] - 1

    decision = decide(rule, bids, np.zeros(len(bids), bool), authority, default)

    assert (decision.option, decision.instructor) == (default, -1)
    assert not decision.payments.any()


@both
def test_bids_of_the_absent_are_never_read(name, payment, data):
    rule, bids, present, authority = drawn(data, name, payment)
    garbage = st.integers(-(2**40), 2**40)
    soiled = bids.copy()
    for seat in np.flatnonzero(~present):
        soiled[seat] = data.draw(
            st.lists(garbage, min_size=bids.shape[1], max_size=bids.shape[1])
        )

    clean, dirty = (decide(rule, table, present, authority) for table in (bids, soiled))

    for field, value in vars(clean).items():
        np.testing.assert_array_equal(getattr(dirty, field), value, err_msg=field)


@both
def test_the_mechanism_runs_on_the_participants_alone(name, payment, data):
    rule, bids, present, authority = drawn(data, name, payment)
    seats = np.flatnonzero(present)
    if len(seats) < 2:
        seats, present = np.arange(len(bids)), np.ones(len(bids), bool)
    place = int((seats < authority).sum()) % len(seats)  # the first from authority on

    whole = decide(rule, bids, present, authority)
    alone = decide(rule, bids[seats], np.ones(len(seats), bool), np.array(place))

    assert whole.option == alone.option
    np.testing.assert_array_equal(whole.candidates, alone.candidates)
    np.testing.assert_array_equal(whole.payments[seats], alone.payments)


@pytest.mark.parametrize("payment", ["difference"])  # the others: tests/market/test_payments.py
@pytest.mark.parametrize("name", MECHANISMS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_batch_is_decided_as_its_windows_are(name, payment, data):
    rule = MECHANISMS[name](payment)
    bids, present, authority = data.draw(batches(rule.form))

    together = decide(
        rule,
        bids.reshape(2, 3, 3, 4),
        present.reshape(2, 3, 3),
        authority.reshape(2, 3),
        default=2,
    )

    for window in range(6):
        alone = decide(rule, bids[window], present[window], authority[window], default=2)
        for field, value in vars(alone).items():
            batch = getattr(together, field)
            batch = batch.reshape(6, *batch.shape[2:])[window]
            np.testing.assert_array_equal(batch, value, err_msg=field)


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_window_of_equal_wishes_grants_them(name):
    rule = MECHANISMS[name]("difference")
    bid = [[0, 9, 3]] if rule.form == "offers" else [[3, 1, 2]]

    decision = decide(rule, np.array(bid * 3), np.ones(3, bool), np.array(0))

    assert decision.option == 1
    assert not decision.payments.any()
