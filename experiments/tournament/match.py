"""Runs of profiles: the parties negotiate every window of all days, on a fresh venue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from agents.draws import Draws, chances
from agents.model import Negotiation
from agents.play import Costs, Play, Session
from agents.player import Player
from agents.strategies.base import setting
from experiments.scenario import Scenario
from experiments.wiring import Study, open_venue, strategy
from market.floor import Salts
from market.local_floor import LocalFloor
from market.terms import Terms
from market.types import Floats, Mask, Options, Seats, Ticks
from market.venue import Call, Venue

NEGOTIATIONS_AT_ONCE: Final = 3_000_000
"""How many are played in memory before their outcomes are handed on: 150 bytes each."""

RUNS_AT_ONCE: Final = 5
"""How many are played on a chain before that."""


@dataclass(frozen=True)
class Run:
    """One profile on one pair of loadings, under one mechanism, over all days."""

    mechanism: str
    pair: tuple[str, ...]

    strategies: tuple[str, ...]
    """The strategy of each seat."""

    replicate: int = 0
    """Which of the repetitions with other chances."""

    @property
    def loading(self) -> str:
        """The loadings in one word, such as ``N-D``."""
        return "-".join(self.pair)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of the windows of runs; every array begins with runs, ends with windows."""

    option: Options
    """The chosen option, shape (run, window)."""

    set_point_mw: Floats
    """What the element was told, shape (run, window)."""

    stopped: Mask
    """Whether a party isolated its busbar, shape (run, window)."""

    cost_gbp: Floats
    """What each party's network cost, shape (run, party, window)."""

    paid: Ticks
    """What each party paid in ticks, penalties too, shape (run, party, window)."""

    own_gas: NDArray[np.int64]
    """Gas of each party's own calls, shape (run, party, window)."""

    shared_gas: NDArray[np.int64]
    """Gas of the calls that anyone may make, and the meter's, shape (run, window)."""

    authority: Seats
    """Who held authority when the window was decided, shape (run, window)."""

    authority_used: Mask
    """Whether it broke a tie, shape (run, window)."""

    @property
    def gas(self) -> Floats:
        """Own gas and an equal share of the shared, shape (run, party, window)."""
        return self.own_gas + self.shared_gas[:, np.newaxis] / self.own_gas.shape[1]

    @classmethod
    def joined(cls, parts: "Sequence[Outcome]") -> Self:
        """Return the outcome of all the runs of some parts, in order."""
        names = [f.name for f in fields(cls)]
        return cls(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})


@dataclass(frozen=True, eq=False)
class Case:
    """What a pair of loadings costs over all days."""

    costs_gbp: Floats
    """Shape (party, window, option)."""

    isolated_gbp: Floats
    """With the element out of service, shape (party, window)."""

    day: int
    """How many windows a day has."""

    @classmethod
    def of(cls, seen: Study, pair: tuple[str, ...]) -> Self:
        """Return the case of a pair, its days one after another."""
        days = range(seen.days)
        return cls(
            np.concatenate([seen.costs_gbp(pair, day) for day in days], axis=1),
            np.concatenate([seen.isolated_gbp(pair, day) for day in days], axis=1),
            seen.cost_gbp.shape[3],
        )


Cases = Mapping[tuple[str, ...], Case]
"""What runs are played on, by their pairs."""


def play(scenario: Scenario, cases: Cases, runs: Sequence[Run], agreed: Terms) -> Outcome:
    """Negotiate every window of every run: in memory all at once, on a chain run by run.

    Each party draws from a stream that depends on the scenario's seed, the pair, the replicate
    and its seat alone, so that profiles meet the same chances.

    Parameters
    ----------
    scenario : Scenario
        For its venue, seed, tick and deposits.
    cases : mapping
        What every pair of the runs costs.
    runs : sequence of Run
        Under one mechanism.
    agreed : Terms
        Its rules.
    """
    if scenario.chain.venue == "local":
        return _together(scenario, cases, runs, agreed)
    return Outcome.joined([_alone(scenario, cases[run.pair], run, agreed) for run in runs])


