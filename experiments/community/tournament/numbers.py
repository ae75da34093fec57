"""Numbers of a community tournament with their intervals: savings, ratios, invasions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from experiments.community.baselines import ALONE, PLANT
from experiments.community.estimates import Estimate, estimate, mean
from experiments.community.tournament.game import Outcome, RuleGame
from market.games.heuristic_invasion import Invasion, invasion
from market.games.profiles import Mixture, pure_mixture
from market.types import Floats


@dataclass(frozen=True)
class Cost:
    """What communities come to, against each household alone."""

    saved_gbp: Estimate
    """By a household a day."""

    captured: Estimate
    """What is saved, over what one controller would save."""

    bill_ratio: Estimate
    exchange_ratio: Estimate


@dataclass(frozen=True)
class Invaded:
    """A few groups of one strategy among groups of another; GBP a household a day."""

    resident: str
    invader: str
    found: Invasion
    invaders_earn: Estimate
    residents_earn: Estimate
    residents_lose: Estimate
    """Against what they had while all were residents."""

    invaders_gain: Estimate
    """The same for those that became invaders."""

    spreads: float
    """The share of samples in which invaders earn more than the residents beside them; not a
    number if there are none."""


def cost_of(game: RuleGame, mixture: Mixture) -> Cost:
    """Return what a mixture comes to, from which every group draws its strategy."""
    return _cost(game, game.outcome(mixture))


def cost_of_baseline(game: RuleGame, baseline: str) -> Cost:
    """Return what a baseline comes to."""
    return _cost(game, game.baselines[baseline])


def saving_of(game: RuleGame, strategy: int) -> Estimate:
    """Return what a strategy saves, mean over all mixes of the others.

    Every mix in which it is played is one mix of the others, so that is the mean over these.
    """
    played = game.table.counts[:, strategy] > 0
    return mean(game.measured.saved_gbp[played, strategy].mean(0))


def exchange_with(game: RuleGame, strategy: int) -> Estimate:
    """Return the exchange over that of each alone, mean over the mixes of a strategy."""
    played = game.table.counts[:, strategy] > 0
    exchange = game.measured.exchange_kwh[played].mean(0)
    return _ratio(exchange, game.baselines[ALONE].exchange_kwh)


def payoff(game: RuleGame, groups: Mapping[int, int], strategy: int) -> Estimate:
    """Return what a strategy saves in a mix.

    Parameters
    ----------
    game : RuleGame
    groups : mapping of int
        How many follow which strategy, by its place; none the others.
    strategy : int
        Whose saving.
    """
    return mean(_saved(game, groups, strategy))


def invaded(game: RuleGame, resident: int, invader: int, groups: int) -> Invaded:
    """Return what happens if so many groups follow another strategy than all the rest."""
    count, players = len(game.strategies), game.table.players
    mix = {resident: players - groups, invader: groups}
    before = _saved(game, {resident: players}, resident)
    old, new = _saved(game, mix, resident), _saved(game, mix, invader)
    spreads = np.nan
    if game.samples is not None:
        row = _row(game, mix)
        spreads = float((game.samples[row, invader] > game.samples[row, resident]).mean())
    return Invaded(
        resident=game.strategies[resident],
        invader=game.strategies[invader],
        found=invasion(
            game.table, pure_mixture(resident, count), pure_mixture(invader, count), groups
        ),
        invaders_earn=mean(new),
        residents_earn=mean(old),
        residents_lose=mean(before - old),
        invaders_gain=mean(new - before),
        spreads=spreads,
    )


def _saved(game: RuleGame, groups: Mapping[int, int], strategy: int) -> Floats:
    """Return what a strategy saves in a mix, shape (day, community)."""
    return game.measured.saved_gbp[_row(game, groups), strategy]


def _row(game: RuleGame, groups: Mapping[int, int]) -> int:
    """Return which row of the table a mix is."""
    counts = np.array([groups.get(place, 0) for place in range(len(game.strategies))])
    (row,) = np.flatnonzero((game.table.counts == counts).all(1))
    return int(row)


def _cost(game: RuleGame, outcome: Outcome) -> Cost:
    alone, controlled = game.baselines[ALONE], game.baselines[PLANT]
    saved = alone.bill_gbp - outcome.bill_gbp
    return Cost(
        saved_gbp=mean(saved / game.households),
        captured=_ratio(saved, alone.bill_gbp - controlled.bill_gbp),
        bill_ratio=_ratio(outcome.bill_gbp, alone.bill_gbp),
        exchange_ratio=_ratio(outcome.exchange_kwh, alone.exchange_kwh),
    )


def _ratio(units: Floats, over: Floats) -> Estimate:
    """Return the ratio of two means over days and communities."""
    return estimate(lambda one, other: one / other, units, over)
