"""Play in turns ends where nobody gains, or says that it did not."""

from dataclasses import replace

import numpy as np
import pytest

from agents.prosumers.billing import Attitudes, Billing
from agents.prosumers.scheduling import Households, Planning, schedule, turns
from agents.prosumers.stores import batteries, heat_pumps, together
from market.trading.sharing import SHARING_RULES
from market.trading.tariff import TICK_GBP
from tests.agents.prosumers.days import TARIFF, alike, every_plan, few_households

RULES = {"alone": None, **SHARING_RULES}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
tiny_gbp = 2e-6
"""Rounding to ticks, over a day."""


def the_bill(billing, of, household, net):
    """Return what a household minimises, in ticks, by hand."""
    others = np.delete(net, household, 0)
    supply, demand = np.maximum(-others, 0).sum(0), np.maximum(others, 0).sum(0)
    place = np.array(0), np.array(household)
    return billing.weighed(of[place], net[household].astype(float), supply, demand).sum()


def gain_of_any_plan_gbp(households, of, billing, net):
    """Return the most that one household of the first community gains, by trying every plan.

    Each has one store.
    """
    stores, gains = households.stores[0, :, 0], []
    for household in range(len(net)):
        now = the_bill(billing, of, household, net)
        for plan in every_plan(stores[household]):
            other = net.copy()
            drawn = stores[household].energy_wh(plan)
            other[household] = households.base_wh[0, household] + drawn
            gains.append(now - the_bill(billing, of, household, other))
    return max(gains) * TICK_GBP


def has_equilibrium(households, of, billing, epsilon_gbp):
    """Return whether any two plans of two households are an equilibrium, by trying all."""
    stores, base = households.stores[0, :, 0], households.base_wh[0]
    one, two = (
        (base[each] + stores[each].energy_wh(every_plan(stores[each]))).astype(float)
        for each in range(2)
    )
    shapes = (one[:, np.newaxis], two), (two, one[:, np.newaxis])
    regrets = []
    for axis, (own, other) in enumerate(shapes):
        costs = billing.weighed(
            of[0, axis], own, np.maximum(-other, 0), np.maximum(other, 0)
        ).sum(-1)
        regrets.append(costs - costs.min(axis, keepdims=True))
    return bool((np.maximum(*regrets) * TICK_GBP <= epsilon_gbp).any())


@every_rule
@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.7, 0.7), (0.7, -0.7)])
@pytest.mark.parametrize("charge", [0.0, 0.05])
def test_epsilon_is_the_most_that_any_plan_gains(rule, weights, charge):
    households = few_households(np.random.default_rng(7), 6, 3)
    billing, of = Billing(TARIFF, rule, charge), alike(6, 3, *weights)
    found = schedule(households, of, billing, sweeps=20)

    for each in range(6):
        one = Households(
            households.base_wh[each : each + 1], households.stores[each : each + 1]
        )
        gain = gain_of_any_plan_gbp(one, of, billing, found.net_wh[each])
        assert found.epsilon_gbp[each] == pytest.approx(max(gain, 0), abs=1e-12)
    assert (found.epsilon_gbp[found.converged] <= 0.001).all()


def test_plans_keep_bounds_and_are_what_is_drawn():
    households = few_households(np.random.default_rng(1), 4, 5)
    found = schedule(households, alike(4, 5), Billing(TARIFF, RULES["mid-market-rate"]))

    assert found.steps.any()
    assert households.stores.allows(found.steps).all()
    np.testing.assert_array_equal(found.net_wh, households.net_wh(found.steps))


@pytest.mark.parametrize(
    ("rule", "weights"),
    [
        (None, (1.0, 0.0)),
        (None, (0.8, 0.6)),
        (None, (0.7, -0.7)),
        (RULES["mid-market-rate"], (0.7, 0.7)),
        (RULES["bill-sharing"], (0.7, 0.7)),
    ],
)
def test_every_move_lowers_the_potential_by_what_it_gains(rule, weights):
    households = few_households(np.random.default_rng(3), 8, 4)
    of, billing = alike(8, 4, *weights), Billing(TARIFF, rule, charge=0.05)
    play = Planning(households, of, billing)
    moves = 0
    for turn in 3 * turns(households.stores.movable):
        before, answer = play.potential, play.answer(turn)
        gain = answer.cost(play.steps[turn.place]) - answer.least
        moved = play.respond(turn, epsilon_gbp=0.001)
        fall = (before - play.potential)[turn.community]
        moves += moved.sum()
        np.testing.assert_allclose(fall, np.where(moved[turn.community], gain, 0), atol=6)
    assert play.has_potential.all()
    assert moves > 8


