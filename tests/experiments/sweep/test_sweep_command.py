"""What becomes of a sweep that is stopped, killed, damaged, or short of disk."""

import json
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.experiments.sweep.kit import gridpact, start, write_sweep

SLOW = "factors.x = {low = 0, high = 49, count = 50}"


@pytest.fixture
def disk(tmp_path):
    """Mount a disk of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("may not mount a disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_sweep_is_one_tidy_table_and_says_where_it_comes_from(tmp_path):
    text = 'replicates = 2\nfactors.x = [1, 2]\nlinked = [{a = [1], b = [["u", "v"]]}]'
    path = write_sweep(tmp_path, text)
    done = gridpact("sweep", path, "--out", tmp_path / "out", "--json")
    assert json.loads(done.stdout) | {"indices": []} == {
        "cells": 4,
        "finished": 4,
        "failed": 0,
        "errors": [],
        "indices": [],
        "findings": "",
    }
    table = pd.read_parquet(tmp_path / "out" / "sweep.parquet")
    assert list(table) == ["x", "a", "b", "replicate", "seed", "y", "digit", "error"]
    assert table["y"].tolist() == [2.0, 2.0, 4.0, 4.0]
    assert table["b"].tolist() == ["u,v"] * 4
    assert (table["digit"] == table["seed"] % 10).all()
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert said["command"] == "sweep"
    assert len(said["sources_sha256"]) == len(said["files_sha256"]["mine.py"]) == 64


def test_a_dry_run_tells_how_many_cells_and_how_long_and_keeps_nothing(tmp_path):
    path = write_sweep(tmp_path, SLOW, "slow")
    done = gridpact("sweep", path, "--out", tmp_path / "out", "--dry-run", "--workers", "2")
    assert "50 cells, 0 of them finished" in done.stdout
    assert "x = 0.0; seed" in done.stdout
    assert "and 45 more" in done.stdout
    assert "expect 1 s with 2 workers" in done.stdout
    assert not (tmp_path / "out").exists()


def test_cells_that_failed_are_played_again_if_asked(tmp_path, monkeypatch):
    path = write_sweep(tmp_path, "factors.x = [0, 1, 2]", "once")
    words = ("sweep", path, "--out", tmp_path / "out", "--workers", "0")
    mended = tmp_path / "mended"
    monkeypatch.setenv("MENDED", str(mended))
    first = gridpact(*words)
    assert first.returncode == 1
    assert first.stderr == "gridpact: 1 of 3 cells failed: ValueError: not yet\n"
    mended.touch()
    assert gridpact(*words).returncode == 1, "a failed cell stays one"
    last = gridpact(*words, "--retry-failed")
    assert last.returncode == 0
    assert pd.read_parquet(tmp_path / "out" / "sweep.parquet")["y"].tolist() == [0, 1, 2]


def test_a_finished_sweep_has_nothing_to_do_and_a_damaged_cell_is_played_again(tmp_path):
    path = write_sweep(tmp_path, "factors.x = [0, 1, 2]")
    words = ("sweep", path, "--out", tmp_path / "out", "--workers", "0")
    gridpact(*words)
    before = (tmp_path / "out" / "sweep.parquet").read_bytes()
    assert "nothing to do: all 3 cells" in gridpact(*words).stdout
    one = next(p for p in sorted((tmp_path / "out" / "cells").rglob("*")) if p.is_file())
    one.write_bytes(one.read_bytes()[:70] + b"9" + one.read_bytes()[71:])
    assert "3 of 3 cells" in gridpact(*words).stdout
    assert (tmp_path / "out" / "sweep.parquet").read_bytes() == before


def test_killed_at_any_instant_a_sweep_goes_on_and_ends_the_same(tmp_path):
    path = write_sweep(tmp_path, SLOW, "slow")
    whole = ("sweep", path, "--out", tmp_path / "whole", "--workers", "2")
    began = time.monotonic()
    start(*whole).communicate()
    took = time.monotonic() - began
    chances = random.Random(7)
    for _ in range(10):
        running = start("sweep", path, "--out", tmp_path / "killed", "--workers", "2")
        time.sleep(chances.uniform(0.3, 0.8) * took)
        running.kill()
        running.communicate()
    last = gridpact("sweep", path, "--out", tmp_path / "killed", "--workers", "2")
    assert last.returncode == 0, last.stderr
    both = [(tmp_path / run / "sweep.parquet").read_bytes() for run in ("whole", "killed")]
    assert both[0] == both[1]


def test_ctrl_c_keeps_what_is_finished(tmp_path):
    path = write_sweep(tmp_path, SLOW.replace("50", "400"), "slow")
    running = start("sweep", path, "--out", tmp_path / "out", "--workers", "2")
    while len(list((tmp_path / "out").glob("cells/*/*"))) < 5:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    told, error = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "stopped: the same command goes on from there" in error
    assert "Traceback" not in error
    rows = len(pd.read_parquet(tmp_path / "out" / "sweep.parquet"))
    assert 5 <= rows < 400
    assert f"{rows} of 400 cells" in told


def test_a_full_disk_is_told_in_one_line_and_what_was_kept_is_whole(tmp_path, disk):
    path = write_sweep(tmp_path, "factors.x = {low = 0, high = 199, count = 200}")
    words = ("sweep", path, "--out", disk / "out", "--workers", "0")
    done = gridpact(*words)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert "No space left on device" in done.stderr
    kept = [p for p in (disk / "out").rglob("*") if p.is_file()]
    assert kept
    assert not [p for p in kept if p.name.startswith(".")]
    shutil.copytree(disk / "out", tmp_path / "out")
    assert gridpact("sweep", path, "--out", tmp_path / "out", "--workers", "0").returncode == 0
    gridpact("sweep", path, "--out", tmp_path / "fresh", "--workers", "0")
    both = [(tmp_path / run / "sweep.parquet").read_bytes() for run in ("out", "fresh")]
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("text", "scores", "told"),
    [
        ("factors.x = [1]\nreplicate = 3", "double", "did you mean 'replicates'?"),
        ("factors.x = [1]", "dubble", "has no function 'dubble'"),
        ("factors.x = [1]\nfindings = 'binz'", "double", "did you mean 'bins'?"),
    ],
)
def test_a_wrong_sweep_is_one_line_and_exit_code_2(tmp_path, text, scores, told):
    done = gridpact("sweep", write_sweep(tmp_path, text, scores), "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [("def double(:", "SyntaxError"), ("import nothing_of_that_name", "ModuleNotFoundError")],
)
def test_scores_that_cannot_be_loaded_are_one_line(tmp_path, content, told):
    path = write_sweep(tmp_path, "factors.x = [1]")
    (tmp_path / "mine.py").write_text(content, encoding="utf-8")
    done = gridpact("sweep", path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert told in done.stderr


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    path = write_sweep(tmp_path, "factors.x = [1]")
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.doc").touch()
    done = gridpact("sweep", path, "--out", out)
    assert done.returncode == 2
    assert "holds thesis.doc" in done.stderr
    assert "is a file" in gridpact("sweep", path, "--out", path).stderr
    assert "wanted one sweep" in gridpact("sweep", path, path).stderr
    assert "no finished sweep" in gridpact("sweep", "plot", path, "--out", out).stderr


def test_sobol_indices_of_the_ishigami_function_are_the_known_ones(tmp_path):
    """I. M. Sobol and Y. L. Levitan, Computer Physics Communications 117, 1999."""
    factor = f"{{low = {-np.pi}, high = {np.pi}}}"
    text = "design = {kind = 'sobol', samples = 256, seed = 1}\n" + "\n".join(
        f"factors.{name} = {factor}" for name in ("one", "two", "three")
    )
    out = tmp_path / "out"
    path = write_sweep(tmp_path, text, "ishigami")
    done = gridpact("sweep", path, "--out", out, "--workers", "0")
    assert "y: S1 of one 0." in done.stdout
    found = pd.read_parquet(out / "indices.parquet").set_index(["index", "factor"])
    known = {
        "S1": {"one": 0.3139, "two": 0.4424, "three": 0.0},
        "ST": {"one": 0.5576, "two": 0.4424, "three": 0.2437},
    }
    for kind, factors in known.items():
        for factor, value in factors.items():
            row = found.loc[kind, factor]
            assert abs(row["value"] - value) <= row["interval"]
            assert row["interval"] < 0.2
    drawn = gridpact("sweep", "plot", path, "--out", out)
    names = {Path(line).name for line in drawn.stdout.split()}
    assert names == {"effects-y.svg", "indices-y.svg"}
