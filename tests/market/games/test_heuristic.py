"""Heuristic payoff tables: counts, expected payoffs and their slopes."""

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest

from market.games import heuristic
from market.games.heuristic import (
    HeuristicTable,
    covered,
    expected_payoffs,
    payoff_slopes,
    payoffs_of,
    tabulated,
)
from market.games.heuristic_counts import compositions, how_many, sampled_compositions
from market.games.heuristic_game import normal_form
from market.games.profiles import action_values
from tests.market.games.heuristic_games import HAWKS, public_goods


def by_chance(players, strategies, seed=0):
    rng = np.random.default_rng(seed)
    return tabulated(
        lambda _: rng.normal(size=strategies), [f"s{i}" for i in range(strategies)], players
    )


@pytest.mark.parametrize(
    ("players", "strategies"), [(0, 3), (1, 1), (4, 1), (1, 4), (5, 3), (7, 4)]
)
def test_all_count_vectors_are_there_in_order(players, strategies):
    wanted = [
        row for row in product(range(players + 1), repeat=strategies) if sum(row) == players
    ]

    assert compositions(players, strategies).tolist() == [list(row) for row in wanted]
    assert how_many(players, strategies) == len(wanted)


@pytest.mark.parametrize(("players", "strategies"), [(-1, 2), (2, 0)])
def test_what_cannot_be_counted_is_refused(players, strategies):
    with pytest.raises(ValueError, match="wanted 0 in 1 or more"):
        compositions(players, strategies)


@pytest.mark.parametrize(("players", "most"), [(9, 30), (9, 50), (39, 100), (1000, 100)])
def test_a_sample_holds_what_lone_deviators_meet(players, most):
    rows = sampled_compositions(players, 3, most, np.random.default_rng(1))

    assert rows.shape == (most, 3)
    assert (rows.sum(axis=1) == players).all()
    kept = rows.tolist()
    assert kept == sorted(kept)
    assert len(np.unique(rows, axis=0)) == most
    for most_play, other in product(range(3), repeat=2):
        row = [0, 0, 0]
        row[most_play] += players - 1
        row[other] += 1
        assert row in kept
    again = sampled_compositions(players, 3, most, np.random.default_rng(1))
    assert again.tolist() == kept


def test_a_sample_of_few_is_whole():
    rows = sampled_compositions(3, 3, 10, np.random.default_rng(0))

    assert rows.tolist() == compositions(3, 3).tolist()


def test_samples_are_fair():
    rng = np.random.default_rng(0)
    rim = {tuple(row) for row in sampled_compositions(60, 3, 9, rng).tolist()}
    drawn = np.concatenate([
        [row for row in sampled_compositions(60, 3, 60, rng) if tuple(row) not in rim]
        for _ in range(100)
    ])  # fmt: skip

    assert np.abs(drawn.mean(axis=0) - 20).max() < 1


def test_too_small_a_sample_is_refused():
    with pytest.raises(ValueError, match="wanted 9"):
        sampled_compositions(39, 3, 8, np.random.default_rng(0))


@pytest.mark.parametrize(("players", "strategies"), [(1, 2), (2, 3), (3, 2), (3, 3), (5, 2)])
def test_expected_payoffs_are_those_of_the_normal_form(players, strategies):
    table = by_chance(players, strategies)
    game = normal_form(table)
    for mixture in np.random.default_rng(1).dirichlet(np.ones(strategies), 5):
        wanted = action_values(game, [mixture] * players, 0)
        assert expected_payoffs(table, mixture) == pytest.approx(wanted)
        assert covered(table, mixture) == pytest.approx(np.ones(strategies))


def test_corners_are_exact():
    table = by_chance(39, 3)

    assert expected_payoffs(table, np.array([0.0, 1.0, 0.0])) == pytest.approx([
        payoffs_of(table, (1, 38, 0))[0],
        payoffs_of(table, (0, 39, 0))[1],
        payoffs_of(table, (0, 38, 1))[2],
    ])  # fmt: skip


def test_a_thousand_players_are_no_trouble():
    table = tabulated(lambda c: (c[0] / 1000, c[1] ** 2 / 1e6), ("a", "b"), 1000)

    found = expected_payoffs(table, np.array([0.3, 0.7]))

    others = 999
    square = (1 + others * 0.7) ** 2 + others * 0.3 * 0.7
    assert found == pytest.approx([(1 + others * 0.3) / 1000, square / 1e6])


