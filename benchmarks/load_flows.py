"""All load flows of the paper's case, against a loop of pandapower.

`python -m benchmarks.load_flows` times both in one run: ours cold, with the
models built anew each time and nothing from the cache; pandapower on a sample,
with its network built beforehand and numba compiled.
"""

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from grid.anglesey import anglesey
from grid.appraisal import appraise
from grid.batch import drawn_mva
from grid.case import Case, Floats
from grid.load_flow import Asked, LoadFlows, solve
from grid.model import build_model
from grid.reference import build_reference, solve_by_reference

REPEATS = 5
SAMPLE = 24  # cases of each network
WANTED = 50.0


def main() -> None:
    """Print what was measured, and on what."""
    print(f"machine: {_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
    case = anglesey()
    flows = len(case.networks) * len(case.scenarios) * case.windows * (1 + len(case.options_mw))
    _cold(case)  # imports
    ours = statistics.median(_cold(case) for _ in range(REPEATS))
    print(f"batch: {flows} load flows in {ours:.2f} s, cold, median of {REPEATS}")

    each, volts, losses = zip(*(_race(case, seat) for seat in (0, 1)), strict=True)
    theirs = statistics.mean(each)
    print(f"pandapower: {1000 * theirs:.1f} ms a case, mean of {2 * SAMPLE}")
    print(f"ratio: {theirs * flows / ours:.0f} times faster, wanted {WANTED:.0f}")
    print(f"largest difference: {max(volts):.1e} p.u., {max(losses):.1e} MW, wanted 1e-06")


def _cold(case: Case) -> float:
    """Return how long the whole case takes without a cache, s."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        appraise(case, Path(folder))
        return time.perf_counter() - start


def _race(case: Case, seat: int) -> tuple[float, float, float]:
    """Return pandapower's seconds a case, and the differences in voltage and losses."""
    rng = np.random.default_rng(seat)
    model = build_model(case.networks[seat], case.controls)
    places = [
        rng.integers(count, size=SAMPLE) for count in (len(case.scenarios), 1, case.windows)
    ]
    option = rng.integers(1 + len(case.options_mw), size=SAMPLE)
    p_mw = np.append(case.middles_mw, 0.0)[option] * case.networks[seat].link_share
    linked = option < len(case.options_mw)
    asked = Asked(drawn_mva(case, model, seat, *places), p_mw, linked)
    net = build_reference(case.networks[seat], case.controls)
    solve_by_reference(net, asked[np.arange(1)], case.controls)  # numba compiles
    start = time.perf_counter()
    theirs = solve_by_reference(net, asked, case.controls)
    seconds = (time.perf_counter() - start) / SAMPLE
    ours = solve(model, asked, case.controls)
    apart = np.abs(np.abs(ours.voltage) - np.abs(theirs.voltage)).max()
    return seconds, float(apart), float(np.abs(_losses(ours) - _losses(theirs)).max())


def _losses(flows: LoadFlows) -> Floats:
    """Return the losses of each case, MW."""
    return flows.flow.real.sum(axis=(1, 2))


def _processor() -> str:
    """Return the model of the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    main()
