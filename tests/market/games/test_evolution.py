"""Dynamics and ranks of evolution: closed forms, simulation and published examples."""

from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.games.alpha_rank import alpha_rank, alpha_sweep, fixation, stationary, transitions
from market.games.evolution import (
    moran_fixation,
    moran_fixation_between,
    replicator,
    replicator_steps,
)
from tests.market.games.catalogue import CYCLE, bimatrix, played, symmetric, zero_sum

BATTLE = bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]])


def test_two_actions_of_one_population_grow_logistically():
    path = replicator(np.array([[0.0, 2.0]]), [[0.9, 0.1]], [0.0, 0.5, 1.0, 3.0])

    odds = path.shares[0][:, 1] / path.shares[0][:, 0]
    assert odds == pytest.approx([exp(2 * t) / 9 for t in path.times], rel=1e-7)


def test_pennies_turn_in_closed_orbits():
    path = replicator(
        zero_sum([[1, -1], [-1, 1]]), [[0.7, 0.3], [0.6, 0.4]], np.linspace(0, 20, 9)
    )

    area = [np.log(own).sum(axis=1) for own in path.shares]
    assert sum(area) == pytest.approx(np.full(9, area[0][0] + area[1][0]), rel=1e-6)
    assert len(path.end) == 2


def test_three_populations_settle_on_an_equilibrium():
    game = played((2, 2, 2), lambda a: [float(len(set(a)) == 1) * (1 + a[0])] * 3)

    path = replicator(game, [[0.4, 0.6]] * 3, [0.0, 60.0])

    assert [own[1] for own in path.end] == pytest.approx([1.0] * 3)


def test_what_is_extinct_stays_so():
    path = replicator(np.array([[0.0, 1.0, 5.0]]), [[2, 1, 0]], [0.0, 3.0])
    steps = replicator_steps(np.array([[0.0, 1.0, 5.0]]), [[2, 1, 0]], 3)

    assert not path.shares[0][:, 2].any()
    assert not steps.shares[0][:, 2].any()
    assert path.shares[0].sum(axis=1) == pytest.approx([1.0, 1.0])


def test_generations_compound():
    path = replicator_steps(np.array([[0.0, 1.0]]), [[0.5, 0.5]], 4, rate=0.5)

    assert path.shares[0][:, 1] == pytest.approx([1 / (1 + exp(-0.5 * t)) for t in range(5)])


@pytest.mark.parametrize("start", [[[1, 0, 0]], [[0, 0]], [[-1, 2]]])
def test_a_start_that_is_none_is_refused(start):
    with pytest.raises(ValueError, match="start does not fit"):
        replicator(np.array([[0.0, 1.0]]), start, [0.0, 1.0])


def test_fixation_is_that_of_the_chain_of_births_and_deaths():
    own, n, w = np.array([[1.0, 3.0], [2.0, 0.5]]), 6, 0.7

    found = moran_fixation(own, n, w)[0, 1]

    steps = np.zeros((n + 1, n + 1))
    steps[0, 0] = steps[n, n] = 1
    for i in range(1, n):  # i mutants of action 1 among residents of action 0
        mutant = exp(w * (own[1, 1] * (i - 1) + own[1, 0] * (n - i)) / (n - 1))
        other = exp(w * (own[0, 1] * i + own[0, 0] * (n - i - 1)) / (n - 1))
        born = i * mutant / (i * mutant + (n - i) * other)
        steps[i, i + 1], steps[i, i - 1] = born * (n - i) / n, (1 - born) * i / n
        steps[i, i] = 1 - steps[i].sum()
    inner = np.eye(n - 1) - steps[1:n, 1:n]
    assert found == pytest.approx(np.linalg.solve(inner, steps[1:n, n])[0])


