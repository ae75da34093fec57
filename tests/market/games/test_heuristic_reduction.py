"""Reduced games: which profiles of a population stand for those of a few players."""

import numpy as np
import pytest

from market.games.heuristic import tabulated
from market.games.heuristic_counts import compositions
from market.games.heuristic_reduction import (
    apportioned,
    deviation_preserving,
    hierarchical,
    reduced,
)
from market.games.heuristic_rest import rest_points


def crowd(counts):
    """Return what each of two classes earns: the fewer it has, the more."""
    total = sum(counts)
    return [1 - counts[0] / total, 0.6 - 0.3 * counts[1] / total]


@pytest.mark.parametrize(
    ("players", "population"), [(2, 39), (3, 39), (4, 1000), (10, 1000), (5, 39)]
)
def test_whole_populations_are_asked_for(players, population):
    counts = compositions(players, 3)
    for asked in (hierarchical(counts, population), deviation_preserving(counts, population)):
        assert (asked.sum(axis=-1) == np.where(counts > 0, population, 0)).all()


def test_groups_are_even_where_they_fit():
    counts = np.array([[1, 0, 3], [2, 2, 0]])

    assert deviation_preserving(counts, 1000)[0].tolist() == [
        [1, 0, 999], [0, 0, 0], [333, 0, 667],
    ]  # fmt: skip
    assert deviation_preserving(counts, 1000)[1].tolist() == [
        [334, 666, 0], [666, 334, 0], [0, 0, 0],
    ]  # fmt: skip
    assert hierarchical(counts, 1000)[0].tolist() == [[250, 0, 750], [0, 0, 0], [250, 0, 750]]


def test_a_game_of_the_whole_population_is_not_reduced():
    whole = tabulated(crowd, ("a", "b"), 12)
    for reduction in ("deviation-preserving", "hierarchical"):
        same = reduced(crowd, ("a", "b"), 12, 12, reduction)
        assert same.payoffs == pytest.approx(whole.payoffs, nan_ok=True)
        assert (same.population, same.reduction) == (12, reduction)


def test_pure_profiles_keep_what_a_lone_deviator_gains():
    whole = tabulated(crowd, ("a", "b"), 39)
    few = reduced(crowd, ("a", "b"), 3, 39)

    assert few.payoffs[[0, -1]] == pytest.approx(whole.payoffs[[0, -1]], nan_ok=True)
    assert few.payoffs[1, 0] == pytest.approx(whole.payoffs[1, 0])
    assert few.payoffs[2, 0] == pytest.approx(whole.payoffs[20, 0])
    assert few.payoffs[1, 1] == pytest.approx(whole.payoffs[19, 1])
    mine, theirs = (
        [p.epsilon for p in rest_points(t, np.random.default_rng(0)).points[:2]]
        for t in (few, whole)
    )
    assert mine == pytest.approx(theirs)


def test_mixed_equilibria_stay_near_where_payoffs_are_straight():
    whole = rest_points(tabulated(crowd, ("a", "b"), 39), np.random.default_rng(0))
    few = rest_points(reduced(crowd, ("a", "b"), 3, 39), np.random.default_rng(0))

    assert few.equilibria[0].mixture == pytest.approx(whole.equilibria[0].mixture, abs=1e-9)
    blocks = rest_points(
        reduced(crowd, ("a", "b"), 3, 39, "hierarchical"), np.random.default_rng(0)
    )
    assert abs(blocks.equilibria[0].mixture[0] - whole.equilibria[0].mixture[0]) > 0.01


def test_each_profile_is_played_once():
    asked = []
    reduced(lambda c: asked.append(c) or (0, 0, 0), ("a", "b", "c"), 4, 1000)

    assert len(asked) == len(set(asked))
    assert all(sum(counts) == 1000 for counts in asked)


@pytest.mark.parametrize(
    ("players", "population", "reduction", "problem"),
    [
        (1, 39, "hierarchical", "1 players for 39"),
        (40, 39, "deviation-preserving", "40 players for 39"),
        (3, 39, "twins", "unknown reduction 'twins'"),
    ],
)
def test_what_is_no_reduction_is_refused(players, population, reduction, problem):
    with pytest.raises(ValueError, match=problem):
        reduced(crowd, ("a", "b"), players, population, reduction)


def test_what_is_left_over_goes_to_the_greatest_remainders():
    assert apportioned(np.array([1, 1, 1]), 10).tolist() == [4, 3, 3]
    assert apportioned(np.array([0, 5]), 7).tolist() == [0, 7]
