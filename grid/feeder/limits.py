"""The limits of a feeder: which are breached, and who breaches them.

Voltage at a connection point is to stay within 230 V +10 % and -6 % (Electricity
Safety, Quality and Continuity Regulations 2002, regulation 27), phase to neutral.
These count from 230 V, whereas the network's base is 400 V / sqrt(3), or 230.94 V.
Currents are to stay within ratings.
"""

from dataclasses import dataclass, field

import numpy as np

from grid.case import Bools, Floats, Ints
from grid.feeder.flow import FeederFlows
from grid.feeder.sensitivity import Sensitivities


@dataclass(frozen=True)
class Limits:
    """What voltages and loadings are to stay within."""

    lowest_v: float = 216.2
    highest_v: float = 253.0

    loading: float = 1.0
    """Largest share of the rating, of lines and of transformers."""


STATUTORY = Limits()


@dataclass(frozen=True, eq=False)
class Breaches:
    """Where limits are breached; `…` are the leading axes of the load flows."""

    low: Bools = field(repr=False)
    """Under-voltage, shape (…, point)."""

    high: Bools = field(repr=False)
    """Over-voltage, shape (…, point)."""

    line: Bools = field(repr=False)
    """Overload, shape (…, line)."""

    transformer: Bools = field(repr=False)
    """Overload, shape (…, transformer)."""

    unsolved: Bools = field(repr=False)
    """No solution of the load flow, shape (…)."""

    @property
    def count(self) -> Ints:
        """How many limits are breached, no solution being one, shape (…)."""
        kinds = (self.low, self.high, self.line, self.transformer)
        return self.unsolved + sum(np.count_nonzero(kind, axis=-1) for kind in kinds)


@dataclass(frozen=True, eq=False)
class Causes:
    """How many breaches a household answers for, in shares of one; (…, household)."""

    low: Floats
    high: Floats
    line: Floats
    transformer: Floats

    @property
    def total(self) -> Floats:
        """The breaches of all kinds, shape (…, household)."""
        return self.low + self.high + self.line + self.transformer


def breaches(flows: FeederFlows, limits: Limits = STATUTORY) -> Breaches:
    """Return which limits are breached.

    Parameters
    ----------
    flows : FeederFlows
        Load flows of any leading axes.
    limits : Limits
        Left out, the statutory ones and the ratings.
    """
    return Breaches(
        low=flows.voltage_v < limits.lowest_v,
        high=flows.voltage_v > limits.highest_v,
        line=flows.line_loading > limits.loading,
        transformer=flows.transformer_loading > limits.loading,
        unsolved=~flows.converged,
    )


def causes(
    found: Breaches, flows: FeederFlows, p_kw: Floats, point: Ints, slopes: Sensitivities
) -> Causes:
    """Return which households cause the breaches.

    Each breach is shared among the households whose net power pushes the way of it, by
    how hard they push: net power times the sensitivity of the voltage, or of the flow
    in the direction it has. So who injects answers for over-voltage and reverse
    overload, who draws for under-voltage and forward overload, and who relieves for
    nothing. A breach that nobody pushes towards (by reactive power alone, or by the
    voltage of the external grid) is nobody's.

    Parameters
    ----------
    found : Breaches
        Of `flows`.
    flows : FeederFlows
        Load flows, leading axes `…`.
    p_kw : ndarray of float, shape (…, household)
        What each household draws, negative if it gives.
    point : ndarray of int, shape (household,)
        Connection point of each.
    slopes : Sensitivities
        Around a single base case (no leading axes), such as nothing drawn.
    """
    none = np.ones_like(flows.voltage_v)
    lines, transformers = np.sign(flows.line_kw), np.sign(flows.transformer_kw)
    return Causes(
        low=_shared(found.low, -none, slopes.voltage_v[:, point], p_kw),
        high=_shared(found.high, none, slopes.voltage_v[:, point], p_kw),
        line=_shared(found.line, lines, slopes.line_kw[:, point], p_kw),
        transformer=_shared(
            found.transformer, transformers, slopes.transformer_kw[:, point], p_kw
        ),
    )


def _shared(broken: Bools, direction: Floats, slope: Floats, p_kw: Floats) -> Floats:
    """Return shares in the breaches of one kind, shape (…, household).

    `broken` and `direction` have shape (…, element), `slope` (element, household).
    """
    shares = np.zeros(p_kw.shape)
    *case, element = np.nonzero(broken)
    pushes = direction[broken][:, np.newaxis] * slope[element] * p_kw[tuple(case)]
    pushes = np.maximum(pushes, 0.0)
    total = pushes.sum(axis=-1, keepdims=True)
    np.add.at(shares, tuple(case), np.divide(pushes, total, where=total > 0, out=0 * pushes))
    return shares
