"""What the load flows say about the paper's case."""

from math import isclose

import numpy as np

from experiments.paper.statements import Evidence, Finding, plainly
from grid.anglesey import tables
from grid.appraisal import Appraisal
from grid.case import SCENARIOS, Controls
from market.types import Mask

FINER = (7, 13, 61)
"""Numbers of options that are compared, if they were measured."""


def generation(_: Evidence) -> Finding:
    """Add up the island's wind farms and solar farms."""
    island = tables()["networks"]["network1"]
    farms = {kind: tuple(island[f"{kind}_mw"].values()) for kind in ("wind", "pv")}
    here = "; ".join(f"{len(mw)} {kind} {sum(mw):.1f} MW" for kind, mw in farms.items())
    right = isclose(sum(farms["wind"]), 34.7) and isclose(sum(farms["pv"]), 28.5)
    return Finding(here, plainly(right and [len(mw) for mw in farms.values()] == [3, 2]))


def factors(_: Evidence) -> Finding:
    """Read the factors on demand and on generation."""
    here = ", ".join(f"{name} {d:g} x and {g:g} x" for name, (d, g) in SCENARIOS.items())
    return Finding(here, plainly(dict(SCENARIOS) == {"N": (1, 1), "D": (3, 1), "G": (1, 3)}))


def terminals(evidence: Evidence) -> Finding:
    """Compare the voltage at each terminal with 1 p.u., and reactive power with its limit."""
    assert evidence.run.seen.appraisal is not None, "checked by what the statement needs"
    held, limited = terminal_states(evidence.run.seen.appraisal)
    here = f"1 p.u. in {held.mean():.0%} of load flows, reactive power at its limit in the rest"
    return Finding(here, plainly(bool((held | limited).all())))


def finer_options(evidence: Evidence) -> Finding:
    """Compare the day's total cost with more and more options, load flows at each middle."""
    assert evidence.sweep is not None, "checked by what the statement needs"
    counts = evidence.sweep.counts
    places = [counts.index(count) for count in FINER if count in counts]
    found = {name: evidence.sweep.ratio[name][places] for name in ("hco", "rps")}
    falls = [bool((np.diff(ratio) < 0).all()) for ratio in found.values()]
    here = "; ".join(
        f"{name} {' '.join(f'{r:.4f}' for r in ratio)}" for name, ratio in found.items()
    )
    here += f" with {' '.join(str(counts[place]) for place in places)} options"
    if all(falls):
        return Finding(here, "holds")
    return Finding(here, "partly" if any(falls) else "does not hold")


def terminal_states(appraisal: Appraisal) -> tuple[Mask, Mask]:
    """Return where terminals hold 1 p.u., and where reactive power is at its limit.

    Shape (network, scenario, day, window, option).
    """
    networks = tables()["networks"].values()
    voltage = np.stack(
        [
            vm_pu[..., names.index(network["terminal"])]
            for vm_pu, names, network in zip(
                appraisal.vm_pu, appraisal.bus_names, networks, strict=True
            )
        ]
    )
    middles = np.array(appraisal.options_mw).mean(-1)
    limit = np.sqrt(Controls().rating_mva ** 2 - middles**2)
    held = np.abs(voltage - Controls().terminal_pu) < 1e-6
    return held, np.abs(np.abs(appraisal.q_link_mvar) - limit) < 1e-3
