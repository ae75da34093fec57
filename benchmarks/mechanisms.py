"""Negotiations in memory: two parties, thirteen options, on one core."""

import statistics
import time

import numpy as np

from benchmarks.machine import machine
from market.decision import decide
from market.mechanisms import MECHANISMS
from market.types import Bids

REPEATS = 5
NEGOTIATIONS = 400_000
BATCH = 4_000
WANTED = {"hco": 2.0, "rps": 1.0, "rps-pareto": None}  # million a second


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    rng = np.random.default_rng(0)
    shape = (NEGOTIATIONS, 2, 13)
    ranks = rng.permuted(np.broadcast_to(np.arange(1, 14), shape), axis=-1)
    bids = {"offers": rng.integers(0, 5000, shape), "ranks": ranks}
    for name, wanted in WANTED.items():
        form = MECHANISMS[name]("difference").form
        seconds = statistics.median(_seconds(name, bids[form]) for _ in range(REPEATS))
        rate = NEGOTIATIONS / seconds / 1e6
        told = f", wanted {wanted:.0f}" if wanted else ""
        print(f"{name}: {rate:.2f} million negotiations a second, median of {REPEATS}{told}")


def _seconds(name: str, bids: Bids) -> float:
    """Return how long all negotiations take, payments included, s."""
    rule = MECHANISMS[name]("difference")
    everybody, nobody = np.ones((BATCH, 2), bool), np.zeros(BATCH, np.int64)
    start = time.perf_counter()
    for first in range(0, NEGOTIATIONS, BATCH):
        decide(rule, bids[first : first + BATCH], everybody, nobody)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
