"""The heuristic game of each trading rule: what mixes earn, where they rest, how sure that is.

The players are groups of households, each with one strategy, so the game is reduced
hierarchically (`market.games.heuristic_reduction`): whoever changes its strategy takes a whole
group along. Samples are of days and communities, drawn with replacement and apart, together
for all mixes and rules (`experiments.tournament.intervals`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from experiments.community.estimates import Estimate
from experiments.community.tournament.play import Played
from experiments.tournament.intervals import ends, sampled_means
from market.games.heuristic import HeuristicTable
from market.games.heuristic_basins import Basins, basins
from market.games.heuristic_counts import Counts
from market.games.heuristic_game import LARGEST, normal_form
from market.games.heuristic_rest import RestPoint, RestPoints, rest_points
from market.games.heuristic_sureness import EquilibriumSureness, sureness
from market.games.profiles import Mixture, action_values
from market.types import Floats

TABLES: Final = 200
"""In so many of the samples equilibria are sought anew."""

STARTS: Final = 500
"""Of so many mixes it is asked where they end."""

BASIN_TABLES: Final = 40
BASIN_STARTS: Final = 100
"""In so many of the samples it is asked again, of so many mixes."""

FEW_STARTS: Final = 16
"""So often rest points on larger faces are sought from in a sample."""

NEAR: Final = 0.1
"""By how much any share of a rest point may differ in a sample."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What every mix came to under a rule, day by day; the last axes are (day, community)."""

    saved_gbp: Floats
    """What a household saves against each alone, (profile, strategy, day, community)."""

    bill_gbp: Floats
    """What the community pays, (profile, day, community)."""

    exchange_kwh: Floats
    """What it exchanges with the grid, the same shape."""

    ended: Floats
    """The share of days whose planning ended, (profile,)."""

    epsilon_gbp: Floats
    """The most that a store would gain by another plan, mean over days, (profile,)."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What all pay and exchange in a mix, day by day; shape (day, community)."""

    bill_gbp: Floats
    exchange_kwh: Floats


@dataclass(frozen=True, eq=False)
class RuleGame:
    """The heuristic game of one trading rule."""

    rule: str
    table: HeuristicTable
    measured: Measured
    baselines: Mapping[str, Outcome]
    households: float
    """How many a community has on average."""

    samples: Floats | None
    """Payoffs in each sample, (profile, strategy, draw); None of a single day."""

    rests: RestPoints
    basins: Basins
    """Of the attracting rest points."""

    sureness: tuple[EquilibriumSureness, ...]
    """By equilibrium; none of a single day."""

    basin_ends: Mapping[Mixture, tuple[float, float]]
    """The interval of a basin's share, where there are several; none of a single day."""

    @property
    def strategies(self) -> tuple[str, ...]:
        """Their names."""
        return self.table.strategies

    @cached_property
    def lasting(self) -> tuple[RestPoint, ...]:
        """The equilibria that attract what is near, by what share of starts they do."""
        found = [one for one in self.rests.equilibria if one.mixture in self.basins.ends]
        return tuple(sorted(found, key=lambda one: -self.basin(one).value))

    def basin(self, point: RestPoint) -> Estimate:
        """Return the share of starts that end at a rest point, 0 if it does not attract."""
        shares = dict(zip(self.basins.ends, self.basins.shares, strict=True))
        low, high = self.basin_ends.get(point.mixture, (np.nan, np.nan))
        return Estimate(shares.get(point.mixture, 0.0), low, high)

    def sure(self, point: RestPoint) -> EquilibriumSureness | None:
        """Return how sure an equilibrium is; None if that is not known."""
        return next((one for one in self.sureness if one.mixture == point.mixture), None)

    def outcome(self, mixture: Mixture) -> Outcome:
        """Return what comes of a mixture from which every group draws its strategy."""
        likely = likelihoods(self.table.counts, mixture)
        found = self.measured
        return Outcome(
            np.tensordot(likely, found.bill_gbp, 1), np.tensordot(likely, found.exchange_kwh, 1)
        )


def rule_games(played: Played) -> tuple[RuleGame, ...]:
    """Return the game of each rule, in the order of the scenario."""
    return tuple(_rule_game(played, rule) for rule in played.scenario.community.rules)


def likelihoods(counts: Counts, mixture: Mixture) -> Floats:
    """Return how probable each profile is if all players draw from a mixture.

    >>> likelihoods(np.array([[0, 2], [1, 1], [2, 0]]), (0.5, 0.5)).round(9).tolist()
    [0.25, 0.5, 0.25]
    """
    from scipy.stats import multinomial

    found: Floats = multinomial.pmf(counts, counts[0].sum(), mixture)
    return found


def rechecked_epsilon(table: HeuristicTable, mixture: Mixture) -> float | None:
    """Return what a player would gain by leaving a mixture, in the game in normal form.

    Its payoffs are gone through choice by choice of every other player, which is another way
    than the multinomial sums that found the mixture; None where they are too many.
    """
    players, count = table.players, len(table.strategies)
    if players * count**players > LARGEST:
        return None
    own = np.array(mixture)
    values = action_values(normal_form(table), [own] * players, 0).astype(float)
    return float(values.max() - own @ values)