def test_the_history_of_a_potential_falls():
    households = few_households(np.random.default_rng(3), 8, 4)
    found = schedule(households, alike(8, 4), Billing(TARIFF, charge=0.05))

    assert found.converged.all()
    assert (np.diff(found.potential_gbp, axis=0) <= tiny_gbp).all()
    assert found.potential_gbp.shape == found.cost_gbp.shape == (found.sweeps.max() + 1, 8)


@pytest.mark.parametrize(
    ("rule", "of"),
    [
        (RULES["supply-demand-ratio"], alike(2, 2)),
        (None, Attitudes(np.array([[1.0, 0.5]] * 2), np.zeros((2, 2)), np.ones((2, 2), bool))),
        (None, replace(alike(2, 2), heeds=np.zeros((2, 2), bool))),
    ],
)
def test_no_potential_is_claimed_where_none_is_known(rule, of):
    households = few_households(np.random.default_rng(3), 2, 2)

    assert schedule(households, of, Billing(TARIFF, rule)).potential_gbp is None


@pytest.mark.parametrize(
    ("name", "base", "exists"),
    [
        ("supply-demand-ratio", [[250, 1000, 1500], [0, -500, -750]], False),
        ("bill-sharing", [[-1750, -250, -1000], [1000, 1000, 1000]], True),
    ],
)
def test_a_cycle_is_told_whether_there_is_an_equilibrium_or_not(name, base, exists):
    households = few_households(np.random.default_rng(0), 1, 2)
    households = replace(households, base_wh=np.array([base]))
    of, billing = alike(1, 2), Billing(TARIFF, RULES[name])
    found = schedule(households, of, billing)

    assert not found.converged[0]
    assert found.cycle[0] == 2
    assert found.sweeps[0] < 5
    assert found.epsilon_gbp[0] > 0.001
    assert has_equilibrium(households, of, billing, 0.001) == exists


def test_who_has_ended_has_no_more_turns():
    households = few_households(np.random.default_rng(0), 2, 2)
    base = np.array([[[0, 0, 0], [0, 0, 0]], [[-500, 500, 0], [1000, 1000, 1000]]])
    still = households.stores[np.array([[0, 0], [0, 1]]), np.arange(2)]
    still.most_up[1, 1], still.most_down[1, 1] = 0, 0
    found = schedule(Households(base, still), alike(2, 2), Billing(TARIFF))

    assert found.sweeps.tolist() == [1, 2]


def test_play_that_is_stopped_says_so():
    households = few_households(np.random.default_rng(1), 4, 5)
    found = schedule(
        households, alike(4, 5), Billing(TARIFF, RULES["mid-market-rate"]), sweeps=1
    )

    assert not found.converged.any()
    assert not found.cycle.any()
    assert found.sweeps.tolist() == [1] * 4


def test_communities_go_together_as_they_go_alone():
    households = few_households(np.random.default_rng(5), 6, 4)
    billing = Billing(TARIFF, RULES["bill-sharing"])
    in_batch = schedule(households, alike(6, 4), billing)

    for each in range(6):
        one = Households(
            households.base_wh[each : each + 1], households.stores[each : each + 1]
        )
        alone = schedule(one, alike(1, 4), billing)
        np.testing.assert_array_equal(alone.steps[0], in_batch.steps[each])
        assert alone.sweeps[0] == in_batch.sweeps[each]


def test_each_slot_has_its_turn_and_who_has_no_store_none():
    has = np.array([[1.0, 0.0], [1.0, 1.0]])
    battery = batteries(5 * has, 2.5 * has, 4)
    pump = heat_pumps(np.full((2, 2, 4), 500), np.array([[2.0, 2.0], [0.0, 0.0]]), has)
    order = turns(together(battery, pump).movable)

    assert [tuple(axis.tolist() for axis in turn.place) for turn in order] == [
        ([0, 1], [0, 0], [0, 0]),
        ([1], [1], [0]),
        ([0], [0], [1]),
    ]


def test_a_community_without_stores_has_nothing_to_plan():
    households = few_households(np.random.default_rng(1), 2, 2)
    still = replace(households.stores, most_up=households.stores.most_up.copy())
    still.most_up[0], still.most_down[0] = 0, 0
    found = schedule(Households(households.base_wh, still), alike(2, 2), Billing(TARIFF))

    assert found.converged.all()
    assert not found.steps[0].any()
