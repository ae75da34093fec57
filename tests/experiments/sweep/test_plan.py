import re
from dataclasses import replace

import pytest

from experiments.errors import ExperimentError, ScenarioRefused
from experiments.scenario import STRATEGY_FILES
from experiments.sweep.plan import put
from experiments.sweep.reading import STUDIES, read_sweep, sweep_path
from tests.experiments.small_tournament import write_scenario
from tests.experiments.sweep.kit import write_sweep


def test_cells_are_points_and_their_replicates_without_what_is_excluded(tmp_path):
    text = """replicates = 2
    [factors]
    x = [1, 2]
    y = ["a", "b"]
    [[exclude]]
    x = 1
    y = "b"
    """
    cells = read_sweep(write_sweep(tmp_path, text)).cells()
    points = [dict(cell.values) for cell in cells[::2]]
    assert points == [{"x": 1, "y": "a"}, {"x": 2, "y": "a"}, {"x": 2, "y": "b"}]
    assert [cell.replicate for cell in cells] == [0, 1] * 3
    assert cells[0].seed == cells[2].seed != cells[1].seed


def test_more_replicates_leave_the_seeds_of_the_first(tmp_path):
    few = read_sweep(write_sweep(tmp_path, "replicates = 2\nfactors.x = [1]")).cells()
    many = read_sweep(write_sweep(tmp_path, "replicates = 5\nfactors.x = [1]")).cells()
    assert many[:2] == few


def test_keys_of_cells_follow_from_what_determines_them_and_nothing_else(tmp_path):
    def keys(text, scores="double"):
        sweep = read_sweep(write_sweep(tmp_path, text, scores))
        return sweep.keys(sweep.cells())

    first = keys("factors.x = [1, 2]")
    assert len(set(first)) == 2
    assert keys("time_limit_s = 5\nname = 'other'\nfactors.x = [0, 2]")[1] == first[1]
    assert keys("factors.x = [1, 2]", "slow") != first
    assert keys("seed = 1\nfactors.x = [1, 2]")[0] != first[0]
    assert keys("ask.z = 1\nfactors.x = [1, 2]")[0] != first[0]
    (tmp_path / "mine.py").write_text("def slow(asked): return {}", encoding="utf-8")
    sweep = read_sweep(tmp_path / "sweep.toml")
    assert set(sweep.keys(sweep.cells())).isdisjoint(first)
    assert keys("factors.x = [1, 2]") == first


def test_keys_follow_from_the_files_that_a_scenario_and_its_strategies_name(tmp_path):
    write_scenario(tmp_path)
    (tmp_path / "bold.py").write_text("one", encoding="utf-8")
    text = """scenario = "small.toml"
    [factors]
    "play.seats" = [["truthful", "truthful"], ["truthful", "noise(bold.py:Bold)"]]
    """
    sweep = read_sweep(write_sweep(tmp_path, text))
    assert set(sweep.files()) == {"costs.csv", "bold.py", "mine.py"}
    before = sweep.keys(sweep.cells())
    (tmp_path / "bold.py").write_text("two", encoding="utf-8")
    assert set(before).isdisjoint(sweep.keys(sweep.cells()))


def test_what_is_asked_reaches_who_answers_and_not_the_scenario(tmp_path):
    text = """scenario = "anglesey"
    ask.parties = 2
    [factors]
    "ask.half_hours" = [1, 4]
    "grid.options" = [3]
    """
    sweep = read_sweep(write_sweep(tmp_path, text))
    asked = sweep.question(sweep.cells()[1])
    assert asked.asked("half_hours", 1) == 4
    assert asked.asked("parties", 8) == 2
    assert asked.asked("nothing", 7) == 7
    assert asked.played.grid.options == 3
    assert asked.played.seed == sweep.cells()[1].seed


def test_a_cell_without_scenario_has_none_to_play(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [1]"))
    with pytest.raises(ExperimentError, match="no scenario"):
        _ = sweep.question(sweep.cells()[0]).played


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("factor.x = [1]", "unknown key 'factor', did you mean 'factors'"),
        ("factors = 3", "wanted a table, [factors]"),
        ("linked = 3", "wanted tables, [[linked]]"),
        ("exclude = [1]\nfactors.x = [1]", "wanted tables, [[exclude]]"),
        ("design = 3\nfactors.x = [1]", "wanted a table, [design]"),
        ("replicates = 0\nfactors.x = [1]", "replicates >= 1"),
        ("replicates = 1.5\nfactors.x = [1]", "replicates is 1.5, wanted int"),
        ("seed = -1\nfactors.x = [1]", "seed >= 0"),
        ("time_limit_s = -1\nfactors.x = [1]", "time_limit_s >= 0"),
        ("time_limit_s = nan\nfactors.x = [1]", "time_limit_s >= 0"),
        ("name = 'a/b'\nfactors.x = [1]", "a name that a folder can have"),
        ("schema = 2\nfactors.x = [1]", "this version reads schema 1"),
        ("factors.x = [1]\n[[exclude]]\nz = 1", "'z', which is no factor"),
        ("factors.x = [1]\n[[exclude]]", "exclude is empty"),
        ("factors.x = [1]\nask.x = 1\n[factors.'ask.x']\nlow=0\nhigh=1", "stands in [ask] too"),
        ("[factors]\n'grid.days' = [1]", "without scenario"),
        ("factors.seed = [1]", "another column's name"),
        ("scenario = 'nowhere'\nfactors.x = [1]", "no such file"),
        ("scenario = 'anglesey'\nfactors.x = [1]", "unknown key 'x'"),
        ("scenario = 'anglesey'\n[factors]\n'grid.day' = [1]", "did you mean 'days'"),
        ("scenario = 'anglesey'\n[factors]\n'grid.days' = ['many']", "wanted a whole number"),
        ("scenario = 'anglesey'\n[factors]\n'seed.x' = [1]", "goes through 'seed'"),
        ("[design]\nkind = 'sobol'\nsamples = 4\n[factors]\nx = [1]\n[[exclude]]\nx = 1",
         "exclude goes with a factorial design"),
        ("nonsense", "is not TOML"),
    ],
)  # fmt: skip
def test_a_wrong_sweep_is_refused_by_what_is_wrong(tmp_path, text, told):
    with pytest.raises(ScenarioRefused, match=re.escape(told)):
        read_sweep(write_sweep(tmp_path, text))


def test_a_sweep_without_cells_is_refused(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [1]\n[[exclude]]\nx = 1"))
    with pytest.raises(ScenarioRefused, match="no cells"):
        sweep.cells()


def test_shipped_studies_are_found_by_name_and_can_be_read():
    for path in sorted(STUDIES.glob("*.toml")):
        sweep = read_sweep(sweep_path(path.stem))
        assert sweep.name == path.stem
        assert sweep.cells()
    assert sweep_path("mine.toml").name == "mine.toml"


def test_a_key_may_not_go_through_a_value():
    with pytest.raises(ScenarioRefused, match="which is a value"):
        put({"grid": 3}, "grid.days", 1, "sweep.toml")


def test_replacing_what_is_said_of_a_sweep_leaves_its_keys(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [1]"))
    assert replace(sweep, findings="bins").keys(sweep.cells()) == sweep.keys(sweep.cells())
    assert STRATEGY_FILES.findall("noise(a/b.py:C, size=1)") == ["a/b.py"]
