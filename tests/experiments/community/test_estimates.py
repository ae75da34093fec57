"""Numbers with intervals over days and communities, drawn together for all ways."""

import numpy as np
import pandas as pd
import pytest

from experiments.community.estimates import (
    Estimate,
    Units,
    estimate,
    mean,
    position,
    reduction,
)

RNG = np.random.default_rng(0)
DAYS = RNG.uniform(1.0, 3.0, (14, 2))


def test_an_interval_holds_its_number():
    found = mean(DAYS)

    assert found.value == pytest.approx(DAYS.mean())
    assert found.low < found.value < found.high


def test_what_holds_on_every_day_has_no_width_however_days_differ():
    found = reduction(0.8 * DAYS, DAYS)

    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.2, 0.2))


def test_a_position_is_0_as_alone_and_1_as_the_best():
    best = DAYS - 1.0

    assert position(DAYS, DAYS, best) == Estimate(0.0, 0.0, 0.0)
    assert position(best, DAYS, best).value == pytest.approx(1.0)
    assert position(DAYS - 0.25, DAYS, best).value == pytest.approx(0.25)


def test_one_day_of_one_community_tells_nothing_of_another():
    found = mean(DAYS[:1, :1])

    assert np.isnan(found.low)
    assert np.isnan(found.high)
    assert found.words() == f"{DAYS[0, 0]:.2f}"


def test_what_divides_by_nothing_is_not_known():
    nothing = position(DAYS, DAYS, DAYS)

    assert nothing.words() == nothing.percent() == "not known"
    assert estimate(lambda a, b: a / b, DAYS, 0 * DAYS).words() == "not known"


def test_units_are_days_by_communities_of_one_way():
    rows = [
        {
            "rule": rule,
            "neighbours": "all",
            "day": day,
            "community": place,
            "x": 10 * day + place,
        }
        for rule in ("", "a")
        for place in (1, 0)
        for day in (1, 0)
    ]
    units = Units(pd.DataFrame(rows))

    assert units.of("a", "all", "x").tolist() == [[0, 1], [10, 11]]
    assert units.baseline("all", "x").shape == (2, 2)
