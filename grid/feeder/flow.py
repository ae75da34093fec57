"""Load flows of a feeder in batches: Newton's method by lightsim2grid.

Balanced three-phase, and every power as given whatever the voltage. Cases do not
depend on each other. One that does not converge is a recorded outcome: `converged`
is False and its numbers are NaN.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from grid.case import Bools, Floats, Ints
from grid.cost import losses_mw
from grid.feeder.feeder import Feeder
from grid.load_flow import ITERATIONS, TOLERANCE_MVA, Complexes
from grid.scores import branch_loading


@dataclass(frozen=True, eq=False)
class FeederFlows:
    """Solved cases; `…` are the leading axes of what was asked."""

    voltage_v: Floats
    """Phase to neutral at each connection point, shape (…, point)."""

    line_loading: Floats
    """Current over rated current, the higher end's, shape (…, line)."""

    transformer_loading: Floats
    """The same of transformers, shape (…, transformer)."""

    line_kw: Floats
    """Active power into the from end, negative if it comes out, shape (…, line)."""

    transformer_kw: Floats
    """Active power into the high side, negative if it comes out, (…, transformer)."""

    losses_kw: Floats
    """Lost in lines and transformers, shape (…)."""

    head_kw: Floats
    """Drawn from the external grid, negative if given to it, shape (…)."""

    head_kvar: Floats
    """The same of reactive power, shape (…)."""

    converged: Bools
    """Shape (…)."""

    def __getitem__(self, index: object) -> Self:
        """Return the outcomes at an index into the leading axes."""
        return type(self)(**{f.name: getattr(self, f.name)[index] for f in fields(self)})


def solve(feeder: Feeder, p_kw: Floats, q_kvar: Floats | float = 0.0) -> FeederFlows:
    """Solve a load flow for each case.

    Parameters
    ----------
    feeder : Feeder
        The feeder.
    p_kw : ndarray of float, shape (…, point)
        Active power that each connection point draws, negative if it gives.
    q_kvar : ndarray of float, shape (…, point), or float
        Reactive power likewise.

    Examples
    --------
    >>> from grid.feeder.feeder import read_feeder
    >>> flows = solve(read_feeder(), np.full((2, 13), [[0.0], [3.0]]))
    >>> flows.head_kw.round(2), flows.transformer_loading.round(2)[:, 0]
    (array([ 0.48, 39.65]), array([0.  , 0.24]))
    """
    p_kw, q_kvar = np.broadcast_arrays(p_kw, q_kvar)
    shape = p_kw.shape[:-1]
    if not np.prod(shape, dtype=int):
        return _shaped(_no_flows(feeder), shape)
    drawn = np.zeros((int(np.prod(shape, dtype=int)), len(feeder.bus_kv)), dtype=complex)
    drawn[:, feeder.points] = (p_kw + 1j * q_kvar).reshape(-1, len(feeder.points)) / 1000
    return _shaped(_results(feeder, *_sweep(feeder, drawn)), shape)


def drawn_kw(energy_wh: Ints | Floats, point: Ints, points: int, hours: float = 0.5) -> Floats:
    """Return the mean power at each connection point.

    Parameters
    ----------
    energy_wh : ndarray of int, shape (…, household, window)
        What each household draws, negative if it gives, in Wh (or varh).
    point : ndarray of int, shape (household,)
        Connection point of each.
    points : int
        How many connection points the feeder has.
    hours : float
        Length of a window.

    Returns
    -------
    ndarray of float, shape (…, window, point)
        In kW (or kvar).

    Examples
    --------
    >>> drawn_kw(np.array([[500, 0], [250, 0], [0, -1000]]), np.array([0, 0, 1]), 2)
    array([[ 1.5,  0. ],
           [ 0. , -2. ]])
    """
    at = point[:, np.newaxis] == np.arange(points)
    return np.swapaxes(energy_wh, -1, -2) @ (at / (1000 * hours))


def _sweep(feeder: Feeder, drawn: Complexes) -> tuple[Complexes, Complexes, Bools]:
    """Return voltages, flows into both ends of branches, and convergence."""
    from lightsim2grid.scenarioSweep import ScenarioSweepCPP

    sweep = ScenarioSweepCPP(feeder.engine)
    sweep.change_algorithm("NRSing_KLU")
    sweep.modify_load_p(np.ascontiguousarray(drawn.real))
    sweep.modify_load_q(np.ascontiguousarray(drawn.imag))
    sweep.compute(feeder.start, ITERATIONS, TOLERANCE_MVA)
    ends = sweep.compute_branch_results()
    flow = ends[..., 0::2] + 1j * ends[..., 1::2]
    voltage, converged = sweep.get_voltages().copy(), np.array(sweep.converged_mask(), bool)
    voltage[~converged] = flow[~converged] = complex(np.nan, np.nan)
    return voltage, flow, converged


def _results(
    feeder: Feeder, voltage: Complexes, flow: Complexes, converged: Bools
) -> FeederFlows:
    """Return what the users of load flows read, of shape (case, …)."""
    loading = branch_loading(voltage, flow, feeder.ends, feeder.bus_kv, feeder.rating_ka)
    into_kw, lines = 1000 * flow[..., 0].real, feeder.lines
    head = 1000 * flow[:, feeder.ends == feeder.slack].sum(axis=-1)
    volts = np.abs(voltage) * feeder.bus_kv * 1000 / np.sqrt(3)
    return FeederFlows(
        voltage_v=volts[:, feeder.points],
        line_loading=loading[:, :lines],
        transformer_loading=loading[:, lines:],
        line_kw=into_kw[:, :lines],
        transformer_kw=into_kw[:, lines:],
        losses_kw=1000 * losses_mw(flow),
        head_kw=head.real,
        head_kvar=head.imag,
        converged=converged,
    )


def _no_flows(feeder: Feeder) -> FeederFlows:
    """Return the results of no cases."""
    buses, branches = len(feeder.bus_kv), len(feeder.ends)
    none = np.zeros((0, buses), dtype=complex)
    flow = np.zeros((0, branches, 2), dtype=complex)
    return _results(feeder, none, flow, np.zeros(0, dtype=bool))


def _shaped(flows: FeederFlows, shape: tuple[int, ...]) -> FeederFlows:
    """Return the results with their leading axis unfolded."""
    values = {f.name: getattr(flows, f.name) for f in fields(flows)}
    return FeederFlows(**{k: v.reshape(shape + v.shape[1:]) for k, v in values.items()})
