"""Scores of a day are sums and extremes of its load flows."""

import numpy as np
import pytest

from grid.feeder.flow import drawn_kw, solve
from grid.feeder.households import Shares, households
from grid.feeder.limits import Limits
from grid.feeder.scores import score


@pytest.fixture(scope="module")
def some():
    return households(80, first_day=164, days=2, shares=Shares(pv=0.9))


@pytest.fixture(scope="module")
def flows(feeder, some):
    p_kw = drawn_kw(some.uncontrolled_wh, some.point, 13)
    return solve(feeder, p_kw, drawn_kw(some.reactive_varh, some.point, 13))


@pytest.fixture(scope="module")
def scores(some, flows):
    consumed = some.demand_wh + some.car_wh + some.heat_wh
    return score(flows, consumed, some.generation_wh)


def test_each_community_has_a_score_each_day(scores):
    for values in vars(scores).values():
        assert values.shape == (2, 3)


def test_energy_is_conserved(scores):
    net = scores.imported_kwh - scores.exported_kwh
    used = scores.consumed_kwh - scores.generated_kwh + scores.losses_kwh

    np.testing.assert_allclose(net, used)
    np.testing.assert_allclose(scores.balance_kwh, scores.imported_kwh + scores.exported_kwh)


def test_extremes_are_those_of_the_day(scores, flows):
    assert scores.peak_import_kw[1, 2] == flows.head_kw[1, 2].max()
    assert scores.peak_export_kw[1, 2] == -flows.head_kw[1, 2].min()
    assert scores.lowest_v[0, 1] == flows.voltage_v[0, 1].min()
    assert scores.highest_v[0, 1] == flows.voltage_v[0, 1].max()
    assert scores.transformer_peak[0, 0] == flows.transformer_loading[0, 0].max()
    assert scores.line_peak[0, 0] == flows.line_loading[0, 0].max()


def test_breaches_are_counted(some, flows, scores):
    strict = score(flows, some.demand_wh, some.generation_wh, Limits(loading=0.05))

    assert scores.breaches.sum() == scores.unsolved.sum() == 0
    assert (strict.breaches > 0).all()


def test_sufficiency_and_consumption_of_ones_own(scores):
    for share in (scores.self_sufficiency, scores.self_consumption):
        assert ((share > 0) & (share < 1)).all()


def test_losses_are_to_be_supplied_as_well(scores):
    needed = scores.consumed_kwh + scores.losses_kwh
    supplied = needed * (1 - scores.self_sufficiency)

    np.testing.assert_allclose(supplied, scores.imported_kwh)


def test_without_sun_nothing_is_consumed_of_ones_own(feeder):
    dark = households(3, shares=Shares(pv=0.0))
    flows = solve(feeder, drawn_kw(dark.uncontrolled_wh, dark.point, 13))

    scores = score(flows, dark.demand_wh, dark.generation_wh)

    assert np.isnan(scores.self_consumption).all()
    assert scores.exported_kwh.sum() == 0


def test_a_day_with_a_window_unsolved_has_no_energy(feeder):
    p_kw = np.zeros((1, 1, 48, 13))
    p_kw[0, 0, 7] = 2000.0
    nothing = np.zeros((1, 1, 13, 48), dtype=int)

    scores = score(solve(feeder, p_kw), nothing, nothing)

    assert np.isnan(scores.imported_kwh).all()
    assert scores.unsolved.tolist() == scores.breaches.tolist() == [[1]]
