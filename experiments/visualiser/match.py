"""One match on the page: a Mesa model that is stepped, and the record that it leaves."""

from dataclasses import replace
from typing import Any

import mesa
import numpy as np

from experiments.scenario import Scenario
from experiments.simulation.learning import observed
from experiments.tournament.match import Case, Run, negotiation
from experiments.visualiser.chair import Orders, chair_view, take_chair, truth_gbp
from experiments.visualiser.record import Record
from experiments.visualiser.told_venue import ToldVenue
from experiments.visualiser.world import World
from experiments.wiring import open_venue, terms

TRUTH = "truthful"
"""How a chair behaves at the contract, and bids until told otherwise."""


class Match:
    """Play the windows of a scenario by one mechanism, and keep what happens.

    Parameters
    ----------
    scenario : Scenario
        Who plays, where.
    world : World
        What its grid says.
    mechanism : str
        By which rule.
    windows : int
        How many windows.
    chair : int, optional
        The seat that a person takes.
    """

    def __init__(
        self,
        scenario: Scenario,
        world: World,
        mechanism: str,
        windows: int,
        chair: int | None = None,
    ) -> None:
        self.world, self.chair = world, chair
        seen, pair = world.seen, scenario.play.pair
        seats = list(scenario.play.seats)
        if chair is not None:
            seats[chair] = TRUTH
        agreed = terms(scenario, seen, mechanism)
        venue = open_venue(scenario.chain.venue, agreed, scenario.chain.rpc_url)
        self.venue = ToldVenue(venue, seen.parties, scenario.market.tick_gbp)
        case = Case.of(seen, pair)
        part = replace(case, costs_gbp=case.costs_gbp[:, :windows])
        run = Run(mechanism, pair, tuple(seats))
        self.model = negotiation(scenario, agreed, part, run, self.venue)
        self.orders = Orders() if chair is None else take_chair(self.model, chair)
        if chair is not None:
            seats[chair] = "you"
        self.record = Record.empty(
            scenario=scenario.name,
            parties=seen.parties,
            terms=agreed,
            pair=pair,
            seats=seats,
            tick_gbp=scenario.market.tick_gbp,
            day=case.day,
            windows=windows,
        )
        self.earned_gbp = self.truth_gbp = 0.0
        self._hindsight: dict[str, Any] = {}
        self._sent = 0

    @property
    def finished(self) -> bool:
        """Whether every window was played."""
        return self.record.played == self.record.windows

    def step(self) -> None:
        """Play a window, and write down what became of it."""
        record, model = self.record, self.model
        window, first = model.window, model.window % self.venue.terms.horizon == 0
        model.step()
        award = model.award
        if award is None:
            raise ValueError("a window ended without an award")
        record.option[window] = award.option
        record.set_point_mw[window] = award.set_point / 1000
        record.stopped[window] = model.stopped
        record.authority[window] = award.authority
        record.used[window] = award.authority_used
        for agent in model.agents:
            record.cost_gbp[agent.seat, window] = agent.cost_gbp
            record.paid_gbp[agent.seat, window] = agent.paid_ticks * record.tick_gbp
        record.free_gbp[:, window] = np.array(self.venue.free) * record.tick_gbp
        if first:
            self._write_bids()
            self._learn(window)
        record.calls = self.venue.told
        record.called[window] = len(self.venue.told)
        record.played = window + 1

    def close(self) -> None:
        """Let go of the model: Mesa 3.3 counts the agents of every model, and forgets none."""
        getattr(mesa.Agent, "_ids", {}).pop(self.model, None)

    def _write_bids(self) -> None:
        record, horizon = self.record, self.venue.terms.horizon
        for sent in self.venue.sent[self._sent :]:
            for place, bid in enumerate(sent.bids):
                window = sent.session * horizon + place
                if bid is not None and window < record.windows:
                    record.bids[sent.seat, window] = bid.numbers
        self._sent = len(self.venue.sent)

    def _learn(self, window: int) -> None:
        """Write down what each party gained, and might have gained."""
        record = self.record
        for row in observed(self.model, record.parties, record.seats):
            party, payoff, gain, hindsight = row[2], row[4], row[5], row[7]
            seat = record.parties.index(party)
            record.gain_gbp[seat, window] = gain
            if hindsight:
                fixed, earned = self._hindsight.get(party, (0.0, 0.0))
                fixed, earned = fixed + np.array(hindsight), earned + payoff
                self._hindsight[party] = fixed, earned
                record.regret_gbp[seat, window] = fixed.max() - earned
            if seat == self.chair:
                self.earned_gbp += payoff
                self.truth_gbp += truth_gbp(self.model, seat)

    def chair_view(self) -> dict[str, Any] | None:
        """Return what the person in a seat bids on next, or None where nobody sits."""
        if self.chair is None:
            return None
        record, horizon = self.record, self.venue.terms.horizon
        gains = record.gain_gbp[self.chair, : record.played]
        told = {
            "party": record.parties[self.chair],
            "earned": round(self.earned_gbp, 2),
            "regret": round(float(np.nansum(gains)), 2),
            "truth_earned": round(self.truth_gbp, 2),
            "finished": self.finished,
            "open": not self.finished and record.played % horizon == 0,
        }
        if self.finished:
            return told
        window = record.played
        last = min(window + horizon - window % horizon, record.windows)
        views = [chair_view(self.model, self.chair, at) for at in range(window, last)]
        return told | {
            "session": [view | {"half_hour": view["window"] % record.day} for view in views]
        }
