"""The negotiation as a PettingZoo environment, for learners of any kind.

Needs the extra: ``pip install gridpact[pettingzoo]``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from agents.draws import Draws, chances
from agents.play import Costs, Play
from agents.player import Player
from agents.strategies.base import Experience, Knowledge, Strategy, setting
from experiments.errors import Unknown
from experiments.scenario import read_scenario
from experiments.tournament.match import Case
from experiments.wiring import Progress, strategy, study, terms
from market import money
from market.floor import Salts
from market.local_floor import LocalFloor
from market.terms import Terms
from market.types import Bids, Floats

MOST: Final = 2.0
"""The most that can be stated for an option, as a share of what the best one is worth."""

Numbers: TypeAlias = NDArray[np.float32]
"""Observations and actions."""

ByAgent: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Outside(Strategy):
    """Bid what was put into its memory, and put there what became of it."""

    meaning: ClassVar[str] = "bids what it is told"

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """State shares of what its best option is worth."""
        best = knowledge.values_gbp.max(-1, keepdims=True)
        return knowledge.bid(knowledge.memory * best)

    def learn(self, experience: Experience) -> Any:
        """Keep everything, for whoever tells it what to bid."""
        return experience


@dataclass(frozen=True)
class Part:
    """A part of an observation."""

    shape: tuple[int, ...]
    low: float
    high: float

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)


@dataclass(frozen=True)
class Layout:
    """Where the parts of a flat observation are."""

    parts: Mapping[str, Part]

    def space(self) -> Box:
        """Return the space of observations."""
        low, high = (
            np.concatenate([np.full(p.size, getattr(p, end)) for p in self.parts.values()])
            for end in ("low", "high")
        )
        return Box(low.astype(np.float32), high.astype(np.float32))

    def packed(self, numbers: Mapping[str, Any]) -> Numbers:
        """Return an observation; what is not there is zero."""
        rows = []
        for name, part in self.parts.items():
            row = np.zeros(part.shape, np.float32)
            if name in numbers:
                row[tuple(map(slice, np.shape(numbers[name])))] = numbers[name]
            rows.append(row.ravel())
        return np.concatenate(rows)

    def part(self, observation: Numbers, name: str) -> Numbers:
        """Return a part of an observation in its own shape."""
        sizes = [part.size for part in self.parts.values()]
        place = list(self.parts).index(name)
        first = sum(sizes[:place])
        return observation[first : first + sizes[place]].reshape(self.parts[name].shape)


class NegotiationEnv(ParallelEnv):  # type: ignore[misc]  # PettingZoo is untyped
    """Parties negotiate session after session; an agent is a party, a step a session.

    The rules, the money and the other parties are those of every other run: the sessions are
    held by `agents.play.Play` in memory. An episode ends (truncated) with the last session.

    **Action**: `Box` from 0 to 2, shape ``(option,)``, or ``(window, option)`` if a session
    has more windows than one. The value to state for each option, as a share of what the
    party's best option is worth in that window: the ``value`` that it observes is the truth.
    Under offers that much money is offered, under ranks only the order counts.

    **Observation**: `Box` of float32, flat; ``layout.part(observation, name)`` has the shape
    below (n is the number of parties, H of windows in a session, B of options):

    ============= ============ =========================================================
    ``value``     (H, B)       own value of each option, over that of its best one
    ``best``      (H,)         own value of its best option, over ``scale_gbp[agent]``
    ``bids``      (n-1, H, B)  the others' last bids in seat order: offers in GBP over
                               ``scale_gbp[agent]``; of ranks 1 for the first, 0 for the
                               last; 0 of parties that were absent
    ``option``    (H, B)       1 for the last chosen option, 0 for all others
    ``payment``   (H,)         own last payment in GBP, penalties with the last window,
                               over ``scale_gbp[agent]``; negative if received
    ``free``      (1,)         own free deposit, as a share of the working balance
    ``half-hour`` (2,)         sine and cosine of the first window's place in its day
    ``authority`` (1,)         1 if it would break the next tie, else 0
    ============= ============ =========================================================

    ``scale_gbp[agent]`` is what its best option is worth at the most, in GBP. All that is
    last is 0 before the first session; windows beyond the end of the run are 0.

    **Reward**: own payoff of the session in GBP: what was delivered is worth, against the
    party's worst option, less what it paid.

    Parameters
    ----------
    case : Case
        What every window costs each party.
    agreed : Terms
        The rules.
    parties : sequence of str, optional
        Their names in seat order; network-1, network-2 and so on unless given.
    opponents : mapping of str to str, optional
        Who is not learning, and the strategy that holds the seat.
    tick_gbp : float
        What a tick is worth.
    deposit_gbp : float
        What a party keeps in its account.
    seed : int
        Of the first episode, if `reset` is not told one; later ones differ.
    """

    metadata: ClassVar[dict[str, Any]] = {"name": "gridpact_v0", "render_modes": []}

    def __init__(
        self,
        case: Case,
        agreed: Terms,
        parties: Sequence[str] = (),
        opponents: Mapping[str, str] | None = None,
        tick_gbp: float = 0.01,
        deposit_gbp: float = 10_000.0,
        seed: int = 0,
    ) -> None:
        self.case, self.agreed = case, agreed
        self.parties = tuple(parties) or tuple(
            f"network-{seat + 1}" for seat in range(agreed.parties)
        )
        held = dict(opponents or {})
        for name in held:
            if name not in self.parties:
                raise Unknown("party", name, self.parties)
        self.possible_agents = [name for name in self.parties if name not in held]
        self.agents: list[str] = []
        worth = money.values(case.costs_gbp).max((-2, -1)).tolist()
        self.scale_gbp = {
            name: gbp or 1.0 for name, gbp in zip(self.parties, worth, strict=True)
        }
        self.layout = _layout(agreed)
        self._seats = {name: self.parties.index(name) for name in self.possible_agents}
        self._opponents = {name: strategy(text) for name, text in held.items()}
        self._tick_gbp, self._working = tick_gbp, round(deposit_gbp / tick_gbp)
        self._rng = np.random.default_rng(seed)
        self._players: dict[str, Player] = {}
        shape = (agreed.horizon,) * (agreed.horizon > 1) + (len(agreed.options),)
        self._spaces = {
            name: (self.layout.space(), Box(0.0, MOST, shape, np.float32))
            for name in self.possible_agents
        }

    def observation_space(self, agent: str) -> Box:
        """Return what an agent sees."""
        return self._spaces[agent][0]

    def action_space(self, agent: str) -> Box:
        """Return what an agent may do."""
        return self._spaces[agent][1]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ByAgent, ByAgent]:
        """Start an episode: the same one for the same seed."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        seeds, secrets = chances(int(self._rng.integers(2**62)), self.agreed.parties)
        everybody = [self._opponents.get(name, Outside()) for name in self.parties]
        players = [
            Player(
                each,
                setting(self.agreed, seat, self._tick_gbp, self.case.day),
                Draws([seeds[seat]]),
            )
            for seat, each in enumerate(everybody)
        ]
        costs = Costs(self.case.costs_gbp[np.newaxis], self.case.isolated_gbp[np.newaxis])
        self._floor = LocalFloor(self.agreed, Salts([secrets]))
        self._play = Play(self._floor, costs, players, self._working)
        self._players = {name: players[seat] for name, seat in self._seats.items()}
        self.agents = list(self.possible_agents)
        return self._observed(), {name: {} for name in self.agents}

    def step(
        self, actions: Mapping[str, Any]
    ) -> tuple[ByAgent, dict[str, float], dict[str, bool], dict[str, bool], ByAgent]:
        """Hold a session in which every agent states what its action says."""
        if not self.agents:
            raise ValueError("the episode is over, or never began: reset comes first")
        for name in self.agents:
            self._players[name].memory = self._stated(actions[name])
        self._play.hold()
        done, now = self._play.window >= self._play.windows, self.agents
        known = {name: self._players[name].memory for name in now}
        rewards = {name: float(known[name].earned_gbp.sum()) for name in now}
        infos = {
            name: {
                "option": known[name].option[0],
                "payment_gbp": self._paid_gbp(known[name], self._seats[name]),
            }
            for name in now
        }
        seen, ended = self._observed(), dict.fromkeys(now, done)
        self.agents = [] if done else now
        return seen, rewards, dict.fromkeys(now, False), ended, infos

    def _stated(self, action: Any) -> Floats:
        """Return an action as what is stated in the windows that are left, (1, H, B)."""
        horizon = self.agreed.horizon
        shares = np.asarray(action, float).reshape(1, horizon, len(self.agreed.options))
        if not np.isfinite(shares).all():
            raise ValueError("an action holds what is not a number")
        return np.clip(shares[:, : self._play.windows - self._play.window], 0.0, MOST)

    def _observed(self) -> dict[str, Numbers]:
        return {
            name: self.layout.packed(self._present(name) | self._past(name))
            for name in self.agents
        }

    def _present(self, name: str) -> dict[str, Any]:
        """Return what an agent knows of the next session."""
        seat, first = self._seats[name], self._play.window
        costs = self.case.costs_gbp[seat, first : first + self.agreed.horizon]
        values = money.values(costs)
        best = values.max(-1)
        angle = 2 * np.pi * (first % self.case.day) / self.case.day
        return {
            "value": values / np.where(best > 0, best, 1.0)[:, np.newaxis],
            "best": best / self.scale_gbp[name],
            "free": self._floor.free[:, seat] / max(self._working, 1),
            "half-hour": np.array([np.sin(angle), np.cos(angle)]),
            "authority": self._floor.authority == seat,
        }

    def _past(self, name: str) -> dict[str, Any]:
        """Return what an agent knows of the last session, if there was one."""
        past, seat = self._players[name].memory, self._seats[name]
        if past is None:
            return {}
        options, scale = len(self.agreed.options), self.scale_gbp[name]
        bids = np.delete(past.bids[0], seat, axis=0)
        if self.agreed.rule.form == "offers":
            shown = bids * self._tick_gbp / scale
        else:
            shown = np.where(bids > 0, options - bids, 0) / (options - 1)
        return {
            "bids": shown,
            "option": np.eye(options)[past.option[0]],
            "payment": self._paid_gbp(past, seat) / scale,
        }

    def _paid_gbp(self, past: Experience, seat: int) -> Floats:
        """Return what a party paid in each window, penalties with the last."""
        paid = past.payments[0, seat].astype(float)
        paid[-1] += past.penalties[0, seat]
        return paid * self._tick_gbp


