"""Whole tournaments on two cores, scoring included, beside Axelrod's of as many players."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.machine import machine
from experiments.scenario import Scenario, read_scenario
from experiments.tournament.play import play_all
from experiments.wiring import study

CERTAIN: Final = (
    "truthful", "shaded", "inflated", "clipped", "indifferent", "flat", "status-quo",
    "best-response", "best-response-to-mean", "cooperative", "adversarial", "altruistic",
    "tit-for-tat", "grim-trigger", "win-stay-lose-shift", "forgiving",
    "truthful-until-cheated", "pivotal", "anti-ranking", "burying",
)  # fmt: skip
"""Twenty strategies without chance."""

LEARNERS: Final = ("hedge", "exp3", "roth-erev", "regret-matching", "q-greedy")

DAYS: Final = 10
REPLICATES: Final = 5
WANTED: Final = "wanted 1,000,000 negotiations a second, and under 60 s and 2 GB"

AXELROD: Final = """
import time, axelrod
certain = [s for s in axelrod.short_run_time_strategies
           if not axelrod.Classifiers["stochastic"](s())]
players = [strategy() for strategy in certain[:20]]
start = time.perf_counter()
axelrod.Tournament(players, turns=48, repetitions=20, seed=1).play(
    progress_bar=False, processes=2)
print(20 * 21 / 2 * 48 * 20 / (time.perf_counter() - start))
"""
"""Prints turns a second; a turn is a move of both."""


def main() -> None:
    """Print what was measured, and on what."""
    print(machine())
    seconds, negotiations = _ours(CERTAIN)
    rate = negotiations / seconds
    print(
        f"20 strategies without chance, 9 pairs, 2 mechanisms, {DAYS} days, {REPLICATES} "
        f"replicates: {negotiations:,} negotiations in {seconds:.1f} s, {rate:,.0f} a second, "
        f"{_gigabytes():.2f} GB in the largest process; {WANTED}"
    )
    more, larger = _ours(CERTAIN + LEARNERS)
    print(
        f"with {', '.join(LEARNERS)} among them: {larger:,} negotiations in {more:.1f} s, "
        f"{larger / more:,.0f} a second"
    )
    theirs = _axelrod()
    print(f"Axelrod 4.14: {theirs:,.0f} turns a second; ratio {rate / theirs:.1f}, wanted 10")


def _ours(strategies: tuple[str, ...]) -> tuple[float, int]:
    """Return how long a tournament takes on two workers, s, and its negotiations."""
    scenario = _scenario(strategies)
    seen = study(scenario)
    start = time.perf_counter()
    played = play_all(scenario, seen, lambda *_: None, workers=2)
    return time.perf_counter() - start, played.negotiations


def _scenario(strategies: tuple[str, ...]) -> Scenario:
    shipped = read_scenario("anglesey").with_changes("grid", days=DAYS)
    changes = {"strategies": strategies, "replicates": REPLICATES}
    return shipped.with_changes("play", **changes).with_changes("chain", venue="local")


def _gigabytes() -> float:
    """Return the most memory that a worker used."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


def _axelrod() -> float:
    """Return the turns a second of Axelrod's tournament, in an environment thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "axelrod==4.14.0"]
        subprocess.run(install, check=True, capture_output=True)
        told = subprocess.run(
            [str(python), "-c", AXELROD], check=True, capture_output=True, text=True
        )
    return float(told.stdout)


if __name__ == "__main__":
    main()
