"""The audit of the fast path: runs that were played in memory, again on the contract."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from experiments.errors import CheckFailed
from experiments.tournament.match import Case, Outcome, Run, play
from experiments.tournament.payoffs import payoffs_table
from experiments.tournament.play import Tournament
from experiments.wiring import terms

SAMPLE: Final = 6
"""How many runs of each mechanism are drawn at random."""

VENUE: Final = "revm"
"""The contract's bytecode, in process."""

GAS: Final = ("own_gas", "shared_gas")
"""What memory does not use."""


@dataclass(frozen=True)
class Replay:
    """What was played again, all with the same outcome."""

    runs: tuple[Run, ...]
    drawn: int
    """How many of them were drawn at random; the others are equilibria."""

    negotiations: int

    def sentence(self) -> str:
        """Say what was checked."""
        equilibria = len(self.runs) - self.drawn
        also = f" and {equilibria} of equilibrium profiles" if equilibria else ""
        return (
            f"{self.drawn} runs drawn at random{also}, {self.negotiations:,} negotiations in "
            f"all, were played again on the contract's bytecode ({VENUE}): every option, "
            "payment and tie was the same."
        )


def replayed(played: Tournament, profiles: Sequence[tuple[str, tuple[str, ...]]]) -> Replay:
    """Play a random sample and some profiles again, run by run, and compare everything.

    Parameters
    ----------
    played : Tournament
        What was played in memory.
    profiles : sequence of (mechanism, strategies)
        What is played again besides the sample, on the first pair of loadings.

    Raises
    ------
    CheckFailed
        At the first difference, naming the run.
    """
    drawn = _drawn(played)
    first = {
        (run.mechanism, run.strategies): run for run in reversed(played.runs)
    }  # of each profile
    named = [first[profile] for profile in dict.fromkeys(profiles)]
    runs = tuple(dict.fromkeys([*drawn, *named]))
    for run in runs:
        _compare(played, run)
    windows = played.seen.days * played.seen.cost_gbp.shape[3]
    return Replay(runs, len(drawn), len(runs) * windows)


def _drawn(played: Tournament) -> list[Run]:
    """Return the sample; it depends on the seed alone."""
    rng = np.random.default_rng(played.scenario.seed)
    chosen: list[Run] = []
    for mechanism in played.scenario.market.mechanisms:
        runs = [run for run in played.runs if run.mechanism == mechanism]
        places = rng.choice(len(runs), size=min(SAMPLE, len(runs)), replace=False)
        chosen += [runs[place] for place in np.sort(places)]
    return chosen


def _compare(played: Tournament, run: Run) -> None:
    scenario, seen = played.scenario, played.seen
    cases, agreed = {run.pair: Case.of(seen, run.pair)}, terms(scenario, seen, run.mechanism)
    here = play(scenario, cases, [run], agreed)
    on_the_chain = scenario.with_changes("chain", venue=VENUE)
    there = play(on_the_chain, cases, [run], agreed)
    for name in (f.name for f in fields(Outcome) if f.name not in GAS):
        if not np.array_equal(getattr(here, name), getattr(there, name)):
            raise CheckFailed(f"{_words(run)}: {name} differs between local and {VENUE}")
    rows = played.payoffs
    same = (rows["mechanism"] == run.mechanism) & (rows["pair"] == run.loading)
    same &= rows["replicate"] == run.replicate
    for seat, name in enumerate(run.strategies):
        same &= rows[f"strategy_{seat}"] == name
    again = payoffs_table(scenario, seen, [run], here)
    if not rows[same].reset_index(drop=True).equals(again):
        raise CheckFailed(f"{_words(run)}: alone it comes out otherwise than with the others")


def _words(run: Run) -> str:
    return f"{run.mechanism}, {run.loading}, {' against '.join(run.strategies)}"
