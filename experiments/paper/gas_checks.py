"""What the contracts' gas says about the paper's statements on computation."""

import numpy as np

from experiments.paper.gas import (
    PAPER_BLOCKS,
    TODAY_BLOCKS,
    Fit,
    Model,
    Sweep,
    fit_all,
    shape,
)
from experiments.paper.reproduce import Decisions
from experiments.paper.statements import Evidence, Finding, plainly

PAPER_SHARE = {"hco": 0.196, "rps": 0.117}
"""Of a block, for a transaction: the paper's Methods."""


def gas_of_hco(evidence: Evidence) -> Finding:
    """Set our gas beside that of the paper's HCO contract."""
    return _transactions(evidence.run.decisions["hco"])


def gas_of_rps(evidence: Evidence) -> Finding:
    """Set our gas beside that of the paper's RPS contract."""
    return _transactions(evidence.run.decisions["rps"])


def capacity_of_hco(evidence: Evidence) -> Finding:
    """Do the paper's arithmetic for HCO, with one transaction and with two."""
    return _capacity(evidence.run.decisions["hco"], PAPER_SHARE["hco"], 0.15)


def capacity_of_rps(evidence: Evidence) -> Finding:
    """Do the paper's arithmetic for RPS, with one transaction and with two."""
    return _capacity(evidence.run.decisions["rps"], PAPER_SHARE["rps"], 0.09)


def transactions(evidence: Evidence) -> Finding:
    """Count the transactions of a window."""
    count = int((evidence.run.decisions["hco"].gas > 0).sum(-1).max())
    if count == 2:
        return Finding("2", "holds")
    here = f"{count}: a bid of each operator, and the decision and the meter's report by anyone"
    return Finding(here, "partly")


def hco_is_linear(evidence: Evidence) -> Finding:
    """Fit HCO's gas against the number of options."""
    fits = fits_of(_sweep(evidence), "hco")
    return Finding(_described(fits), plainly(shape(fits) == "linear"))


def rps_is_exponential(evidence: Evidence) -> Finding:
    """Fit the gas of both readings of RPS against the number of options."""
    swept = _sweep(evidence)
    fits = {name: fits_of(swept, name) for name in ("rps", "rps-pareto")}
    here = "; ".join(f"{name} {_described(fit)}" for name, fit in fits.items())
    return Finding(here, plainly("exponential" in map(shape, fits.values())))


def nested_loops(evidence: Evidence) -> Finding:
    """Compare the contract that needs nested loops with the one that does not."""
    swept = _sweep(evidence)
    ratio = swept.gas["rps-pareto"][-1] / swept.gas["rps"][-1]
    here = (
        f"with nested loops {shape(fits_of(swept, 'rps-pareto'))}, without"
        f" {shape(fits_of(swept, 'rps'))}: x {ratio:.1f} the gas at {swept.counts[-1]} options"
    )
    return Finding(here, "partly" if ratio > 1 else "does not hold")


def crossing(evidence: Evidence) -> Finding:
    """Find where either reading of RPS becomes dearer than HCO."""
    swept = _sweep(evidence)
    found = {name: swept.crossing("hco", name) for name in ("rps", "rps-pareto")}
    here = "; ".join(
        f"{name} dearer than hco from {count} options"
        if count
        else f"{name} cheaper at all up to {swept.counts[-1]}"
        for name, count in found.items()
    )
    return Finding(here, "partly" if any(found.values()) else "does not hold")


def fits_of(swept: Sweep, mechanism: str) -> dict[Model, Fit]:
    """Return the fits of a mechanism's gas."""
    return fit_all(np.array(swept.counts, float), swept.gas[mechanism].astype(float))


def _sweep(evidence: Evidence) -> Sweep:
    if evidence.sweep is None:
        raise AssertionError("a check of gas without gas")
    return evidence.sweep


def _transactions(held: Decisions) -> Finding:
    """Return the mean gas of each kind of transaction; the paper's contract is not public."""
    first, second, decision, report = held.gas.mean((0, 1))
    here = (
        f"bid {(first + second) / 2:,.0f}, decision {decision:,.0f}, report {report:,.0f};"
        f" window {window_gas(held):,.0f}"
    )
    return Finding(here, "not checkable")


def _capacity(held: Decisions, share: float, published_percent: float) -> Finding:
    one = PAPER_BLOCKS.share(share * PAPER_BLOCKS.gas_limit) * 100
    ours = [blocks.share(window_gas(held)) * 100 for blocks in (PAPER_BLOCKS, TODAY_BLOCKS)]
    here = (
        f"the paper's gas: one transaction {one:.3f} %, the stated two {2 * one:.3f} %;"
        f" our whole window {ours[0]:.3f} %, on today's blocks {ours[1]:.4f} %"
    )
    return Finding(here, "partly" if round(one, 2) == published_percent else "does not hold")


def window_gas(held: Decisions) -> float:
    """Return the mean gas of all transactions of a window."""
    return float(held.gas.sum(-1).mean())


def _described(fits: dict[Model, Fit]) -> str:
    """Return which model it is, and how well each fits."""
    table = ", ".join(f"{fit.r_squared:.5f} ({fit.aic:.0f})" for fit in fits.values())
    return f"{shape(fits)}; R2 (AIC) of linear, quadratic, exponential {table}"
