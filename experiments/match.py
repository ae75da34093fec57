"""One run of a profile: the parties negotiate every window of a day, on a fresh venue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.model import Negotiation
from experiments.scenario import Scenario
from experiments.wiring import open_venue, strategy
from market.terms import Terms
from market.types import Floats, Mask, Options, Seats, Ticks
from market.venue import Award, Call


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of the windows of a match."""

    option: Options
    """The chosen option, shape (window,)."""

    set_point_mw: Floats
    """What the element was told, shape (window,)."""

    paid: Ticks
    """What each party paid in ticks, penalties too, shape (party, window)."""

    own_gas: NDArray[np.int64]
    """Gas of each party's own calls, shape (party, window)."""

    shared_gas: NDArray[np.int64]
    """Gas of the calls that anyone may make, and the meter's, shape (window,)."""

    authority: Seats
    """Who held authority when the window was decided, shape (window,)."""

    authority_used: Mask
    """Whether it broke a tie, shape (window,)."""

    @property
    def gas(self) -> Floats:
        """Own gas and an equal share of the shared, shape (party, window)."""
        return self.own_gas + self.shared_gas / len(self.own_gas)


def play(
    scenario: Scenario, agreed: Terms, costs_gbp: Floats, strategies: Sequence[str]
) -> Outcome:
    """Negotiate every window once.

    Each party draws from a stream that depends on the scenario's seed and its seat
    alone, so that profiles meet the same chances.

    Parameters
    ----------
    scenario : Scenario
        For its venue, seed, tick and deposits.
    agreed : Terms
        The rules.
    costs_gbp : ndarray of float, shape (party, window, option)
        What each window costs each party at each option, in GBP.
    strategies : sequence of str
        The strategy of each seat.
    """
    market = scenario.market
    model = Negotiation(
        venue=open_venue(scenario.chain.venue, agreed, scenario.chain.rpc_url),
        costs_gbp=costs_gbp,
        strategies=[strategy(name) for name in strategies],
        rng=scenario.seed,
        tick_gbp=market.tick_gbp,
        working_ticks=round(market.deposit_gbp / market.tick_gbp),
    )
    awards: list[Award] = []
    paid: list[list[int]] = []
    while model.window < model.windows:
        model.step()
        if model.award is not None:
            awards.append(model.award)
        paid.append([party.paid_ticks for party in model.agents])
    own, shared = _gas(model.venue.calls, len(strategies), model.windows, agreed.horizon)
    return Outcome(
        option=np.array([award.option for award in awards]),
        set_point_mw=np.array([award.set_point for award in awards]) / 1000,
        paid=np.array(paid).T,
        own_gas=own,
        shared_gas=shared,
        authority=np.array([award.authority for award in awards]),
        authority_used=np.array([award.authority_used for award in awards]),
    )


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
