"""Every contender in every world, truthful and attacked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from experiments.audit import instead
from experiments.audit.attacks import Attack, Table, attack, is_pivotal
from experiments.audit.contenders import AUDITED, Contender, contenders
from experiments.audit.outcomes import holders, outcome, truthful_bids
from experiments.audit.world import World, pairs_of, world
from experiments.scenario import Scenario
from experiments.wiring import Progress, Study
from market.games.benchmarks import Plan
from market.types import Mask, Seats

TWO: Final = 2
"""Best responses under a lottery are known for two parties."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A contender in a world."""

    contender: Contender
    world: World

    authority: Seats
    """Who holds it in each window, shape (window,)."""

    truthful: Plan
    """What becomes of the windows if all bid the truth."""

    pivotal: Mask
    """Where the outcome is another without a party's bid, shape (party, window)."""

    attacks: tuple[Attack, ...]
    """One for each party; none where no exact best response is known."""


@dataclass(frozen=True, eq=False)
class Audit:
    """Every contender in every world, and what could be in their place."""

    scenario: Scenario
    seen: Study
    worlds: tuple[World, ...]
    trials: tuple[Trial, ...]

    plans: tuple[tuple[str, Plan, World], ...]
    """The benchmarks of each world."""


def audit(
    scenario: Scenario,
    seen: Study,
    names: Sequence[str] = AUDITED,
    told: Progress | None = None,
) -> Audit:
    """Try every contender in every world.

    Parameters
    ----------
    scenario : Scenario
        For its pairs and its tick.
    seen : Study
        What the grid says.
    names : sequence of str
        Some of `AUDITED`.
    told : callable, optional
        Told how many trials are done, and how many there are.
    """
    worlds = tuple(world(seen, pair) for pair in pairs_of(scenario, seen))
    places = list(product(contenders(names), worlds))
    trials = []
    for contender, where in places:
        trials.append(trial(contender, where, scenario.market.tick_gbp))
        if told is not None:
            told(len(trials), len(places))
    plans = tuple(
        (name, plan, where) for where in worlds for name, plan in instead.plans(where)
    )
    return Audit(scenario, seen, worlds, tuple(trials), plans)


def trial(contender: Contender, where: World, tick_gbp: float) -> Trial:
    """Let all bid the truth in every window, and then let each party depart from it."""
    bids = truthful_bids(contender, where, tick_gbp)
    authority = holders(contender.rule, bids)
    truthful = outcome(contender, bids, authority, tick_gbp)
    parties = range(bids.shape[-2])
    seats = () if contender.rule.lottery and len(parties) > TWO else parties
    table = Table(contender, where, tick_gbp, bids, authority)
    return Trial(
        contender=contender,
        world=where,
        authority=authority,
        truthful=truthful,
        pivotal=np.stack([is_pivotal(table, truthful, seat) for seat in parties]),
        attacks=tuple(attack(table, truthful, seat) for seat in seats),
    )
