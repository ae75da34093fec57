"""What operating a network costs: equations (9) to (12) of the paper.

Branches are all lines and grid transformers, parallel units counted apart;
buses are all but the slack.

References
----------
.. [1] L. Thomas, Y. Zhou, C. Long, J. Wu, N. Jenkins, "A general form of smart
   contract for decentralized energy systems management", Nature Energy 4, 2019.
"""

import numpy as np

from grid.case import Bools, Floats, Prices
from grid.load_flow import Complexes

HOURS = 0.5
"""Length of a window."""


def losses_mw(flow: Complexes) -> Floats:
    """Return f1, the active power lost in all branches (equation 10).

    The sum of I^2 r over the branches, taken as what goes in less what comes out.

    Parameters
    ----------
    flow : ndarray of complex, shape (..., branch, 2)
        Power into both ends of each branch, MVA.

    Examples
    --------
    >>> losses_mw(np.array([[10.2 + 1j, -10.0 - 1j], [5.1, -5.0]])).round(6)
    np.float64(0.3)
    """
    return flow.real.sum(axis=(-2, -1))


def line_utilisation(loading: Floats) -> Floats:
    """Return f2, the root mean square of the branches' loading (equation 11).

    Parameters
    ----------
    loading : ndarray of float, shape (..., branch)
        Current over rated current.

    Examples
    --------
    >>> line_utilisation(np.array([0.6, 0.8])).round(6)
    np.float64(0.707107)
    """
    return np.sqrt((loading**2).mean(axis=-1))


def voltage_index(vm_pu: Floats) -> Floats:
    """Return f3, the root mean square deviation from nominal (equation 12).

    Parameters
    ----------
    vm_pu : ndarray of float, shape (..., bus)
        Voltage magnitudes in p.u.

    Examples
    --------
    >>> voltage_index(np.array([1.03, 0.96])).round(6)
    np.float64(0.035355)
    """
    return np.sqrt(((vm_pu - 1.0) ** 2).mean(axis=-1))


def operating_cost_gbp(f1: Floats, f2: Floats, f3: Floats, prices: Prices) -> Floats:
    """Return what a window costs, GBP (equation 9); shapes broadcast.

    Examples
    --------
    >>> float(operating_cost_gbp(np.array(0.2), np.array(0.4), np.array(0.01), Prices()))
    29.0
    """
    return f1 * prices.losses + f2 * prices.utilisation + f3 * prices.voltage


def cost_gbp(
    indexes: tuple[Floats, Floats, Floats], demand_mw: Floats, converged: Bools, prices: Prices
) -> Floats:
    """Return the cost of each outcome, GBP, those without a solution included.

    Where the load flow did not converge, nothing says that any customer could be
    served: the demand of the window counts as lost, at the value of lost load.

    Parameters
    ----------
    indexes : tuple of three ndarray of float
        f1 in MW, f2, and f3 in p.u.
    demand_mw : ndarray of float
        Demand in the window.
    converged : ndarray of bool
        Whether there is a solution.
    prices : Prices
        Prices times weights.

    Examples
    --------
    >>> f = (np.array([0.2, np.nan]),) * 3
    >>> cost_gbp(f, np.array([16.0, 16.0]), np.array([True, False]), Prices())
    array([   152., 135520.])
    """
    lost = demand_mw * HOURS * prices.lost_load
    return np.where(converged, operating_cost_gbp(*indexes, prices), lost)