def test_leading_axes_are_free_and_parts_change_nothing(monkeypatch):
    table = by_chance(6, 3)
    mixtures = np.random.default_rng(2).dirichlet(np.ones(3), (4, 5))

    whole = expected_payoffs(table, mixtures), payoff_slopes(table, mixtures)
    monkeypatch.setattr(heuristic, "CELLS", 10)

    assert whole[0].shape == (4, 5, 3)
    assert whole[1].shape == (4, 5, 3, 3)
    assert expected_payoffs(table, mixtures) == pytest.approx(whole[0])
    assert payoff_slopes(table, mixtures) == pytest.approx(whole[1])
    assert expected_payoffs(table, np.zeros((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("players", [1, 2, 3, 7])
@pytest.mark.parametrize("missing", [0, 2])
def test_slopes_are_those_of_the_payoffs(players, missing):
    table = by_chance(players, 3)
    table = HeuristicTable(
        np.delete(table.counts, range(1, 1 + missing), axis=0),
        np.delete(table.payoffs, range(1, 1 + missing), axis=0),
        table.strategies,
    )
    mixture, step = np.array([0.2, 0.3, 0.5]), 1e-6
    for there in ([1, -1, 0], [0.5, 0.5, -1]):
        shift = step * np.array(there)
        wanted = (
            expected_payoffs(table, mixture + shift) - expected_payoffs(table, mixture - shift)
        ) / (2 * step)
        found = payoff_slopes(table, mixture) @ np.array(there)
        assert found == pytest.approx(wanted, abs=1e-6, nan_ok=True)


def test_slopes_reach_the_rim():
    slopes = payoff_slopes(HAWKS, np.array([1.0, 0.0]))

    assert slopes[:, 1] - slopes[:, 0] == pytest.approx([3, 1])


def test_what_is_missing_is_left_out_by_its_weight():
    table = public_goods(3, 2.0)
    less = HeuristicTable(table.counts[1:], table.payoffs[1:], table.strategies)
    mixture = np.array([0.5, 0.5])

    assert not less.complete
    assert expected_payoffs(less, mixture)[1] == pytest.approx((2 * 2 / 3 + 4 / 3) / 3)
    assert covered(less, mixture) == pytest.approx([1, 0.75])
    assert np.isnan(expected_payoffs(less, np.array([0.0, 1.0]))[1])
    assert covered(less, np.array([0.0, 1.0])).tolist() == [1, 0]


def test_a_face_is_a_table_of_its_own():
    table = by_chance(4, 4)
    table = replace(
        table, errors=np.abs(table.payoffs), population=40, reduction="hierarchical"
    )
    face = table.face((1, 3))

    assert face.strategies == ("s1", "s3")
    assert (face.complete, face.players, face.population) == (True, 4, 40)
    assert face.errors == pytest.approx(np.abs(face.payoffs), nan_ok=True)
    shares = np.array([0, 0.3, 0, 0.7])
    assert expected_payoffs(face, shares[[1, 3]]) == pytest.approx(
        expected_payoffs(table, shares)[[1, 3]]
    )
    assert by_chance(2, 2).face((0,)).payoffs.shape == (1, 1)


def test_a_face_that_the_table_does_not_have_is_refused():
    table = HeuristicTable(np.array([[1, 1]]), np.zeros((1, 2)), ("a", "b"))

    with pytest.raises(ValueError, match=r"no profile has strategies \[0\] alone"):
        table.face((0,))


@pytest.mark.parametrize(
    ("payoffs", "span"),
    [([0, 0], 1), ([5, 5], 5), ([1e9, 1e9 + 1e-6], 1e9 + 1e-6), ([1, 4], 3)],
)
def test_the_span_is_no_noise(payoffs, span):
    table = HeuristicTable(
        np.array([[1, 0], [0, 1]]), np.where(np.eye(2) > 0, payoffs, np.nan), ("a", "b")
    )

    assert table.span == pytest.approx(span)


NAN = np.nan


@pytest.mark.parametrize(
    ("counts", "payoffs", "errors", "problem"),
    [
        ([2, 0], [1, NAN], None, "wanted \\(profile, strategy\\)"),
        ([[2, 0, 0]], [[1, NAN, NAN]], None, "wanted \\(profile, strategy\\)"),
        (np.zeros((0, 2)), np.zeros((0, 2)), None, "wanted \\(profile, strategy\\)"),
        ([[2, 0], [1, 0]], [[1, NAN], [1, NAN]], None, "do not add up"),
        ([[3, -1]], [[1, NAN]], None, "do not add up"),
        ([[0, 0]], [[NAN, NAN]], None, "do not add up"),
        ([[2, 0], [2, 0]], [[1, NAN], [1, NAN]], None, "row twice"),
        ([[2, 0]], [[1]], None, "wanted a number"),
        ([[2, 0]], [[1, 0]], None, "wanted a number"),
        ([[1, 1]], [[1, NAN]], None, "wanted a number"),
        ([[2, 0]], [[1, NAN]], [[NAN, NAN]], "wanted a number"),
    ],
)
def test_what_is_no_table_is_refused(counts, payoffs, errors, problem):
    with pytest.raises(ValueError, match=problem):
        HeuristicTable(
            np.array(counts, dtype=np.int64),
            np.array(payoffs, dtype=float),
            ("a", "b"),
            None if errors is None else np.array(errors),
        )


@pytest.mark.parametrize("mixture", [[0.5, 0.5, 0.0], [1.5, -0.5], [NAN, 1.0]])
def test_what_is_no_mixture_is_refused(mixture):
    with pytest.raises(ValueError, match="wanted 2 shares"):
        expected_payoffs(HAWKS, np.array(mixture))


def test_a_profile_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"\[3, 0\] is not in the table"):
        payoffs_of(HAWKS, (3, 0))


def test_a_table_is_small_where_a_game_is_not():
    assert len(public_goods(39, 2.0).counts) == 40
    assert how_many(39, 3) == comb(41, 2) < 3**39
