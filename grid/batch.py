"""All the load flows that a case, or a list of points, asks of one network."""

from collections.abc import Sequence

import numpy as np

from grid.case import Case, Floats, Ints
from grid.load_flow import Asked, Complexes, solve
from grid.model import Model
from grid.scores import Physics, measure


def drawn_mva(
    case: Case, model: Model, network: int, scenario: Ints, day: Ints, window: Ints
) -> Complexes:
    """Return what loads draw less what generators give, shape (case, bus).

    Parameters
    ----------
    case, model, network
        The case, the model of one of its networks, and which one.
    scenario, day, window : ndarray of int, shape (case,)
        Indexes.
    """
    profiles = case.networks[network]
    demand, generation = np.array(list(case.scenarios.values())).T
    load = profiles.demand[day, window] * demand[scenario, np.newaxis]
    sgen = profiles.generation[day, window] * generation[scenario, np.newaxis]
    return load @ model.load - sgen @ model.sgen


def solve_points(
    case: Case,
    model: Model,
    network: int,
    places: Sequence[Ints],
    p_mw: Floats,
) -> tuple[Physics, Floats]:
    """Return physics (case,) and voltages (case, bus) of set-points of one network.

    Parameters
    ----------
    case, model, network
        The case, the model of one of its networks, and which one.
    places : three ndarray of int, shape (case,)
        Scenario, day and window.
    p_mw : ndarray of float, shape (case,)
        Set-point, MW; NaN where there is no link.
    """
    drawn = drawn_mva(case, model, network, *places)
    linked = ~np.isnan(p_mw)
    link_mw = np.where(linked, p_mw, 0.0) * case.networks[network].link_share
    flows = solve(model, Asked(drawn, link_mw, linked), case.controls)
    physics = measure(model, flows, drawn[:, model.slack].real)
    return physics, np.abs(flows.voltage[:, model.scored])


def demand_mw(case: Case, model: Model, network: int) -> Floats:
    """Return the demand of one network in MW, shape (scenario, day, window)."""
    factors = np.array([demand for demand, _ in case.scenarios.values()])
    full_mw = model.load.real.sum(axis=-1)
    return np.multiply.outer(factors, case.networks[network].demand @ full_mw)
