"""The oracle: the same load flows one by one in pandapower, controls and all.

Slow and plain. `grid.load_flow` is tested and timed against it.
"""

from typing import Any

import numpy as np

from grid.case import Controls, Ints, Network
from grid.load_flow import Asked, Complexes, LoadFlows
from grid.model import put_converter


def build_reference(network: Network, controls: Controls) -> Any:
    """Return the pandapower network with a load at every bus, and the converter."""
    import pandapower as pp

    net = pp.from_json_string(network.pandapower_json)
    put_converter(net, network.terminal, controls)
    return net


def solve_by_reference(net: Any, asked: Asked, controls: Controls) -> LoadFlows:
    """Solve cases one by one with the rule of `grid.load_flow`.

    Parameters
    ----------
    net : pandapower network
        As `build_reference` returns it.
    asked : Asked
        The cases.
    controls : Controls
        The rule's parameters.
    """
    solved = [_solve_one(net, asked, row, controls) for row in range(len(asked.link_mw))]
    voltage, flow, q_link, taps, converged = (
        np.array(part) for part in zip(*solved, strict=True)
    )
    return LoadFlows(voltage, flow, q_link, taps, converged)


def _solve_one(
    net: Any, asked: Asked, row: int, controls: Controls
) -> tuple[Complexes, Complexes, float, Ints, bool]:
    """Solve one case; the fields of `LoadFlows`."""
    import pandapower as pp

    limit = np.sqrt(max(controls.rating_mva**2 - asked.link_mw[row] ** 2, 0.0))
    net.load["p_mw"], net.load["q_mvar"] = asked.drawn[row].real, asked.drawn[row].imag
    net.gen[["p_mw", "min_q_mvar", "max_q_mvar"]] = asked.link_mw[row], -limit, limit
    net.gen["in_service"] = asked.linked[row]
    changers = net.trafo.index[net.trafo.oltc.fillna(value=False)]
    net.trafo.loc[changers, "tap_pos"] = 0
    for _ in range(controls.rounds):
        try:
            pp.runpp(net, enforce_q_lims=True, calculate_voltage_angles=True)
        except pp.LoadflowNotConverged:
            break
        if not _step_taps(net, changers, controls):
            voltage, flow, q_link = _results(net)
            return voltage, flow, q_link, net.trafo.tap_pos[changers].to_numpy(int), True
    voltage, flow = (np.full(shape, complex(np.nan, np.nan)) for shape in _shapes(net))
    return voltage, flow, np.nan, np.zeros(len(changers), dtype=int), False


def _shapes(net: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the shapes of voltages and of flows."""
    return (len(net.bus),), (len(net.line) + len(net.trafo), 2)


def _step_taps(net: Any, changers: Any, controls: Controls) -> bool:
    """Move each tap changer that is outside its dead band; whether any moved."""
    trafo = net.trafo.loc[changers]
    error = net.res_bus.vm_pu[trafo.lv_bus].to_numpy() - controls.tap_target_pu
    outside = np.abs(error) > controls.dead_band_steps * trafo.tap_step_percent / 100
    wanted = trafo.tap_pos + np.sign(error) * outside
    new = wanted.clip(trafo.tap_min, trafo.tap_max)
    net.trafo.loc[changers, "tap_pos"] = new
    return bool((new != trafo.tap_pos).any())


def _results(net: Any) -> tuple[Complexes, Complexes, float]:
    """Return voltages, flows and the converter's reactive power."""
    bus, line, trafo, gen = net.res_bus, net.res_line, net.res_trafo, net.res_gen
    lines = line[["p_from_mw", "p_to_mw"]] + 1j * line[["q_from_mvar", "q_to_mvar"]].to_numpy()
    trafos = trafo[["p_hv_mw", "p_lv_mw"]] + 1j * trafo[["q_hv_mvar", "q_lv_mvar"]].to_numpy()
    voltage = bus.vm_pu * np.exp(1j * np.deg2rad(bus.va_degree))
    return voltage.to_numpy(), np.vstack([lines, trafos]), float(gen.q_mvar.fillna(0.0).iloc[0])
