"""Evolutionarily stable strategies: textbook games and the definition."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from market.games import ess
from market.games.ess import is_stable, stable_strategies, strictly_copositive
from market.games.time_limit import Deadline
from tests.market.games.catalogue import CYCLE

KNOWN = [
    ("hawk and dove", [[-1, 2], [0, 1]], [[0.5, 0.5]]),
    ("prisoner's dilemma", [[3, 0], [5, 1]], [[0, 1]]),
    ("stag hunt", [[4, 0], [3, 2]], [[1, 0], [0, 1]]),
    ("rock, paper, scissors", CYCLE, []),
    ("good rock, paper, scissors", [[0, -1, 2], [2, 0, -1], [-1, 2, 0]], [[1 / 3] * 3]),
    ("bad rock, paper, scissors", [[0, -2, 1], [1, 0, -2], [-2, 1, 0]], []),
    ("nothing matters", [[1, 1], [1, 1]], []),
    ("a weak dominance that is enough", [[1, 1], [1, 0]], [[1, 0]]),
    ("a twin", [[1, 1, 0], [1, 1, 0], [0, 0, 0]], []),
    ("hawk, dove, bourgeois", [[-1, 2, 0.5], [0, 1, 0.5], [-0.5, 1.5, 1]], [[0, 0, 1]]),
    ("one action", [[5]], [[1]]),
    ("three places to meet", np.eye(3), np.eye(3).tolist()),
    ("three to keep apart", 1 - np.eye(3), [[1 / 3] * 3]),
]


def exact(own, left, right):
    return sum(
        a * Fraction(float(own[i][j])) * b
        for (i, a), (j, b) in product(enumerate(left), enumerate(right))
    )


def mutants(count, parts=6):
    """Return all mixtures in sixths."""
    return [
        tuple(Fraction(k, parts) for k in whole)
        for whole in product(range(parts + 1), repeat=count)
        if sum(whole) == parts
    ]


@pytest.mark.parametrize(("own", "wanted"), [k[1:] for k in KNOWN], ids=[k[0] for k in KNOWN])
def test_textbook_games(own, wanted):
    found = stable_strategies(np.array(own, dtype=float))

    assert found.complete
    got = sorted(found.strategies)
    assert len(got) == len(wanted)
    assert all(a == pytest.approx(b) for a, b in zip(got, sorted(wanted), strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_no_mutant_does_as_well(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 5))
    own = rng.integers(0, 4, (count, count)).astype(float)

    found = [
        tuple(Fraction(p).limit_denominator(10**6) for p in one)
        for one in stable_strategies(own).strategies
    ]

    for one in found:
        assert sum(one) == 1
        for other in mutants(count):
            if other != one:
                gain = exact(own, other, one) - exact(own, one, one)
                assert gain <= 0
                if gain == 0:
                    assert exact(own, one, other) > exact(own, other, other)
    for action in range(count):
        pure = tuple(Fraction(int(a == action)) for a in range(count))
        strict = all(own[action, action] > own[o, action] for o in range(count) if o != action)
        assert not strict or pure in found


def test_no_support_lies_in_another():
    for seed in range(20):
        own = np.random.default_rng(seed).normal(size=(5, 5))
        supports = [
            {a for a, p in enumerate(one) if p > 0} for one in stable_strategies(own).strategies
        ]
        assert not any(a < b for a in supports for b in supports)


def test_what_is_no_best_response_to_itself_is_not_stable():
    assert not is_stable(np.array([[3.0, 0.0], [5.0, 1.0]]), (1.0, 0.0))


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_money_of_any_size_has_the_same_answer(scale):
    found = stable_strategies(np.array([[-1.0, 2.0], [0.0, 1.0]]) * scale + 3 * scale)

    assert found.strategies[0] == pytest.approx((0.5, 0.5))


def test_copositive_is_less_than_definite():
    assert strictly_copositive(np.array([[1.0, 3.0], [3.0, 1.0]]))
    assert strictly_copositive(np.zeros((0, 0)))
    assert not strictly_copositive(np.array([[1.0, 0.0], [0.0, 0.0]]))


def test_a_search_stops_in_time(monkeypatch):
    monkeypatch.setattr(ess, "deadline", lambda _: Deadline(0.0))

    found = stable_strategies(np.eye(2), time_limit=1)

    assert (found.strategies, found.complete, found.time_up) == ((), False, True)


@pytest.mark.parametrize("own", [np.zeros((2, 3)), np.zeros(2), np.full((2, 2), np.nan)])
def test_what_is_no_symmetric_game_is_refused(own):
    with pytest.raises(ValueError, match="wanted numbers"):
        stable_strategies(own)
