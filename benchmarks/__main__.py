"""Every benchmark, one after another: ``make bench``."""

from benchmarks import (
    communities,
    days,
    load_flows,
    matches,
    mechanisms,
    page,
    sweeps,
    tournaments,
    trading,
    venues,
)

for benchmark in (
    load_flows,
    mechanisms,
    matches,
    tournaments,
    venues,
    trading,
    days,
    communities,
    sweeps,
    page,
):
    print(f"\n{(benchmark.__doc__ or '').splitlines()[0]}")
    benchmark.main()
