"""Days ahead: 48 windows in one sealed bid of each party, from arrays to arrays."""

import statistics
import time

import numpy as np

from benchmarks.machine import machine
from experiments.wiring import HALF_HOUR, REVEALING, open_venue
from grid.case import paper_options
from market.bids import Bid
from market.terms import Terms
from market.venue import Venue

REPEATS = 5
DAY = 48
DAYS = {"local": 20, "revm": 30, "eth-tester": 1}


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    terms = Terms(
        parties=2,
        options=tuple((round(1000 * low), round(1000 * high)) for low, high in paper_options()),
        horizon=DAY,
        period=DAY * HALF_HOUR,
        revealing=REVEALING,
    )
    for name, days in DAYS.items():
        seconds = statistics.median(
            _seconds(open_venue(name, terms), days) for _ in range(REPEATS)
        )
        told = {"revm": ", wanted 5,000 windows", "eth-tester": ", wanted under 3 s"}
        print(
            f"{name}: {DAY * days / seconds:,.0f} windows a second, "
            f"{seconds / days:.3f} s a day, "
            f"median of {REPEATS}{told.get(name, '')}"
        )


def _seconds(venue: Venue, days: int) -> float:
    """Return how long days take: commitments, reveals, decision and settlement."""
    rng = np.random.default_rng(0)
    offers = rng.integers(0, 5000, (days, 2, DAY, 13))
    for seat in (0, 1):
        venue.deposit(seat, 10**12)
    start = time.perf_counter()
    for day in range(days):
        for seat in (0, 1):
            bids = [Bid(tuple(row)) for row in offers[day, seat].tolist()]
            venue.submit(day, seat, bids, rng.bytes(32))
        for seat in (0, 1):
            venue.reveal(day, seat)
        awards = venue.decide(day)
        np.array([award.option for award in awards])
        np.array([award.payments for award in awards])
        venue.report(day, [award.set_point for award in awards])
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
