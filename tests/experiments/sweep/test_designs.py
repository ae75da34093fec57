from itertools import pairwise

import pytest

from experiments.errors import ScenarioRefused
from experiments.sweep.designs import Design, points, read_design
from experiments.sweep.factors import read_factors

FACTORS = read_factors(
    {"factors": {"x": {"low": 0, "high": 8}, "y": {"low": 1, "high": 100, "scale": "log"}}}, ""
)


def drawn(**design):
    return [dict(point) for point in points(Design(**design), FACTORS, "")]


def test_a_latin_hypercube_has_a_point_in_every_eighth_of_every_factor():
    found = drawn(kind="latin-hypercube", samples=8)
    assert sorted(int(point["x"]) for point in found) == list(range(8))
    assert all(1 <= point["y"] <= 100 for point in found)


def test_designs_are_drawn_by_their_seed_alone():
    for kind in ("latin-hypercube", "sobol", "morris"):
        first = drawn(kind=kind, samples=4, seed=3)
        assert drawn(kind=kind, samples=4, seed=3) == first
        assert drawn(kind=kind, samples=4, seed=4) != first


def test_sobol_has_base_samples_times_factors_and_two():
    assert len(drawn(kind="sobol", samples=8)) == 8 * (2 + 2)


def test_morris_moves_one_factor_at_a_time():
    found = drawn(kind="morris", samples=3)
    assert len(found) == 3 * (2 + 1)
    for start in (0, 3, 6):
        path = found[start : start + 3]
        moved = [sum(a[key] != b[key] for key in a) for a, b in pairwise(path)]
        assert moved == [1, 1]


def test_a_factorial_design_is_the_one_unless_said():
    assert read_design({}, "") == Design()
    assert read_design({"design": {"kind": "morris", "samples": 2}}, "").levels == 4


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"kinds": "sobol"}, "unknown key design.kinds"),
        ({"kind": "sobel"}, "did you mean 'sobol'"),
        ({"kind": 3}, "design.kind is 3"),
        ({"kind": "sobol"}, "wanted 1 to"),
        ({"kind": "sobol", "samples": 12}, "a power of two"),
        ({"kind": "morris", "samples": 2, "levels": 3}, "an even number"),
        ({"kind": "morris", "samples": 2, "seed": -1}, "0 to"),
        ({"kind": "morris", "samples": True}, "wanted a whole number"),
    ],
)
def test_what_is_no_design_is_refused(said, told):
    with pytest.raises(ScenarioRefused, match=told):
        read_design({"design": said}, "sweep.toml")
