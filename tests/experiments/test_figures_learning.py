"""The figure of learning: payoff, gain and regret of each party by window."""

import numpy as np
import pandas as pd
import pytest

from experiments.figures.learning import draw_learning, learning_curves
from experiments.figures.style import style
from experiments.simulation.learning import learning_table


@pytest.fixture(autouse=True)
def _in_style():
    with style():
        yield


def table_of(sessions: int, learns: bool = True, every: int = 1) -> pd.DataFrame:
    """Return what two parties earned: the window's number, and twice that."""
    rows = [
        (s, s * every, party, name, (1 + seat) * s, float(s), 0, (3.0,) if learner else ())
        for s in range(sessions)
        for seat, (party, name, learner) in enumerate(
            (("north", "hedge", learns), ("south", "truthful", False))
        )
    ]
    return learning_table(rows)


def test_there_is_a_panel_for_payoff_gain_and_regret_with_a_line_a_party():
    figure = learning_curves(table_of(3))

    assert [axes.get_title() for axes in figure.axes] == [
        "Payoff", "Gain of a best response", "Regret for the best fixed action",
    ]  # fmt: skip
    for axes in figure.axes:
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("window", "GBP a session")
        assert [line.get_label() for line in axes.lines] == ["north: hedge", "south: truthful"]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "north: hedge", "south: truthful",
    ]  # fmt: skip


def test_few_sessions_are_drawn_as_they_are_and_regret_as_its_mean():
    payoff, gain, regret = learning_curves(table_of(3)).axes

    assert [line.get_ydata().tolist() for line in payoff.lines] == [[0, 1, 2], [0, 2, 4]]
    assert gain.lines[0].get_ydata().tolist() == [0, 1, 2]
    # in hindsight 3, 6, 9; earned 0, 1, 3; over 1, 2, 3 sessions
    assert regret.lines[0].get_ydata().tolist() == [3, 2.5, 2]
    assert np.isnan(regret.lines[1].get_ydata()).all()
    assert gain.get_ylim()[0] == 0


def test_many_sessions_are_smoothed_over_48():
    payoff = learning_curves(table_of(400)).axes[0]

    drawn = payoff.lines[0].get_ydata()
    assert drawn[-1] == pytest.approx(np.arange(352, 400).mean())
    assert drawn[0] == 0


def test_sessions_of_a_day_stand_at_their_first_windows():
    payoff = learning_curves(table_of(3, every=48)).axes[0]

    assert payoff.lines[0].get_xdata().tolist() == [0, 48, 96]


def test_where_nobody_learns_the_panel_of_regret_says_so():
    *_, silent = learning_curves(table_of(3)).axes
    *_, told = learning_curves(table_of(3, learns=False)).axes

    assert [text.get_text() for text in silent.texts] == []
    assert [text.get_text() for text in told.texts] == ["nobody here has\na menu to learn"]


@pytest.mark.parametrize("sessions", [0, 1, 2])
def test_a_run_that_was_soon_interrupted_can_be_drawn(sessions, tmp_path):
    draw_learning(tmp_path, table_of(sessions))

    assert {path.name for path in tmp_path.iterdir()} == {"learning.svg", "learning.png"}
