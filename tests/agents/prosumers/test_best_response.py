"""Plans by dynamic programming are the best of all plans."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.prosumers.best_response import CostToGo, steps_of
from tests.agents.prosumers.days import every_plan, some_stores


def a_case(seed, dear=20):
    """Return a few stores of any bounds, and what their steps cost."""
    rng = np.random.default_rng(seed)
    stores = some_stores(rng, count=3)
    shape = 4, len(steps_of(stores)), 3
    return stores, rng.integers(0, dear, shape).astype(float)


def paid(costs, plans, lowest):
    """Return what each plan costs, from costs (window, step)."""
    return np.array([costs[np.arange(4), plan - lowest].sum() for plan in plans])


@given(seed=st.integers(0, 2**32 - 1))
def test_no_plan_is_better_than_the_best(seed):
    stores, costs = a_case(seed)
    answer, lowest = CostToGo.of(stores, costs), steps_of(stores)[0]
    best = answer.best(np.arange(3))

    assert stores.allows(best).all()
    assert answer.cost(best).tolist() == answer.least.tolist()
    for each in range(3):
        plans = every_plan(stores[each])
        least = paid(costs[..., each], plans, lowest).min()
        assert answer.least[each] == least


@given(seed=st.integers(0, 2**32 - 1))
def test_of_equal_plans_the_one_that_deviates_least_first(seed):
    stores, costs = a_case(seed, dear=2)
    answer, lowest = CostToGo.of(stores, costs), steps_of(stores)[0]
    best = answer.best(np.array([2]))[0]
    plans = every_plan(stores[2])
    of_each = paid(costs[..., 2], plans, lowest)
    equal = plans[of_each == of_each.min()].tolist()

    assert best.tolist() == min(equal, key=lambda plan: [(abs(s), s) for s in plan])


def test_nobody_deviates_for_nothing():
    stores, costs = a_case(0)

    assert not CostToGo.of(stores, 0 * costs).best(np.arange(3)).any()


def test_a_step_that_cannot_be_made_is_never_worth_it():
    stores, costs = a_case(1)
    answer = CostToGo.of(stores, costs)
    too_far = np.zeros((3, 4), np.int64)
    too_far[0, 0] = -stores.most_down.max()
    can = stores.most_down[0, 0] == stores.most_down.max()

    assert np.isinf(answer.cost(too_far))[0] != can
