"""Load flows in batches: Newton's method by lightsim2grid, the controls by us.

The rule for every case, so that none depends on another or on what came before:

1. Tap changers start at position 0.
2. The converter holds its terminal at the set voltage. Where that takes more
   reactive power than +-sqrt(rating^2 - P^2), it gives the limit instead
   (equations 7 and 8 of the paper), and the voltage follows.
3. Each tap changer further than the dead band from its target moves by a step,
   all at once, within its limits; then 2 again, until none moves.

Cases whose taps stand alike are solved in one sweep. A load flow that does not
converge, or tap changers that never come to rest, is a recorded outcome:
``converged`` is False and the numbers of the case are NaN.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from grid.case import Bools, Controls, Floats, Ints
from grid.model import Model

Complexes = NDArray[np.complex128]

ITERATIONS = 20
TOLERANCE_MVA = 1e-8


@dataclass(frozen=True, eq=False)
class Asked:
    """What a batch of load flows is to be solved for."""

    drawn: Complexes
    """What loads draw less what generators give in MVA, shape (case, bus)."""

    link_mw: Floats
    """What the converter gives to the network, shape (case,)."""

    linked: Bools
    """Where False there is no converter, nor its reactive power, shape (case,)."""

    def __getitem__(self, rows: Ints) -> Self:
        """Return some of the cases."""
        return type(self)(self.drawn[rows], self.link_mw[rows], self.linked[rows])


@dataclass(frozen=True, eq=False)
class LoadFlows:
    """Solved cases. Those that did not converge hold NaN, and taps of zero."""

    voltage: Complexes
    """Voltage in p.u., shape (case, bus)."""

    flow: Complexes
    """Power into each end of each branch in MVA, shape (case, branch, 2)."""

    q_link_mvar: Floats
    """What the converter gives to the network, shape (case,)."""

    taps: Ints
    """Positions of the tap changers, shape (case, changer)."""

    converged: Bools
    """Shape (case,)."""


def solve(model: Model, asked: Asked, controls: Controls) -> LoadFlows:
    """Solve a batch of load flows with all controls settled, one for each case."""
    flows = _unsolved(len(asked.drawn), model)
    moving = np.arange(len(asked.drawn))
    for _ in range(controls.rounds):
        for group in _alike(flows.taps, moving):
            _solve_group(model, flows, group, asked[group], controls)
        move = _moves(model, flows, moving, controls)
        flows.taps[moving] += move
        moving = moving[move.any(axis=1)]
        if not moving.size:
            break
    flows.converged[moving] = False
    _forget(flows, ~flows.converged)
    return flows


def _unsolved(cases: int, model: Model) -> LoadFlows:
    """Return room for the results, taps at their start."""
    return LoadFlows(
        voltage=np.zeros((cases, len(model.bus_kv)), dtype=complex),
        flow=np.zeros((cases, len(model.ends), 2), dtype=complex),
        q_link_mvar=np.zeros(cases),
        taps=np.zeros((cases, len(model.changers.trafo)), dtype=np.int64),
        converged=np.zeros(cases, dtype=bool),
    )


def _alike(taps: Ints, cases: Ints) -> Iterator[Ints]:
    """Yield the given cases in groups whose taps stand alike."""
    _, kind = np.unique(taps[cases], axis=0, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    starts = np.flatnonzero(np.diff(kind[order])) + 1
    yield from np.split(cases[order], starts)


def _solve_group(
    model: Model, flows: LoadFlows, group: Ints, asked: Asked, controls: Controls
) -> None:
    """Solve cases with equal taps, and note voltages, flows and reactive power."""
    engine = _at_taps(model, flows.taps[group[0]])
    limit = np.sqrt(np.maximum(controls.rating_mva**2 - asked.link_mw**2, 0.0))
    drawn = asked.drawn.copy()
    drawn[:, model.terminal] -= asked.link_mw

    _sweep(engine, model, flows, group, drawn, asked.linked)

    needed = flows.q_link_mvar[group]
    beyond = asked.linked & flows.converged[group] & (np.abs(needed) > limit)
    if beyond.any():
        rows, given = group[beyond], np.copysign(limit, needed)[beyond]
        drawn[beyond, model.terminal] -= 1j * given
        _sweep(engine, model, flows, rows, drawn[beyond], np.zeros(len(rows), dtype=bool))
        flows.q_link_mvar[rows] = given


def _at_taps(model: Model, taps: Ints) -> Any:
    """Return the engine's model with its tap changers at the given positions."""
    engine = model.engine.copy()
    changers = model.changers
    for trafo, ratio in zip(
        changers.trafo.tolist(),
        (changers.ratio * (1 + changers.step * taps)).tolist(),
        strict=True,
    ):
        engine.change_ratio_trafo(trafo, ratio)
    return engine


def _sweep(
    engine: Any, model: Model, flows: LoadFlows, rows: Ints, drawn: Complexes, holding: Bools
) -> None:
    """Run one load flow a row; the converter holds its voltage where `holding`."""
    from lightsim2grid.scenarioSweep import ScenarioSweepCPP

    generators = engine.get_generators()
    converter = [k for k, unit in enumerate(generators) if not unit.is_slack]
    out = np.zeros((len(rows), len(generators)), dtype=bool)
    out[:, converter] = ~holding[:, np.newaxis]
    sweep = ScenarioSweepCPP(engine)
    sweep.change_algorithm("NRSing_KLU")
    sweep.compute_gen_results = True
    sweep.modify_load_p(np.ascontiguousarray(drawn.real))
    sweep.modify_load_q(np.ascontiguousarray(drawn.imag))
    sweep.set_contingency_gens(out)
    sweep.compute(model.start, ITERATIONS, TOLERANCE_MVA)
    ends = sweep.compute_branch_results()
    flows.converged[rows] = sweep.converged_mask()
    flows.voltage[rows] = sweep.get_voltages()
    flows.flow[rows] = ends[..., 0::2] + 1j * ends[..., 1::2]
    flows.q_link_mvar[rows] = sweep.get_gen_results()[:, converter, 1].sum(axis=1)


def _moves(model: Model, flows: LoadFlows, cases: Ints, controls: Controls) -> Ints:
    """Return by how much each tap changer moves, shape (case, changer).

    A step up at the high side lowers the voltage.
    """
    changers, taps = model.changers, flows.taps[cases]
    error = np.abs(flows.voltage[cases][:, changers.bus]) - controls.tap_target_pu
    steps = np.sign(error) * (np.abs(error) > controls.dead_band_steps * changers.step)
    steps[~flows.converged[cases]] = 0
    return np.clip(taps + steps.astype(np.int64), changers.lowest, changers.highest) - taps


def _forget(flows: LoadFlows, failed: Bools) -> None:
    """Leave no number behind where there is no solution."""
    flows.voltage[failed] = flows.flow[failed] = complex(np.nan, np.nan)
    flows.q_link_mvar[failed] = np.nan
    flows.taps[failed] = 0
