"""A user's own networks give the case they describe, or are refused by name."""

import json
from pathlib import Path

import numpy as np
import pandapower as pp
import pytest

from grid.anglesey import anglesey, network_path
from grid.appraisal import appraise
from grid.case import Case, equal_options
from grid.errors import NetworkRefused, ProfileRefused, SharesRefused
from grid.own import own_case

THREE = equal_options(3)
ANGLESEY = [network_path(0), network_path(1)]


@pytest.fixture
def profiles(tmp_path):
    """Write the profiles of the paper's day as a user would."""
    demand, generation = (
        getattr(anglesey().networks[0], k)[0] for k in ("demand", "generation")
    )
    rows = [
        f"0,{w},{demand[w, 0]},{generation[w, 0]},{generation[w, 3]},0.3" for w in range(48)
    ]
    path = tmp_path / "profiles.csv"
    path.write_text("\n".join(["day,window,demand,wind,pv,hydro", *rows]), encoding="utf-8")
    return path


@pytest.fixture
def flat(tmp_path):
    """Write profiles that are half of everything, always."""
    path = tmp_path / "flat.csv"
    rows = [f"0,{w},0.5,0.5" for w in range(48)]
    path.write_text("\n".join(["day,window,demand,generation", *rows]), encoding="utf-8")
    return path


def feeder():
    """Return a small network of 20 kV behind one transformer, indexes far from 0."""
    net = pp.create_empty_network(sn_mva=100.0)
    high = pp.create_bus(net, 110.0, name="high", index=10)
    low, far = (
        pp.create_bus(net, 20.0, name=n, index=k) for n, k in (("low", 20), ("far", 31))
    )
    pp.create_ext_grid(net, high, vm_pu=1.01)
    pp.create_transformer(net, high, low, "25 MVA 110/20 kV", name="T", tap_pos=2)
    pp.create_line(net, low, far, 5.0, "NAYY 4x150 SE", name="L")
    pp.create_load(net, far, 2.0, 0.4, name="town", scaling=1.5)
    pp.create_sgen(net, far, 1.0, 0.1, name="mill", type="hydro")
    pp.create_shunt(net, low, q_mvar=-0.5)
    return net


def add_changer(net, **changes):
    """Let the transformer change taps under load."""
    data = {"oltc": True, "tap_changer_type": "Ratio", "tap_side": "hv", "tap_neutral": 1}
    for column, value in (
        data | {"tap_min": -8, "tap_max": 10, "tap_pos": 3} | changes
    ).items():
        net.trafo[column] = value


@pytest.fixture
def write(tmp_path):
    def write(net, name="own.json"):
        path = tmp_path / name
        pp.to_json(net, str(path))
        return path

    return write


def own(path, flat, terminal="far", **changes):
    return own_case([path, path], [terminal, terminal], flat, options_mw=THREE, **changes)


def refusal(path, flat, terminal="far"):
    with pytest.raises(NetworkRefused) as caught:
        own(path, flat, terminal)
    assert caught.value.path == path
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_the_shipped_networks_and_profiles_give_the_anglesey_case(profiles, tmp_path):
    case = own_case(ANGLESEY, ["LK", "LB"], profiles, options_mw=THREE)

    mine, shipped = (appraise(c, tmp_path) for c in (case, anglesey(options_mw=THREE)))

    assert isinstance(case, Case)
    np.testing.assert_allclose(mine.cost_gbp, shipped.cost_gbp, rtol=0, atol=1e-6)
    np.testing.assert_allclose(mine.vm_pu[0], shipped.vm_pu[0], rtol=0, atol=1e-9)


def test_networks_are_named_by_their_files_and_numbered_where_those_are_alike(
    profiles, flat, write
):
    case = own_case(ANGLESEY, ["LK", "LB"], profiles)
    alike = own(write(feeder()), flat)

    assert [network.name for network in case.networks] == [path.stem for path in ANGLESEY]
    assert [network.name for network in alike.networks] == ["own-1", "own-2"]


@pytest.mark.parametrize("terminal", ["far", 31])
def test_a_terminal_is_a_buss_name_or_its_index_in_the_file(write, flat, terminal):
    case = own(write(feeder()), flat, terminal)

    assert [network.terminal for network in case.networks] == [2, 2]


