"""What a load flow says about a network: the numbers beside its cost."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from grid.case import Bools, Floats, Ints
from grid.cost import line_utilisation, losses_mw, voltage_index
from grid.load_flow import Complexes, LoadFlows
from grid.model import Model

STATUTORY = 0.06
"""Permitted deviation of the voltage at 33 kV, p.u. (ESQCR 2002, regulation 27)."""


@dataclass(frozen=True, eq=False)
class Physics:
    """Outcomes of load flows; all arrays have one shape, NaN where none converged."""

    losses_mw: Floats
    line_utilisation: Floats
    voltage_index: Floats

    vm_min_pu: Floats
    vm_max_pu: Floats
    """Lowest and highest voltage, the slack aside."""

    loading_max: Floats
    """Highest current over rated current of any branch."""

    exchange_mw: Floats
    """What comes in at the grid supply points, negative if it goes out."""

    q_link_mvar: Floats
    """What the converter gives to the network."""

    converged: Bools

    @property
    def breaches(self) -> Bools:
        """Whether a voltage or loading limit is exceeded, or there is no solution."""
        low, high = self.vm_min_pu < 1 - STATUTORY, self.vm_max_pu > 1 + STATUTORY
        return ~self.converged | low | high | (self.loading_max > 1.0)

    def __getitem__(self, index: object) -> Self:
        """Return the outcomes at an index into every array."""
        return type(self)(**{f.name: getattr(self, f.name)[index] for f in fields(self)})


def measure(model: Model, flows: LoadFlows, drawn_at_slack_mw: Floats) -> Physics:
    """Return what load flows say, each array of shape (case,).

    Parameters
    ----------
    model : Model
        The network.
    flows : LoadFlows
        Its load flows.
    drawn_at_slack_mw : ndarray of float, shape (case,)
        What is drawn less what is generated at the slack bus itself.
    """
    vm_pu = np.abs(flows.voltage)
    loading = branch_loading(
        flows.voltage, flows.flow, model.ends, model.bus_kv, model.rating_ka
    )
    at_slack = flows.flow.real[:, model.ends == model.slack].sum(axis=-1)
    return Physics(
        losses_mw=losses_mw(flows.flow),
        line_utilisation=line_utilisation(loading),
        voltage_index=voltage_index(vm_pu[:, model.scored]),
        vm_min_pu=vm_pu[:, model.scored].min(axis=-1),
        vm_max_pu=vm_pu[:, model.scored].max(axis=-1),
        loading_max=loading.max(axis=-1),
        exchange_mw=at_slack + drawn_at_slack_mw,
        q_link_mvar=flows.q_link_mvar,
        converged=flows.converged,
    )


def branch_loading(
    voltage: Complexes, flow: Complexes, ends: Ints, bus_kv: Floats, rating_ka: Floats
) -> Floats:
    """Return the current over the rated current, the higher end's, (case, branch).

    Parameters
    ----------
    voltage : ndarray of complex, shape (case, bus)
        In p.u.
    flow : ndarray of complex, shape (case, branch, 2)
        Power into both ends of each branch, MVA.
    ends, bus_kv, rating_ka
        As `grid.model.Model` has them.
    """
    kv = np.abs(voltage) * bus_kv
    current = np.abs(flow) / (np.sqrt(3) * kv[:, ends])
    return (current / rating_ka).max(axis=-1)
