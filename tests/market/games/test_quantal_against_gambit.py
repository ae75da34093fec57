"""Quantal response equilibria: against Gambit, and against the definition."""

import numpy as np
import pygambit
import pytest

from market.games import quantal
from market.games.mixed import nash_equilibria
from market.games.quantal import fit_precision, quantal_branch
from market.games.time_limit import Deadline
from tests.market.games.catalogue import GAMES, bimatrix, zero_sum
from tests.market.games.oracle import apart, gambit_game

LOPSIDED = bimatrix([[9, 0], [0, 1]], [[0, 1], [1, 0]])


def random_game(seed):
    rng = np.random.default_rng([7, seed])
    shape = rng.integers(1, 4, rng.integers(2, 5))
    return rng.normal(size=(len(shape), *shape)).round(2) * 3


def response(payoffs, profile, precision):
    """Return the logit response of everybody to a profile, by the definition."""
    answer = []
    for player, own in enumerate(payoffs):
        values = np.moveaxis(own, player, 0)
        for other in reversed([j for j in range(len(payoffs)) if j != player]):
            values = values @ np.array(profile[other])
        grown = np.exp(precision * (values - values.max()))
        answer.append(tuple(grown / grown.sum()))
    return tuple(answer)


@pytest.mark.parametrize("seed", range(30))
def test_the_branch_is_gambits(seed):
    payoffs, precision = random_game(seed), (0.3, 2.0, 20.0)[seed % 3]

    ours = quantal_branch(payoffs, precision)

    theirs = pygambit.qre.logit_solve_lambda(gambit_game(payoffs), [precision])[0].profile
    players = theirs.game.players
    profile = tuple(tuple(theirs[s] for s in player.strategies) for player in players)
    assert ours.complete
    assert ours.points[-1].precision == pytest.approx(precision)
    assert apart(ours.points[-1].profile, profile) < 1e-6


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_every_point_answers_itself(game):
    precision = 30 / max(np.ptp(game.payoffs), 1.0)

    branch = quantal_branch(game.payoffs, precision)

    assert branch.complete
    for point in branch.points:
        wanted = response(game.payoffs, point.profile, point.precision)
        assert apart(point.profile, wanted) < 1e-7


def test_the_branch_ends_near_a_nash_equilibrium():
    end = quantal_branch(LOPSIDED, 1000.0).points[-1]

    assert apart(end.profile, nash_equilibria(LOPSIDED).equilibria[0].profile) < 2e-3


@pytest.mark.parametrize("seed", range(8))
def test_the_fitted_precision_is_gambits(seed):
    payoffs = random_game(seed)
    rng = np.random.default_rng(seed)
    counts = [rng.integers(1, 9, n).tolist() for n in payoffs.shape[1:]]

    ours = fit_precision(payoffs, counts)

    theirs = pygambit.qre.logit_estimate(
        gambit_game(payoffs).mixed_strategy_profile(counts), use_empirical=False
    )
    assert ours.log_likelihood == pytest.approx(theirs.log_like, abs=1e-6)
    assert ours.log_likelihood >= ours.uniform_log_likelihood
    assert ours.complete
    if theirs.log_like < -1e-9:  # else nobody has a choice, and any precision will do
        assert ours.response.precision == pytest.approx(theirs.lam, abs=1e-4)


def test_the_precision_of_play_is_found_again():
    seen = quantal_branch(LOPSIDED, 0.7).points[-1].profile

    fitted = fit_precision(LOPSIDED * 1000, seen)

    assert fitted.response.precision == pytest.approx(0.7 / 1000, rel=1e-6)
    assert not fitted.at_end


def test_play_that_never_errs_is_as_sharp_as_is_looked_at():
    dominant = np.array([[0.0, 1.0]])

    fitted = fit_precision(dominant, [[0, 5]], most=20.0)

    assert fitted.at_end
    assert fitted.response.precision == pytest.approx(20.0)


def test_play_against_all_interest_is_no_better_than_chance():
    fitted = fit_precision(np.array([[0.0, 1.0]]), [[5, 0]])

    assert fitted.response.precision == pytest.approx(0.0, abs=1e-6)


def test_large_money_changes_nothing():
    end = quantal_branch(LOPSIDED * 1e6, 1e-6).points[-1]

    assert apart(end.profile, quantal_branch(LOPSIDED, 1.0).points[-1].profile) < 1e-9


def test_a_branch_stops_in_time(monkeypatch):
    monkeypatch.setattr(quantal, "deadline", lambda _: Deadline(0.0))

    branch = quantal_branch(LOPSIDED, 1.0)

    assert (branch.time_up, branch.complete, len(branch.points)) == (True, False, 1)
    fitted = fit_precision(LOPSIDED, [[1, 1], [1, 1]])
    assert (fitted.complete, fitted.response.precision) == (False, 0.0)


def test_a_branch_that_is_lost_says_so(monkeypatch):
    monkeypatch.setattr(quantal, "NEWTON", 0)

    branch = quantal_branch(LOPSIDED, 1.0)

    assert not branch.complete
    assert not branch.time_up


def test_an_end_that_is_not_reached_is_left_out(monkeypatch):
    monkeypatch.setattr(quantal, "_at", lambda *_: None)

    branch = quantal_branch(LOPSIDED, 1.0)

    assert not branch.complete
    assert len(branch.points) > 1
    fitted = fit_precision(LOPSIDED, [[3, 1], [1, 1]])
    assert fitted.response.precision > 0


@pytest.mark.parametrize("precision", [0.0, -1.0, np.inf, np.nan])
def test_a_precision_that_is_none_is_refused(precision):
    with pytest.raises(ValueError, match="wanted a number above 0"):
        quantal_branch(LOPSIDED, precision)


@pytest.mark.parametrize("counts", [[[1, 2]], [[1, 2], [1, 2, 3]], [[1, 2], [1, -1]]])
def test_counts_that_do_not_fit_are_refused(counts):
    with pytest.raises(ValueError, match="counts do not fit"):
        fit_precision(zero_sum([[1, -1], [-1, 1]]), counts)
