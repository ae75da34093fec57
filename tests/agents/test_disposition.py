"""The dial of social value orientation."""

from math import isclose, sqrt

import pytest

from agents.disposition import DISPOSITIONS, Disposition


@pytest.mark.parametrize(
    ("name", "own", "others"),
    [
        ("altruistic", 0.0, 1.0),
        ("cooperative", sqrt(0.5), sqrt(0.5)),
        ("individualistic", 1.0, 0.0),
        ("adversarial", sqrt(0.5), -sqrt(0.5)),
    ],
)
def test_a_preset_weighs_its_own_payoff_and_the_others(name, own, others):
    found = DISPOSITIONS[name].weights

    assert all(isclose(*pair, abs_tol=1e-12) for pair in zip(found, (own, others), strict=True))
    assert DISPOSITIONS[name].name == name


def test_any_other_angle_is_named_by_its_degrees():
    assert Disposition(22.5).name == "22.5°"
    assert Disposition().name == "individualistic"
