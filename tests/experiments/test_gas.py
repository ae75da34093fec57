"""Fits find what made the points; shares of blocks follow from arithmetic."""

import numpy as np
import pytest

from experiments.paper.gas import (
    PAPER_BLOCKS,
    TODAY_BLOCKS,
    Blocks,
    Sweep,
    fit_all,
    shape,
    sweep,
)
from experiments.paper.reproduce import REPRODUCED
from experiments.scenario import Scenario
from tests.experiments.paper_like import OPPOSED, small_study

X = np.arange(3.0, 62.0, 2.0)


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        ("linear", (5.0, 2.0)),
        ("quadratic", (5.0, -3.0, 0.5)),
        ("exponential", (100.0, 2.0, 0.1)),
    ],
)
def test_a_fit_recovers_the_curve_that_made_the_points(model, parameters):
    curve = {
        "linear": lambda x: 5 + 2 * x,
        "quadratic": lambda x: 5 - 3 * x + 0.5 * x**2,
        "exponential": lambda x: 100 + 2 * np.exp(0.1 * x),
    }[model]

    fits = fit_all(X, curve(X))

    assert shape(fits) == model
    assert min(fits.values(), key=lambda fit: fit.aic).model == model
    assert fits[model].parameters == pytest.approx(parameters, rel=1e-3)
    np.testing.assert_allclose(fits[model](X), curve(X), rtol=1e-3)


def test_r_squared_is_the_share_of_variance_explained():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.0, 3.0])

    fit = fit_all(x, y)["linear"]  # -0.5 + 1.5 x leaves 0.25 + 1 + 0.25 of 6

    assert fit.parameters == pytest.approx((-0.5, 1.5))
    assert fit.r_squared == pytest.approx(0.75)
    assert fit.aic == pytest.approx(3 * np.log(1.5 / 3) + 6)


def test_noise_that_nothing_explains_goes_to_the_least_criterion():
    y = np.random.default_rng(0).normal(size=len(X))

    fits = fit_all(X, y)

    assert shape(fits) == min(fits.values(), key=lambda fit: fit.aic).model


def test_a_share_is_gas_over_all_the_blocks_of_a_period():
    assert Blocks(gas_limit=100, seconds=10.0).share(50, period=100.0) == pytest.approx(0.05)
    assert PAPER_BLOCKS.share(0.117 * 8_000_000) == pytest.approx(0.00091)
    assert TODAY_BLOCKS.share(9_000_000_000) == pytest.approx(1.0)


def swept(cheap, dear):
    return Sweep((3, 5, 7), {"a": np.array(cheap), "b": np.array(dear)}, {})


def test_a_crossing_counts_only_where_it_lasts():
    assert swept([1, 1, 1], [2, 0, 2]).crossing("a", "b") == 7


def test_a_mechanism_that_is_dearer_throughout_crosses_at_once():
    assert swept([1, 1, 1], [2, 2, 2]).crossing("a", "b") == 3


def test_equal_gas_is_no_crossing():
    assert swept([1, 1, 1], [2, 2, 1]).crossing("a", "b") is None


def test_a_sweep_measures_every_mechanism_and_says_how_far_it_is():
    heard = []
    scenario = Scenario()

    found = sweep(
        scenario,
        lambda _: small_study(OPPOSED),
        counts=(3,),
        progress=lambda done, total: heard.append((done, total)),
    )

    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert all(found.gas[name][0] > 18 * 4 * 21_000 for name in REPRODUCED)
    assert found.ratio["hco"].tolist() == [0.5]


def test_a_sample_of_windows_is_scaled_to_all():
    scenario = Scenario()
    full, half = (
        sweep(scenario, lambda _: small_study(OPPOSED), counts=(3,), every=every)
        for every in (1, 2)
    )

    assert half.every == 2
    assert half.gas["hco"][0] == pytest.approx(full.gas["hco"][0], rel=0.1)
    assert half.gas["hco"][0] != full.gas["hco"][0]
