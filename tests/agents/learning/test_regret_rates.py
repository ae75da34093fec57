"""Regret falls at the rate, and stays below the bound, that the theorems state.

A slope is that of a line through mean regret against time, both as logarithms; -1/2 is a
regret that grows with the root of time. Run with ``-s`` to see the slopes.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from agents.learning.bandits import Exp3
from agents.learning.fictitious_play import FictitiousPlay
from agents.learning.hedge import Hedge
from agents.learning.regret_matching import RegretMatching, RegretMatchingPlus
from tests.agents.learning.arena import ADVERSARIES, coins, fight, loaded, slope, spite

ROUNDS = 4096
ROUNDING = 1e-9


def hedge_bound(rounds, actions):
    """Cesa-Bianchi and Lugosi 2006, theorem 2.3."""
    return 2 * np.sqrt(rounds * np.log(actions) / 2) + np.sqrt(np.log(actions) / 8)


def matching_bound(rounds, actions):
    """Cesa-Bianchi and Lugosi 2006, corollary 2.1; Tammelin et al. 2015 for the plus."""
    return np.sqrt(actions * rounds)


def exp3_bound(rounds, actions):
    """Bubeck and Cesa-Bianchi 2012, theorem 3.1."""
    return 2 * np.sqrt(rounds * actions * np.log(actions))


BOUNDS = {
    Hedge(): hedge_bound,
    RegretMatching(): matching_bound,
    RegretMatchingPlus(): matching_bound,
}
every_full_rule = pytest.mark.parametrize("rule", BOUNDS, ids=lambda rule: type(rule).__name__)
every_count = pytest.mark.parametrize("actions", [2, 5, 10])
every_adversary = pytest.mark.parametrize("adversary", ADVERSARIES, ids=lambda a: a.__name__)


def since_start(rounds):
    return np.arange(1, rounds + 1)


@every_full_rule
@every_adversary
@every_count
def test_regret_is_below_the_bound_of_the_theorem_at_every_time_in_every_run(
    rule, adversary, actions
):
    regret = fight(rule, adversary, 1024, actions, runs=20).regret

    assert (regret.max(1) <= BOUNDS[rule](since_start(1024), actions) + ROUNDING).all()


@every_full_rule
@settings(max_examples=60)
@given(
    payoffs=npst.arrays(
        np.float64,
        st.tuples(st.integers(1, 30), st.integers(2, 6)),
        elements=st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1)),
    )
)
def test_regret_is_below_the_bound_of_the_theorem_for_any_payoffs(rule, payoffs):
    rounds, actions = payoffs.shape
    each = iter(payoffs)

    fought = fight(rule, lambda _mix, _rng: next(each)[None], rounds, actions, runs=1)

    assert (fought.regret[:, 0] <= BOUNDS[rule](since_start(rounds), actions) + ROUNDING).all()


@every_full_rule
@every_count
def test_regret_falls_with_the_root_of_time_where_an_adversary_makes_the_theorem_tight(
    rule, actions
):
    found = slope(fight(rule, spite, ROUNDS, actions, runs=1).regret[:, 0])

    print(f"{type(rule).__name__}, K = {actions}, spite: slope {found:.3f}")  # noqa: T201
    assert -0.6 < found < -0.4


@every_full_rule
@every_count
def test_regret_falls_with_the_root_of_time_where_payoffs_are_fair_coins(rule, actions):
    found = slope(fight(rule, coins, ROUNDS, actions, runs=100).regret.mean(1))

    print(f"{type(rule).__name__}, K = {actions}, coins: slope {found:.3f}")  # noqa: T201
    assert -0.6 < found < -0.4


def test_a_rule_without_a_theorem_does_not_pass_these_tests():
    regret = fight(FictitiousPlay(), spite, ROUNDS, 2, runs=1).regret[:, 0]

    print(f"FictitiousPlay, K = 2, spite: slope {slope(regret):.3f}")  # noqa: T201
    assert slope(regret) > -0.05
    for bound in (hedge_bound, matching_bound):
        assert regret[-1] > 10 * bound(ROUNDS, 2)


@every_adversary
@every_count
def test_regret_of_exp3_is_below_the_bound_of_its_theorem_at_every_time(adversary, actions):
    regret = fight(Exp3(), adversary, 1024, actions, runs=100).pseudo_regret

    assert (regret <= exp3_bound(since_start(1024), actions)).all()


@pytest.mark.parametrize("actions", [2, 3])
def test_regret_of_exp3_falls_with_the_root_of_time(actions):
    found = slope(fight(Exp3(), spite, 2 * ROUNDS, actions, runs=200).pseudo_regret, 256)

    print(f"Exp3, K = {actions}, spite: slope {found:.3f}")  # noqa: T201
    assert -0.6 < found < -0.4


def test_exp3_learns_which_coin_is_loaded_from_what_it_hears():
    fought = fight(Exp3(), loaded, ROUNDS, 2, runs=200)

    found = slope(fought.pseudo_regret)

    print(f"Exp3, K = 2, loaded coins: slope {found:.3f}")  # noqa: T201
    assert found < -0.4
    assert fought.mixes[-1].mean(0)[1] > 0.9
