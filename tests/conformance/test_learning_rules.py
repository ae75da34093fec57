"""What every learning rule must do."""

import importlib
import inspect
import pkgutil
from dataclasses import is_dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agents.learning
from agents.learning import LEARNING_RULES
from agents.learning.base import Bandit, FullInformation, choose
from agents.learning.selfplay import hear, iterate
from tests.agents.learning.arena import streams

every_rule = pytest.mark.parametrize("name", LEARNING_RULES)

shapes = st.lists(st.integers(1, 3), max_size=2).map(tuple)
seeds = st.integers(0, 2**32 - 1)
actions_and_rounds = {"actions": st.integers(1, 5), "rounds": st.integers(0, 12)}
few_payoffs = np.array([0.0, 0.0, 0.1, 0.5, 1.0])
"""So few that ties are common."""


def lived(rule, shape, actions, rounds, seed=0):
    """Return the states that a rule passes through, with what it heard between them."""
    rng = np.random.default_rng(seed)
    states, heard = [rule.start(shape, actions)], []
    for _ in range(rounds):
        payoffs = rng.choice(few_payoffs, (*shape, actions))
        heard.append((payoffs, choose(rule.mix(states[-1]), rng.random(shape))))
        states.append(hear(rule, states[-1], *heard[-1]))
    return states, heard


@every_rule
@settings(max_examples=40)
@given(shape=shapes, seed=seeds, **actions_and_rounds)
def test_what_is_played_is_a_distribution_in_any_state(name, shape, seed, actions, rounds):
    rule = LEARNING_RULES[name]()

    for state in lived(rule, shape, actions, rounds, seed)[0]:
        mix = rule.mix(state)

        assert (mix.shape, mix.dtype) == ((*shape, actions), np.float64)
        assert (mix >= 0).all()
        np.testing.assert_allclose(mix.sum(-1), 1)


@every_rule
def test_what_is_played_is_a_distribution_after_long(name):
    rule = LEARNING_RULES[name]()

    for earned in (0.0, 1.0):
        state = rule.start((), 4)
        for _ in range(5000):
            action = choose(rule.mix(state), np.array(0.3))
            state = hear(rule, state, np.array([0.0, earned, 0.0, 0.0]), action)

        np.testing.assert_allclose(rule.mix(state).sum(), 1)


@every_rule
def test_who_knows_nothing_prefers_nothing_or_begins_with_the_first(name):
    rule = LEARNING_RULES[name]()

    mix = rule.mix(rule.start((), 4))

    np.testing.assert_allclose(mix[1:], mix[-1])
    assert mix[0] >= mix[1]


@every_rule
@settings(max_examples=40)
@given(shape=shapes, seed=seeds, **actions_and_rounds)
def test_a_state_is_an_array_of_one_shape_and_never_written(name, shape, seed, actions, rounds):
    rule = LEARNING_RULES[name]()
    state = rule.start(shape, actions)
    rng = np.random.default_rng(seed)

    for _ in range(rounds):
        payoffs = rng.random((*shape, actions))
        for array in (state, payoffs):
            array.flags.writeable = False
        action = choose(rule.mix(state), rng.random(shape))
        after = hear(rule, state, payoffs, action)

        assert after is not state
        assert (after.shape, after.dtype) == (state.shape, np.float64)
        assert np.isfinite(after).all()
        state = after


@every_rule
@settings(max_examples=40)
@given(seed=seeds, **actions_and_rounds)
def test_a_batch_learns_as_its_runs_do(name, seed, actions, rounds):
    rule = LEARNING_RULES[name]()
    states, heard = lived(rule, (2, 3), actions, rounds, seed)

    for run in np.ndindex(2, 3):
        state = rule.start((), actions)
        for payoffs, action in heard:
            state = hear(rule, state, payoffs[run], action[run])

        np.testing.assert_array_equal(state, states[-1][run])
        np.testing.assert_array_equal(rule.mix(state), rule.mix(states[-1])[run])


@every_rule
def test_the_same_seed_gives_the_same_play(name):
    game = np.random.default_rng(1).random((2, 3, 4))
    rules = [LEARNING_RULES[name]()] * 2

    first, second = (iterate(game, rules, 60, streams(2, 3, seed=5)) for _ in range(2))

    np.testing.assert_array_equal(first.actions, second.actions)
    np.testing.assert_array_equal(first.payoffs, second.payoffs)


@every_rule
@settings(max_examples=60)
@given(seed=seeds, more=st.sampled_from([0.01, 0.5, 1.0]), **actions_and_rounds)
def test_an_action_is_no_less_likely_for_having_earned_more(name, seed, more, actions, rounds):
    rule = LEARNING_RULES[name]()
    state = lived(rule, (), actions, rounds, seed)[0][-1]
    rng = np.random.default_rng(seed)
    payoffs = rng.random(actions)
    action = choose(rule.mix(state), np.array(rng.random()))
    raised = payoffs.copy()
    raised[action] += more * (1.0 - raised[action])

    before, after = (rule.mix(hear(rule, state, each, action)) for each in (payoffs, raised))

    assert after[action] >= before[action] - 1e-9


@every_rule
def test_what_always_earns_most_comes_to_be_played_more_than_any_other(name):
    rule = LEARNING_RULES[name]()
    payoffs = np.broadcast_to([0.1, 0.2, 0.9], (50, 3))
    state, rng, mixes = rule.start((50,), 3), np.random.default_rng(0), []

    for _ in range(600):
        mixes.append(rule.mix(state))
        state = hear(rule, state, payoffs, choose(mixes[-1], rng.random(50)))

    late = np.mean(mixes[-300:], axis=(0, 1))
    assert late[2] > 0.7
    assert late.argmax() == 2


@every_rule
def test_only_who_is_told_in_full_heeds_what_was_not_played(name):
    rule = LEARNING_RULES[name]()
    state, action = rule.start((), 2), np.array(0)

    one, other = (
        hear(rule, state, np.array([0.5, unplayed]), action) for unplayed in (0.25, 1.0)
    )

    assert rule.feedback in ("full", "bandit")
    assert np.array_equal(one, other) == (rule.feedback == "bandit")


@every_rule
def test_learning_asks_for_what_the_feedback_gives(name):
    rule = LEARNING_RULES[name]()

    asked = list(inspect.signature(rule.learn).parameters)

    full, bandit = ["state", "payoffs"], ["state", "action", "payoff"]
    assert asked == (full if rule.feedback == "full" else bandit)


@every_rule
def test_a_learning_rule_is_a_frozen_dataclass_with_a_meaning_and_a_reference(name):
    rule = LEARNING_RULES[name]()

    assert is_dataclass(rule)
    assert type(rule).__dataclass_params__.frozen
    assert rule == LEARNING_RULES[name]()
    assert "meaning" in vars(type(rule)), "not that of its parent"
    assert "References\n" in type(rule).__doc__


def test_every_learning_rule_in_the_package_is_listed():
    modules = [
        importlib.import_module(f"{agents.learning.__name__}.{found.name}")
        for found in pkgutil.iter_modules(agents.learning.__path__)
    ]
    classes = {
        thing
        for module in modules
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if thing.__module__ == module.__name__ and hasattr(thing, "learn")
    }

    assert classes - {FullInformation, Bandit} == set(LEARNING_RULES.values())


def test_no_two_rules_mean_the_same():
    meanings = [LEARNING_RULES[name]().meaning for name in LEARNING_RULES]

    assert len(set(meanings)) == len(meanings)
