"""What a day came to for each community: energy, losses, peaks, voltages, breaches."""

from dataclasses import dataclass

import numpy as np

from grid.case import Floats, Ints
from grid.feeder.flow import FeederFlows
from grid.feeder.limits import STATUTORY, Limits, breaches


@dataclass(frozen=True, eq=False)
class Scores:
    """Days of communities; all arrays have shape (day, community).

    A day of which a window has no load flow is NaN but for its counts.
    """

    imported_kwh: Floats
    """Drawn from the external grid, window by window."""

    exported_kwh: Floats
    """Given to it."""

    losses_kwh: Floats

    balance_kwh: Floats
    """Sum of the absolute exchange of each window: imported and exported."""

    peak_import_kw: Floats
    peak_export_kw: Floats
    """Largest means of a window at the head, 0 if there is none."""

    consumed_kwh: Floats
    """What households consume, as told."""

    generated_kwh: Floats
    """What their panels give, as told."""

    lowest_v: Floats
    highest_v: Floats
    """Extremes at any connection point, phase to neutral."""

    transformer_peak: Floats
    line_peak: Floats
    """Largest loading, as a share of rating."""

    breaches: Ints
    """Limits breached, summed over windows (`grid.feeder.limits`)."""

    unsolved: Ints
    """Windows without a load flow; each is a breach too."""

    @property
    def self_sufficiency(self) -> Floats:
        """Share of consumption and losses that was not imported; NaN of nothing."""
        needed = self.consumed_kwh + self.losses_kwh
        return 1 - _ratio(self.imported_kwh, needed)

    @property
    def self_consumption(self) -> Floats:
        """Share of generation that was not exported; NaN of nothing."""
        return 1 - _ratio(self.exported_kwh, self.generated_kwh)


def score(
    flows: FeederFlows,
    consumed_wh: Ints,
    generated_wh: Ints,
    limits: Limits = STATUTORY,
    hours: float = 0.5,
) -> Scores:
    """Return what each day of each community came to.

    Parameters
    ----------
    flows : FeederFlows
        Load flows of leading axes (day, community, window).
    consumed_wh : ndarray of int, shape (day, community, household, window)
        What households consume: demand, cars and heat, without batteries.
    generated_wh : ndarray of int, shape (day, community, household, window)
        What their panels give.
    limits : Limits
        What counts as a breach.
    hours : float
        Length of a window.
    """
    head = flows.head_kw
    drawn, given = np.maximum(head, 0.0), np.maximum(-head, 0.0)
    return Scores(
        imported_kwh=drawn.sum(axis=-1) * hours,
        exported_kwh=given.sum(axis=-1) * hours,
        losses_kwh=flows.losses_kw.sum(axis=-1) * hours,
        balance_kwh=np.abs(head).sum(axis=-1) * hours,
        peak_import_kw=drawn.max(axis=-1),
        peak_export_kw=given.max(axis=-1),
        consumed_kwh=consumed_wh.sum(axis=(-2, -1)) / 1000,
        generated_kwh=generated_wh.sum(axis=(-2, -1)) / 1000,
        lowest_v=flows.voltage_v.min(axis=(-2, -1)),
        highest_v=flows.voltage_v.max(axis=(-2, -1)),
        transformer_peak=flows.transformer_loading.max(axis=(-2, -1)),
        line_peak=flows.line_loading.max(axis=(-2, -1)),
        breaches=breaches(flows, limits).count.sum(axis=-1),
        unsolved=np.count_nonzero(~flows.converged, axis=-1),
    )


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part over whole, NaN where the whole is nothing."""
    return np.divide(part, whole, where=whole > 0, out=np.full_like(whole, np.nan))
