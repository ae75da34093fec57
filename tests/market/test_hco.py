"""Facts of RULES §2 and §5 about the highest combined offer."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from market import money
from market.decision import decide
from market.mechanisms.hco import HighestCombinedOffer
from tests.draws import few_ticks, offer_tables

hco = HighestCombinedOffer()

costs_gbp = npst.arrays(
    np.int64,
    npst.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6),
    elements=st.integers(-3000, 3000),
).map(lambda pence: pence / 100)


def everybody(bids):
    return np.ones(bids.shape[:-1], bool)


def held(offers, authority=0):
    return decide(hco, offers, everybody(offers), np.array(authority))


@given(costs=costs_gbp, data=st.data())
def test_truthful_offers_choose_the_least_total_cost(costs, data):
    holder = data.draw(st.integers(0, len(costs) - 1))

    option = held(money.offers(money.values(costs)), holder).option

    total = np.rint(100 * costs).sum(0)
    assert total[option] == total.min()


@given(offers=offer_tables(ticks=few_ticks))
def test_every_option_with_the_highest_sum_is_a_candidate_and_no_other(offers):
    sums = [sum(column) for column in offers.T.tolist()]

    candidates = hco.candidates(offers, everybody(offers))

    assert candidates.tolist() == [total == max(sums) for total in sums]


@given(offers=offer_tables(ticks=few_ticks), data=st.data())
def test_authority_takes_its_own_highest_offer_and_then_the_lowest_index(offers, data):
    holder = data.draw(st.integers(0, len(offers) - 1))

    decision = held(offers, holder)

    tied = np.flatnonzero(decision.candidates).tolist()
    assert decision.option == max(tied, key=lambda option: (offers[holder, option], -option))


def test_offers_of_nothing_are_a_tie_of_all_options():
    decision = held(np.zeros((2, 4), np.int64), authority=1)

    assert decision.candidates.all()
    assert (decision.option, decision.authority) == (0, 0)


@given(offers=offer_tables(), data=st.data(), constant=st.integers(1, 10**6))
def test_a_constant_added_to_a_partys_offers_never_changes_the_option(offers, data, constant):
    raised = offers.copy()
    raised[data.draw(st.integers(0, len(offers) - 1))] += constant

    before, after = held(offers), held(raised)

    assert before.option == after.option
    np.testing.assert_array_equal(before.candidates, after.candidates)


@given(offers=offer_tables(parties=(2, 2)))
def test_two_truthful_parties_swap_surpluses(offers):
    decision = held(offers)

    at_option = offers[:, decision.option]
    assert (at_option - decision.payments).tolist() == at_option[::-1].tolist()


@given(offers=offer_tables(ticks=few_ticks))
def test_the_highest_bidder_instructs_and_of_equals_the_lowest_seat(offers):
    decision = held(offers)

    at_option = offers[:, decision.option].tolist()
    assert decision.instructor == at_option.index(max(at_option))
