"""The figure of dispositions: what is drawn on which panel, and what it is called."""

import numpy as np
import pytest

from experiments.dispositions import ANGLES, Dial
from experiments.figures.dispositions import dial_figure
from experiments.figures.style import style


@pytest.fixture(autouse=True)
def _in_style():
    with style():
        yield


def dial_of(ratio: np.ndarray) -> Dial:
    rng = np.random.default_rng(0)
    count = len(ANGLES)
    costs = rng.uniform(1.0, 9.0, (2, count, count))
    return Dial("hco", ("north", "south"), ANGLES, costs, ratio)


MIXED = np.linspace(0.8, 1.3, 169).reshape(13, 13)


def test_there_is_a_panel_for_each_party_and_one_for_both():
    dial = dial_of(MIXED)
    figure = dial_figure(dial)

    panels = figure.axes[:3]
    assert [panel.get_title() for panel in panels] == [
        "north: own net cost", "south: own net cost",
        "both: cost over no link",
    ]  # fmt: skip
    assert {panel.get_xlabel() for panel in panels} == {"disposition of south, degrees"}
    assert panels[0].get_ylabel() == "disposition of north, degrees"
    for panel, values in zip(panels, (*dial.net_cost_gbp, MIXED), strict=True):
        (image,) = panel.images
        assert image.get_array().tolist() == values.tolist()
        assert image.get_extent() == [-97.5, 97.5, -97.5, 97.5]
    assert figure.get_suptitle() == "hco: every disposition against every other"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "cheapest for north", "cheapest for south",
    ]  # fmt: skip


def test_a_dot_marks_the_cheapest_angle_of_each_party_against_each_of_the_other():
    dial = dial_of(MIXED)

    north, south, both = dial_figure(dial).axes[:3]

    for panel, labels in ((north, ["north"]), (south, ["south"]), (both, ["north", "south"])):
        assert [line.get_label() for line in panel.lines] == [
            f"cheapest for {party}" for party in labels
        ]
    for across, up in zip(*north.lines[0].get_data(), strict=True):
        column = dial.net_cost_gbp[0][:, ANGLES.index(across)]
        assert ANGLES[column.argmin()] == up
    for across, up in zip(*south.lines[0].get_data(), strict=True):
        row = dial.net_cost_gbp[1][ANGLES.index(up)]
        assert ANGLES[row.argmin()] == across


def test_named_angles_are_named_on_both_axes():
    panel = dial_figure(dial_of(MIXED)).axes[0]

    wanted = ["adversarial -45°", "individualistic 0°", "cooperative 45°", "altruistic 90°"]
    assert [text.get_text() for text in panel.get_xticklabels()] == wanted
    assert [text.get_text() for text in panel.get_yticklabels()] == wanted


@pytest.mark.parametrize(
    ("ratio", "lines"),
    [(MIXED, 1), (MIXED - 0.5, 0), (MIXED + 0.5, 0), (np.full((13, 13), np.nan), 0)],
    ids=["some harm", "no harm", "harm everywhere", "not known"],
)
def test_a_line_is_drawn_only_where_harm_begins(ratio, lines):
    both = dial_figure(dial_of(ratio)).axes[2]

    assert len(both.collections) == lines
