"""Every benchmark, one after another: ``make bench``."""

from benchmarks import days, load_flows, matches, mechanisms, venues

for benchmark in (load_flows, mechanisms, matches, venues, days):
    print(f"\n{(benchmark.__doc__ or '').splitlines()[0]}")
    benchmark.main()
