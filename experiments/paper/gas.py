"""What negotiating costs a chain: gas against the number of options, fits, share of blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar

from experiments.paper.reproduce import (
    REPRODUCED,
    Reproduction,
    counted,
    decide_checked,
    decide_in_memory,
    pair_costs_gbp,
    pairs,
    truthful_bids,
)
from experiments.scenario import Scenario
from experiments.wiring import Progress, Study, terms
from market.types import Floats, Ticks

Model: TypeAlias = Literal["linear", "quadratic", "exponential"]

COUNTS: Final = (3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 25, 31, 37, 43, 49, 55, 61)
"""Numbers of options that are measured; from 3 on each is odd, since 0 MW is one."""

ENOUGH: Final = 0.999
"""The share of variance that a model must explain to describe a curve."""


@dataclass(frozen=True)
class Blocks:
    """How much a chain can compute."""

    gas_limit: int
    """Of a block."""

    seconds: float
    """Between blocks."""

    def share(self, gas: float, period: float = 1800.0) -> float:
        """Return which share of all the gas of a period is used.

        >>> round(100 * PAPER_BLOCKS.share(0.196 * PAPER_BLOCKS.gas_limit), 4)
        0.1524
        """
        return gas / (self.gas_limit * period / self.seconds)


PAPER_BLOCKS: Final = Blocks(gas_limit=8_000_000, seconds=14.0)
"""Ethereum in March 2018, as the paper states it."""

TODAY_BLOCKS: Final = Blocks(gas_limit=60_000_000, seconds=12.0)
"""Ethereum since the Fusaka fork: EIP-7935 (default gas limit), EIP-3675 (a slot is 12 s)."""


@dataclass(frozen=True)
class Fit:
    """A curve through points, and how well it fits."""

    model: Model

    parameters: tuple[float, ...]
    """Linear and quadratic: from the constant up. Exponential: a, b, c of a + b exp(c x)."""

    r_squared: float
    """Share of variance explained."""

    aic: float
    """Akaike's information criterion; the lower the better."""

    def __call__(self, x: Floats) -> Floats:
        """Return the curve at any number of options."""
        if self.model == "exponential":
            a, b, c = self.parameters
            return a + b * np.exp(c * x)
        return np.polynomial.Polynomial(self.parameters)(x)


@dataclass(frozen=True, eq=False)
class Sweep:
    """What happens with more options on the same range of the link."""

    counts: tuple[int, ...]
    """Numbers of options."""

    gas: Mapping[str, Ticks]
    """By mechanism: gas of all windows of all pairs, shape (count,)."""

    ratio: Mapping[str, Floats]
    """By mechanism: day's cost over that without the link, mean of pairs, shape (count,)."""

    every: int = 1
    """Gas was measured in every so many windows, and scaled to all."""

    def crossing(self, one: str, other: str) -> int | None:
        """Return the first count from which `other` stays dearer than `one`."""
        dearer = self.gas[other] > self.gas[one]
        stays = np.logical_and.accumulate(dearer[::-1])[::-1]
        return self.counts[int(stays.argmax())] if stays.any() else None


def sweep(
    scenario: Scenario,
    priced: Callable[[int], Study],
    counts: tuple[int, ...] = COUNTS,
    every: int = 1,
    progress: Progress | None = None,
) -> Sweep:
    """Negotiate every pair with every number of options, on the scenario's venue.

    Parameters
    ----------
    scenario : Scenario
        For its market and its venue.
    priced : callable
        Returns the study with so many options.
    counts : tuple of int
        Numbers of options.
    every : int
        Measure the gas of every so many windows only.
    progress : callable, optional
        Told how many pairs of count and mechanism are done, and how many there are.
    """
    told = counted(progress, len(counts) * len(REPRODUCED))
    gas = {name: np.zeros(len(counts), np.int64) for name in REPRODUCED}
    ratio = {name: np.zeros(len(counts)) for name in REPRODUCED}
    for place, count in enumerate(counts):
        seen = priced(count)
        for name in REPRODUCED:
            gas[name][place] = total_gas(scenario, seen, name, every)
            ratio[name][place] = mean_ratio(scenario, seen, name)
            told()
    return Sweep(counts, gas, ratio, every)


