"""Invasions of a finite group: what a few who do otherwise earn, and what the rest do.

Invaders spread if they earn more than the residents beside whom they live, as shares grow by
what a strategy earns more than the average. That is not yet a reason for anybody to deviate:
in a group of few, who harms the others more than itself spreads at a loss. So both are told:
whether invaders earn more than residents, and whether more than before they came.

In a table of a reduced game, invaders are counted in its own players. Under the reduction that
preserves deviations a lone invader earns what one member of the large population earns; what
residents earn beside it is what one earns beside a whole group of invaders.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from market.games.heuristic import HeuristicTable
from market.games.heuristic_counts import compositions
from market.games.scaling import NOISE
from market.types import Floats


@dataclass(frozen=True)
class Invasion:
    """What invaders and residents earn on average, in the unit of the payoffs."""

    invaders: int
    residents: int

    invaders_earn: float
    residents_earn: float
    """Not a number if there are none left."""

    before: float
    """What everybody earned while all were residents."""

    @property
    def spreads(self) -> bool:
        """Whether invaders earn more than the residents beside them."""
        return _more(self.invaders_earn, self.residents_earn)

    @property
    def pays(self) -> bool:
        """Whether invaders earn more than they did as residents."""
        return _more(self.invaders_earn, self.before)


def invasion(
    table: HeuristicTable,
    resident: Sequence[float],
    invader: Sequence[float],
    invaders: int = 1,
) -> Invasion:
    """Return what happens if some players draw from another mixture than all the rest.

    Parameters
    ----------
    table : HeuristicTable
        Complete; or, for pure strategies, with the profiles that come up.
    resident, invader : sequence of float
        A share for each strategy; `market.games.profiles.pure_mixture` makes pure ones.
    invaders : int
        How many there are, 1 to all players.

    Raises
    ------
    ValueError
        If there are not so many players, a mixture is none, or a profile is not in the table.

    Examples
    --------
    Who keeps out of a common pot earns more than who gives, and more than before:

    >>> from market.games.heuristic import tabulated
    >>> pot = tabulated(lambda c: (2 * c[0] / 3 - 1, 2 * c[0] / 3), ("give", "keep"), 3)
    >>> found = invasion(pot, (1.0, 0.0), (0.0, 1.0))
    >>> round(found.invaders_earn, 4), round(found.residents_earn, 4), found.before
    (1.3333, 0.3333, 1.0)
    >>> found.spreads, found.pays
    (True, True)
    """
    players = table.players
    if not 1 <= invaders <= players:
        raise ValueError(f"{invaders} invaders of {players} players, wanted 1 to all")
    old, new = _shares(table, resident), _shares(table, invader)
    left = players - invaders
    return Invasion(
        invaders=invaders,
        residents=left,
        invaders_earn=_earned(table, new, ((old, left), (new, invaders - 1))),
        residents_earn=_earned(table, old, ((old, left - 1), (new, invaders)))
        if left
        else np.nan,
        before=_earned(table, old, ((old, players - 1), (new, 0))),
    )


def invasion_barrier(
    table: HeuristicTable, resident: Sequence[float], invader: Sequence[float]
) -> int | None:
    """Return the least number of invaders that spreads, short of all players; None if none.

    Parameters
    ----------
    table, resident, invader
        As in `invasion`.

    Examples
    --------
    Five who meet at one of two places; two at the new one are too few:

    >>> from market.games.heuristic import tabulated
    >>> meet = tabulated(lambda c: c, ("here", "there"), 5)
    >>> invasion_barrier(meet, (1.0, 0.0), (0.0, 1.0))
    3
    """
    for invaders in range(1, table.players):
        if invasion(table, resident, invader, invaders).spreads:
            return invaders
    return None


def _more(one: float, other: float) -> bool:
    """Return whether one is more than the other by more than noise."""
    return one - other > NOISE * max(abs(one), abs(other))


def _shares(table: HeuristicTable, mixture: Sequence[float]) -> Floats:
    """Return a mixture as an array, refusing what is none."""
    shares = np.asarray(mixture, dtype=float)
    if shares.shape != (len(table.strategies),) or not (shares >= 0).all() or not shares.any():
        raise ValueError("a mixture is none, wanted a share of 0 or more for each strategy")
    return shares / shares.sum()


def _earned(table: HeuristicTable, own: Floats, groups: Sequence[tuple[Floats, int]]) -> float:
    """Return what one earns who draws from a mixture, against groups that draw from others."""
    (first, many), (second, few) = groups
    left, likely = _draws(first, many)
    right, as_likely = _draws(second, few)
    met = (left[:, None] + right).reshape(-1, len(own))
    weights = np.outer(likely, as_likely).ravel()
    played = np.flatnonzero(own)
    values = _payoffs_against(table, met)[:, played]
    if not np.isfinite(values).all():
        raise ValueError("a profile is not in the table, wanted all that may come up")
    return float(weights @ values @ own[played])


def _draws(mixture: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
    """Return what counts may come of so many draws from a mixture, and how probably."""
    from scipy.special import gammaln

    played = np.flatnonzero(mixture)
    some = compositions(count, len(played))
    logs = gammaln(count + 1) - gammaln(some + 1).sum(axis=1) + some @ np.log(mixture[played])
    counts = np.zeros((len(some), len(mixture)), dtype=np.int64)
    counts[:, played] = some
    return counts, np.exp(logs)


def _payoffs_against(table: HeuristicTable, met: NDArray[np.int64]) -> Floats:
    """Return what each strategy earns against counts of the others; NaN where unknown."""
    known = table.against
    rows = {tuple(row): place for place, row in enumerate(known.counts.tolist())}
    places = np.array([rows.get(tuple(row), -1) for row in met.tolist()])
    return np.where(places[:, None] < 0, np.nan, known.payoffs[places])
