"""The feeder and the profiles of SimBench, as files of ours.

`python -m grid.feeder.extract` writes them anew, where simbench 1.6.3 is installed
beside what gridpact needs (`uv pip install simbench==1.6.3`). The files are shipped,
so nobody else needs its 91 MB. They stay under SimBench's licence, see
`grid/data/SIMBENCH_LICENCE.md`.

Clock time: SimBench stamps quarter-hours of 2016 by the German clock. On 27 March it
has no hour from 2 to 3, where the hour before is repeated; on 30 October it has that
hour twice, of which the mean is kept. So each of the 366 days has 48 half-hours, and
the sun stands an hour later by the clock in summer, as it does for people.
"""

from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).parent.parent / "data"
FEEDER = DATA / "simbench_lv_rural1.json"
PROFILES = DATA / "simbench_2016.parquet"

CODE = "1-LV-rural1--0-no_sw"
SCENARIO = "1-complete_data-mixed-all-2-sw"
DECIMALS = 4

HOMES = ("H0-A", "H0-B", "H0-C", "H0-G", "H0-L")
"""Single households. H0-H, which no low-voltage load of SimBench uses, is left out."""

CARS = ("HLS_A_3.7", "HLS_B_3.7", "HLS_C_3.7", "HLS_A_11.0", "HLS_B_11.0")
"""Charging points at home, by their power in kW. 22 kW is rare in Great Britain."""

HEATS = (
    "Air_Alternative_1",
    "Air_Alternative_2",
    "Air_Parallel_1",
    "Air_Parallel_2",
    "Air_Semi-Parallel_1",
    "Air_Semi-Parallel_2",
    "Soil_Alternative_1",
    "Soil_Alternative_2",
)
SUNS = tuple(f"PV{site}" for site in range(1, 9))

LOADS = (
    *(f"{name}_{kind}load" for name in HOMES for kind in "pq"),
    *(f"{name}_pload" for name in (*CARS, *HEATS)),
)


def network() -> Any:
    """Return the feeder as a pandapower network, without its profiles.

    Columns are sorted, because SimBench adds some in an order that chance makes.
    """
    import simbench

    net = simbench.get_simbench_net(CODE)
    del net["profiles"], net["loadcases"]
    net.std_types = {kind: {} for kind in net.std_types}
    for kind, table in net.items():
        if hasattr(table, "columns"):
            net[kind] = table.sort_index(axis=1)
    return net


def profiles() -> Any:
    """Return half-hourly means in per unit, a data frame of (day and window, profile)."""
    import pandas as pd

    loads, suns = _table("LoadProfile", LOADS), _table("RESProfile", SUNS)
    return pd.concat([loads, suns], axis=1).round(DECIMALS).astype(np.float32)


def half_hours(quarters: Any) -> Any:
    """Return means over the half-hours of the clock, 48 a day.

    Parameters
    ----------
    quarters : pandas.DataFrame
        Quarter-hours; the index holds clock times, one missing or twice where the
        clock changes.
    """
    import pandas as pd

    clock = quarters.groupby(quarters.index.floor("30min")).mean()
    first, last = clock.index[0], clock.index[-1]
    full = clock.reindex(pd.date_range(first, last, freq="30min"))
    return full.fillna(full.shift(2)).reset_index(drop=True)


def _table(name: str, columns: tuple[str, ...]) -> Any:
    """Return some profiles of SimBench's complete data by half-hours."""
    import pandas as pd
    import simbench

    path = Path(simbench.__file__).parent / "networks" / SCENARIO / f"{name}.csv"
    table = pd.read_csv(path, sep=";", usecols=["time", *columns])
    clock = pd.to_datetime(table.pop("time"), format="%d.%m.%Y %H:%M")
    return half_hours(table[list(columns)].set_axis(pd.DatetimeIndex(clock)))


def main() -> None:
    """Write the two files."""
    import pandapower as pp

    pp.to_json(network(), str(FEEDER))
    profiles().to_parquet(PROFILES, index=False, compression="zstd", compression_level=19)


if __name__ == "__main__":
    main()