def at_once(scenario: Scenario, seen: Study) -> int:
    """Return how many runs are handed to `play` at a time."""
    if scenario.chain.venue != "local":
        return RUNS_AT_ONCE
    return max(1, NEGOTIATIONS_AT_ONCE // (seen.days * seen.cost_gbp.shape[3]))


def negotiation(
    scenario: Scenario, agreed: Terms, case: Case, run: Run, venue: Venue | None = None
) -> Negotiation:
    """Return the Mesa model of a run, on a fresh venue unless one is given.

    Parameters
    ----------
    scenario : Scenario
        For its venue, seed, tick and deposits.
    agreed : Terms
        The rules.
    case : Case
        What the pair costs.
    run : Run
        Who plays.
    venue : Venue, optional
        Where.
    """
    chain, market = scenario.chain, scenario.market
    return Negotiation(
        venue=venue or open_venue(chain.venue, agreed, chain.rpc_url),
        costs_gbp=case.costs_gbp,
        strategies=[strategy(name) for name in run.strategies],
        rng=_entropy(scenario, run.pair, run.replicate),
        tick_gbp=market.tick_gbp,
        working_ticks=_working_ticks(scenario),
        isolated_gbp=case.isolated_gbp,
        day=case.day,
    )


def _alone(scenario: Scenario, case: Case, run: Run, agreed: Terms) -> Outcome:
    """Negotiate the windows of one run on its own venue."""
    model = negotiation(scenario, agreed, case, run)
    sessions = list(_sessions(model.play))
    own, shared = _gas(model.venue.calls, agreed.parties, model.windows, agreed.horizon)
    return _outcome(sessions, own[np.newaxis], shared[np.newaxis])


def _together(scenario: Scenario, cases: Cases, runs: Sequence[Run], agreed: Terms) -> Outcome:
    """Negotiate the windows of all runs at once, in memory."""
    pairs = sorted({run.pair for run in runs})
    worlds = dict.fromkeys((run.pair, run.replicate) for run in runs)
    number = {key: i for i, key in enumerate(worlds)}
    world = np.array([number[run.pair, run.replicate] for run in runs])
    fates = [chances(_entropy(scenario, *key), agreed.parties) for key in worlds]
    floor = LocalFloor(agreed, Salts([fates[at][1] for at in world]))
    players = []
    for seat in range(agreed.parties):
        seeds = [fate[0][seat] for fate in fates]
        names = np.array([run.strategies[seat] for run in runs])
        for name in sorted(set(names.tolist())):
            where = np.flatnonzero(names == name)
            known = setting(
                agreed, seat, scenario.market.tick_gbp, cases[pairs[0]].day, len(where)
            )
            draws = Draws(seeds, world[where].tolist())
            players.append(Player(strategy(name), known, draws, _places(where)))
    costs = Costs(
        np.stack([cases[pair].costs_gbp for pair in pairs]),
        np.stack([cases[pair].isolated_gbp for pair in pairs]),
        np.array([pairs.index(run.pair) for run in runs]),
    )
    windows = costs.gbp.shape[2]
    sessions = _sessions(Play(floor, costs, players, _working_ticks(scenario)))
    no_gas = np.zeros((len(runs), agreed.parties, windows), np.int64)
    return _outcome(sessions, no_gas, no_gas[:, 0])


def _places(where: NDArray[np.int64]) -> NDArray[np.int64] | slice:
    """Return ascending places, as a slice if none is left out: arrays are then not copied."""
    first, last = int(where[0]), int(where[-1])
    return slice(first, last + 1) if last - first + 1 == len(where) else where


def _sessions(play: Play) -> Iterator[Session]:
    while play.window < play.windows:
        yield play.hold()


def _outcome(
    sessions: Iterable[Session], own_gas: NDArray[np.int64], shared_gas: NDArray[np.int64]
) -> Outcome:
    """Return what became of sessions that are held one after another; bids are let go."""
    kept = [
        {
            "option": session.outcome.option,
            "set_point_mw": session.outcome.set_point / 1000,
            "stopped": session.blocked.any(1),
            "cost_gbp": session.cost_gbp,
            "paid": session.paid,
            "authority": session.outcome.authority,
            "authority_used": session.outcome.used,
        }
        for session in sessions
    ]
    joined = {name: np.concatenate([part[name] for part in kept], -1) for name in kept[0]}
    return Outcome(own_gas=own_gas, shared_gas=shared_gas, **joined)


def _entropy(scenario: Scenario, pair: tuple[str, ...], replicate: int) -> list[int]:
    """Return what the chances of a run are drawn from, whoever plays it."""
    return [scenario.seed, crc32("-".join(pair).encode()), replicate]


def _working_ticks(scenario: Scenario) -> int:
    return round(scenario.market.deposit_gbp / scenario.market.tick_gbp)


def _gas(
    calls: Sequence[Call], parties: int, windows: int, horizon: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return own and shared gas, a session's with its first window; no deposits."""
    own = np.zeros((parties, windows), np.int64)
    shared = np.zeros(windows, np.int64)
    for call in calls:
        if call.session is None:
            continue
        first = call.session * horizon
        if call.seat is None:
            shared[first] += call.gas
        else:
            own[call.seat, first] += call.gas
    return own, shared
