"""Linear estimates are near the exact load flows, and are slopes of them."""

import numpy as np
import pytest

from grid.feeder.flow import solve
from grid.feeder.sensitivity import estimate, sensitivities

BASE = np.full(13, 3.0)


@pytest.fixture(scope="module")
def slopes(feeder):
    return sensitivities(feeder, BASE, 0.5)


def test_an_estimate_in_the_base_case_is_the_base_case(slopes):
    linear = estimate(slopes, BASE)

    np.testing.assert_allclose(linear.voltage_v, slopes.base.voltage_v)
    np.testing.assert_allclose(linear.losses_kw, slopes.base.losses_kw)


@pytest.mark.parametrize(
    ("quantity", "within"),
    [
        ("voltage_v", 0.01),
        ("line_kw", 0.02),
        ("transformer_kw", 0.1),
        ("transformer_loading", 0.002),
        ("losses_kw", 0.1),
        ("head_kw", 0.1),
        ("head_kvar", 0.3),
    ],
)
def test_estimates_are_near_within_three_kw_a_point(feeder, slopes, rng, quantity, within):
    p_kw = BASE + rng.uniform(-3, 3, (200, 13))

    exact, linear = solve(feeder, p_kw, 0.5), estimate(slopes, p_kw)

    assert np.abs(getattr(exact, quantity) - getattr(linear, quantity)).max() < within


def test_voltages_are_near_far_from_the_base_case(feeder, rng):
    p_kw = rng.uniform(-8, 8, (200, 13))

    linear = estimate(sensitivities(feeder, np.zeros(13)), p_kw)

    assert np.abs(solve(feeder, p_kw).voltage_v - linear.voltage_v).max() < 0.1


def test_base_cases_may_be_many(feeder, slopes):
    base = np.stack([np.zeros((4, 13)), np.broadcast_to(BASE, (4, 13))])
    q_kvar = np.array([0.0, 0.5])[:, np.newaxis, np.newaxis]

    many = sensitivities(feeder, base, q_kvar)

    assert many.voltage_v.shape == (2, 4, 13, 13)
    assert many.line_kw.shape == (2, 4, 13, 13)
    assert many.transformer_loading.shape == (2, 4, 1, 13)
    assert many.losses_kw.shape == (2, 4, 13)
    np.testing.assert_allclose(many.voltage_v[1, 2], slopes.voltage_v, atol=1e-9)
    assert estimate(many, base).voltage_v.shape == (2, 4, 13)


def test_what_is_drawn_more_comes_in_at_the_head(slopes):
    np.testing.assert_allclose(slopes.head_kw, 1 + slopes.losses_kw, atol=1e-9)
