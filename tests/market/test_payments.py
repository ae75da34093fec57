"""Facts of RULES §2.3 and §5 about payments, for every rule and number of parties."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from market.payments import PAYMENT_RULES, difference, equal_split
from tests.draws import any_ticks, batches, presence

every_rule = pytest.mark.parametrize("name", PAYMENT_RULES)


@st.composite
def offered(draw):
    offers = draw(npst.arrays(np.int64, st.integers(2, 8), elements=any_ticks))
    return offers, draw(presence(len(offers)))


def exact(name, offers, present):
    """Return payments as fractions, straight from RULES §2.3."""
    taking = [Fraction(int(o)) for o, here in zip(offers, present, strict=True) if here]
    count, total = len(taking), sum(taking)
    if count < 2 or name == "none":
        return [Fraction(0)] * len(offers)
    share = {
        "difference": lambda offer: offer - (total - offer) / (count - 1),
        "equal-split": lambda offer: offer - total / count,
    }[name]
    return [
        share(Fraction(int(o))) if here else Fraction(0)
        for o, here in zip(offers, present, strict=True)
    ]


@every_rule
@given(case=offered())
def test_payments_are_whole_ticks_that_sum_to_zero(name, case):
    payments = PAYMENT_RULES[name](*case)

    assert payments.dtype == np.int64
    assert payments.sum() == 0


@every_rule
@given(case=offered())
def test_nobody_pays_more_than_it_offered_and_the_absent_pay_nothing(name, case):
    offers, present = case

    payments = PAYMENT_RULES[name](offers, present)

    assert (payments <= offers * present).all()
    assert not payments[~present].any()


@every_rule
@given(case=offered())
def test_payments_are_rounded_down_and_odd_ticks_go_to_the_lowest_seats(name, case):
    fractions = exact(name, *case)
    expected = [fraction.__floor__() for fraction in fractions]
    rounded = [seat for seat, fraction in enumerate(fractions) if fraction.denominator > 1]
    for seat in rounded[: -sum(expected)] if sum(expected) else []:
        expected[seat] += 1

    payments = PAYMENT_RULES[name](*case)

    assert payments.tolist() == expected


@every_rule
@given(case=offered(), data=st.data())
def test_relabelling_parties_relabels_payments_but_for_odd_ticks(name, case, data):
    offers, present = case
    order = np.array(data.draw(st.permutations(range(len(offers)))))

    payments = PAYMENT_RULES[name](offers, present)[order]
    relabelled = PAYMENT_RULES[name](offers[order], present[order])

    assert (np.abs(relabelled - payments) <= 1).all()
    if not any(fraction.denominator > 1 for fraction in exact(name, offers, present)):
        np.testing.assert_array_equal(relabelled, payments)


@given(offers=st.tuples(any_ticks, any_ticks))
def test_of_two_the_higher_offer_pays_the_lower_the_difference(offers):
    payments = difference(np.array(offers), np.array([True, True]))

    assert payments.tolist() == [offers[0] - offers[1], offers[1] - offers[0]]


def test_an_odd_tick_goes_to_the_lowest_seat_that_was_rounded():
    everybody = np.array([True, True, True])

    assert difference(np.array([9, 0, 0]), everybody).tolist() == [9, -4, -5]
    assert equal_split(np.array([5, 0, 0]), everybody).tolist() == [4, -2, -2]
    assert equal_split(np.array([4, 0, 0]), everybody).tolist() == [3, -1, -2]


@every_rule
@given(case=batches("offers"))
def test_a_batch_is_charged_as_its_windows_are(name, case):
    offers, present, _ = case
    rule = PAYMENT_RULES[name]

    together = rule(offers[..., 0].reshape(2, 3, 3), present.reshape(2, 3, 3))

    one_by_one = [rule(offers[w, :, 0], present[w]) for w in range(6)]
    np.testing.assert_array_equal(together.reshape(6, 3), one_by_one)
