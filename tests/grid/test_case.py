"""Options, shares and profiles that make no sense are refused."""

import pickle
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.anglesey import anglesey
from grid.case import equal_options, paper_options
from grid.errors import OptionsRefused, SharesRefused


def test_the_papers_options_are_twelve_of_5_mw_and_zero():
    options = paper_options()

    widths = [high - low for low, high in options]
    assert len(options) == 13
    assert sorted(widths) == [0.0] + 12 * [5.0]
    assert options[6] == (0.0, 0.0)


@given(half=st.integers(1, 127))
def test_equal_options_tile_the_range_of_the_link_in_ascending_order(half):
    options = equal_options(2 * half + 1)

    assert len(options) == 2 * half + 1
    assert options[0][0] == -30
    assert options[-1][1] == 30
    assert options[half] == (0.0, 0.0)
    assert all(a[1] == b[0] for a, b in pairwise(options))


@pytest.mark.parametrize("count", [1, 2, 12, 257])
def test_counts_of_options_without_a_middle_are_refused(count):
    with pytest.raises(OptionsRefused) as refusal:
        equal_options(count)

    assert refusal.value.options == count


@pytest.mark.parametrize(
    "options",
    [
        ((0.0, 5.0),),
        ((0.0, 5.0), (4.0, 9.0)),
        ((5.0, 0.0), (5.0, 9.0)),
        ((0.0, 0.0), (0.0, 0.0)),
        ((-31.0, 0.0), (0.0, 30.0)),
    ],
)
def test_options_that_overlap_run_backwards_or_leave_the_range_are_refused(options):
    with pytest.raises(OptionsRefused) as refusal:
        anglesey(options_mw=options)

    assert refusal.value.options == options


def test_middles_are_the_means_of_the_ends():
    case = anglesey(options_mw=((-30.0, -10.0), (0.0, 0.0), (1.0, 2.0)))

    np.testing.assert_array_equal(case.middles_mw, [-20.0, 0.0, 1.5])


def test_injections_that_do_not_sum_to_zero_are_refused(case):
    with pytest.raises(SharesRefused) as refusal:
        replace(case, networks=(case.networks[0], case.networks[0]))

    assert refusal.value.shares == (-1.0, -1.0)


def test_profiles_of_different_lengths_do_not_make_a_case(case):
    shorter = replace(case.networks[1], demand=case.networks[1].demand[:, :46])

    with pytest.raises(ValueError, match="one number of days and windows"):
        replace(case, networks=(case.networks[0], shorter))


def test_a_case_can_be_sent_to_another_process(case):
    copy = pickle.loads(pickle.dumps(case))

    assert copy.scenarios == case.scenarios
    np.testing.assert_array_equal(copy.networks[1].demand, case.networks[1].demand)
