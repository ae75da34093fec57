"""A pair of loadings over all days: what every option costs, and does to the grid."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from experiments.scenario import PAPER_PAIRS, Scenario
from experiments.scores import WINDOW_HOURS
from experiments.wiring import Study
from market.games.benchmarks import Plan
from market.terms import middle_option
from market.types import Floats

TOLERANCE: Final = 1e-6
"""Gains up to so many ticks are none: means over lots differ in their last digits."""


@dataclass(frozen=True, eq=False)
class World:
    """A pair of loadings over all days: what every option costs, and does to the grid."""

    pair: tuple[str, ...]

    costs_gbp: Floats
    """Shape (party, window, option)."""

    no_link_gbp: Floats | None
    """Shape (party, window); None where not known."""

    effects: Mapping[str, tuple[Floats, Floats]]
    """By name, at each option and without the link; empty where there is no physics."""

    moved_mwh: Floats
    """Absolute middle of each option over a window, shape (option,)."""

    middle: int
    """The option nearest no transfer."""

    def effects_of(self, plan: Plan) -> dict[str, Floats]:
        """Return what a plan means in expectation, each of shape (party, window)."""
        found = {"cost_gbp": _expected(self.costs_gbp, self.no_link_gbp, plan.chances)}
        for name, (at_option, without) in self.effects.items():
            found[name] = _expected(at_option, without, plan.chances)
        return found

    def worse_gbp(self, chances: Floats) -> tuple[Floats, Floats] | None:
        """Return by how much options are worse than no link, in the mean and at the worst.

        That is what blocking saves a party, each of shape (party, window); None if not known.
        """
        if self.no_link_gbp is None:
            return None
        worse = np.maximum(self.costs_gbp - self.no_link_gbp[..., np.newaxis], 0.0)
        return (worse * chances).sum(-1), np.where(chances > 0, worse, 0.0).max(-1)

    def isolated(self, tick_gbp: float) -> Floats | None:
        """Return what no link is worth to each party, whole ticks, shape (party, window)."""
        if self.no_link_gbp is None:
            return None
        return np.rint((self.costs_gbp.max(-1) - self.no_link_gbp) / tick_gbp)


def pairs_of(scenario: Scenario, seen: Study) -> tuple[tuple[str, ...], ...]:
    """Return the loadings to audit: the scenario's, or all where it names none."""
    if scenario.grid.pairs == PAPER_PAIRS:
        return tuple(product(seen.scenarios, repeat=len(seen.parties)))
    return scenario.grid.pairs


def world(seen: Study, pair: tuple[str, ...]) -> World:
    """Return a pair of loadings, its days one after another."""
    place = seen.seats, seen.places(pair)
    without = None if seen.no_link_gbp is None else _by_window(seen.no_link_gbp[place])
    middles_mw = np.array([(low + high) / 2000 for low, high in seen.options])
    return World(
        pair=pair,
        costs_gbp=_by_window(seen.cost_gbp[place]),
        no_link_gbp=without,
        effects=_effects(seen, place),
        moved_mwh=np.abs(middles_mw) * WINDOW_HOURS,
        middle=middle_option(seen.options),
    )


def _effects(
    seen: Study, place: tuple[list[int], list[int]]
) -> dict[str, tuple[Floats, Floats]]:
    """Return what options do to the grid, if it is known."""
    if seen.appraisal is None:
        return {}
    days = slice(None, seen.days)
    both = (seen.appraisal, seen.appraisal.no_link)

    def of(name: str, scale: float) -> tuple[Floats, Floats]:
        here, there = (np.abs(getattr(s, name)[place][:, days] * scale) for s in both)
        return _by_window(here), _by_window(there)

    return {
        "losses_mwh": of("losses_mw", WINDOW_HOURS),
        "exchange_mwh": of("exchange_mw", WINDOW_HOURS),
        "breaches": of("breaches", 1.0),
    }


def _by_window(table: Floats) -> Floats:
    """Join the axes of days and windows, which follow that of parties."""
    return table.reshape(len(table), -1, *table.shape[3:])


def _expected(at_option: Floats, without: Floats | None, chances: Floats) -> Floats:
    """Return means over chances, shape (party, window); what is not likely is not read."""
    found = np.where(chances > 0, at_option * chances, 0.0).sum(-1)
    rest = 1.0 - chances.sum(-1)
    if without is None:
        return found
    return found + np.where(rest > TOLERANCE, rest * without, 0.0)
