"""Who plays changes nothing: this process, others of this machine, or a Dask cluster."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.errors import InputRefused
from experiments.sweep import workers
from experiments.sweep.carried import carried, unpacked
from experiments.sweep.play import Workers
from experiments.sweep.reading import read_sweep
from experiments.sweep.workers import DIED, OtherSources, play_carried, play_guarded
from tests.experiments.sweep.kit import gridpact, write_sweep

TROUBLE = "time_limit_s = 0.5\nfactors.x = [0, 1, 2, 3, 4, 5, 6, 7]"


def never():
    return False


@pytest.fixture(scope="module")
def cluster():
    """Run a scheduler and two worker processes on loopback, at a port of their own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    binary = Path(sys.executable).parent / "dask"
    started = []

    def run(*words):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started.append(subprocess.Popen([str(binary), *words], **quiet))

    run("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    for _ in range(2):
        run("worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", "/tmp")
    yield address
    for process in reversed(started):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    for process in reversed(started):
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(autouse=True)
def _sources_as_they_are():
    """Let edits made while tests run tell nobody apart."""
    workers.sources_sha256.cache_clear()


def table(path, out, *words):
    done = gridpact("sweep", path, "--out", out, *words)
    assert (out / "sweep.parquet").exists(), done.stderr
    return done, (out / "sweep.parquet").read_bytes()


def test_a_sweep_is_the_same_with_any_workers(tmp_path, cluster):
    path = write_sweep(tmp_path, TROUBLE.replace("4,", ""), "trouble")
    found = {}
    for name, words in {
        "none": ["--workers", "0"],
        "one": ["--workers", "1"],
        "two": ["--workers", "2"],
        "dask": ["--dask", cluster],
    }.items():
        done, found[name] = table(path, tmp_path / name, *words)
        assert done.returncode == 1, done.stderr
        assert "4 of 7 cells failed" in done.stderr
    assert len(set(found.values())) == 1


def test_a_cell_that_kills_its_process_is_a_row_like_any_other(tmp_path, cluster):
    path = write_sweep(tmp_path, "factors.x = [0, 4, 6, 7, 8, 9]", "trouble")
    done, here = table(path, tmp_path / "two", "--workers", "2")
    assert f"1 of 6 cells failed: {DIED}" in done.stderr
    _, there = table(path, tmp_path / "dask", "--dask", cluster)
    assert here == there


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://127.0.0.1:1", "tcp://x"])
def test_a_scheduler_that_is_not_there_is_told_in_one_line(tmp_path, address):
    path = write_sweep(tmp_path, "factors.x = [0]")
    done = gridpact("sweep", path, "--out", tmp_path / "out", "--dask", address)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert address in done.stderr


def test_a_worker_with_other_sources_is_refused(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [0]"))
    with pytest.raises(OtherSources):
        play_carried(carried(sweep), "others", sweep.cells()[0])


def test_files_go_with_a_sweep_and_no_further_than_beside_it(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [3]"))
    shared = carried(sweep)
    (tmp_path / "mine.py").unlink()
    there = unpacked(shared)
    assert there.home != tmp_path
    assert unpacked(shared) is there
    found = play_carried(shared, workers.sources_sha256(), there.cells()[0])
    assert found["scores"]["y"] == 6.0
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "sweep.toml").write_text(
        'scores = "../mine.py:double"\nfactors.x = [1]'
    )
    (tmp_path / "mine.py").write_text("")
    with pytest.raises(InputRefused, match="is elsewhere"):
        carried(read_sweep(tmp_path / "sub" / "sweep.toml"))


def test_processes_play_in_this_one_if_asked(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [1, 2]"))
    played = Workers(0).play(sweep, sweep.cells(), never)
    assert [(place, result["scores"]["y"]) for place, result in played] == [(0, 2.0), (1, 4.0)]
    assert list(Workers(0).play(sweep, sweep.cells(), lambda: True)) == []


def test_two_processes_return_every_cell_once(tmp_path):
    sweep = read_sweep(write_sweep(tmp_path, "factors.x = [0, 1, 4, 6, 7]", "trouble"))
    found = dict(Workers(2).play(sweep, sweep.cells(), never))
    assert set(found) == set(range(5))
    assert found[2] == {"error": DIED}
    assert found[4] == {"scores": {"y": 7.0}}


def test_a_process_ends_if_no_signal_can_end_its_cell(tmp_path, monkeypatch):
    ended = []
    dead = workers.faulthandler
    monkeypatch.setattr(dead, "dump_traceback_later", lambda s, **_: ended.append(s))
    monkeypatch.setattr(dead, "cancel_dump_traceback_later", lambda: ended.append("over"))
    sweep = read_sweep(write_sweep(tmp_path, "time_limit_s = 2\nfactors.x = [6]", "trouble"))
    assert play_guarded(sweep, sweep.cells()[0]) == {"scores": {"y": 6.0}}
    assert ended == [12.0, "over"]


def test_processes_end_with_their_parent(tmp_path):
    path = write_sweep(tmp_path, "factors.x = [2]", "trouble")
    text = f"""
import os, sys, threading
sys.argv = ["gridpact", "sweep", {str(path)!r}, "--out", {str(tmp_path / "out")!r}]
threading.Timer(4, os.kill, (os.getpid(), 9)).start()
from experiments.cli import main
main()
"""
    subprocess.run([sys.executable, "-c", text], check=False, capture_output=True, timeout=30)
    time.sleep(2 * workers.LOOK_S + 0.5)
    found = subprocess.run(
        ["pgrep", "-f", "popen_loky_posix"], capture_output=True, text=True, check=False
    )
    orphans = [p for p in found.stdout.split() if _parent(p) == "1"]
    assert orphans == []


def _parent(process):
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").split()[3]
    except OSError:
        return ""
