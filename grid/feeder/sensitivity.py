"""How voltages, flows, loadings and losses answer to power drawn at each point.

Central differences of exact load flows around a base case, so that a linear programme
can hold the limits of a feeder. Voltages and flows are nearly linear (a tenth of a volt
and one per cent over tens of kW); losses and loadings are not: losses are near square,
and a loading is an absolute value, which turns where a flow changes its direction. For
constraints take `line_kw` and `transformer_kw`, both ways, against
`Feeder.rating_kva`, less what reactive power takes.
"""

from dataclasses import dataclass, fields

import numpy as np

from grid.case import Floats
from grid.feeder.feeder import Feeder
from grid.feeder.flow import FeederFlows, solve

STEP_KW = 0.25


@dataclass(frozen=True, eq=False)
class Sensitivities:
    """Change for each kW more that a point draws, reactive power held; last axis point."""

    base_kw: Floats
    """What points draw in the base case, shape (…, point)."""

    base: FeederFlows
    """The base case, solved."""

    voltage_v: Floats
    """Volts per kW, shape (…, point, point): of the first, by power at the second."""

    line_loading: Floats
    """Share of rating per kW, shape (…, line, point)."""

    transformer_loading: Floats
    """The same, shape (…, transformer, point)."""

    line_kw: Floats
    """kW per kW, shape (…, line, point)."""

    transformer_kw: Floats
    """The same, shape (…, transformer, point)."""

    losses_kw: Floats
    """kW per kW, shape (…, point)."""

    head_kw: Floats
    """The same: one more than that of losses."""

    head_kvar: Floats
    """kvar per kW, shape (…, point)."""


_SLOPES = tuple(f.name for f in fields(Sensitivities) if not f.name.startswith("base"))


def sensitivities(feeder: Feeder, p_kw: Floats, q_kvar: Floats | float = 0.0) -> Sensitivities:
    """Return how a feeder answers to power at each point, around base cases.

    Parameters
    ----------
    feeder : Feeder
        The feeder.
    p_kw : ndarray of float, shape (…, point)
        What each point draws in the base cases.
    q_kvar : ndarray of float, shape (…, point), or float
        Reactive power likewise.

    Examples
    --------
    >>> from grid.feeder.feeder import read_feeder
    >>> slopes = sensitivities(read_feeder(), np.zeros(13))
    >>> slopes.voltage_v.shape, (slopes.voltage_v < 0).all()
    ((13, 13), np.True_)
    """
    p_kw, q_kvar = np.broadcast_arrays(p_kw, q_kvar)
    steps = STEP_KW * np.eye(p_kw.shape[-1])
    around = p_kw[..., np.newaxis, np.newaxis, :] + np.stack([-steps, steps])
    moved = solve(feeder, around, q_kvar[..., np.newaxis, np.newaxis, :])
    base = solve(feeder, p_kw, q_kvar)
    slopes = {name: _slope(getattr(moved, name), p_kw.ndim - 1) for name in _SLOPES}
    return Sensitivities(base_kw=p_kw.copy(), base=base, **slopes)


def estimate(slopes: Sensitivities, p_kw: Floats) -> FeederFlows:
    """Return what load flows would say if all were linear.

    Parameters
    ----------
    slopes : Sensitivities
        Around base cases.
    p_kw : ndarray of float, shape (…, point)
        What points draw; leading axes are those of the base cases, after more of its own.
    """
    change = np.asarray(p_kw) - slopes.base_kw
    linear = {
        name: getattr(slopes.base, name) + _times(getattr(slopes, name), change, slopes)
        for name in _SLOPES
    }
    converged = np.broadcast_to(slopes.base.converged, change.shape[:-1])
    return FeederFlows(**linear, converged=converged)


def _slope(moved: Floats, leading: int) -> Floats:
    """Return the slope of (…, down or up, point, …), the axis of the point last."""
    down, up = np.moveaxis(moved, leading, 0)
    return np.moveaxis((up - down) / (2 * STEP_KW), leading, -1)


def _times(slope: Floats, change: Floats, slopes: Sensitivities) -> Floats:
    """Return slope times change, for a number or a row of numbers in each case."""
    if slope.ndim == slopes.base_kw.ndim:
        return (slope * change).sum(axis=-1)
    return (slope @ change[..., np.newaxis])[..., 0]
