"""What could be in place of a mechanism, each against trying everything."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from market.games import benchmarks
from market.games.benchmarks import gini, jain
from market.games.vcg import best_pivotal_response, pivotal
from tests.draws import few_ticks, offer_tables

WHOLE = st.integers(0, 9).map(float)


@st.composite
def worlds(draw):
    """Draw whole costs (party, window, option), and those without the link."""
    parties, windows, options = (draw(st.integers(*r)) for r in ((2, 3), (1, 3), (2, 4)))
    costs = draw(arrays(float, (parties, windows, options), elements=WHOLE))
    return costs, draw(arrays(float, (parties, windows), elements=WHOLE))


def cost(costs, options):
    """Return what an option a window costs all together."""
    return sum(costs[:, window, option].sum() for window, option in enumerate(options))


@given(worlds())
def test_the_central_optimum_is_the_cheapest_of_all_schedules(world):
    costs, _ = world
    plan = benchmarks.central_optimum(costs)

    schedules = product(range(costs.shape[2]), repeat=costs.shape[1])
    cheapest = min(schedules, key=lambda schedule: cost(costs, schedule))
    assert plan.option.tolist() == list(cheapest)
    assert not plan.payments_gbp.any()


@given(worlds())
def test_the_best_fixed_option_is_the_cheapest_that_never_changes(world):
    costs, _ = world

    totals = [cost(costs, [option] * costs.shape[1]) for option in range(costs.shape[2])]
    best = benchmarks.best_fixed(costs).option
    assert best.tolist() == [totals.index(min(totals))] * costs.shape[1]


@given(worlds())
def test_bargaining_with_money_leaves_all_the_same_gain_at_the_least_cost(world):
    costs, alone = world
    plan = benchmarks.bargain_with_money(costs, alone)

    for window in range(costs.shape[1]):
        saved = alone[:, window].sum() - costs[:, window].sum(0)
        option, paid = plan.option[window], plan.payments_gbp[:, window]
        assert paid.sum() == pytest.approx(0)
        if saved.max() <= 0:
            assert option == -1
            assert not paid.any()
            continue
        assert saved[option] == saved.max()
        gains = alone[:, window] - costs[:, window, option] - paid
        assert gains == pytest.approx(saved.max() / len(costs))


@given(worlds())
def test_bargaining_without_money_takes_the_largest_product_of_the_undominated(world):
    costs, alone = world
    plan = benchmarks.bargain_without_money(costs, alone)

    for window in range(costs.shape[1]):
        gains = alone[:, [window]] - costs[:, window]
        willing = [o for o, g in enumerate(gains.T) if min(g) >= 0 and max(g) > 0]
        option = plan.option[window]
        assert (option == -1) == (not willing)
        if willing:
            assert option in willing
            products = {o: gains[:, o].prod() for o in willing}
            assert products[option] == max(products.values())
            beaten = [
                np.all(g >= gains[:, option]) and np.any(g > gains[:, option]) for g in gains.T
            ]
            assert not any(beaten)


def test_without_any_gain_there_is_no_link():
    costs, alone = np.array([[[5.0, 6.0]], [[4.0, 4.0]]]), np.array([[5.0], [4.0]])

    assert benchmarks.bargain_with_money(costs, alone).option.tolist() == [-1]
    assert benchmarks.bargain_without_money(costs, alone).option.tolist() == [-1]
    assert benchmarks.no_link(costs).option.tolist() == [-1]


@pytest.mark.parametrize("name", ["central_optimum", "best_fixed", "random_option", "no_link"])
def test_leading_axes_are_free(name):
    costs = np.random.default_rng(1).random((5, 2, 4, 3))
    plan = getattr(benchmarks, name)(costs)

    assert plan.chances.shape == (5, 4, 3)
    assert plan.payments_gbp.shape == (5, 2, 4)
    for one, chances in zip(costs, plan.chances, strict=True):
        assert np.array_equal(getattr(benchmarks, name)(one).chances, chances)


def test_bargains_have_free_leading_axes_too():
    rng = np.random.default_rng(2)
    costs, alone = rng.random((5, 2, 4, 3)), rng.random((5, 2, 4))

    for bargain in (benchmarks.bargain_with_money, benchmarks.bargain_without_money):
        plan = bargain(costs, alone)
        assert plan.option.shape == (5, 4)
        for i in range(5):
            assert np.array_equal(bargain(costs[i], alone[i]).chances, plan.chances[i])


@given(arrays(float, st.integers(2, 6), elements=st.floats(-5, 5)))
def test_indexes_of_fairness_keep_their_bounds(gains):
    if gains.max() <= 1e-6:
        return
    count = len(gains)

    assert 1 / count - 1e-9 <= jain(gains) <= 1 + 1e-9
    assert -1e-9 <= gini(gains) <= (count - 1) / count + 1e-9


def test_fairness_is_not_known_where_nobody_gains():
    assert np.isnan(jain(np.array([-1.0, 0.0])))
    assert np.isnan(gini(np.array([-1.0, 0.0])))


def test_gini_of_gains_one_and_three():
    assert gini(np.array([1.0, 3.0])) == 0.25
    assert jain(np.array([1.0, 3.0])) == 0.8


@st.composite
def pivotal_cases(draw, ticks=few_ticks, options=(2, 5)):
    offers = draw(offer_tables(parties=(2, 4), options=options, ticks=ticks))
    return offers, np.array(draw(st.integers(0, len(offers) - 1)))


@given(pivotal_cases())
def test_truth_earns_as_much_as_the_best_response_exactly(case):
    offers, authority = case
    found = pivotal(offers, authority)

    for seat, own in enumerate(offers):
        truth = int(own[found.option] - found.payments[seat])
        best = best_pivotal_response(own.astype(float), offers, seat, authority)
        assert best.worth == truth


@given(pivotal_cases(ticks=st.integers(0, 2), options=(2, 3)))
def test_no_offer_of_all_that_there_are_earns_more_than_truth(case):
    offers, authority = case
    seat, own = 0, offers[0].copy()
    found = pivotal(offers, authority)
    truth = own[found.option] - found.payments[seat]

    tables = []
    for lie in product(range(8), repeat=offers.shape[1]):
        tables.append(offers.copy())
        tables[-1][seat] = lie
    others = pivotal(np.array(tables), np.full(len(tables), authority))
    assert (own[others.option] - others.payments[:, seat]).max() == truth


@given(pivotal_cases())
def test_the_best_pivotal_response_leads_where_it_says(case):
    offers, authority = case
    values = np.arange(offers.shape[1], dtype=float)
    best = best_pivotal_response(values, offers, 1, authority)

    offers[1] = best.bids
    found = pivotal(offers, authority)
    assert found.option == best.option
    assert values[found.option] - found.payments[1] == best.worth


@given(pivotal_cases())
def test_nobody_receives_and_nobody_pays_more_than_it_offered(case):
    offers, authority = case
    found = pivotal(offers, authority)
    at_option = offers[:, found.option]

    assert (found.payments >= 0).all()
    assert (found.payments <= at_option).all()
    assert found.surplus == found.payments.sum()
