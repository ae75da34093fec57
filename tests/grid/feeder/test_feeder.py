"""A feeder is what its file describes, or is refused by name."""

import numpy as np
import pandapower as pp
import pytest

from grid.errors import NetworkRefused
from grid.feeder.feeder import read_feeder


def own():
    """Return a meshed feeder of two points behind one transformer."""
    net = pp.create_empty_network()
    high = pp.create_bus(net, 11.0, name="high", index=7)
    low, near, far = (
        pp.create_bus(net, 0.4, name=n, index=k) for n, k in (("low", 3), ("a", 9), ("b", 12))
    )
    pp.create_ext_grid(net, high)
    pp.create_transformer(net, high, low, "0.4 MVA 10/0.4 kV", name="T")
    for name, ends in (("la", (low, near)), ("ab", (near, far)), ("bl", (far, low))):
        pp.create_line(net, *ends, 0.1, "NAYY 4x150 SE", name=name)
    for bus in (near, far, far):
        pp.create_load(net, bus, 0.01, 0.0)
    pp.create_sgen(net, near, 0.02)
    return net


@pytest.fixture
def read(tmp_path):
    def read(net):
        path = tmp_path / "own.json"
        pp.to_json(net, str(path))
        return read_feeder(path)

    return read


def test_the_feeder_of_simbench(feeder):
    assert feeder.name == "simbench_lv_rural1"
    assert len(feeder.points) == feeder.lines == 13
    assert len(feeder.transformer_names) == 1
    assert feeder.bus_kv[feeder.slack] == 20.0
    assert feeder.rating_kva[-1] == pytest.approx(160)
    assert feeder.rating_kva[:-1] == pytest.approx(np.sqrt(3) * 270 * 0.4)


def test_a_users_own_feeder_may_be_meshed(read):
    feeder = read(own())

    assert feeder.point_names == ("a", "b")
    assert feeder.line_names == ("la", "ab", "bl")
    assert feeder.bus_kv[feeder.slack] == 11.0


def test_a_feeder_without_a_transformer_is_refused(read):
    net = own()
    net.trafo.in_service = False

    with pytest.raises(NetworkRefused, match="an island, wanted a path to the slack"):
        read(net)


def test_a_feeder_of_one_voltage_is_refused(read):
    net = own()
    net.trafo = net.trafo.iloc[:0]
    net.ext_grid.bus = 3
    net.bus = net.bus.drop(7)

    with pytest.raises(NetworkRefused, match="trafo: none in service"):
        read(net)


def test_a_feeder_without_supply_is_refused(read):
    net = own()
    net.ext_grid.in_service = False

    with pytest.raises(NetworkRefused, match="ext_grid: 0 in service, wanted one slack"):
        read(net)


def test_an_island_is_refused(read):
    net = own()
    pp.create_bus(net, 0.4, name="lost", index=40)

    with pytest.raises(NetworkRefused, match=r"bus 40 \(lost\): an island"):
        read(net)


def test_a_feeder_without_loads_is_refused(read):
    net = own()
    net.load = net.load.iloc[:0]

    with pytest.raises(NetworkRefused, match="load: none in service"):
        read(net)


def test_a_load_at_the_external_grid_is_refused(read):
    net = own()
    pp.create_load(net, 7, 0.01)

    with pytest.raises(NetworkRefused, match="load 3: stands at the external grid"):
        read(net)


def test_a_tap_changer_is_refused(read):
    net = own()
    for column, value in {
        "oltc": True,
        "tap_changer_type": "Ratio",
        "tap_side": "hv",
        "tap_neutral": 0,
        "tap_min": -2,
        "tap_max": 2,
        "tap_pos": 0,
    }.items():
        net.trafo[column] = value

    with pytest.raises(NetworkRefused, match="trafo 0: on-load tap changer"):
        read(net)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NetworkRefused, match="cannot be read"):
        read_feeder(tmp_path / "none.json")
