"""What truthful parties decide on arrays of costs, and what that saves."""

import numpy as np

from experiments.paper.reproduce import decide_in_memory, truthful_bids
from experiments.scenario import Scenario
from experiments.wiring import HALF_HOUR, Study
from market.terms import Terms
from market.types import Floats


def costs_of(scenario: Scenario, seen: Study) -> Floats:
    """Return the costs of all pairs and days, shape (pair, day, party, window, option)."""
    days = range(seen.days)
    return np.array(
        [[seen.costs_gbp(pair, day) for day in days] for pair in scenario.grid.pairs]
    )


def alone_of(scenario: Scenario, seen: Study) -> Floats:
    """Return the costs without the link, shape (pair, day, party, window)."""
    days = range(seen.days)
    return np.array(
        [[seen.isolated_gbp(pair, day) for day in days] for pair in scenario.grid.pairs]
    )


def blocks(costs: Floats, half_hours: int) -> Floats:
    """Return the costs of holding an option for so many half-hours.

    Parameters
    ----------
    costs : ndarray of float, shape (…, window, option)
        Their number of windows is a multiple of `half_hours`.
    half_hours : int
        For how long one negotiation settles the set-point.

    Examples
    --------
    >>> blocks(np.array([[1.0, 2.0], [3.0, 4.0]]), 2)
    array([[4., 6.]])
    """
    *axes, windows, options = costs.shape
    return costs.reshape(*axes, windows // half_hours, half_hours, options).sum(-2)


def chosen(mechanism: str, costs: Floats, tick_gbp: float = 0.01) -> tuple[Floats, Floats]:
    """Return what each party's chosen options cost and what it pays, in GBP.

    Parameters
    ----------
    mechanism : str
        Key into `MECHANISMS`.
    costs : ndarray of float, shape (…, party, window, option)
        All parties bid the truth about them.
    tick_gbp : float
        The unit of bids.

    Returns
    -------
    cost, paid : ndarray of float, shape (…, party, window)
    """
    *axes, parties, windows, options = costs.shape
    cases = costs.reshape(-1, parties, windows, options)
    agreed = Terms(
        parties=parties,
        options=tuple((option, option) for option in range(options)),
        mechanism=mechanism,
        default=options // 2,
        period=HALF_HOUR,
    )
    decided = decide_in_memory(agreed, truthful_bids(cases, agreed, tick_gbp))
    option = decided.option[:, np.newaxis, :, np.newaxis]
    cost = np.take_along_axis(cases, option, -1)[..., 0]
    paid = np.moveaxis(decided.payments, -1, 1) * tick_gbp
    shape = (*axes, parties, windows)
    return cost.reshape(shape), paid.reshape(shape)


def mean_and_error(by_day: Floats) -> tuple[float, float]:
    """Return the mean over days and its standard error; the error of one day is unknown.

    >>> mean_and_error(np.array([1.0, 3.0]))
    (2.0, 1.0)
    """
    error = by_day.std(ddof=1) / np.sqrt(len(by_day)) if len(by_day) > 1 else np.nan
    return float(by_day.mean()), float(error)
