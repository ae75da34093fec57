"""One run of the Mesa model, with every event of it: windows, bids, payments, calls."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from agents.model import Negotiation
from experiments.errors import ScenarioRefused
from experiments.scenario import Scenario
from experiments.scores import physics_at
from experiments.simulation.choices import choices_json, fitted_choices
from experiments.simulation.learning import learning_table, observed
from experiments.simulation.ledger import ledger
from experiments.simulation.recorded import RecordedVenue
from experiments.tournament.match import Case, Run, negotiation
from experiments.wiring import Progress, Study, open_venue, terms
from market.types import Floats, Mask, Options


@dataclass(frozen=True, eq=False)
class Simulation:
    """A run, whole or as far as it came."""

    scenario: Scenario
    seen: Study
    model: Negotiation
    venue: RecordedVenue

    learning: pd.DataFrame
    """What each session earned each party, and what it might have."""

    free: Sequence[tuple[int, ...]]
    """What each seat could withdraw at the end of each window, in ticks."""

    @property
    def mechanism(self) -> str:
        """The one that was negotiated by."""
        return self.scenario.market.mechanisms[0]

    @property
    def complete(self) -> bool:
        """Whether every window was played."""
        return self.model.window == self.model.windows

    @property
    def day(self) -> Options:
        """The day of each window that was played."""
        return np.arange(self.model.window) // self.seen.cost_gbp.shape[3]

    @property
    def half_hour(self) -> Options:
        """The half-hour of each window within its day."""
        return np.arange(self.model.window) % self.seen.cost_gbp.shape[3]

    @property
    def option(self) -> Options:
        """The option chosen in each window."""
        played = self.venue.awards[: self.model.window]
        return np.array([award.option for award in played], dtype=np.int64)

    @property
    def stopped(self) -> Mask:
        """Whether a party isolated its busbar, in each window."""
        return self.model.datacollector.get_model_vars_dataframe()["stopped"].to_numpy(bool)


def simulate(
    scenario: Scenario,
    seen: Study,
    windows: int | None,
    progress: Progress,
    interrupted: Callable[[], bool],
) -> Simulation:
    """Play the windows of a scenario in order, days on end.

    Parameters
    ----------
    scenario : Scenario
        Who plays, by which rule, where.
    seen : Study
        What the grid says.
    windows : int, optional
        How many windows; those of the first day unless given.
    progress : callable
        Told how many windows are played, and how many there are.
    interrupted : callable
        Asked before each window whether to stop.
    """
    play, case = scenario.play, Case.of(seen, scenario.play.pair)
    most = case.costs_gbp.shape[1]
    count = case.day if windows is None else windows
    if not 1 <= count <= most:
        reason = f"{count} windows asked for, wanted 1 to {most}"
        raise ScenarioRefused(scenario.source, reason)
    run = Run(scenario.market.mechanisms[0], play.pair, play.seats)
    agreed = terms(scenario, seen, run.mechanism)
    chain = scenario.chain
    venue = RecordedVenue(open_venue(chain.venue, agreed, chain.rpc_url))
    part = replace(case, costs_gbp=case.costs_gbp[:, :count])
    model = negotiation(scenario, agreed, part, run, venue)
    learnt: list[Any] = []
    free: list[tuple[int, ...]] = []
    while model.window < count and not interrupted():
        first = model.window % agreed.horizon == 0
        model.step()
        if first:
            learnt += observed(model, seen.parties, play.seats)
        free.append(venue.free)
        progress(model.window, count)
    return Simulation(scenario, seen, model, venue, learning_table(learnt), free)


def windows_table(run: Simulation) -> pd.DataFrame:
    """Return one row a window."""
    collected = run.model.datacollector.get_model_vars_dataframe()
    table = collected.assign(
        day=run.day,
        half_hour=run.half_hour,
        set_point_mw=collected["set_point"] / 1000,
        candidates=[list(award.candidates) for award in run.venue.awards[: run.model.window]],
    )
    return table.drop(columns="set_point")


def payments_table(run: Simulation) -> pd.DataFrame:
    """Return one row a window and party: what it cost, and what was paid for it."""
    collected = run.model.datacollector.get_agent_vars_dataframe()
    seat = collected["seat"].to_numpy(int)
    window = collected.index.get_level_values("Step").to_numpy(int) - 1
    table = pd.DataFrame({"window": window, "seat": seat})
    table["party"] = np.array(run.seen.parties)[seat]
    table["strategy"] = np.array(run.scenario.play.seats)[seat]
    table["cost_gbp"] = collected["cost_gbp"].to_numpy(float)
    no_link = _no_link_gbp(run)
    table["no_link_gbp"] = np.nan if no_link is None else no_link[seat, window]
    table["paid_ticks"] = collected["paid_ticks"].to_numpy(int)
    table["paid_gbp"] = table["paid_ticks"] * run.scenario.market.tick_gbp
    table["free_gbp"] = np.array(run.free)[window, seat] * run.scenario.market.tick_gbp
    return table


def bids_table(run: Simulation) -> pd.DataFrame:
    """Return one row a window, party and option: the offer in ticks, or the rank."""
    horizon = run.venue.terms.horizon
    rows = [
        (sent.session * horizon + i, run.seen.parties[sent.seat], option, number, sent.covered)
        for sent in run.venue.sent
        for i, bid in enumerate(sent.bids)
        for option, number in enumerate(bid.numbers if bid else ())
    ]
    return pd.DataFrame(rows, columns=["window", "party", "option", "number", "covered"])


def calls_table(run: Simulation) -> pd.DataFrame:
    """Return one row a call to the venue: on a chain, every transaction.

    ``ticks`` is what was paid in or taken out.
    """
    names = ["stage", "session", "seat", "gas", "block", "transaction"]
    table = pd.DataFrame([asdict(call) for call in run.venue.calls], columns=names)
    table["ticks"] = pd.Series(run.venue.moved, dtype=object)
    whole = dict.fromkeys(("session", "seat", "gas", "block", "ticks"), "Int64")
    return table.astype(whole | {"transaction": "string"})


def summary(run: Simulation) -> dict[str, Any]:
    """Return the totals of a run."""
    return {
        "scenario": run.scenario.name,
        "pair": list(run.scenario.play.pair),
        "mechanism": run.mechanism,
        "venue": run.scenario.chain.venue,
        "windows": run.model.window,
        "complete": run.complete,
        "parties": _parties(run),
        "gas": calls_table(run).groupby("stage", sort=False)["gas"].sum().to_dict(),
        "fee_gbp": sum(call.gas for call in run.venue.calls) * run.scenario.chain.gas_gbp,
        "physics": _physics(run),
        "money": asdict(ledger(run.venue)),
        "learners": choices_json(fitted_choices(run.learning)),
    }


def _parties(run: Simulation) -> list[dict[str, Any]]:
    """Return what the run cost each party, with and without the link."""
    table = payments_table(run).groupby("seat")[["cost_gbp", "paid_gbp"]].sum()
    fees, no_link = _fees_gbp(run), _no_link_gbp(run)
    return [
        {
            "name": name,
            "strategy": run.scenario.play.seats[seat],
            "cost_gbp": float(table["cost_gbp"].get(seat, 0.0)),
            "payments_gbp": float(table["paid_gbp"].get(seat, 0.0)),
            "fees_gbp": fees[seat],
            "no_link_gbp": None if no_link is None else float(no_link[seat].sum()),
        }
        for seat, name in enumerate(run.seen.parties)
    ]


def _fees_gbp(run: Simulation) -> list[float]:
    """Return the fees of each party: its own calls, and its share of what anyone may call."""
    parties, price = len(run.seen.parties), run.scenario.chain.gas_gbp
    own = [0] * parties
    shared = 0
    for call in run.venue.calls:
        if call.seat is not None:
            own[call.seat] += call.gas
        elif call.stage != "deploy":
            shared += call.gas
    return [(gas + shared / parties) * price for gas in own]


def _no_link_gbp(run: Simulation) -> Floats | None:
    """Return the cost of each window without the link, shape (party, window)."""
    if run.seen.no_link_gbp is None:
        return None
    places = run.seen.places(run.scenario.play.pair)
    days = run.seen.no_link_gbp[run.seen.seats, places]
    return days[:, run.day, run.half_hour]


def _physics(run: Simulation) -> dict[str, Any] | None:
    """Return balance, losses, utilisation, voltage and breaches, with and without the link."""
    if run.seen.appraisal is None:
        return None
    party = np.array(run.seen.seats)[:, np.newaxis]
    place = np.array(run.seen.places(run.scenario.play.pair))[:, np.newaxis]
    index = party, place, run.day, run.half_hour
    alone = run.seen.appraisal.no_link
    link = physics_at(run.seen.appraisal, (*index, run.option), run.stopped, alone)
    without = physics_at(alone, index)
    return {
        "balance": float(link.exchange_mwh.sum() / without.exchange_mwh.sum()),
        "link": link.as_lists(),
        "no_link": without.as_lists(),
    }
