"""The virtual power plant: one controller of all stores of a community, as a linear programme.

It sees what plans rest on, or what will be (perfect information), and knows the stores of all.
Levels may be fractions here, so no plan of whole levels costs the community less. Many plans
cost the least; of these it takes one that spreads what the community takes and gives, because
the more it exchanges in a window, the dearer it holds the next watt-hour by a trifle.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, eye_array, hstack, kron, vstack

from agents.prosumers.stores import Stores
from experiments.errors import ExperimentError
from market.trading.tariff import Tariff
from market.types import Floats, WattHours

BLOCKS: Final = 4
"""Into how many parts of rising price an exchange is divided."""

TRIFLE: Final = 1.0
"""By how much each part is held dearer than the one before, in ticks for a watt-hour."""


@dataclass(frozen=True, eq=False)
class Limits:
    """What a feeder can carry, as lines: ``low <= lines @ net <= high`` in every window."""

    lines: Floats
    """For a watt-hour of each household, shape ``(line, household)``."""

    low: Floats
    """Shape ``(line, window)``; minus infinity where there is none."""

    high: Floats
    """Shape ``(line, window)``."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """What one controller would have every household take."""

    net_wh: Floats
    """Shape ``(household, window)``, negative where a household gives."""

    bill: float
    """What the community pays to the grid, in ticks."""

    feasible: bool
    """Whether the limits of the feeder can be kept; if not, it is reckoned without them."""


class SolverFailed(ExperimentError):
    """The linear programme was not solved."""


def central_optimum(
    base_wh: WattHours, stores: Stores, tariff: Tariff, limits: Limits | None = None
) -> Optimum:
    """Return the least bill that a community can have.

    Parameters
    ----------
    base_wh : ndarray of int64, shape (household, window)
        What each household would take if no store moved, less what it generates.
    stores : Stores
        Of this one community, of leading axes ``(household, slot)``.
    tariff : Tariff
        What the grid charges and pays for what the community takes and gives as one.
    limits : Limits, optional
        Of the feeder.

    Raises
    ------
    SolverFailed
        With what the solver (HiGHS) said.
    """
    found = _solved(base_wh, stores, tariff, limits)
    if found is None and limits is not None:
        found = _solved(base_wh, stores, tariff, None)
        return Optimum(*_of(found), feasible=False)
    return Optimum(*_of(found), feasible=True)


def _of(found: tuple[Floats, float] | None) -> tuple[Floats, float]:
    if found is None:
        raise SolverFailed("no plan keeps the bounds of all stores")
    return found


def _solved(
    base_wh: WattHours, stores: Stores, tariff: Tariff, limits: Limits | None
) -> tuple[Floats, float] | None:
    """Return what households take and the bill; None if that cannot be.

    Variables: for each store that can move, how far it rises and falls in each window, and
    its level at the end; then what the community takes from the grid in each of `BLOCKS`
    parts, and what it gives.
    """
    moving, windows = stores[stores.movable], base_wh.shape[1]
    taken = _taken(stores, base_wh)
    start = np.zeros(moving.low.shape)
    start[:, 0] = moving.start
    dearer = TRIFLE * np.arange(BLOCKS)
    within, room = _lines(limits, taken, base_wh)
    found = linprog(
        np.r_[
            np.zeros(taken.shape[1]),
            np.repeat(tariff.buy + dearer, windows),
            np.repeat(-tariff.sell + dearer, windows),
        ],
        A_eq=_equalities(taken, *moving.low.shape),
        b_eq=np.r_[-base_wh.sum(0), start.ravel()],
        A_ub=within,
        b_ub=room,
        bounds=_bounds(moving, base_wh),
        method="highs",
    )
    if found.status == 2:  # infeasible
        return None
    if found.status != 0:
        raise SolverFailed(found.message)
    net = base_wh + (taken @ found.x[: taken.shape[1]]).reshape(base_wh.shape)
    return net, float(tariff.bill(net.sum(0)).sum())


def _taken(stores: Stores, base_wh: WattHours) -> csr_array:
    """Return what each household takes beyond its base, in Wh, by the variables of stores."""
    households, windows = base_wh.shape
    rows, moving = np.argwhere(stores.movable)[:, 0], stores[stores.movable]
    count, identity = len(rows), eye_array(windows, format="csr")
    own = coo_array((np.ones(count), (rows, np.arange(count))), (households, count)).tocsr()
    return hstack(
        [
            kron(own * moving.rise_wh, identity),
            kron(own * -moving.fall_wh, identity),
            csr_array((households * windows, count * windows)),
        ]
    ).tocsr()


def _equalities(taken: csr_array, count: int, windows: int) -> csr_array:
    """Return what adds up: the exchange of every window, and the levels of all stores."""
    identity = eye_array(windows, format="csr")
    back = csr_array(np.eye(windows) - np.eye(windows, k=-1))
    levels = hstack(
        [
            kron(eye_array(count), -identity),
            kron(eye_array(count), identity),
            kron(eye_array(count), back),
        ]
    )
    total = kron(np.ones((1, taken.shape[0] // windows)), identity) @ taken
    return vstack(
        [
            hstack([total, *[-identity] * BLOCKS, *[identity] * BLOCKS]),
            hstack([levels, csr_array((count * windows, 2 * BLOCKS * windows))]),
        ]
    )


def _bounds(moving: Stores, base_wh: WattHours) -> Floats:
    """Return the bounds of all variables, shape (variable, 2)."""
    none = np.zeros_like(moving.low)
    pairs = ((none, moving.most_up), (none, moving.most_down), (moving.low, moving.high))
    stores = [np.stack(pair, -1).reshape(-1, 2) for pair in pairs]
    block = np.abs(base_wh.sum(0)).max() / BLOCKS
    widths = np.r_[np.full(BLOCKS - 1, block), np.inf]
    exchange = np.tile(np.repeat(widths, base_wh.shape[1]), 2)
    grid = np.stack([np.zeros_like(exchange), exchange], -1)
    return np.concatenate([*stores, grid]).astype(float)


def _lines(
    limits: Limits | None, taken: csr_array, base_wh: WattHours
) -> tuple[csr_array | None, Floats | None]:
    """Return the limits of a feeder as inequalities of the variables."""
    if limits is None:
        return None, None
    windows = base_wh.shape[1]
    lines = kron(csr_array(limits.lines), eye_array(windows)) @ taken
    lines = hstack([lines, csr_array((lines.shape[0], 2 * BLOCKS * windows))])
    there = (limits.lines @ base_wh).ravel()
    high, low = limits.high.ravel() - there, limits.low.ravel() - there
    upper, lower = np.isfinite(high), np.isfinite(low)
    within = vstack([lines.tocsr()[upper], -lines.tocsr()[lower]])
    return within, np.r_[high[upper], -low[lower]]
