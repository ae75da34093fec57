"""Results: whole or not there at all, and never in the place of something else."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.errors import OutputRefused
from experiments.results import manifest, results_folder, write_json, write_table
from experiments.scenario import Scenario, read_scenario


def write_run(folder, *names: str) -> None:
    with results_folder(folder) as draft:
        for name in names:
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_text(name, encoding="utf-8")
        write_json(draft / "manifest.json", {"gridpact": "0"})


def write_half_a_run(folder) -> None:
    with results_folder(folder) as draft:
        (draft / "half.txt").write_text("half", encoding="utf-8")


def files(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_run_takes_its_place_with_a_list_of_its_files(tmp_path):
    write_run(tmp_path / "new" / "run", "a.txt", "figures/b.txt")

    content = json.loads((tmp_path / "new" / "run" / "manifest.json").read_text())
    assert content["files"] == ["a.txt", "figures/b.txt"]
    assert content["schema"] == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["run"]


def test_a_new_run_replaces_an_old_one_whole(tmp_path):
    write_run(tmp_path / "run", "a.txt", "figures/b.txt")
    write_run(tmp_path / "run", "c.txt")

    assert files(tmp_path) == {"run/c.txt", "run/manifest.json"}


def test_a_run_that_fails_leaves_the_old_one_and_nothing_else(tmp_path):
    write_run(tmp_path / "run", "a.txt")

    with pytest.raises(FileNotFoundError):  # no manifest
        write_half_a_run(tmp_path / "run")

    assert files(tmp_path) == {"run/a.txt", "run/manifest.json"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", "mine"),
        ("manifest.json", '{"name": "a browser extension"}'),
        ("manifest.json", "not JSON"),
    ],
)
def test_a_folder_with_other_files_is_refused_and_stays(name, content, tmp_path):
    (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(OutputRefused, match=f"holds {name}, wanted"), results_folder(tmp_path):
        pytest.fail("computed in vain")

    assert (tmp_path / name).read_text(encoding="utf-8") == content


def test_the_folder_in_which_one_stands_can_be_written_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    write_run(Path(), "a.txt", "figures/b.txt")
    write_run(Path(), "a.txt")

    assert files(tmp_path) == {"a.txt", "manifest.json"}


def test_a_draft_that_a_crash_left_is_no_foreign_file(tmp_path):
    (tmp_path / ".gridpact-x" / "fresh").mkdir(parents=True)
    (tmp_path / ".gridpact-x" / "fresh" / "half.txt").write_text("half", encoding="utf-8")

    write_run(tmp_path, "a.txt")

    assert (tmp_path / "a.txt").exists()


def test_a_file_that_somebody_added_to_a_run_is_not_thrown_away(tmp_path):
    write_run(tmp_path / "run", "a.txt")
    (tmp_path / "run" / "notes.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(OutputRefused, match=r"holds notes\.txt"):
        write_run(tmp_path / "run", "a.txt")

    assert (tmp_path / "run" / "notes.txt").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "run").write_text("mine", encoding="utf-8")

    for place in ("run", "run/below", "run/far/below"):
        with pytest.raises(OutputRefused, match="is a file, wanted a folder") as refused:
            write_run(tmp_path / place)
        assert refused.value.folder == tmp_path / "run"


def test_tables_carry_the_schema_number(tmp_path):
    write_table(tmp_path / "t.parquet", pd.DataFrame({"a": [1]}))

    assert pq.read_schema(tmp_path / "t.parquet").metadata[b"gridpact_schema"] == b"1"
    assert pd.read_parquet(tmp_path / "t.parquet")["a"].tolist() == [1]


def test_the_manifest_knows_the_scenario_and_not_where_it_stood():
    read = read_scenario("anglesey")
    shipped = manifest("x", read)
    made = manifest(
        "x", Scenario(grid=read.grid, market=read.market, chain=read.chain, play=read.play)
    )

    assert read.folder != Scenario().folder
    assert shipped["scenario_sha256"] == made["scenario_sha256"]
    assert not {"folder", "source"} & shipped["scenario"].keys()
    assert shipped["contracts_sha256"].keys() == made["contracts_sha256"].keys() != set()
    assert manifest("x", Scenario(seed=1))["scenario_sha256"] != made["scenario_sha256"]
