"""Rest points of the replicator dynamics: where they are, and what becomes of them."""

from collections.abc import Iterator

import numpy as np
import pytest

from market.games import heuristic_roots
from market.games.ess import is_stable
from market.games.evolution import replicator
from market.games.heuristic import HeuristicTable, expected_payoffs, tabulated
from market.games.heuristic_game import normal_form
from market.games.heuristic_rest import replicator_field, rest_point, rest_points
from market.games.heuristic_roots import bernstein_roots, inner_roots
from tests.market.games.heuristic_games import (
    BAD_ROCKS,
    DILEMMA,
    GOOD_ROCKS,
    HAWKS,
    PLACES,
    ROCKS,
    STAGS,
    pivotal,
    public_goods,
    threshold,
    two_players,
)


def found_in(table, **options):
    return rest_points(table, np.random.default_rng(0), **options)


def kinds(table):
    return {
        tuple(np.round(one.mixture, 4).tolist()): one.stability
        for one in found_in(table).points
    }


def mutants(count: int) -> Iterator[np.ndarray]:
    yield from np.eye(count)
    yield from np.random.default_rng(5).dirichlet(np.ones(count), 100)


def survives(table, mixture, share=1e-4):
    """Return whether a mixture earns more than each of many mutants beside it."""
    own = np.array(mixture)
    for other in mutants(len(own)):
        if np.abs(other - own).max() > 1e-3:
            values = expected_payoffs(table, (1 - share) * own + share * other)
            if not (own - other) @ values > 0:
                return False
    return True


def test_textbook_games_rest_where_they_should():
    third = (0.3333, 0.3333, 0.3333)

    assert kinds(HAWKS)[0.5, 0.5] == "attracting"
    assert kinds(STAGS) == {
        (1, 0): "attracting", (0, 1): "attracting", (0.6667, 0.3333): "repelling",
    }  # fmt: skip
    assert kinds(DILEMMA) == {(1, 0): "repelling", (0, 1): "attracting"}
    assert kinds(ROCKS) == {
        (1, 0, 0): "saddle", (0, 1, 0): "saddle", (0, 0, 1): "saddle", third: "neutral",
    }  # fmt: skip
    assert kinds(GOOD_ROCKS)[third] == "attracting"
    assert kinds(BAD_ROCKS)[third] == "repelling"


def test_three_places_to_meet_have_seven_rest_points():
    found = kinds(PLACES)

    assert found == {
        (1, 0, 0): "attracting", (0, 1, 0): "attracting", (0, 0, 1): "attracting",
        (0.4, 0.6, 0): "saddle", (0.25, 0, 0.75): "saddle", (0, 0.3333, 0.6667): "saddle",
        (0.1818, 0.2727, 0.5455): "repelling",
    }  # fmt: skip
    assert found_in(PLACES).complete


@pytest.mark.parametrize("table", [HAWKS, STAGS, DILEMMA, ROCKS, GOOD_ROCKS, BAD_ROCKS, PLACES])
def test_of_two_players_stable_strategies_are_those_of_the_exact_test(table):
    own = normal_form(table)[0]

    for point in found_in(table).points:
        assert point.evolutionarily_stable == is_stable(own, point.mixture)


@pytest.mark.parametrize("players", [2, 3, 4, 6])
@pytest.mark.parametrize("seed", range(8))
def test_stable_strategies_survive_small_mutants_and_attract(players, seed):
    rng = np.random.default_rng(seed)
    table = tabulated(lambda _: rng.normal(size=3), ("a", "b", "c"), players)

    for point in found_in(table).points:
        assert np.abs(replicator_field(table, np.array(point.mixture))).max() < 1e-8
        assert point.covered == pytest.approx(1)
        assert point.equilibrium == (point.epsilon < 1e-7)
        assert point.evolutionarily_stable == survives(table, point.mixture)
        assert not point.evolutionarily_stable or point.stability == "attracting"
        assert not point.equilibrium or point.payoff == pytest.approx(
            expected_payoffs(table, np.array(point.mixture)).max()
        )


