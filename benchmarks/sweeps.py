"""Sweeps: what a cell costs besides its own work, two workers, memory, a finished sweep."""

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.machine import machine

CELLS: Final = 10_000

SCORES: Final = """
import time

def nothing(asked):
    return {"y": asked.factors["x"]}

def second(asked):
    time.sleep(1.0)
    return {"y": asked.factors["x"]}
"""
"""A cell of a second waits: what is measured is the handing out, not the machine's cores."""

PEAK: Final = """
import resource, sys
sys.argv = ["gridpact", *sys.argv[1:]]
from experiments.cli import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""
"""Runs a command, and prints its largest memory in KiB."""


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mine.py").write_text(SCORES, encoding="utf-8")
        _overhead(folder)
        _two_workers(folder)


def _overhead(folder: Path) -> None:
    """Print overhead and memory of many cells without work, and of running them again."""
    few = _run(folder, "nothing", CELLS // 10, 2)
    many = _run(folder, "nothing", CELLS, 2)
    more = CELLS - CELLS // 10
    print(
        f"overhead: {1000 * (many.took_s - few.took_s) / more:.2f} ms a cell with two workers, "
        f"{1000 * (many.cpu_s - few.cpu_s) / more:.2f} ms of processors; wanted < 5 ms"
    )
    print(
        f"memory: {few.peak_mb:.0f} MB at its largest over {CELLS // 10:,} cells, "
        f"{many.peak_mb:.0f} MB over {CELLS:,}, "
        f"{(many.peak_mb - few.peak_mb) * 1024 / more:.1f} kB a cell; wanted flat"
    )
    again = _run(folder, "nothing", CELLS, 2)
    print(
        f"a finished sweep of {CELLS:,} cells again: {again.took_s:.2f} s, "
        f"{again.cpu_s:.2f} s of processors; wanted < 3 s"
    )


def _two_workers(folder: Path) -> None:
    """Print how much faster two workers are than one, on cells of a second."""
    took = {
        (cells, workers): _run(folder, "second", cells, workers, f"{cells}by{workers}").took_s
        for cells in (4, 24)
        for workers in (1, 2)
    }
    one, two = (took[24, workers] - took[4, workers] for workers in (1, 2))
    print(
        f"20 cells of 1 s: {one:.1f} s with one worker, {two:.1f} s with two, "
        f"{one / two:.2f} times as fast, wanted 1.8; start and table apart, which make 24 "
        f"{took[24, 1]:.1f} s and {took[24, 2]:.1f} s"
    )


@dataclass(frozen=True)
class Run:
    """What a sweep took."""

    took_s: float
    cpu_s: float
    """Of its process and all workers."""

    peak_mb: float
    """Of its process."""


def _run(folder: Path, scores: str, cells: int, workers: int, out: str = "") -> Run:
    path = folder / f"{scores}-{cells}.toml"
    text = f'scores = "mine.py:{scores}"\nfactors.x = {{low = 0, high = 1, count = {cells}}}\n'
    path.write_text(text, encoding="utf-8")
    words = [str(path), "--out", str(folder / (out or path.stem)), "--workers", str(workers)]
    started, before = time.perf_counter(), _children_s()
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "sweep", *words],
        check=True,
        capture_output=True,
        text=True,
    )
    took = time.perf_counter() - started
    return Run(took, _children_s() - before, int(done.stderr.split()[-1]) / 1024)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
