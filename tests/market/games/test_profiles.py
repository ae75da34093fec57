"""Mixed profiles and payoffs in other units."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from market.games.profiles import MixedProfile, mixed_profile
from market.games.scaling import rescaled, whole_payoffs
from market.games.time_limit import deadline
from market.games.vertices import vertices
from tests.market.games.oracle import gains_by_hand

PENNIES = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])


@st.composite
def games_and_profiles(draw):
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    payoffs = draw(
        arrays(np.float64, (len(counts), *counts), elements=st.floats(-100, 100, width=32))
    )
    weights = [draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)) for n in counts]
    return payoffs, [[w + (not any(own)) for w in own] for own in weights]


@given(games_and_profiles())
def test_gains_are_those_of_the_definition(drawn):
    payoffs, weights = drawn

    found = mixed_profile(payoffs, weights)

    assert found.gains == pytest.approx(gains_by_hand(payoffs, found.profile), abs=1e-9)
    assert found.epsilon >= 0
    assert found.pure == all(sum(p > 0 for p in own) == 1 for own in found.profile)


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ([[1], [1, 0]], "profile has .1, 2. weights, wanted .2, 2."),
        ([[1, 0]], "weights, wanted"),
        ([[1, -1], [1, 0]], "wanted weights of 0 or more"),
        ([[0, 0], [1, 0]], "wanted weights of 0 or more"),
        ([[np.nan, 1], [1, 0]], "wanted weights of 0 or more"),
    ],
)
def test_what_is_no_profile_is_refused(weights, reason):
    with pytest.raises(ValueError, match=reason):
        mixed_profile(PENNIES, weights)


def test_what_is_no_game_is_refused():
    with pytest.raises(ValueError, match="wanted"):
        mixed_profile(np.zeros((2, 2)), [[1, 0], [1, 0]])


def test_thirds_are_weighed_exactly():
    found = mixed_profile(PENNIES, [[1 / 3, 1 / 3], [5, 5]])

    assert found == MixedProfile(((0.5, 0.5), (0.5, 0.5)), (0.0, 0.0), (0.0, 0.0))


def test_what_does_not_matter_is_rescaled_to_nothing():
    assert not rescaled(np.full((1, 3), 7.0)).any()
    assert whole_payoffs(np.full((2, 2), 0.1)).tolist() == [[1, 1], [1, 1]]


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9), st.integers(1, 999))
def test_simple_fractions_stay_what_they_are(numbers, under):
    steps = whole_payoffs(np.array([number / under for number in numbers]))

    exact = [Fraction(number, under) for number in numbers]
    span = max(exact) - min(exact)
    wanted = [0 if not span else (one - min(exact)) / span for one in exact]
    most = max(steps) - 1
    assert [Fraction(int(s) - 1, int(most) or 1) for s in steps] == wanted


def test_others_are_cut_into_steps():
    steps = whole_payoffs(np.array([0.0, np.pi, 2 * np.pi, 1e-15]))

    assert steps.tolist() == [1, 5 * 10**11 + 1, 10**12 + 1, 1]
    assert whole_payoffs(np.array([-1e300, 1e300])).tolist() == [1, 10**12 + 1]


@given(
    arrays(
        np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.integers(1, 5)
    )
)
def test_every_vertex_is_one(matrix):
    rows, columns = matrix.shape

    found = vertices(matrix.astype(object), deadline(None))

    seen = set()
    for point, word in zip(found.points, found.tight, strict=True):
        height = max(int(value) for value in matrix.astype(object) @ point)
        tight = [int(v == height) for v in matrix.astype(object) @ point]
        zero = [int(v == 0) for v in point]
        bits = [int(word) >> j & 1 for j in range(columns + rows)]
        assert bits == zero + tight
        normals = [np.eye(columns)[j] for j in range(columns) if zero[j]]
        normals += [matrix[i] for i in range(rows) if tight[i]]
        assert np.linalg.matrix_rank(np.array(normals)) == columns
        seen.add(tuple(Fraction(int(v), height) for v in point))
    assert len(seen) == len(found.points)