@pytest.mark.parametrize("players", [3, 5, 39])
def test_volunteers_are_as_many_as_the_threshold_theory_says(players):
    needed, cost = 2, 0.2
    table = threshold(players, needed, cost)
    found = found_in(table)

    inner = [point for point in found.points if 0 < point.mixture[0] < 1]
    assert found.complete
    assert [point.stability for point in inner] == ["repelling", "attracting"]
    for point in inner:
        assert pivotal(players, needed, point.mixture[0]) == pytest.approx(cost)
    assert [point.evolutionarily_stable for point in inner] == [False, True]


def test_the_field_is_that_of_the_replicator_dynamics():
    start, step = np.array([0.5, 0.3, 0.2]), 1e-4
    path = replicator(normal_form(BAD_ROCKS), [start, start], [0.0, step])

    wanted = (path.end[0] - start) / step
    assert replicator_field(BAD_ROCKS, start) == pytest.approx(wanted, abs=1e-4)
    assert replicator_field(BAD_ROCKS, np.full((4, 2, 3), 1 / 3)).shape == (4, 2, 3)


@pytest.mark.parametrize("table", [HAWKS, GOOD_ROCKS, threshold(5, 2, 0.2)])
def test_eigenvalues_are_those_of_the_field(table):
    span = table.span
    for point in found_in(table).points:
        own = np.array(point.mixture)
        inside = np.where(own > 0, own, 0)
        count, step = len(own), 1e-7
        slopes = []
        for share in range(1, count):
            shift = step * (np.eye(count)[share] - np.eye(count)[0])
            signs = (
                [1, -1] if (inside + shift >= 0).all() and (inside - shift >= 0).all() else []
            )
            if signs:
                rise = replicator_field(table, inside + shift) - replicator_field(
                    table, inside - shift
                )
                slopes.append(rise[1:] / (2 * step))
        if len(slopes) == count - 1:
            wanted = np.sort_complex(np.linalg.eigvals(np.array(slopes).T) / span)
            assert np.sort_complex(point.eigenvalues) == pytest.approx(wanted, abs=1e-5)


def test_where_all_is_alike_one_point_stands_for_each_face():
    found = found_in(two_players(np.ones((3, 3))))

    assert len(found.points) == 7
    assert all(point.equilibrium and point.stability == "neutral" for point in found.points)
    assert [point.isolated for point in found.points] == [True] * 3 + [False] * 4
    assert not any(point.evolutionarily_stable for point in found.points)


def test_money_of_any_size_has_the_same_answer():
    for scale in (1e-6, 1e9):
        table = two_players((np.array([[-1.0, 2.0], [0.0, 1.0]]) + 3) * scale)
        (point,) = found_in(table).equilibria
        assert point.mixture == pytest.approx((0.5, 0.5))
        assert (point.stability, point.evolutionarily_stable) == ("attracting", True)


def test_few_strategies_at_once_are_not_all():
    found = found_in(GOOD_ROCKS, most_played=2)

    assert len(found.points) == 3
    assert not found.complete
    assert not found.equilibria
    assert not found_in(tabulated(lambda c: c, ("a", "b", "c"), 3)).complete


def test_a_single_strategy_is_an_equilibrium():
    (point,) = found_in(tabulated(lambda c: c, ("a",), 3)).points

    assert (point.mixture, point.payoff, point.equilibrium) == ((1.0,), 3.0, True)
    assert (point.stability, point.evolutionarily_stable) == ("attracting", True)


def test_what_the_table_does_not_know_is_said():
    table = public_goods(4, 2.0)
    alone = HeuristicTable(table.counts[[0, 4]], table.payoffs[[0, 4]], table.strategies)

    found = found_in(alone)

    assert [point.stability for point in found.points] == ["unknown", "unknown"]
    assert not found.equilibria
    assert not found.complete
    assert [point.covered for point in found.points] == [0, 0]


