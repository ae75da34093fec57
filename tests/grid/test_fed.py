"""Loads that hang on a bus of a network."""

from dataclasses import replace

import numpy as np
import pytest

from grid.anglesey import anglesey
from grid.appraisal import appraise
from grid.errors import NoSuchBus
from grid.fed import fed


def with_load(drawn_mw: float):
    case = anglesey(options_mw=((-5.0, 0.0), (0.0, 5.0)))
    first, second = case.networks
    drawn = np.full((case.days, case.windows), drawn_mw)
    return replace(case, networks=(fed(first, "LG", "communities", drawn), second))


def test_a_load_of_nothing_changes_nothing(tmp_path):
    plain = appraise(anglesey(options_mw=((-5.0, 0.0), (0.0, 5.0))), tmp_path)
    same = appraise(with_load(0.0), tmp_path)
    np.testing.assert_allclose(same.losses_mw, plain.losses_mw, atol=1e-9)


def test_what_a_load_draws_comes_from_the_grid_with_its_losses(tmp_path):
    plain, more = (appraise(with_load(mw), tmp_path) for mw in (0.0, 2.0))
    place = 0, plain.scenarios.index("N")
    drawn = more.exchange_mw[place] - plain.exchange_mw[place]
    lost = more.losses_mw[place] - plain.losses_mw[place]
    np.testing.assert_allclose(drawn, 2.0 + lost, atol=1e-6)
    assert (more.cost_gbp[1] == plain.cost_gbp[1]).all()


def test_a_bus_that_is_not_there_is_refused_by_name():
    case = anglesey()
    with pytest.raises(
        NoSuchBus, match="no bus 'Nowhere', wanted one of 132 kV, GW"
    ) as refused:
        fed(case.networks[0], "Nowhere", "x", np.zeros((1, 48)))
    assert refused.value.path == "network-1"
    assert refused.value.bus == "Nowhere"
    assert {"132 kV", "GW", "LG"} <= set(refused.value.buses)
