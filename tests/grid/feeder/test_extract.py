"""The shipped files are what SimBench's are made into."""

import sys
from types import ModuleType

import numpy as np
import pandapower as pp
import pandas as pd
import pytest

from grid.feeder import extract


@pytest.fixture(scope="module")
def shipped():
    return pd.read_parquet(extract.PROFILES)


def test_every_day_of_2016_has_48_half_hours(shipped):
    assert shipped.shape == (366 * 48, len(extract.LOADS) + len(extract.SUNS))
    assert not shipped.isna().any(axis=None)
    assert (shipped.dtypes == np.float32).all()


def test_profiles_are_in_per_unit(shipped):
    active = shipped[[name for name in shipped if not name.endswith("qload")]]

    assert active.min(axis=None) >= 0
    assert active.max(axis=None) <= 1


def test_the_sun_stands_an_hour_later_by_the_clock_in_summer(shipped):
    by_day = shipped["PV5"].to_numpy().reshape(366, 48)
    march, april = by_day[60:86].sum(axis=0), by_day[88:114].sum(axis=0)
    noons = [(day * np.arange(48)).sum() / day.sum() for day in (march, april)]

    assert noons[1] - noons[0] == pytest.approx(2, abs=0.7)


def quarters(*times):
    """Return quarter-hours from the first time to the last, numbered from 0, leaving gaps."""
    clock = pd.DatetimeIndex(
        np.concatenate([pd.date_range(*ends, freq="15min") for ends in times])
    )
    return pd.DataFrame({"x": np.arange(len(clock), dtype=float)}, index=clock)


def test_an_hour_that_the_clock_leaves_out_repeats_the_one_before():
    spring = quarters(
        ("2016-03-27 00:00", "2016-03-27 01:45"), ("2016-03-27 03:00", "2016-03-27 03:45")
    )

    halves = extract.half_hours(spring)["x"]

    assert halves.tolist() == [0.5, 2.5, 4.5, 6.5, 4.5, 6.5, 8.5, 10.5]


def test_of_an_hour_that_the_clock_has_twice_the_mean_is_kept():
    autumn = quarters(
        ("2016-10-30 01:00", "2016-10-30 02:45"), ("2016-10-30 02:00", "2016-10-30 03:45")
    )

    assert extract.half_hours(autumn)["x"].tolist() == [0.5, 2.5, 6.5, 8.5, 12.5, 14.5]


def test_the_script_makes_the_shipped_files_again(shipped, tmp_path, monkeypatch):
    committed = extract.FEEDER.read_text(encoding="utf-8")
    monkeypatch.setattr(extract, "FEEDER", tmp_path / "feeder.json")
    monkeypatch.setattr(extract, "PROFILES", tmp_path / "profiles.parquet")

    extract.main()

    assert extract.FEEDER.read_text(encoding="utf-8") == committed
    pd.testing.assert_frame_equal(pd.read_parquet(extract.PROFILES), shipped)


@pytest.fixture
def small_simbench(tmp_path, monkeypatch):
    """Put a module in the place of simbench: a feeder, and two hours of each profile."""
    net = pp.create_empty_network()
    pp.create_buses(net, 2, 0.4)
    net["profiles"] = net["loadcases"] = pd.DataFrame({"time": [0]})
    folder = tmp_path / "networks" / extract.SCENARIO
    folder.mkdir(parents=True)
    clock = pd.date_range("2016-01-01", periods=8, freq="15min").strftime("%d.%m.%Y %H:%M")
    for name, columns in (("LoadProfile", extract.LOADS), ("RESProfile", extract.SUNS)):
        values = {column: np.arange(8) / 30 for column in columns}
        table = pd.DataFrame({"time": clock, "other": 1.0, **values})
        table.to_csv(folder / f"{name}.csv", sep=";", index=False)
    module = ModuleType("simbench")
    module.__file__ = str(tmp_path / "__init__.py")
    module.get_simbench_net = lambda code: {extract.CODE: net}[code]
    monkeypatch.setitem(sys.modules, "simbench", module)
    monkeypatch.setattr(extract, "FEEDER", tmp_path / "feeder.json")
    monkeypatch.setattr(extract, "PROFILES", tmp_path / "profiles.parquet")


@pytest.mark.usefixtures("small_simbench")
def test_profiles_are_stripped_averaged_and_rounded():
    extract.main()

    net = pp.from_json(str(extract.FEEDER))
    profiles = pd.read_parquet(extract.PROFILES)
    assert len(net.bus) == 2
    assert "profiles" not in net
    assert list(profiles) == [*extract.LOADS, *extract.SUNS]
    np.testing.assert_allclose(profiles["PV1"], [0.0167, 0.0833, 0.15, 0.2167], rtol=1e-6)
