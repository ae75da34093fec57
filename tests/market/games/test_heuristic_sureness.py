"""How sure equilibria are whose payoffs were measured."""

from dataclasses import replace

import numpy as np
import pytest

from market.games.heuristic_rest import rest_points
from market.games.heuristic_sureness import bootstrapped_tables, drawn_tables, sureness
from tests.market.games.heuristic_games import DILEMMA, HAWKS, threshold


def rng():
    return np.random.default_rng(0)


def with_errors(table, error):
    return replace(table, errors=np.where(table.counts > 0, error, np.nan))


def sure(table, tables):
    return sureness(rest_points(table, rng()).equilibria, tables, rng())


def test_payoffs_are_drawn_around_those_measured():
    table = with_errors(HAWKS, 0.5)

    drawn = np.stack([one.payoffs for one in drawn_tables(table, 4000, rng())])

    played = table.counts > 0
    assert drawn.mean(axis=0)[played] == pytest.approx(table.payoffs[played], abs=0.05)
    assert drawn.std(axis=0)[played] == pytest.approx(np.full(played.sum(), 0.5), abs=0.05)


def test_a_covariance_holds_payoffs_together():
    together = np.ones((4, 4))

    drawn = np.stack([one.payoffs for one in drawn_tables(HAWKS, 50, rng(), together)])

    played = HAWKS.counts > 0
    assert np.ptp((drawn - HAWKS.payoffs)[:, played], axis=1).max() < 1e-6
    (found,) = sure(HAWKS, drawn_tables(HAWKS, 50, rng(), together))
    assert found.remains == 1
    assert max(found.epsilon) < 1e-6


def test_clear_equilibria_remain_and_others_do_not():
    (clear,) = sure(DILEMMA, drawn_tables(with_errors(DILEMMA, 0.05), 30, rng()))
    (vague,) = sure(DILEMMA, drawn_tables(with_errors(DILEMMA, 5.0), 100, rng()))

    assert (clear.remains, clear.attracting, clear.tables) == (1, 1, 30)
    assert clear.epsilon == pytest.approx((0, 0, 0))
    assert clear.shares == ((0, 0, 0), (1, 1, 1))
    assert vague.remains == pytest.approx(0.56, abs=0.1)  # 1 less 0, over the errors of both
    assert vague.epsilon[2] > 5


def test_a_mixed_equilibrium_moves_by_its_error():
    (found,) = sure(HAWKS, drawn_tables(with_errors(HAWKS, 0.02), 200, rng()))

    low, middle, high = found.shares[0]
    assert middle == pytest.approx(0.5, abs=0.005)
    assert (high - low) / 2 == pytest.approx(1.96 * 0.02 * np.sqrt(4 * 0.25) / 2, rel=0.2)
    assert found.remains == found.attracting == 1


def test_an_equilibrium_may_be_gone_from_all_tables():
    (hawks,) = rest_points(HAWKS, rng()).equilibria
    (found,) = sureness([hawks], [replace(DILEMMA, strategies=("hawk", "dove"))] * 3, rng())

    assert (found.remains, found.attracting, found.shares) == (0, 0, ())
    assert found.epsilon == pytest.approx((0.75,) * 3)


def test_what_is_far_is_another_equilibrium():
    close, apart = threshold(3, 2, 0.2), threshold(3, 2, 0.45)
    points = [p for p in rest_points(close, rng()).equilibria if 0 < p.mixture[0] < 1]

    assert [one.remains for one in sureness(points, [apart], rng())] == [0, 0]
    assert [one.remains for one in sureness(points, [apart], rng(), radius=0.9)] == [1, 1]


def test_replicates_are_drawn_whole():
    replicates = np.stack([HAWKS.payoffs + shift for shift in (-1.0, 0.0, 1.0)])

    tables = bootstrapped_tables(HAWKS, replicates, 40, rng())

    shifts = (
        np.stack([one.payoffs for one in tables])[:, HAWKS.counts > 0]
        - HAWKS.payoffs[HAWKS.counts > 0]
    )
    assert np.ptp(shifts, axis=1).max() < 1e-9
    assert len(np.unique(shifts.round(6))) > 3
    (found,) = sure(HAWKS, tables)
    assert found.remains == 1


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="wanted standard errors"):
        drawn_tables(HAWKS, 3, rng())
    with pytest.raises(ValueError, match="wanted 4 each way"):
        drawn_tables(HAWKS, 3, rng(), np.eye(3))
    with pytest.raises(ValueError, match="tables like this one"):
        bootstrapped_tables(HAWKS, np.zeros((3, 2, 2)), 3, rng())
    with pytest.raises(ValueError, match="tables like this one"):
        bootstrapped_tables(HAWKS, np.zeros((0, 3, 2)), 3, rng())
    with pytest.raises(ValueError, match="wanted one at least"):
        sureness([], [], rng())