def _rule_game(played: Played, rule: str) -> RuleGame:
    measured = _measured(played, rule)
    units = measured.saved_gbp
    samples = sampled_means(units) if units[0, 0].size > 1 else None
    table = _table(played, units, samples)
    rests = rest_points(table, _rng(played))
    where = [one.mixture for one in rests.points if one.stability == "attracting"]
    return RuleGame(
        rule=rule,
        table=table,
        measured=measured,
        baselines=dict(_baselines(played)),
        households=played.households,
        samples=samples,
        rests=rests,
        basins=basins(table, where, _rng(played), STARTS),
        sureness=()
        if samples is None
        else sureness(rests.equilibria, _tables(table, samples, TABLES), _rng(played)),
        basin_ends={}
        if samples is None or len(where) < 2
        else basin_intervals(
            _tables(table, samples, BASIN_TABLES), where, played.scenario.seed
        ),
    )


def basin_intervals(
    tables: Sequence[HeuristicTable], where: Sequence[Mixture], seed: int
) -> dict[Mixture, tuple[float, float]]:
    """Return between which shares the basin of each mixture lies in most of some tables.

    Parameters
    ----------
    tables : sequence of HeuristicTable
        Samples of one.
    where : sequence of tuple of float
        Rest points that attract in the one; in a sample, what attracts nearby counts as such.
    seed : int
        Of the starts, the same in each.
    """
    shares = []
    for table in tables:
        rests = rest_points(table, np.random.default_rng(seed), FEW_STARTS).points
        own = [one.mixture for one in rests if one.stability == "attracting"]
        found = basins(table, own, np.random.default_rng(seed), BASIN_STARTS)
        pairs = list(zip(found.ends, found.shares, strict=True))
        shares.append([sum(share for end, share in pairs if _near(end, one)) for one in where])
    low, high = ends(np.array(shares).T)
    return dict(zip(where, zip(low.tolist(), high.tolist(), strict=True), strict=True))


def _near(one: Mixture, other: Mixture) -> bool:
    """Return whether a mixture may be another, as measured in a sample."""
    gaps = np.abs(np.subtract(one, other))
    alike = (np.array(one) > 0) == (np.array(other) > 0)
    return bool(alike.all() and gaps.max() <= NEAR)


def _rng(played: Played) -> np.random.Generator:
    return np.random.default_rng(played.scenario.seed)


def _table(played: Played, units: Floats, samples: Floats | None) -> HeuristicTable:
    """Return the heuristic table, with bootstrap standard errors."""
    crowd = int(played.world.present.sum(1).max())
    grouped = crowd > int(played.counts[0].sum())
    return HeuristicTable(
        played.counts,
        units.mean((-2, -1)),
        played.strategies,
        None if samples is None else samples.std(-1),
        crowd if grouped else None,
        "hierarchical" if grouped else None,
    )


def _tables(table: HeuristicTable, samples: Floats, count: int) -> list[HeuristicTable]:
    return [replace(table, payoffs=samples[..., draw]) for draw in range(count)]


def _measured(played: Played, rule: str) -> Measured:
    """Return what every mix came to, over all turns and draws of groups."""
    profiles, count = played.counts.shape
    saved = played.savings[played.savings["rule"] == rule]
    keys = ["profile", "strategy", "day", "community"]
    sums = saved.groupby(keys)[["saved_gbp", "households"]].sum()
    units = [range(played.world.days), range(played.world.communities)]
    every = pd.MultiIndex.from_product([range(profiles), played.strategies, *units])
    mean = (sums["saved_gbp"] / sums["households"]).reindex(every).to_numpy()
    days = played.days[played.days["rule"] == rule]
    by_mix = days.groupby("profile")[["ended", "epsilon_gbp"]].mean()
    means = days.groupby(["profile", "day", "community"])[["bill_gbp", "exchange_kwh"]].mean()
    shape = tuple(map(len, units))
    return Measured(
        saved_gbp=mean.reshape(profiles, count, *shape),
        bill_gbp=means["bill_gbp"].to_numpy().reshape(profiles, *shape),
        exchange_kwh=means["exchange_kwh"].to_numpy().reshape(profiles, *shape),
        ended=by_mix["ended"].to_numpy(float),
        epsilon_gbp=by_mix["epsilon_gbp"].to_numpy(),
    )


def _baselines(played: Played) -> Iterator[tuple[str, Outcome]]:
    for name, rows in played.baselines.groupby("baseline", sort=False):
        ordered = rows.set_index(["day", "community"]).sort_index()
        shape = (played.world.days, played.world.communities)
        bill, exchange = (
            ordered[key].to_numpy().reshape(shape) for key in ("bill_gbp", "exchange_kwh")
        )
        yield str(name), Outcome(bill, exchange)