def test_a_network_with_old_fashioned_indexes_taps_and_scaling_is_modelled(
    write, flat, tmp_path
):
    net = feeder()
    add_changer(net)
    pp.create_bus(net, 20.0, name="spare", index=5, in_service=False)
    pp.create_line(net, 20, 31, 5.0, "NAYY 4x150 SE", in_service=False)
    pp.create_switch(net, 20, 0, et="l", closed=True)
    case = own(write(net), flat)

    appraisal = appraise(case, tmp_path)

    assert appraisal.bus_names[0] == ("low", "far")
    assert appraisal.no_link.converged.all()
    exchange = appraisal.no_link.exchange_mw[0, 0, 0, 0]
    assert exchange == pytest.approx(
        1.5 - 0.5 + appraisal.no_link.losses_mw[0, 0, 0, 0], abs=1e-6
    )


def test_three_networks_may_share_a_set_point(write, flat):
    path = write(feeder())

    case = own_case([path] * 3, ["far"] * 3, flat, shares=(-1.0, 0.25, 0.75))

    assert [network.link_share for network in case.networks] == [-1.0, 0.25, 0.75]


def test_each_network_may_have_profiles_of_its_own(write, flat, profiles):
    case = own_case([write(feeder()), ANGLESEY[0]], ["far", "LK"], [flat, strip(profiles)])

    assert case.networks[0].demand[0, 0, 0] == 0.5
    assert case.networks[1].demand[0, 0, 0] == 0.6529


def strip(profiles):
    """Leave out the last column, hydro."""
    path = profiles.with_name("stripped.csv")
    lines = profiles.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines), encoding="utf-8")
    return path


def edited(change):
    net = feeder()
    change(net)
    return net


SUPPORTED = "wanted only bus, line, trafo, ext_grid, load, sgen, shunt, switch"


def set_value(table, column, value):
    def change(net):
        net[table][column] = value

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda net: pp.create_gen(net, 31, 1.0), f"gen 0: not supported, {SUPPORTED}"),
        (
            lambda net: pp.create_dcline(net, 20, 31, 1, 0, 0, 1, 1),
            f"dcline 0: not supported, {SUPPORTED}",
        ),
        (
            lambda net: pp.create_storage(net, 31, 1, 1),
            f"storage 0: not supported, {SUPPORTED}",
        ),
        (lambda net: pp.create_bus_dc(net, 27.0), f"bus_dc 0: not supported, {SUPPORTED}"),
        (
            lambda net: pp.create_switch(net, 20, 0, et="l", closed=False),
            "switch 0: is open, wanted closed switches at lines and transformers",
        ),
        (
            lambda net: pp.create_switch(net, 20, 31, et="b"),
            "switch 0: joins two buses, wanted closed switches at lines and transformers",
        ),
        (
            lambda net: net.ext_grid.drop(0, inplace=True),
            "ext_grid: 0 in service, wanted one slack",
        ),
        (lambda net: pp.create_ext_grid(net, 20), "ext_grid: 2 in service, wanted one slack"),
        (
            lambda net: pp.create_bus(net, 20.0, name="alone", index=40),
            "bus 40 (alone): an island, wanted a path to the slack",
        ),
        (
            set_value("line", "max_i_ka", np.nan),
            "line 0: max_i_ka is nan, wanted a number above 0",
        ),
        (set_value("trafo", "parallel", 2), "trafo 0: parallel is 2, wanted one row a unit"),
        (
            set_value("load", "const_z_p_percent", 40.0),
            "load 0: const_z_p_percent is 40.0, wanted constant power",
        ),
        (
            lambda net: add_changer(net, tap_side="lv"),
            "trafo 0: on-load tap changer 'Ratio' at 'lv', wanted 'Ratio' at 'hv'",
        ),
        (
            set_value("line", "in_service", "perhaps"),
            "line 0: in_service is perhaps, wanted true or false",
        ),
        (set_value("load", "bus", 77), "load 0: bus is 77, wanted the index of a bus"),
        (set_value("load", "p_mw", "much"), "load 0: p_mw is much, wanted a number"),
        (lambda net: net.line.pop("df"), "line: no column 'df', wanted a number above 0"),
        (
            set_value("trafo", "tap_dependency_table", 1.0),
            "trafo 0: tap_dependency_table is 1.0, wanted false",
        ),
        (set_value("trafo", "tap_pos", "up"), "trafo 0: tap_pos is up, wanted a number"),
        (
            set_value("trafo", "tap_changer_type", "Symmetrical"),
            "trafo 0: tap changer 'Symmetrical', wanted 'Ratio'",
        ),
        (
            lambda net: add_changer(net, tap_step_percent=0.0),
            "trafo 0: wanted tap_min <= tap_neutral <= tap_max and a step above 0",
        ),
        (
            lambda net: net.load.__setitem__("p_mw", 900.0),
            "no load flow without the link in day 0, window 0, scenario N, wanted one",
        ),
    ],
)
def test_a_network_that_cannot_be_modelled_is_refused_by_name(write, flat, change, reason):
    assert refusal(write(edited(change)), flat) == reason


