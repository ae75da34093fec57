"""Every benchmark, one after another: ``make bench``."""

from benchmarks import load_flows, mechanisms, venues

for benchmark in (load_flows, mechanisms, venues):
    print(f"\n{(benchmark.__doc__ or '').splitlines()[0]}")
    benchmark.main()