@given(st.floats(-30, 30), st.integers(2, 60))
def test_constant_fitness_has_its_closed_form(gain, population):
    found = moran_fixation_between(np.array([[0.0, gain]]), [0], population)[0]

    wanted = 1 / population
    if abs(gain) > 1e-6:
        strength = abs(gain)
        wanted = np.expm1(-strength) / np.expm1(-population * strength)
        wanted *= exp(min(0.0, (population - 1) * gain))
    assert found[1] == pytest.approx(wanted, rel=1e-4, abs=1e-300)
    assert found[0] == pytest.approx(1 / population)
    rank = fixation(np.array([gain]), 1.0, population, 0.1)[0]
    assert rank == pytest.approx(max(found[1], 1e-30), rel=1e-6)


def test_steps_between_profiles_are_shared_among_deviations():
    steps = transitions(BATTLE, inf, 50, 0.01)

    assert steps.sum(axis=1) == pytest.approx(np.ones(4))
    assert steps[0].tolist() == pytest.approx([0.99, 0.005, 0.005, 0.0])
    assert steps[1].tolist() == pytest.approx([0.495, 0.01, 0.0, 0.495])


def test_the_long_run_is_that_of_the_eigenvector():
    steps = transitions(BATTLE, 0.3, 20, 0.1)

    shares = stationary(steps)

    assert shares @ steps == pytest.approx(shares)
    assert alpha_rank(BATTLE, 0.3, 20).shares.ravel() == pytest.approx(shares)


def test_battle_of_the_sexes_ranks_both_meetings_alike():
    """Omidshafiei et al. 2019, figure 7: the two pure equilibria share the mass."""
    found = alpha_rank(BATTLE)

    assert found.shares[0, 0] == pytest.approx(0.5, abs=1e-3)
    assert found.shares[1, 1] == pytest.approx(0.5, abs=1e-3)


def test_rock_paper_scissors_ranks_all_alike():
    for one in (alpha_rank(zero_sum(CYCLE)), alpha_rank(zero_sum(CYCLE), 1.0)):
        assert one.of_player(0) == pytest.approx(np.full(3, 1 / 3))
        assert one.of_player(1) == pytest.approx(np.full(3, 1 / 3))


def test_biased_rock_paper_scissors_has_ranks_of_the_paper():
    """Rank does not depend on sizes of gains under infinite selection, only on their signs."""
    biased = zero_sum([[0, -0.5, 1], [0.5, 0, -0.1], [-1, 0.1, 0]])

    ours, plain = alpha_rank(biased).shares, alpha_rank(zero_sum(CYCLE)).shares

    assert ours == pytest.approx(plain)


def test_a_cycle_of_better_responses_keeps_the_mass():
    """Matching pennies beside a bad outside option for the first player."""
    game = bimatrix([[1, -1], [-1, 1], [-2, -2]], [[-1, 1], [1, -1], [0, 0]])

    found = alpha_rank(game)

    assert found.of_player(0)[2] < 1e-3
    assert found.of_player(1) == pytest.approx([0.5, 0.5], abs=1e-3)
    assert found.ranking()[0][1] >= found.ranking()[-1][1]


def test_stronger_selection_approaches_better_responses():
    dilemma = symmetric([[3, 0], [5, 1]])

    sweep = alpha_sweep(dilemma, [1e-9, 0.1, 10.0])

    shares = [float(one.shares[1, 1]) for one in sweep]
    assert shares[0] == pytest.approx(0.25, abs=1e-5)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert alpha_rank(dilemma).shares[1, 1] > 0.999


def test_a_game_without_choice_has_one_profile():
    assert alpha_rank(np.array([[[3.0]], [[4.0]]])).shares.tolist() == [[1.0]]


@pytest.mark.parametrize(
    "asked", [{"alpha": 0.0}, {"alpha": -1.0}, {"population": 1}, {"perturbation": 0.0}]
)
def test_parameters_that_are_none_are_refused(asked):
    with pytest.raises(ValueError, match="wanted alpha above 0"):
        alpha_rank(BATTLE, **asked)
