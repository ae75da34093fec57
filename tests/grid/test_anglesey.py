"""The Anglesey case is what GRID.md describes, and does what GRID.md section 5 says."""

import numpy as np
import pytest

from grid.anglesey import anglesey, network_path
from grid.anglesey_networks import build, main
from grid.errors import TooManyDays

N, D, G = range(3)


def test_the_appraisal_covers_the_papers_load_flows_and_all_converge(appraisal):
    assert appraisal.cost_gbp.shape == (2, 3, 1, 48, 13)
    assert appraisal.no_link.cost_gbp.shape == (2, 3, 1, 48)
    assert appraisal.converged.all()
    assert appraisal.no_link.converged.all()


def test_the_span_of_costs_is_that_of_the_prototype(appraisal):
    cost = appraisal.cost_gbp[:, :, 0]

    span = (cost.max(axis=-1) - cost.min(axis=-1)).mean(axis=-1)

    np.testing.assert_allclose(span, [[42, 75, 38], [16, 30, 14]], atol=0.6)


def test_each_network_prefers_the_set_points_of_the_prototype(case, appraisal):
    preferred = case.middles_mw[appraisal.cost_gbp[:, :, 0].argmin(axis=-1)]

    daily = preferred.mean(axis=-1)

    np.testing.assert_allclose(daily, [[-2.0, -14.1, 1.5], [9.4, 24.4, 10.8]], atol=0.06)
    assert preferred[0, G, 26] == 7.5  # midday


def test_without_the_link_losses_and_lowest_voltages_are_those_of_the_prototype(appraisal):
    losses = appraisal.no_link.losses_mw[:, :, 0].mean(axis=-1)
    lowest = appraisal.no_link.vm_min_pu[:, :, 0].min(axis=-1)

    np.testing.assert_allclose(losses, [[0.09, 0.75, 0.56], [0.11, 0.78, 0.40]], atol=0.005)
    np.testing.assert_allclose(
        lowest, [[0.977, 0.924, 0.979], [0.989, 0.973, 0.989]], atol=6e-4
    )


def test_the_extremes_are_those_of_the_prototype(appraisal):
    assert appraisal.vm_min_pu[0, D, ..., -1].min() == pytest.approx(0.897, abs=5e-4)
    np.testing.assert_allclose(
        appraisal.loading_max.max(axis=(1, 2, 3, 4)), [0.90, 0.99], atol=5e-3
    )


def test_losses_utilisation_and_voltage_weigh_what_the_disclosure_says(case, appraisal):
    prices = case.prices
    parts = np.array(
        [
            prices.losses * appraisal.losses_mw.mean(),
            prices.utilisation * appraisal.line_utilisation.mean(),
            prices.voltage * appraisal.voltage_index.mean(),
        ]
    )

    np.testing.assert_allclose(parts.sum(), appraisal.cost_gbp.mean())
    assert (prices.losses, prices.utilisation, prices.voltage) == pytest.approx((10, 50, 700))


def test_the_converters_stay_within_their_rating(case, appraisal):
    p_mw = case.middles_mw
    apparent = np.hypot(appraisal.q_link_mvar, p_mw)

    assert apparent.max() <= 30 + 1e-9
    np.testing.assert_allclose(
        apparent[..., [0, -1]].max(), 30
    )  # and need all of it at the ends


def test_the_terminal_holds_nominal_voltage_unless_the_converter_is_at_its_limit(
    case, appraisal
):
    for seat, name in enumerate(("LK", "LB")):
        terminal = appraisal.vm_pu[seat][..., appraisal.bus_names[seat].index(name)]
        apparent = np.hypot(appraisal.q_link_mvar[seat], case.middles_mw)
        free = apparent < 30 - 1e-9

        np.testing.assert_allclose(terminal[free], 1.0, atol=1e-9)
        assert (np.abs(terminal[~free] - 1.0) > 1e-9).all()


def test_power_balances_in_each_network(case, appraisal):
    given = np.array([-1.0, 1.0])[:, np.newaxis] * case.middles_mw
    without = appraisal.no_link.exchange_mw - appraisal.no_link.losses_mw

    exchange = appraisal.exchange_mw

    expected = without[..., np.newaxis] + appraisal.losses_mw - given[:, None, None, None]
    np.testing.assert_allclose(exchange, expected, atol=1e-6)


def test_the_shipped_pandapower_files_are_made_from_the_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "grid.anglesey_networks.network_path", lambda seat: tmp_path / f"{seat}"
    )

    main()

    for seat in (0, 1):
        shipped = network_path(seat).read_text(encoding="utf-8")
        assert (tmp_path / f"{seat}").read_text(encoding="utf-8") == shipped


@pytest.mark.parametrize(
    ("seat", "lines", "trafos", "wanted"), [(0, 17, 2, 16.0), (1, 18, 4, 25.3)]
)
def test_the_networks_have_the_sizes_of_the_tables(seat, lines, trafos, wanted):
    net = build(seat)

    assert (len(net.line), len(net.trafo), len(net.bus)) == (lines, trafos, (15, 16)[seat])
    assert net.load.p_mw.sum() == pytest.approx(wanted)
    assert net.sgen.p_mw.sum() == pytest.approx((63.2, 17.8)[seat])


@pytest.mark.parametrize("days", [0, 85])
def test_more_days_than_recorded_are_refused(days):
    with pytest.raises(TooManyDays) as refusal:
        anglesey(days=days)

    assert (refusal.value.days, refusal.value.recorded) == (days, 84)
