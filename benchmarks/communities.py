"""Communities: plans, market and load flows of a day, what a prosumer costs, and clearing."""

import statistics
import time

import numpy as np

from benchmarks.machine import machine
from experiments.community.baselines import controlled
from experiments.community.play import mixed, play_days, rows_of
from experiments.community.world import World, world
from experiments.scenario import CommunityPart, GridPart, Scenario
from market.trading.base import Orders
from market.trading.rules import TRADING_RULES
from market.trading.tariff import Tariff

SIZES = (1_000, 3_000, 10_000)
MIX = {"cooperative": 0.5, "truthful": 0.3, "adversarial": 0.2}
RULE = "mid-market-rate"
ORDERS = 10_000
REPEATS = 7


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    for prosumers in SIZES:
        there = _world(prosumers)
        seconds = min(_day(there) for _ in range(2 if prosumers == SIZES[0] else 1))
        wanted = ", wanted under 15 s" if prosumers == SIZES[0] else ""
        print(
            f"{prosumers:,} prosumers x 48 half-hours on {there.communities} feeders, planned, "
            f"cleared, settled and load-flowed: {seconds:.2f} s, "
            f"{1000 * seconds / prosumers:.2f} ms a prosumer{wanted}"
        )
        if prosumers == SIZES[0]:
            seconds = _programme(there)
            print(f"the central linear programme of all of them: {seconds:.2f} s")
    for name in TRADING_RULES:
        print(
            f"{name}: {ORDERS:,} orders cleared in {1000 * _clearing(name):.1f} ms, "
            f"median of {REPEATS}, wanted under 20 ms"
        )


def _world(prosumers: int) -> World:
    """Return communities of one day."""
    part = CommunityPart(prosumers=prosumers)
    return world(Scenario(grid=GridPart(case="community"), community=part))


def _day(there: World) -> float:
    """Return how long a day takes, from profiles to scores, s."""
    names = mixed(there, MIX, copies=1, seed=0)
    start = time.perf_counter()
    for day in play_days(there, RULE, names, rows_of(there, 1)):
        assert (day.scores.unsolved == 0).all()
    return time.perf_counter() - start


def _programme(there: World) -> float:
    start = time.perf_counter()
    controlled(there, 0, rows_of(there, 1))
    return time.perf_counter() - start


def _clearing(name: str) -> float:
    """Return how long one half-hour of orders takes to clear, s."""
    rng = np.random.default_rng(0)
    wanted = rng.integers(-5_000, 5_000, (ORDERS, 1))
    orders = Orders(wanted, rng.integers(500, 2_500, (ORDERS, 1)))
    rule, tariff = TRADING_RULES[name], Tariff(buy=2_500, sell=500)

    def seconds() -> float:
        start = time.perf_counter()
        rule.clear(orders, tariff)
        return time.perf_counter() - start

    return statistics.median(seconds() for _ in range(REPEATS))


if __name__ == "__main__":
    main()
