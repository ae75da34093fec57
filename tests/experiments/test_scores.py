"""What chosen options mean for a day, against the appraisal cell by cell."""

from itertools import product

import numpy as np
import pytest

from experiments.scenario import Scenario
from experiments.scores import day_scores, no_link_scores, optimum_gbp
from experiments.wiring import study
from tests.experiments.small_tournament import COSTS, small_study


@pytest.fixture(scope="module")
def seen():
    return study(Scenario())


@pytest.fixture(scope="module")
def option(seen):
    """Return another option for every window, so that no axis passes for another."""
    return np.arange(seen.cost_gbp.shape[3]) * 5 % len(seen.options)


def test_the_scores_of_a_day_are_sums_over_the_cells_of_the_appraisal(seen, option):
    found = day_scores(seen, ("D", "G"), 0, option)

    every = seen.appraisal
    loading = [every.scenarios.index(name) for name in ("D", "G")]
    for seat in (0, 1):
        cells = [(seat, loading[seat], 0, t, b) for t, b in enumerate(option.tolist())]
        assert len(cells) == 48
        assert found.cost_gbp[seat] == pytest.approx(sum(every.cost_gbp[c] for c in cells))
        physics = found.physics
        assert physics.exchange_mwh[seat] == pytest.approx(
            sum(abs(every.exchange_mw[c]) / 2 for c in cells)
        )
        assert physics.losses_mwh[seat] == pytest.approx(
            sum(every.losses_mw[c] / 2 for c in cells)
        )
        assert physics.line_utilisation[seat] == pytest.approx(
            sum(every.line_utilisation[c] for c in cells) / 48
        )
        assert physics.voltage_index[seat] == pytest.approx(
            sum(every.voltage_index[c] for c in cells) / 48
        )
        assert physics.breaches[seat] == sum(bool(every.breaches[c]) for c in cells)


def test_the_scores_without_the_link_are_those_of_no_option(seen):
    found = no_link_scores(seen, ("D", "G"), 0)

    alone = seen.appraisal.no_link
    loading = [seen.scenarios.index(name) for name in ("D", "G")]
    for seat in (0, 1):
        cell = seat, loading[seat], 0
        assert found.cost_gbp[seat] == pytest.approx(alone.cost_gbp[cell].sum())
        assert found.physics.exchange_mwh[seat] == pytest.approx(
            np.abs(alone.exchange_mw[cell]).sum() / 2
        )
        assert found.physics.breaches[seat] == alone.breaches[cell].sum()


def test_leading_axes_are_free(seen, option):
    both = day_scores(seen, ("N", "N"), 0, np.stack([option, option[::-1]]))

    one = day_scores(seen, ("N", "N"), 0, option[::-1])
    assert both.cost_gbp.shape == (2, 2)
    assert both.cost_gbp[1].tolist() == one.cost_gbp.tolist()
    assert both.physics.losses_mwh[1].tolist() == one.physics.losses_mwh.tolist()


def test_scores_as_lists_have_a_number_for_each_network(seen, option):
    lists = day_scores(seen, ("N", "N"), 0, option).physics.as_lists()

    assert {name: len(values) for name, values in lists.items()} == dict.fromkeys(
        ("exchange_mwh", "losses_mwh", "line_utilisation", "voltage_index", "breaches"), 2
    )


def test_the_optimum_is_the_least_of_all_choices_of_options():
    costs = np.array(COSTS)

    tried = [
        sum(costs[:, t, b].sum() for t, b in enumerate(chosen))
        for chosen in product(range(3), repeat=2)
    ]

    assert optimum_gbp(small_study(), ("N", "N"), 0) == min(tried) == 18.0


def test_no_choice_of_options_is_cheaper_than_the_optimum(seen):
    rng = np.random.default_rng(7)
    for pair in product("NDG", repeat=2):
        choices = rng.integers(len(seen.options), size=(200, 48))
        sums = day_scores(seen, pair, 0, choices).cost_gbp.sum(axis=-1)
        assert (sums >= optimum_gbp(seen, pair, 0)).all()
        best = seen.costs_gbp(pair, 0).sum(axis=0).argmin(axis=-1)
        least = day_scores(seen, pair, 0, best).cost_gbp.sum()
        assert least == pytest.approx(optimum_gbp(seen, pair, 0))


def test_a_table_of_costs_has_costs_and_no_physics():
    found = day_scores(small_study(), ("N", "N"), 0, np.array([0, 1]))

    assert found.cost_gbp.tolist() == [10.0, 8.0]
    assert found.physics is None
    assert no_link_scores(small_study(), ("N", "N"), 0).physics is None
    assert no_link_scores(small_study(no_link=None), ("N", "N"), 0) is None
