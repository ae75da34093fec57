"""Facts of RULES §3 and §5 about ranked preference selection."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.decision import decide
from market.mechanisms.rps import RankedPreferenceSelection
from market.mechanisms.rps_pareto import ParetoPreferenceSelection
from tests.draws import rank_tables

rps, pareto = RankedPreferenceSelection(), ParetoPreferenceSelection()


def everybody(ranks):
    return np.ones(ranks.shape[:-1], bool)


def dominated(ranks, option):
    return any((ranks[:, other] < ranks[:, option]).all() for other in range(ranks.shape[1]))


@given(ranks=rank_tables())
def test_the_pareto_candidates_are_all_that_nothing_dominates(ranks):
    candidates = pareto.candidates(ranks, everybody(ranks))

    assert candidates.tolist() == [not dominated(ranks, o) for o in range(ranks.shape[1])]


@given(ranks=rank_tables())
def test_the_lowest_sum_of_ranks_is_never_dominated(ranks):
    candidates = rps.candidates(ranks, everybody(ranks))

    sums = ranks.sum(0).tolist()
    assert candidates.tolist() == [total == min(sums) for total in sums]
    assert not any(dominated(ranks, option) for option in np.flatnonzero(candidates))


@given(ranks=rank_tables(), data=st.data())
def test_over_all_undominated_options_authority_gets_its_first_choice(ranks, data):
    holder = data.draw(st.integers(0, len(ranks) - 1))

    decision = decide(pareto, ranks, everybody(ranks), np.array(holder))

    assert ranks[holder, decision.option] == 1


@given(ranks=rank_tables(), data=st.data())
def test_authority_takes_the_candidate_that_it_ranks_best(ranks, data):
    holder = data.draw(st.integers(0, len(ranks) - 1))

    decision = decide(rps, ranks, everybody(ranks), np.array(holder))

    assert ranks[holder, decision.option] == ranks[holder][decision.candidates].min()
    assert decision.instructor == -1, "the middle is instructed"


def reached_by(seat, options, authority):
    """Return which options a seat can reach by misreporting: (others' ranks, option)."""
    orders = np.array(list(permutations(range(1, options + 1))))
    theirs, own = np.meshgrid(np.arange(len(orders)), np.arange(len(orders)), indexing="ij")
    bids = np.stack([orders[own], orders[theirs]], -2)
    if seat == 1:
        bids = bids[..., ::-1, :]
    seats = np.full(bids.shape[:2], authority)
    chosen = decide(rps, bids, everybody(bids), seats).option
    return orders, (chosen[..., None] == np.arange(options)).any(1)


@pytest.mark.parametrize("options", [3, 4, 5])
@pytest.mark.parametrize("seat", [0, 1])
def test_of_two_the_authority_reaches_every_option_by_misreporting(seat, options):
    _, reached = reached_by(seat, options, authority=seat)

    assert reached.all()


@pytest.mark.parametrize("options", [3, 4, 5])
@pytest.mark.parametrize("seat", [0, 1])
def test_of_two_the_other_reaches_all_but_what_the_authority_ranks_last(seat, options):
    theirs, reached = reached_by(seat, options, authority=1 - seat)

    np.testing.assert_array_equal(reached, theirs != options)


def test_of_three_the_authority_can_be_confined():
    orders = np.array(list(permutations([1, 2, 3])))
    bids = np.array([[own, [1, 2, 3], [1, 2, 3]] for own in orders])

    chosen = decide(rps, bids, everybody(bids), np.zeros(len(bids), np.int64)).option

    assert set(chosen.tolist()) == {0, 1}
