import numpy as np
import pandas as pd
import pytest

from experiments.figures.sweep import draw_sweep
from experiments.results import write_table
from experiments.sweep.cell import play_cell
from experiments.sweep.files import TABLE, is_whole
from experiments.sweep.indices import indices
from experiments.sweep.outcome import write
from experiments.sweep.play import NotKept, missing
from experiments.sweep.reading import read_sweep
from experiments.sweep.store import Store
from experiments.sweep.table import sweep_table
from tests.experiments.sweep.kit import write_sweep

MORRIS = """design = {kind = "morris", samples = 8}
factors.x = {low = 0, high = 1}
factors.idle = {low = 0, high = 1}
"""


def played(folder, text, scores="double"):
    sweep = read_sweep(write_sweep(folder, text, scores))
    cells = sweep.cells()
    keys, store = sweep.keys(cells), Store(folder / "cells")
    for key, cell in zip(keys, cells, strict=True):
        store.put(key, play_cell(sweep, cell))
    return sweep, cells, keys, store


def test_morris_tells_the_slope_of_what_is_linear_and_none_of_what_is_idle(tmp_path):
    sweep, cells, keys, store = played(tmp_path, MORRIS)
    found = indices(sweep, sweep_table(cells, keys, store))
    value = found[found["score"] == "y"].set_index(["index", "factor"])["value"]
    assert value["mu_star", "x"] == pytest.approx(2.0)
    assert value["mu_star", "idle"] == value["sigma", "x"] == pytest.approx(0.0)
    assert set(found["score"]) == {"y"}, "a score that is always the same has no indices"


def test_replicates_of_a_point_are_averaged_before_indices_are_taken(tmp_path):
    text = "replicates = 2\n" + MORRIS
    sweep, cells, keys, store = played(tmp_path, text)
    table = sweep_table(cells, keys, store)
    table["y"] += np.where(table["replicate"] == 0, 10.0, -10.0)

    found = indices(sweep, table)

    value = found[found["score"] == "y"].set_index(["index", "factor"])["value"]
    assert value["mu_star", "x"] == pytest.approx(2.0)
    assert value["mu_star", "idle"] == pytest.approx(0.0)


def test_a_factorial_design_has_no_indices(tmp_path):
    sweep, cells, keys, store = played(tmp_path, "factors.x = [1, 2]")
    assert indices(sweep, sweep_table(cells, keys, store)).empty


def test_failed_cells_are_found_if_they_are_to_be_played_again(tmp_path):
    _, _, keys, store = played(tmp_path, "factors.x = [0, 1, 6]", "trouble")
    assert missing(store, keys, again=False) == []
    assert missing(store, keys, again=True) == [1]
    assert not is_whole(tmp_path / "nothing", keys)


def test_a_table_that_cannot_be_written_is_told(tmp_path):
    sweep, cells, keys, store = played(tmp_path, "factors.x = [1]")
    (tmp_path / "out").write_text("")
    with pytest.raises(NotKept, match="every finished cell is kept"):
        write(sweep, cells, keys, store, tmp_path / "out")


def test_every_figure_of_a_sweep_can_be_drawn(tmp_path):
    text = """replicates = 2
    factors.x = {low = 1, high = 100, count = 3, scale = "log"}
    factors.kind = ["a", "b"]
    factors.more = {low = 0, high = 7, count = 8}
    factors.most = {low = 0, high = 7, count = 7}
    """
    sweep, cells, keys, store = played(tmp_path, text)
    write_table(tmp_path / TABLE, sweep_table(cells, keys, store))
    names = {path.stem for path in draw_sweep(sweep, tmp_path)}
    assert {
        "effects-y",
        "interaction-x-kind-y",
        "interaction-kind-more-y",
        "map-more-most-y",
    } <= names


def test_indices_are_drawn_as_bars(tmp_path):
    sweep, cells, keys, store = played(tmp_path, MORRIS)
    write_table(tmp_path / TABLE, sweep_table(cells, keys, store))
    assert "indices-y" in {path.stem for path in draw_sweep(sweep, tmp_path)}


def test_a_table_of_no_results_is_empty(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [1]"))
    cells = sweep.cells()
    table = sweep_table(cells, sweep.keys(cells), Store(tmp_path / "none"))
    assert isinstance(table, pd.DataFrame)
    assert table.empty