def environment(
    scenario_name: str = "anglesey",
    mechanism: str | None = None,
    opponents: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> NegotiationEnv:
    """Return the environment of a scenario: its days, its rules, its pair of loadings.

    Parameters
    ----------
    scenario_name : str
        A shipped scenario, or a TOML file.
    mechanism : str, optional
        The scenario's first unless given.
    opponents : mapping of str to str, optional
        As `NegotiationEnv` takes them.
    progress : callable, optional
        Told how far the load flows are.
    """
    scenario = read_scenario(scenario_name)
    seen = study(scenario, progress)
    return NegotiationEnv(
        Case.of(seen, scenario.play.pair),
        terms(scenario, seen, mechanism or scenario.market.mechanisms[0]),
        seen.parties,
        opponents,
        scenario.market.tick_gbp,
        scenario.market.deposit_gbp,
        scenario.seed,
    )


def _layout(agreed: Terms) -> Layout:
    """Return the parts of an observation under agreed terms."""
    horizon, options = agreed.horizon, len(agreed.options)
    return Layout(
        {
            "value": Part((horizon, options), 0.0, 1.0),
            "best": Part((horizon,), 0.0, 1.0),
            "bids": Part((agreed.parties - 1, horizon, options), 0.0, np.inf),
            "option": Part((horizon, options), 0.0, 1.0),
            "payment": Part((horizon,), -np.inf, np.inf),
            "free": Part((1,), 0.0, np.inf),
            "half-hour": Part((2,), -1.0, 1.0),
            "authority": Part((1,), 0.0, 1.0),
        }
    )