@pytest.mark.parametrize(
    ("terminal", "reason"),
    [
        ("nowhere", "terminal 'nowhere': no such bus, wanted one such as 'high', 'low', 'far'"),
        (99, "terminal 99: no such bus, wanted one such as 'high', 'low', 'far'"),
        ("high", "terminal 'high': is the slack, wanted another bus"),
    ],
)
def test_an_unknown_terminal_is_refused(write, flat, terminal, reason):
    assert refusal(write(feeder()), flat, terminal) == reason


def test_a_terminal_name_that_two_buses_have_is_refused(write, flat):
    net = feeder()
    net.bus["name"] = ["high", "far", "far"]

    assert refusal(write(net), flat) == "terminal 'far': 2 buses of that name"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "malformed JSON"),
        ("[1, 2]", "no pandapower network"),
        ('{"_class": "pandapowerNet", "_module": "x"}', "pandapower cannot read it"),
        (
            '{"_class": "pandapowerNet", "_module": "pandapower.auxiliary", "_object": 3}',
            "no pandapower network",
        ),
    ],
)
def test_a_file_that_holds_no_network_is_refused(tmp_path, flat, content, reason):
    path = tmp_path / "own.json"
    path.write_text(content, encoding="utf-8")

    assert refusal(path, flat).startswith(reason)


def test_a_missing_file_is_refused(tmp_path, flat):
    assert refusal(tmp_path / "none.json", flat) == "cannot be read: No such file or directory"


def test_a_network_that_lightsim2grid_models_otherwise_is_refused(write, flat):
    net = feeder()
    net.trafo[["leakage_resistance_ratio_hv", "leakage_reactance_ratio_hv"]] = 0.1, 0.9

    assert "from pandapower's voltage" in refusal(write(net), flat)


def test_what_lightsim2grid_refuses_is_refused_in_one_line(write, flat):
    net = feeder()
    net.trafo["tap_phase_shifter"] = True

    assert refusal(write(net), flat).startswith(
        "lightsim2grid cannot model it: Ideal phase shift"
    )


def test_a_column_for_no_element_is_refused(write, flat):
    flat.write_text(
        flat.read_text(encoding="utf-8").replace("generation", "generation,tide", 1)
    )
    text = flat.read_text(encoding="utf-8").replace(",0.5,0.5", ",0.5,0.5,0.5")
    flat.write_text(text, encoding="utf-8")

    with pytest.raises(ProfileRefused) as refused:
        own(write(feeder()), flat)

    assert refused.value.path == flat
    assert refused.value.reason.startswith("column 'tide': no element for it, wanted 'demand'")


def test_profiles_of_different_lengths_are_refused(write, flat, tmp_path):
    shorter = tmp_path / "shorter.csv"
    lines = flat.read_text(encoding="utf-8").splitlines()
    shorter.write_text("\n".join(lines[:47]), encoding="utf-8")
    path = write(feeder())

    with pytest.raises(ProfileRefused) as refused:
        own_case([path, path], ["far", "far"], [flat, shorter])

    assert refused.value.path == shorter
    assert (
        refused.value.reason == "1 days of 46 windows, wanted 1 of 48 as for the first network"
    )


def test_a_terminal_a_share_and_a_profile_are_wanted_for_each_network(flat):
    with pytest.raises(SharesRefused) as refused:
        own_case([Path("a"), Path("b"), Path("c")], ["x", "y", "z"], flat)

    assert refused.value.shares == (-1.0, 1.0)


def test_the_network_that_is_kept_is_itself_a_pandapower_file(write, flat):
    case = own(write(feeder()), flat)

    kept = json.loads(case.networks[0].pandapower_json)

    assert kept["_class"] == "pandapowerNet"
