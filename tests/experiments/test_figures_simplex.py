"""The figure of the replicator field: a line for two strategies, a triangle for three."""

import numpy as np
import pytest

from experiments.figures.simplex import simplex_figure
from experiments.figures.style import save, style
from market.games.heuristic import tabulated
from market.games.heuristic_reduction import reduced
from tests.market.games.heuristic_games import (
    HAWKS,
    PLACES,
    ROCKS,
    threshold,
    two_players,
)


@pytest.fixture(autouse=True)
def _in_style():
    with style():
        yield


def drawn(table, strategies=None):
    return simplex_figure(table, np.random.default_rng(0), strategies)


def labels(figure):
    (legend,) = figure.legends
    return [text.get_text() for text in legend.get_texts()]


def arrows(axes):
    """Return from where to where each arrow goes that is not on a line of the flow."""
    return [
        (np.array(text.xyann), np.array(text.xy))
        for text in axes.texts
        if text.arrow_patch is not None
    ]


def test_two_strategies_are_a_line_that_crosses_zero_where_it_rests():
    figure = drawn(HAWKS)

    (axes,) = figure.axes
    curve = axes.lines[1]
    share, gain = curve.get_data()
    assert gain == pytest.approx(1 - 2 * share)
    assert axes.get_ylabel() == "what hawk earns more than dove"
    assert labels(figure) == ["attracting equilibrium", "repelling, no equilibrium"]
    (right, left) = arrows(axes)
    assert right[0][0] < right[1][0] < 0.5 < left[1][0] < left[0][0]


def test_rest_points_too_near_to_each_other_have_no_arrow_between():
    figure = drawn(threshold(39, 2, 0.2))

    assert len(arrows(figure.axes[0])) == 2
    assert labels(figure) == [
        "attracting equilibrium", "repelling equilibrium", "repelling, no equilibrium",
    ]  # fmt: skip


def test_where_nothing_matters_nothing_drifts():
    figure = drawn(two_players(np.ones((2, 2))))

    assert not arrows(figure.axes[0])
    assert labels(figure) == ["neutral equilibrium"]


def test_three_strategies_are_a_triangle_with_a_name_at_each_corner():
    figure = drawn(PLACES)

    axes, bar = figure.axes
    assert [t.get_text() for t in axes.texts if t.get_text()] == ["a", "b", "c"]
    assert bar.get_ylabel() == "change of shares per unit of time"
    assert len(arrows(axes)) == 6
    assert len(axes.lines) == 7
    assert labels(figure) == [
        "attracting equilibrium", "repelling equilibrium", "saddle equilibrium",
    ]  # fmt: skip


def test_names_at_the_corners_stand_within_the_figure():
    names = "cooperative", "adversarial", "indifferent"
    figure = drawn(two_players(np.eye(3), names))
    figure.draw_without_rendering()

    canvas, bar = figure.bbox, figure.axes[1].get_window_extent()
    for text in figure.axes[0].texts:
        if text.get_text():
            said = text.get_window_extent()
            assert canvas.x0 <= said.x0 < said.x1 <= bar.x0
            assert canvas.y0 <= said.y0 < said.y1 <= canvas.y1


def test_arrows_on_the_sides_go_round_as_the_game_does():
    axes = drawn(ROCKS).axes[0]
    middle = np.array([0.5, np.sqrt(0.75) / 3])

    turns = []
    for tail, head in arrows(axes):
        (x, y), (dx, dy) = (tail + head) / 2 - middle, head - tail
        turns.append(x * dy - y * dx)
    assert len(turns) == 3
    assert all(turn > 0 for turn in turns)  # rock to paper to scissors


def test_of_more_strategies_some_are_drawn_and_judged_among_all():
    own = np.ones((4, 4))
    own[:3, :3] = np.eye(3)
    own[3] = 2
    figure = drawn(two_players(own, ("a", "b", "c", "best")), ("c", "a", "b"))

    axes = figure.axes[0]
    assert [t.get_text() for t in axes.texts if t.get_text()] == ["c", "a", "b"]
    assert "judged among all 4 strategies" in figure.get_suptitle()
    assert "attracting equilibrium" not in labels(figure)


def test_a_reduced_game_says_whom_it_stands_for():
    table = reduced(lambda c: (c[1] / 39, c[0] / 39), ("a", "b"), 3, 39)

    assert drawn(table).get_suptitle().startswith(
        "39 like players, as 3 (deviation-preserving): what earns more"
    )  # fmt: skip


def test_the_same_picture_is_the_same_bytes(tmp_path):
    table = tabulated(lambda c: (c[1] - c[0], c[2], 1.0), ("a", "b", "c"), 4)
    first = save(drawn(table), tmp_path / "one", "simplex")
    second = save(drawn(table), tmp_path / "two", "simplex")

    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


@pytest.mark.parametrize("strategies", [("rock",), ("rock", "rock"), ("rock", "well"), ()])
def test_what_cannot_be_drawn_is_refused(strategies):
    with pytest.raises(ValueError, match="wanted two or three of"):
        drawn(ROCKS, strategies)
