"""The Anglesey networks as pandapower files, made from the tables.

`python -m grid.anglesey_networks` writes them anew; a test compares them with the
tables. They are shipped so that nobody has to import pandapower to name a case,
and as examples of what `grid.own` reads.
"""

from math import sqrt
from typing import Any

import numpy as np

from grid.anglesey import generators, network_path, tables

REACTIVE_SHARE = np.tan(np.arccos(0.98))  # MVAr per MW of load


def build(seat: int) -> Any:
    """Return a network of the tables as a pandapower network.

    Loads stand at the peak of scenario N, generators at nameplate. The 132 kV
    slack is bus 0. No converter: that is added where the link is modelled.
    """
    import pandapower as pp

    table = tables()["networks"][f"network{seat + 1}"]
    net = pp.create_empty_network(name=f"network-{seat + 1}", f_hz=tables()["f_hz"])
    net.std_types = {kind: {} for kind in net.std_types}
    slack = pp.create_bus(net, tables()["grid_transformer"]["hv_kv"], name="132 kV")
    pp.create_ext_grid(net, slack)
    kv = tables()["base_kv"]
    buses = {bus["id"]: pp.create_bus(net, kv, name=bus["id"]) for bus in table["buses"]}
    for bus, count in table["grid_buses"].items():
        for unit in range(count):
            _add_grid_transformer(net, slack, buses[bus], f"{bus}-T{unit + 1}")
    for line in table["lines"]:
        _add_line(net, line, buses)
    for bus, p_mw in table["loads_mw_peak_N"].items():
        pp.create_load(net, buses[bus], p_mw, p_mw * REACTIVE_SHARE, name=bus)
    for kind, bus, p_mw in generators(table):
        pp.create_sgen(net, buses[bus], p_mw, name=bus, type=kind)
    return net


def _add_grid_transformer(net: Any, slack: int, bus: int, name: str) -> None:
    """Add a 132/33 kV transformer with an on-load tap changer at its high side."""
    import pandapower as pp

    table = tables()["grid_transformer"]
    share = table["sn_mva"] / 100  # of the base that r and x are given on
    impedance = complex(table["r_pu_on_100mva"], table["x_pu_on_100mva"]) * share
    pp.create_transformer_from_parameters(
        net,
        slack,
        bus,
        sn_mva=table["sn_mva"],
        vn_hv_kv=table["hv_kv"],
        vn_lv_kv=table["lv_kv"],
        vkr_percent=100 * impedance.real,
        vk_percent=100 * abs(impedance),
        pfe_kw=0.0,
        i0_percent=0.0,
        tap_side=table["tap_side"],
        tap_changer_type="Ratio",
        tap_neutral=0,
        tap_pos=0,
        tap_min=table["tap_min"],
        tap_max=table["tap_max"],
        tap_step_percent=table["tap_step_percent"],
        tap_step_degree=0.0,
        oltc=True,
        name=name,
    )


def _add_line(net: Any, line: dict[str, Any], buses: dict[str, int]) -> None:
    """Add a line of one of the types of the tables."""
    import pandapower as pp

    kind = tables()["line_types"][line["type"]]
    pp.create_line_from_parameters(
        net,
        buses[line["from_bus"]],
        buses[line["to_bus"]],
        length_km=line["km"],
        r_ohm_per_km=kind["r_ohm_per_km"],
        x_ohm_per_km=kind["x_ohm_per_km"],
        c_nf_per_km=kind["c_nf_per_km"],
        max_i_ka=kind["rating_mva"] / (sqrt(3) * tables()["base_kv"]),
        name=line["id"],
        type=line["type"],
    )


def main() -> None:
    """Write the two files."""
    import pandapower as pp

    for seat in (0, 1):
        pp.to_json(build(seat), str(network_path(seat)))


if __name__ == "__main__":
    main()
