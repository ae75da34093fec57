"""The figures of a tournament: what is drawn, where, and what it is called."""

from itertools import chain

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from experiments.figures import tournament as figures
from experiments.figures.style import save, style
from tests.experiments.small_tournament import small_analysis, small_scenario
from tests.experiments.test_findings import COORDINATION, DILEMMA, PENNIES, game_of


@pytest.fixture(autouse=True)
def _in_style():
    with style():
        yield


@pytest.fixture(scope="module")
def analysis():
    return small_analysis(small_scenario(mechanisms=("hco", "rps")))[1]


def boxes(axes) -> set[tuple[float, float]]:
    """Return row and column of the boxes, each of which is drawn twice."""
    return {
        (round(p.get_y() + 0.46, 9), round(p.get_x() + 0.46, 9))
        for p in axes.patches
        if isinstance(p, Rectangle) and not p.get_fill()
    }


def contrast(one, other) -> float:
    """Return the contrast ratio of two colours as WCAG 2.2 defines it."""
    sums = []
    for colour in (one, other):
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]
        )
        sums.append(0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return max(sums) / min(sums)


def with_balance(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(balance_ratio=np.linspace(0.9, 1.2, len(table)))


def test_a_payoff_matrix_has_both_costs_in_each_cell_and_a_box_at_each_equilibrium():
    figure = figures.payoff_matrix(game_of(DILEMMA))

    axes, colours = figure.axes
    cells = {t.get_position(): t.get_text() for t in axes.texts}
    assert cells == {(0, 0): "2\n2", (1, 0): "9\n1", (0, 1): "1\n9", (1, 1): "5\n5"}
    assert boxes(axes) == {(1, 1)}
    assert axes.get_xlabel() == "strategy of south"
    assert axes.get_ylabel() == "strategy of north"
    assert [t.get_text() for t in axes.get_xticklabels()] == ["truthful", "random"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["truthful", "random"]
    assert axes.get_title().endswith(
        "upper number north, lower south; box: pure Nash equilibrium"
    )
    assert colours.get_ylabel() == "both together, GBP a day"
    assert axes.images[0].get_array().tolist() == [[4, 10], [10, 10]]


def test_every_equilibrium_has_a_box_in_its_row_and_column():
    costs = np.array([[[1, 1, 9], [9, 9, 9], [9, 9, 9]], [[5, 1, 9], [9, 9, 9], [9, 9, 9]]])
    game = game_of(costs, strategies=("truthful", "shaded", "random"))

    assert boxes(figures.payoff_matrix(game).axes[0]) == {e.actions for e in game.equilibria}
    assert (0, 1) in {e.actions for e in game.equilibria}
    assert boxes(figures.payoff_matrix(game_of(COORDINATION)).axes[0]) == {(0, 0), (1, 1)}


def test_without_an_equilibrium_there_is_no_box_and_the_title_says_so():
    axes = figures.payoff_matrix(game_of(PENNIES)).axes[0]

    assert boxes(axes) == set()
    assert axes.get_title().endswith("; no pure Nash equilibrium")


def test_numbers_are_white_on_dark_cells_and_black_on_light_ones():
    axes = figures.payoff_matrix(game_of([[[0, 9], [0, 9]], [[0, 9], [0, 9]]])).axes[0]

    assert {t.get_position()[0]: t.get_color() for t in axes.texts} == {0: "white", 1: "black"}


def test_numbers_are_told_from_every_shade_of_a_cell():
    shades = np.arange(64.0).reshape(8, 8)
    game = game_of([shades, shades], strategies=tuple("abcdefgh"))

    axes = figures.payoff_matrix(game).axes[0]

    (image,) = axes.images
    cells = image.cmap(image.norm(image.get_array()))
    assert len(axes.texts) == 64
    for text in axes.texts:
        column, row = text.get_position()
        assert contrast(cells[row, column], to_rgba(text.get_color())) >= 4.5


def test_standings_have_a_row_a_mechanism_and_a_bar_for_each_role_and_strategy(analysis):
    figure = figures.standings(analysis.standings)

    assert len(figure.axes) == 2
    for axes, mechanism in zip(figure.axes, ("hco", "rps"), strict=True):
        assert axes.get_title().startswith(f"{mechanism}: own net cost")
        assert len(axes.patches) == 2 * 2
        assert len(axes.lines) == 2  # no link, for each role
        assert axes.get_xlabel() == "GBP a day"
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == ["network-1", "network-2"]


def test_bars_are_as_long_as_the_costs_best_on_top(analysis):
    hco = figures.standings(analysis.standings).axes[0]

    assert hco.yaxis_inverted()
    order = [t.get_text() for t in hco.get_yticklabels()]
    assert order == ["indifferent", "truthful"]
    lengths = [[bar.get_width() for bar in bars] for bars in hco.containers]
    assert lengths == [pytest.approx([0.0, 15.5]), pytest.approx([14.5, 19.5])]
    assert [t.get_text() for t in hco.texts] == ["0", "16", "14", "20"]
    assert sorted(line.get_xdata()[0] for line in hco.lines) == [12.0, 18.0]


def test_strategies_that_cost_the_same_keep_their_order(analysis):
    rps = figures.standings(analysis.standings.assign(net_cost_gbp=1.0)).axes[1]

    listed = analysis.standings.query("mechanism == 'rps'")["strategy"].drop_duplicates()
    assert [t.get_text() for t in rps.get_yticklabels()] == listed.tolist()


def test_values_of_balance_stand_within_their_bars_clear_of_the_line(analysis):
    balance = figures.standings(with_balance(analysis.standings)).axes[1]

    for text in balance.texts:
        assert text.get_horizontalalignment() == "center"
        assert text.xy == (0.5, 0.5)


def test_balance_stands_beside_cost_if_it_is_known(analysis):
    figure = figures.standings(with_balance(analysis.standings))

    assert [axes.get_title().split(" (")[0] for axes in figure.axes] == [
        f"{mechanism}: {score}"
        for mechanism in ("hco", "rps")
        for score in ("own net cost", "balance")
    ]
    balance = figure.axes[1]
    assert [line.get_xdata()[0] for line in balance.lines] == [1.0]
    assert balance.get_xlabel() == "exchange over that without the link"
    assert balance.texts[0].get_text() == "0.90"


def test_without_costs_of_no_link_no_line_is_drawn_for_them(analysis):
    figure = figures.standings(analysis.standings.drop(columns="no_link_gbp"))

    assert [len(axes.lines) for axes in figure.axes] == [0, 0]


def test_cost_against_balance_has_a_panel_a_mechanism_and_rings_round_what_none_beats(analysis):
    table = with_balance(analysis.standings)

    figure = figures.cost_against_balance(table)

    assert [axes.get_title() for axes in figure.axes] == ["hco", "rps"]
    assert figure.axes[0].get_ylabel() == "balance: exchange over that without the link"
    for axes, mechanism in zip(figure.axes, ("hco", "rps"), strict=True):
        rows = table[table["mechanism"] == mechanism]
        drawn = [c for c in axes.collections if len(c.get_offsets())]
        points = {tuple(c.get_offsets()[0]) for c in drawn}
        assert points == set(zip(rows["net_cost_gbp"], rows["balance_ratio"], strict=True))
        best = chain.from_iterable(
            figures.undominated(role["net_cost_gbp"].tolist(), role["balance_ratio"].tolist())
            for _, role in rows.groupby("seat")
        )
        black = to_rgba("black")
        rings = [c for c in drawn if tuple(c.get_edgecolors()[0]) == black]
        assert len(rings) == sum(best)
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == [
        "network-1", "network-2", "indifferent", "truthful", "beaten by none"
    ]  # fmt: skip


def test_like_figures_are_like_files(analysis, tmp_path):
    for folder in ("a", "b"):
        save(figures.standings(analysis.standings), tmp_path / folder, "standings")

    for name in ("standings.svg", "standings.png"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_equal_points_do_not_beat_each_other():
    assert figures.undominated([1.0, 1.0, 1.0], [2.0, 2.0, 3.0]) == [True, True, False]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8))
def test_what_is_beaten_is_beaten_by_something_that_is_not(points):
    kept = figures.undominated(*zip(*points, strict=True))

    front = [p for p, wins in zip(points, kept, strict=True) if wins]
    for (cost, balance), wins in zip(points, kept, strict=True):
        better = [
            (a, b) for a, b in front if a <= cost and b <= balance and (a < cost or b < balance)
        ]
        assert bool(better) != wins


def many(count: int) -> tuple[str, ...]:
    return tuple(f"strategy-{i}" for i in range(count))


def test_of_many_strategies_colours_tell_what_each_party_pays_on_a_panel_of_its_own():
    costs = np.arange(200.0).reshape(2, 10, 10)

    figure = figures.payoff_matrix(game_of(costs, strategies=many(10)))

    panels = figure.axes[:2]
    assert [panel.get_title() for panel in panels] == [
        "own net cost of north", "own net cost of south",
    ]  # fmt: skip
    assert [panel.get_xlabel() for panel in panels] == ["strategy of south"] * 2
    assert [panel.get_ylabel() for panel in panels] == ["strategy of north", ""]
    for panel, wanted in zip(panels, costs, strict=True):
        assert panel.images[0].get_array().tolist() == wanted.tolist()
        assert len(panel.texts) == 0
        assert [t.get_text() for t in panel.get_xticklabels()] == list(many(10))
        assert {t.get_rotation() for t in panel.get_xticklabels()} == {90}
        assert boxes(panel) == {(0, 0)}, "costs rise with both actions"
    assert figure.get_suptitle() == "hco: box: pure Nash equilibrium"


@pytest.mark.parametrize(("count", "panels"), [(1, 1), (8, 1), (9, 2), (22, 2)])
def test_up_to_eight_strategies_have_numbers_and_more_have_maps(count, panels):
    rng = np.random.default_rng(count)
    costs = rng.uniform(0, 5000, (2, count, count))

    figure = figures.payoff_matrix(game_of(costs, strategies=many(count)))
    figure.draw_without_rendering()

    assert len(figure.axes) == 2 * panels  # with bars of colours
    assert len(figure.axes[0].texts) == (count**2 if panels == 1 else 0)


def table_of_many(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(count)
    rows = [
        ("hco", seat, party, name)
        for seat, party in enumerate(("north", "south"))
        for name in many(count)
    ]
    table = pd.DataFrame(rows, columns=["mechanism", "seat", "party", "strategy"])
    return table.assign(
        net_cost_gbp=rng.uniform(1, 9, len(rows)), balance_ratio=rng.uniform(0, 2, len(rows))
    )


def test_of_many_strategies_those_that_none_beats_have_names_in_place_of_markers():
    table = table_of_many(12)

    figure = figures.cost_against_balance(table)

    (axes,) = figure.axes
    wanted = [
        name
        for _, role in table.groupby("seat")
        for name, wins in zip(
            role["strategy"],
            figures.undominated(role["net_cost_gbp"].tolist(), role["balance_ratio"].tolist()),
            strict=True,
        )
        if wins
    ]
    assert sorted(t.get_text() for t in axes.texts) == sorted(wanted)
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == [
        "north", "south", "a strategy", "beaten by none",
    ]  # fmt: skip


def test_of_few_strategies_markers_tell_and_no_names_are_written():
    (axes,) = figures.cost_against_balance(table_of_many(8)).axes

    assert [t.get_text() for t in axes.texts] == []


@pytest.mark.parametrize("count", [1, 9, 22])
def test_standings_of_any_number_of_strategies_are_drawn(count):
    figure = figures.standings(table_of_many(count))
    figure.draw_without_rendering()

    cost, balance = figure.axes
    assert len(cost.patches) == len(balance.patches) == 2 * count
    assert {t.get_text() for t in cost.get_yticklabels()} == set(many(count))
    assert balance.get_shared_y_axes().joined(cost, balance)