def test_faces_that_the_table_does_not_have_are_passed_over():
    counts = np.array([[1, 1, 0, 0], [2, 0, 0, 0], [0, 2, 0, 0]])
    payoffs = np.where(counts > 0, [[2.0, 2, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]], np.nan)

    found = found_in(HeuristicTable(counts, payoffs, ("a", "b", "c", "d")))

    assert {tuple(np.round(one.mixture, 6).tolist()) for one in found.points} == {
        (1, 0, 0, 0), (0, 1, 0, 0), (0.5, 0.5, 0, 0),
    }  # fmt: skip


def test_roots_are_found_in_a_table_that_lacks_a_profile():
    table = threshold(6, 2, 0.2)
    less = HeuristicTable(table.counts[:-1], table.payoffs[:-1], table.strategies)

    (low, high) = sorted(
        {round(root[0], 4) for root in inner_roots(less, np.random.default_rng(0), 20, 1.0)}
    )

    assert pivotal(6, 2, low) == pytest.approx(0.2, abs=1e-3)
    assert pivotal(6, 2, high) == pytest.approx(0.2, abs=1e-3)


def bernstein(polynomial, degree):
    """Return the coefficients in Bernstein's form, by solving for values at as many points."""
    from scipy.stats import binom

    at = np.linspace(0, 1, degree + 1)
    basis = binom.pmf(np.arange(degree + 1), degree, at[:, None])
    return np.linalg.solve(basis, polynomial(at))


@pytest.mark.parametrize(
    ("roots", "degree"),
    [
        ([], 3), ([0.5], 1), ([0.5], 4), ([0.2, 0.3, 0.9], 3), ([0.25, 0.5, 0.75], 5),
        ([0.1, 0.11, 0.5, 0.51], 4), ([0.0, 0.4, 1.0], 3), ([1.0, 0.3], 6),
        ([-0.5, 0.3, 1.5], 3), ([0.3, 0.30005], 2), ([0.0002, 0.00025], 2),
        ([0.3, 0.3], 2), ([0.5, 0.5], 2),
    ],
)  # fmt: skip
def test_all_roots_of_a_polynomial_are_found(roots, degree):
    gains = bernstein(
        lambda at: np.prod([at - r for r in roots] + [1 + 0 * at], axis=0), degree
    )

    found = bernstein_roots(gains, 1e-12)

    wanted = sorted({root for root in roots if 0 < root < 1})
    assert found == pytest.approx(wanted, abs=1e-5)


def test_two_roots_of_a_thousand_are_told_apart():
    table = threshold(
        1000, 2, 0.3678
    )  # one volunteer less is missing at most as often as 0.36806

    inner = [p for p in found_in(table).points if 0 < p.mixture[0] < 1]

    assert [p.stability for p in inner] == ["repelling", "attracting"]
    for point in inner:
        assert pivotal(1000, 2, point.mixture[0]) == pytest.approx(0.3678)


def test_halving_ends(monkeypatch):
    monkeypatch.setattr(heuristic_roots, "HALVINGS", 0)

    assert bernstein_roots(np.array([1.0, -2.0, 1.0]), 1e-12) == (0.5,)


def test_where_it_touches_zero_a_point_is_not_isolated():
    # at the greatest cost that one of the middle bears, 2 x (1 - x) = 1/2
    found = found_in(threshold(3, 2, 0.5))

    (inner,) = [point for point in found.points if 0 < point.mixture[0] < 1]
    assert inner.mixture == pytest.approx((0.5, 0.5), abs=1e-4)
    assert not inner.isolated


def test_a_point_is_judged_as_it_is_given():
    point = rest_point(ROCKS, (0.0, 0.0, 1.0))

    assert (point.payoff, point.epsilon, point.equilibrium) == (0.0, 1.0, False)
