"""Whole matches in memory: bids, decisions, deliveries, settlement and learning, one core."""

import statistics
import time
from typing import Final

import numpy as np

from agents.draws import Draws, chances
from agents.play import Costs, Play
from agents.player import Player
from agents.strategies import STRATEGIES
from agents.strategies.base import setting
from benchmarks.machine import machine
from grid.case import paper_options
from market.floor import Salts
from market.local_floor import LocalFloor
from market.terms import Terms

REPEATS: Final = 5
MATCHES: Final = 4_000
WINDOWS: Final = 48
WANTED: Final = {
    ("truthful", "shaded"): 500_000,
    ("clipped", "tit-for-tat"): 500_000,
    ("best-response", "best-response"): None,
    ("hedge", "exp3"): 50_000,
    ("regret-matching", "regret-matching"): 50_000,
}
"""Negotiations a second, by the strategies of the two seats."""


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    for mechanism in ("hco", "rps"):
        for names, wanted in WANTED.items():
            rate = statistics.median(_rate(mechanism, names) for _ in range(REPEATS))
            told = f", wanted {wanted:,}" if wanted else ""
            versus = " against ".join(names)
            print(f"{mechanism}, {versus}: {rate:,.0f} negotiations a second{told}")


def _rate(mechanism: str, names: tuple[str, ...]) -> float:
    """Return how many windows a second are played from costs to what was learnt."""
    options = tuple((round(1000 * low), round(1000 * high)) for low, high in paper_options())
    terms = Terms(parties=2, options=options, mechanism=mechanism)
    gbp = np.random.default_rng(0).uniform(0, 50, (9, 2, WINDOWS, len(options)))
    seeds, secrets = chances(0, terms.parties)
    case = np.arange(MATCHES) % len(gbp)
    players = [
        Player(
            STRATEGIES[name](),
            setting(terms, seat, matches=MATCHES),
            Draws([seeds[seat]], [0] * MATCHES),
        )
        for seat, name in enumerate(names)
    ]
    floor = LocalFloor(terms, Salts([secrets] * MATCHES))
    play = Play(floor, Costs(gbp, None, case), players, working_ticks=10**6)
    start = time.perf_counter()
    while play.window < play.windows:
        play.hold()
    return MATCHES * WINDOWS / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
