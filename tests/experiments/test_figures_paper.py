"""The paper's figures, on a case of two windows: panels, words, files."""

import numpy as np
import pytest

from experiments.figures import paper
from experiments.figures.style import style
from experiments.paper.gas import Sweep
from tests.experiments.paper_like import OPPOSED, small_run


@pytest.fixture(scope="module")
def run():
    return small_run(OPPOSED)


@pytest.fixture(scope="module")
def swept():
    x = np.arange(3, 15, 2)
    gas = {"hco": 100 + 9 * x, "rps": 90 + 5 * x, "rps-pareto": 80 + x**2}
    return Sweep(tuple(x.tolist()), gas, {})


def panels(figure):
    return [ax for ax in figure.axes if ax.get_label() != "<colorbar>"]


@pytest.mark.parametrize("draw", [paper.offers, paper.ranks])
def test_heat_maps_have_networks_down_and_loadings_across(run, draw):
    with style():
        figure = draw(run)

    assert [ax.get_title() for ax in panels(figure)] == [
        f"Network {network}, {loading}"
        for network in (1, 2)
        for loading in ("N (normal)", "D (high demand)", "G (high generation)")
    ]
    assert "half-hour" in figure.get_supxlabel()
    assert "MW" in figure.get_supylabel()


def test_offers_are_over_the_days_highest(run):
    with style():
        figure = paper.offers(run)

    first = panels(figure)[0].images[0].get_array()  # (option, window)

    np.testing.assert_allclose(first, [[1, 1], [0.5, 0.5], [0, 0]])


def test_ranks_are_shown_as_they_are_sent(run):
    with style():
        figure = paper.ranks(run)

    last = panels(figure)[-1].images[0].get_array()

    np.testing.assert_array_equal(last, [[3, 3], [2, 2], [1, 1]])


def test_the_line_is_the_option_of_lowest_cost(run):
    with style():
        figure = paper.offers(run)

    assert panels(figure)[0].lines[0].get_ydata().tolist() == [0, 0]
    assert panels(figure)[3].lines[0].get_ydata().tolist() == [2, 2]


@pytest.mark.parametrize("draw", [paper.set_points, paper.relative_cost])
def test_network_1_is_across_and_network_2_down(run, draw):
    with style():
        figure = draw(run)

    assert [ax.get_title(loc="left") for ax in panels(figure)] == [
        f"{first}-{second}" for second in "NDG" for first in "NDG"
    ]
    assert panels(figure)[1].texts[0].get_text() == "Network 1: high demand"
    assert panels(figure)[5].texts[0].get_text() == "Network 2:\nhigh demand"


def test_set_points_show_both_mechanisms_and_the_pre_selection(run):
    with style():
        figure = paper.set_points(run)

    dots, rps, hco = panels(figure)[0].lines

    assert dots.get_label() == "RPS pre-selection"
    assert dots.get_ydata().tolist() == [-2.5, 0, 2.5] * 2
    assert (rps.get_label(), rps.get_ydata().tolist()) == ("RPS", [-2.5, 2.5])
    assert (hco.get_label(), hco.get_ydata().tolist()) == ("HCO", [-2.5, -2.5])


def test_relative_cost_is_of_both_networks_together(run):
    with style():
        figure = paper.relative_cost(run)

    _, hco, rps = panels(figure)[4].lines

    assert hco.get_ydata().tolist() == [0.5, 0.5]  # 4 of 8
    assert rps.get_ydata().tolist() == [0.5, 2.5]  # 4 and 20 of 8


def test_gas_has_points_and_a_curve_for_each_mechanism(swept):
    with style():
        figure = paper.gas(swept)

    (ax,) = figure.axes
    words = [text.get_text() for text in ax.get_legend().get_texts()]

    assert [word.split(":")[0] for word in words] == [
        "hco",
        "hco linear",
        "hco exponential",
        "rps",
        "rps linear",
        "rps exponential",
        "rps-pareto",
        "rps-pareto quadratic",
        "rps-pareto exponential",
        "the paper's crossing",
    ]
    assert ax.get_xlabel() == "number of set-point options"
    assert ax.get_ylabel() == "total gas, millions"


def test_a_sample_is_named_on_the_figure(swept):
    sampled = Sweep(swept.counts, swept.gas, {}, every=48)
    with style():
        figure = paper.gas(sampled)

    assert "every 48th window" in figure.axes[0].get_title()


def test_only_what_has_numbers_is_drawn(tmp_path):
    bare = small_run(OPPOSED, no_link=None)

    drawn = paper.draw_all(bare, None, tmp_path)

    assert sorted({path.stem for path in drawn}) == [
        "fig-4-offers",
        "fig-5-ranks",
        "fig-8-set-points",
    ]
    assert all(path.stat().st_size > 10_000 for path in drawn)
