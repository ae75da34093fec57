r"""Heuristic payoff tables: games of like players, by how many of them play each strategy.

Where all players are alike, what one earns depends on its strategy and on how many others play
each, not on who they are. With :math:`n` players and :math:`k` strategies a table has
:math:`\binom{n + k - 1}{k - 1}` rows in place of :math:`k^n` profiles [1]_. If the others draw
their strategies from one mixture, their counts are multinomial, which makes expected payoffs
exact where the table is complete [2]_.

A table may stand for a larger population (`market.games.heuristic_reduction`): each player of
it is then a group of many, and mixtures are of the groups.

References
----------
.. [1] W. E. Walsh, R. Das, G. Tesauro, J. O. Kephart, "Analyzing complex strategic interactions
   in multi-agent systems", AAAI Workshop on Game-Theoretic and Decision-Theoretic Agents, 2002;
   M. P. Wellman, "Methods for empirical game-theoretic analysis", AAAI 2006.
.. [2] K. Tuyls et al., "Bounds and dynamics for empirical game theoretic analysis", Autonomous
   Agents and Multi-Agent Systems 34, 2020.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from market.games.heuristic_counts import Counts, compositions, how_many
from market.games.scaling import NOISE
from market.types import Floats

CELLS: Final = 10**7
"""So many probabilities are held in memory at once."""

NOBODY: Final = -1e9
"""The logarithm of no share: finite, so that none of it to the power 0 is 1."""


@dataclass(frozen=True, eq=False)
class Against:
    """The same payoffs by what the others play."""

    counts: Counts
    """Of the others, in ascending order, shape (profile of the others, strategy)."""

    payoffs: Floats
    """Of one who plays each strategy against them, the same shape; NaN where unknown."""

    log_ways: Floats
    """The logarithm of how many orders of the others have these counts."""


@dataclass(frozen=True, eq=False)
class HeuristicTable:
    """What like players earn, by how many of them play each strategy."""

    counts: Counts
    """Of all players, each row another profile, shape (profile, strategy)."""

    payoffs: Floats
    """What a player of each strategy earns, in any unit of money, the same shape; NaN where
    nobody plays it."""

    strategies: tuple[str, ...]

    errors: Floats | None = None
    """The standard error of each payoff, NaN where it is; none are known unless given."""

    population: int | None = None
    """How many the players stand for, where the game is a reduced one."""

    reduction: str | None = None
    """How it was reduced, one of `market.games.heuristic_reduction.REDUCTIONS`."""

    def __post_init__(self) -> None:
        rows = self.counts
        if rows.ndim != 2 or rows.shape[1] != len(self.strategies) or not rows.size:
            raise ValueError(f"counts have shape {rows.shape}, wanted (profile, strategy)")
        if (rows < 0).any() or len(set(rows.sum(axis=1).tolist())) > 1 or not rows[0].any():
            raise ValueError("counts of a row do not add up, wanted the same players in each")
        if len(np.unique(rows, axis=0)) < len(rows):
            raise ValueError("counts have a row twice, wanted each profile once")
        for cells in (self.payoffs, *(() if self.errors is None else (self.errors,))):
            if cells.shape != rows.shape or not (np.isfinite(cells) == (rows > 0)).all():
                raise ValueError("wanted a number where a strategy is played, else NaN")

    @property
    def players(self) -> int:
        """How many play, in the game of the table."""
        return int(self.counts[0].sum())

    @property
    def complete(self) -> bool:
        """Whether all profiles are there."""
        return len(self.counts) == how_many(self.players, len(self.strategies))

    @property
    def span(self) -> float:
        """The difference of the greatest and the least payoff.

        Where that is mere noise, the size of the payoffs; 1 if they are all 0.
        """
        known = self.payoffs[self.counts > 0]
        wide, size = float(np.ptp(known)), float(np.abs(known).max())
        return wide if wide > NOISE * size else size or 1.0

    @cached_property
    def against(self) -> Against:
        """The same payoffs by what the others play."""
        from scipy.special import gammaln

        one = np.eye(len(self.strategies), dtype=np.int64)
        rows, played = np.nonzero(self.counts)
        others, places = np.unique(self.counts[rows] - one[played], axis=0, return_inverse=True)
        payoffs = np.full(others.shape, np.nan)
        payoffs[places.ravel(), played] = self.payoffs[rows, played]
        ways = gammaln(self.players) - gammaln(others + 1).sum(axis=1)
        return Against(others, payoffs, ways)

    def face(self, played: Sequence[int]) -> "HeuristicTable":
        """Return the table of the profiles in which only some strategies are played."""
        kept = list(played)
        rows = self.counts[:, kept].sum(axis=1) == self.players
        if not rows.any():
            raise ValueError(f"no profile has strategies {kept} alone")
        return HeuristicTable(
            self.counts[rows][:, kept],
            self.payoffs[rows][:, kept],
            tuple(self.strategies[s] for s in kept),
            None if self.errors is None else self.errors[rows][:, kept],
            self.population,
            self.reduction,
        )


def tabulated(
    pay: Callable[[tuple[int, ...]], Sequence[float]],
    strategies: Sequence[str],
    players: int,
) -> HeuristicTable:
    """Return the complete table of a payoff function.

    Parameters
    ----------
    pay : callable
        From counts by strategy to what each earns; what nobody plays is not looked at.
    strategies : sequence of str
        Their names.
    players : int
        How many play.

    Examples
    --------
    Of three, those who give 1 to a pot that is doubled and shared, and those who do not:

    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> pot.payoffs.round(2).tolist()
    [[nan, 0.0], [-0.33, 0.67], [0.33, 1.33], [1.0, nan]]
    """
    counts = compositions(players, len(strategies))
    found = np.array([pay(tuple(row)) for row in counts.tolist()], dtype=float)
    return HeuristicTable(counts, np.where(counts > 0, found, np.nan), tuple(strategies))


def payoffs_of(table: HeuristicTable, counts: Sequence[int]) -> Floats:
    """Return the payoffs of one profile, by strategy; NaN where nobody plays it.

    Raises
    ------
    ValueError
        If the table does not hold the profile.

    Examples
    --------
    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> payoffs_of(pot, (3, 0)).tolist()
    [1.0, nan]
    """
    rows = np.flatnonzero((table.counts == np.asarray(counts)).all(axis=1))
    if not rows.size:
        raise ValueError(f"profile {list(counts)} is not in the table")
    return table.payoffs[rows[0]]


def expected_payoffs(table: HeuristicTable, mixtures: Floats) -> Floats:
    """Return what each strategy earns on average if the others all draw from a mixture.

    In a table that is not complete, it is the mean over those profiles of the others that are
    there, weighted as likely as they are; `covered` tells how much of all that is.

    Parameters
    ----------
    table : HeuristicTable
        Of a population as it is, or a reduced one: the others are then groups.
    mixtures : ndarray of float, shape (…, strategy)
        Shares, each row adding up to 1.

    Returns
    -------
    ndarray of float, shape (…, strategy)
        In the unit of the payoffs; NaN where no profile is known.

    Examples
    --------
    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> expected_payoffs(pot, np.array([[1.0, 0.0], [0.5, 0.5]])).round(4).tolist()
    [[1.0, 1.3333], [0.3333, 0.6667]]
    """
    met = table.against
    known = np.isfinite(met.payoffs)
    earned = _by_parts(table, mixtures, np.where(known, met.payoffs, 0.0))
    with np.errstate(invalid="ignore"):
        return earned / _by_parts(table, mixtures, known.astype(float))


def covered(table: HeuristicTable, mixtures: Floats) -> Floats:
    """Return how probably the table knows what a strategy earns.

    Parameters
    ----------
    table : HeuristicTable
    mixtures : ndarray of float, shape (…, strategy)
        From which the others draw.

    Returns
    -------
    ndarray of float, shape (…, strategy)
        From 0 to 1, and 1 throughout where the table is complete.

    Examples
    --------
    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> less = HeuristicTable(pot.counts[1:], pot.payoffs[1:], pot.strategies)
    >>> covered(less, np.array([0.5, 0.5])).round(6).tolist()
    [1.0, 0.75]
    """
    known = np.isfinite(table.against.payoffs).astype(float)
    return np.minimum(_by_parts(table, mixtures, known), 1.0)


def payoff_slopes(table: HeuristicTable, mixtures: Floats) -> Floats:
    """Return by how much expected payoffs rise with each share of the others' mixture.

    Only their differences over shares matter, as shares add up to 1.

    Parameters
    ----------
    table : HeuristicTable
    mixtures : ndarray of float, shape (…, strategy)
        Shares, each row adding up to 1.

    Returns
    -------
    ndarray of float, shape (…, strategy, share)
        NaN where no profile is known.

    Examples
    --------
    To keep pays 4/3 more where all others give:

    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> slopes = payoff_slopes(pot, np.array([0.5, 0.5]))
    >>> (slopes[:, 0] - slopes[:, 1]).round(4).tolist()
    [1.3333, 1.3333]
    """
    met = table.against
    known = np.isfinite(met.payoffs)
    cells = np.concatenate([np.where(known, met.payoffs, 0.0), known], axis=1)
    earned, weight = np.split(_by_parts(table, mixtures, cells), 2, axis=-1)
    rises = np.stack(
        [_by_parts(table, mixtures, cells, share) for share in range(len(table.strategies))],
        axis=-1,
    )
    more, heavier = np.split(rises, 2, axis=-2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (more - (earned / weight)[..., None] * heavier) / weight[..., None]


def _by_parts(
    table: HeuristicTable, mixtures: Floats, cells: Floats, share: int | None = None
) -> Floats:
    """Return sums of cells over the profiles of the others, weighted as likely as they are.

    With a share it is the slope of the sum in that one.
    """
    shares = np.asarray(mixtures, dtype=float)
    count = len(table.strategies)
    if shares.shape[-1:] != (count,) or not (shares >= 0).all():
        raise ValueError(
            f"mixtures have shape {shares.shape}, wanted {count} shares of 0 or more"
        )
    with np.errstate(divide="ignore"):
        logs = np.maximum(np.log(shares.reshape(-1, count)), NOBODY)
    parts = np.array_split(logs, 1 + len(logs) * len(cells) // CELLS)
    powers, ways = table.against.counts, table.against.log_ways
    if share is not None:
        with np.errstate(divide="ignore"):
            ways = ways + np.log(powers[:, share])
        powers = np.maximum(powers - np.eye(count, dtype=np.int64)[share], 0)
    sums = [np.exp(part @ powers.T + ways) @ cells for part in parts]
    return np.concatenate(sums).reshape(*shares.shape[:-1], cells.shape[1])