def total_gas(scenario: Scenario, seen: Study, mechanism: str, every: int = 1) -> int:
    """Return the gas of all windows of all pairs, from every so many of them."""
    held = decide_checked(scenario, seen, mechanism, _silent, every)
    windows = len(pairs()) * seen.cost_gbp.shape[3]
    return round(float(held.gas.sum(-1).mean()) * windows)


def mean_ratio(scenario: Scenario, seen: Study, mechanism: str) -> float:
    """Return the day's total cost over that without the link, mean of the pairs."""
    agreed = terms(scenario, seen, mechanism)
    bids = truthful_bids(pair_costs_gbp(seen), agreed, scenario.market.tick_gbp)
    decided = {mechanism: decide_in_memory(agreed, bids)}
    return float(Reproduction(scenario, seen, decided).ratio(mechanism).mean())


def fit_all(x: Floats, y: Floats) -> dict[Model, Fit]:
    """Return the best curve of each model through points, the simplest model first.

    Examples
    --------
    >>> x = np.arange(3.0, 12.0)
    >>> fits = fit_all(x, 5.0 + 2.0 * x**2)
    >>> [round(p, 6) + 0.0 for p in fits["quadratic"].parameters]
    [5.0, 0.0, 2.0]
    >>> shape(fits)
    'quadratic'
    """
    return {
        "linear": _polynomial("linear", x, y, 1),
        "quadratic": _polynomial("quadratic", x, y, 2),
        "exponential": _exponential(x, y),
    }


def shape(fits: Mapping[Model, Fit]) -> Model:
    """Return the simplest model that explains enough, or else the best one."""
    for fit in fits.values():
        if fit.r_squared >= ENOUGH:
            return fit.model
    return min(fits.values(), key=lambda fit: fit.aic).model


def _polynomial(model: Model, x: Floats, y: Floats, degree: int) -> Fit:
    parameters = np.polynomial.Polynomial.fit(x, y, degree).convert().coef
    padded = np.zeros(degree + 1)
    padded[: len(parameters)] = parameters
    return _judged(model, tuple(padded.tolist()), x, y)


def _exponential(x: Floats, y: Floats) -> Fit:
    """Search the rate; constant and factor then follow by linear least squares."""
    span = float(np.ptp(x))

    def parameters(rate: float) -> tuple[float, float, float]:
        columns = np.stack([np.ones_like(x), np.exp(rate * (x - x[-1]))], -1)
        (constant, factor), *_ = np.linalg.lstsq(columns, y, rcond=None)
        return float(constant), float(factor * np.exp(-rate * x[-1])), rate

    def loss(rate: float) -> float:
        a, b, c = parameters(rate)
        return float(((a + b * np.exp(c * x) - y) ** 2).sum())

    best = minimize_scalar(loss, bounds=(0.01 / span, 20.0 / span), method="bounded")
    return _judged("exponential", parameters(float(best.x)), x, y)


def _judged(model: Model, parameters: tuple[float, ...], x: Floats, y: Floats) -> Fit:
    """Return a fit with its quality; rounding errors are no reason to prefer a model."""
    left = ((Fit(model, parameters, 0.0, 0.0)(x) - y) ** 2).sum()
    left = max(float(left), float((1e-9 * y) @ (1e-9 * y)))
    around = float(((y - y.mean()) ** 2).sum())
    aic = len(x) * np.log(left / len(x)) + 2 * (len(parameters) + 1)
    return Fit(model, parameters, 1.0 - left / around, float(aic))


def _silent() -> None:
    """Tell nobody."""
