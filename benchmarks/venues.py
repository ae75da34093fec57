"""Whole negotiations on each venue: two bids, the decision and the settlement."""

import statistics
import time

import numpy as np

from benchmarks.machine import machine
from experiments.wiring import open_venue
from grid.case import paper_options
from market.bids import Bid
from market.terms import Terms
from market.venue import Venue

REPEATS = 5
WINDOWS = {"local": 2_000, "revm": 500, "eth-tester": 24}
WANTED = {"local": None, "revm": 1_500, "eth-tester": 6}
"""Negotiations a second: two bids and the decision, as the figure is usually given."""


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    options = tuple((round(1000 * low), round(1000 * high)) for low, high in paper_options())
    terms = Terms(parties=2, options=options)
    for name, windows in WINDOWS.items():
        runs = [_rates(open_venue(name, terms), windows) for _ in range(REPEATS)]
        decided, settled = (statistics.median(rates) for rates in zip(*runs, strict=True))
        told = f", wanted {WANTED[name]}" if WANTED[name] else ""
        print(
            f"{name}: {decided:.0f} negotiations a second, {settled:.0f} with settlement, "
            f"median of {REPEATS}{told}"
        )


def _rates(venue: Venue, windows: int) -> tuple[float, float]:
    """Return windows a second up to the decision, and up to the settlement."""
    rng = np.random.default_rng(0)
    offers = rng.integers(0, 5000, (windows, 2, 13)).tolist()
    for seat in (0, 1):
        venue.deposit(seat, 10**12)
    settling = 0.0
    start = time.perf_counter()
    for window in range(windows):
        for seat in (0, 1):
            venue.submit(window, seat, [Bid(tuple(offers[window][seat]))])
        (award,) = venue.decide(window)
        before = time.perf_counter()
        venue.report(window, [award.set_point])
        settling += time.perf_counter() - before
    total = time.perf_counter() - start
    return windows / (total - settling), windows / total


if __name__ == "__main__":
    main()
