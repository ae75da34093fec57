"""The paper's algorithms as printed, against the mechanisms that follow its text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.paper.misprints import printed_algorithm_1, printed_algorithm_2
from market.decision import decide
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps_pareto import ParetoPreferenceSelection

BOTH = np.array([True, True])


def decide_offers(offers, authority=0):
    """Return the option that the mechanism chooses of two lists of offers."""
    table = np.array(offers)
    return int(decide(HighestCombinedOffer(), table, BOTH, np.array(authority)).option)


def undominated(ranks):
    """Return the options that no other is better than for both."""
    mask = ParetoPreferenceSelection().candidates(np.array(ranks), BOTH)
    return np.flatnonzero(mask).tolist()


def orders(options):
    return st.permutations(range(1, options + 1))


two_rankings = st.integers(2, 9).flatmap(
    lambda options: st.tuples(orders(options), orders(options))
)


@given(ranks=two_rankings)
def test_algorithm_2_as_printed_keeps_the_undominated_of_the_reversed_ranks(ranks):
    worst_first = [[len(order) + 1 - rank for rank in order] for order in ranks]

    assert printed_algorithm_2(*ranks) == undominated(worst_first)


def test_algorithm_2_as_printed_keeps_what_both_like_least():
    ranks = [[1, 2, 3], [1, 2, 3]]

    assert printed_algorithm_2(*ranks) == [2]
    assert undominated(ranks) == [0]


def test_algorithm_2_as_printed_is_never_right_on_thirteen_random_ranks():
    rng = np.random.default_rng(0)
    cases = [[(rng.permutation(13) + 1).tolist() for _ in range(2)] for _ in range(500)]

    right = [printed_algorithm_2(*ranks) == undominated(ranks) for ranks in cases]

    assert not any(right)


def test_algorithm_1_as_printed_selects_nothing_where_nothing_is_offered():
    nothing = [[0, 0, 0], [0, 0, 0]]

    assert printed_algorithm_1(*nothing) is None
    assert decide_offers(nothing) == 0


@pytest.mark.parametrize(("authority", "option"), [(0, 0), (1, 2)])
def test_algorithm_1_as_printed_gives_ties_to_the_first_option_and_not_to_authority(
    authority, option
):
    tied = [[6, 0, 2], [0, 1, 4]]

    assert printed_algorithm_1(*tied) == 0
    assert decide_offers(tied, authority) == option


@given(
    offers=st.integers(2, 9).flatmap(
        lambda options: st.tuples(
            *[st.lists(st.integers(0, 99), min_size=options, max_size=options)] * 2
        )
    )
)
def test_algorithm_1_as_printed_agrees_where_one_option_is_highest(offers):
    sums = np.array(offers).sum(0)
    if sums.max() > 0 and (sums == sums.max()).sum() == 1:
        assert printed_algorithm_1(*offers) == decide_offers(offers)
