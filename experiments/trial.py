"""Strategies from outside on trial: those that do not work are told apart before play.

One that fails later, in the midst of play, is named all the same; who plays goes on without it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from agents.draws import Draws, chances
from agents.play import Costs, Play
from agents.player import Player, StrategyFailed
from agents.strategies import STRATEGIES
from agents.strategies.base import Knowledge, Strategy, setting
from experiments.errors import InputRefused
from experiments.plugins import StrategyBroken, files_sha256, strategy, why
from experiments.results import MANIFEST, write_json
from experiments.scenario import Scenario
from experiments.seat import FromFile, check_length, seat_bids
from market.bids import HIGHEST_OFFER
from market.floor import Salts
from market.local_floor import LocalFloor
from market.mechanisms.base import Form
from market.terms import Terms
from market.types import Bids

SESSIONS: Final = 3
"""How many a trial has: enough for a strategy to remember one and act upon it."""

MATCHES: Final = 2
"""How many it is played in at once, because strategies must take any number."""


@dataclass(frozen=True)
class LeftOut:
    """A strategy that does not play, and why."""

    strategy: str
    reason: str


def try_out(text: str, options: int = 13, horizon: int = 1) -> None:
    """Have a strategy play a few sessions with itself, under offers and under ranks.

    Parameters
    ----------
    text : str
        What it is called.
    options : int
        How many to bid for.
    horizon : int
        How many windows a session has.

    Raises
    ------
    Unknown, InputRefused, StrategyBroken
        As `strategy`, and if it raises an error or bids what is no bid.
    """
    tried = strategy(text)
    for mechanism in ("hco", "rps"):
        try:
            _play(tried, _terms(mechanism, options, horizon))
        except Exception as error:
            raise StrategyBroken(text, why(error)) from error


def check_seats(scenario: Scenario, agreed: Terms, windows: int) -> None:
    """Try what is not listed in the seats of a simulation, and read the files of bids.

    Raises
    ------
    InputRefused, StrategyBroken
        For the first seat that cannot be taken.
    """
    for seat, text in enumerate(scenario.play.seats):
        if text in STRATEGIES:
            continue
        if isinstance(strategy(text), FromFile):
            check_length(text, seat_bids(text, agreed, seat), windows)
        else:
            try_out(text, len(agreed.options), agreed.horizon)


def broken(texts: Sequence[str], scenario: Scenario) -> list[LeftOut]:
    """Return which strategies do not work in a trial; those that are listed need none."""
    left_out = []
    for text in texts:
        try:
            if text not in STRATEGIES:
                try_out(text, scenario.grid.options, scenario.market.horizon)
        except StrategyBroken as found:
            left_out.append(LeftOut(text, found.reason))
    return left_out


def without(scenario: Scenario, left_out: Sequence[LeftOut]) -> Scenario:
    """Return a scenario without the strategies that do not play.

    Raises
    ------
    InputRefused
        If none is left.
    """
    gone = {each.strategy for each in left_out}
    kept = tuple(text for text in scenario.play.strategies if text not in gone)
    if not kept:
        reasons = "; ".join(f"{each.strategy}: {each.reason}" for each in left_out)
        raise InputRefused(scenario.source, f"no strategy is left to play ({reasons})")
    return scenario.with_changes("play", strategies=kept)


def note(folder: Path, scenario: Scenario, left_out: Sequence[LeftOut]) -> None:
    """Add to the manifest of a run what did not play, and which files of users' did."""
    path = folder / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    facts = {
        "left_out": [asdict(each) for each in left_out],
        "plugins_sha256": files_sha256(scenario.play.strategies),
    }
    write_json(path, content | facts)


def blamed(failed: StrategyFailed, texts: Sequence[str]) -> LeftOut:
    """Return which of the strategies it was that failed in play.

    Raises
    ------
    StrategyFailed
        If it was none from outside: that is a mistake of ours.
    """
    for text in texts:
        if text not in STRATEGIES and strategy(text) == failed.strategy:
            return LeftOut(text, why(failed))
    raise failed


@contextmanager
def telling_which(texts: Sequence[str]) -> Iterator[None]:
    """Raise `StrategyBroken` for a strategy from outside that fails within."""
    try:
        yield
    except StrategyFailed as failed:
        found = blamed(failed, texts)
        raise StrategyBroken(found.strategy, found.reason) from failed


class _Watched(Player):
    """A player whose every bid is checked."""

    def bid(self, knowledge: Knowledge) -> Bids:
        bids = super().bid(knowledge)
        if (wrong := _wrong(bids, knowledge.setting.form)) is not None:
            raise StrategyFailed(self.strategy, self.seat, wrong)
        return bids


def _wrong(bids: Bids, form: Form) -> str | None:
    """Return what is wrong with the numbers of bids, None if nothing is."""
    if form == "offers":
        low, high = bids.min(), bids.max()
        in_range = low >= 0 and high <= HIGHEST_OFFER
        return None if in_range else f"bid {low} to {high}, wanted 0 to {HIGHEST_OFFER} ticks"
    rows = bids.reshape(-1, bids.shape[-1])
    wanted = np.arange(1, bids.shape[-1] + 1)
    for row in rows[(np.sort(rows, -1) != wanted).any(-1)]:
        return f"bid the ranks {row.tolist()}, wanted 1 to {len(row)}, each once"
    return None


def _play(tried: Strategy, terms: Terms) -> None:
    """Play a few sessions in a few matches, with the strategy in every seat."""
    fates = [chances(match, terms.parties) for match in range(MATCHES)]
    players = [
        _Watched(
            tried,
            setting(terms, seat, matches=MATCHES),
            Draws([seeds[seat] for seeds, _ in fates]),
        )
        for seat in range(terms.parties)
    ]
    shape = MATCHES, terms.parties, SESSIONS * terms.horizon, len(terms.options)
    costs = Costs(np.random.default_rng(0).uniform(0, 50, shape), case=np.arange(MATCHES))
    floor = LocalFloor(terms, Salts([secrets for _, secrets in fates]))
    play = Play(floor, costs, players, working_ticks=10**6)
    for _ in range(SESSIONS):
        play.hold()


def _terms(mechanism: str, options: int, horizon: int) -> Terms:
    """Return terms of a trial between two parties."""
    middles = (5000 * (np.arange(options) - options // 2)).tolist()
    return Terms(
        parties=2,
        options=tuple((middle, middle) for middle in middles),
        mechanism=mechanism,
        default=options // 2,
        horizon=horizon,
    )
