"""A network as the load-flow engine sees it: arrays, and a lightsim2grid model.

Loads and generators become one injection for each bus and the converter a
generator that can be taken out, so that any mix of profiles, scenario and
set-point is a row of numbers to the engine.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from grid.case import Controls, Floats, Ints, Network


@dataclass(frozen=True, eq=False)
class TapChangers:
    """The on-load tap changers of a network, at the high side of transformers."""

    trafo: Ints
    """Row of the transformer, shape (changer,)."""

    bus: Ints
    """Bus whose voltage is held, shape (changer,)."""

    step: Floats
    """Change of the ratio by one step, shape (changer,)."""

    lowest: Ints
    highest: Ints
    """Limits of the position, shape (changer,); it starts at 0."""

    ratio: Floats
    """Ratio at position 0, p.u., shape (changer,)."""


@dataclass(frozen=True, eq=False)
class Model:
    """What load flows and scores need to know about a network."""

    engine: Any
    """The lightsim2grid model: one load at each bus, slack and converter as generators."""

    start: Any
    """Voltages that every load flow starts from, complex p.u., shape (bus,)."""

    bus_names: tuple[str, ...]
    bus_kv: Floats
    slack: int
    terminal: int

    ends: Ints
    """From and to bus of each branch, lines before transformers, shape (branch, 2)."""

    rating_ka: Floats
    """Rated current at both ends of each branch, shape (branch, 2)."""

    changers: TapChangers

    load: Floats
    """Complex power of each load at full size in MVA, by bus, shape (load, bus)."""

    sgen: Floats
    """Complex power of each static generator at full size, shape (sgen, bus)."""

    @property
    def scored(self) -> Ints:
        """Buses whose voltage counts: all but the slack, shape (bus - 1,)."""
        return np.delete(np.arange(len(self.bus_kv)), self.slack)


def build_model(network: Network, controls: Controls) -> Model:
    """Return the model of a network, with its converter at the terminal."""
    import pandapower as pp

    net = pp.from_json_string(network.pandapower_json)
    with_converter = pp.pandapowerNet(net)
    put_converter(with_converter, network.terminal, controls)
    engine = build_engine(with_converter)
    return Model(
        engine=engine,
        start=flat_start(engine),
        bus_names=tuple(net.bus.name.astype(str)),
        bus_kv=net.bus.vn_kv.to_numpy(float),
        slack=int(net.ext_grid.bus.iloc[0]),
        terminal=network.terminal,
        ends=branch_ends(net),
        rating_ka=rating_ka(net),
        changers=_tap_changers(net, engine),
        load=_by_bus(net.load, len(net.bus)),
        sgen=_by_bus(net.sgen, len(net.bus)),
    )


def build_engine(net: Any) -> Any:
    """Return the lightsim2grid model of a network that has one load at every bus."""
    import pandapower as pp
    from lightsim2grid.network import init_from_pandapower

    bare = pp.pandapowerNet(net)
    bare.sn_mva = 1.0
    with warnings.catch_warnings():  # it makes the slack of the ext_grid, as is meant
        warnings.filterwarnings("ignore", module="lightsim2grid")
        engine = init_from_pandapower(bare, pp_orig_file="pandapower_v3")
    engine.change_algorithm("NRSing_KLU")
    if len(net.trafo):
        _copy_transformers(bare, engine)
    return engine


def put_converter(net: Any, terminal: int, controls: Controls) -> None:
    """Put one load at each bus in the place of all, and a converter at the terminal."""
    import pandapower as pp

    put_loads(net)
    pp.create_gen(net, terminal, p_mw=0.0, vm_pu=controls.terminal_pu)


def put_loads(net: Any) -> None:
    """Put one load at each bus in the place of all loads and generators."""
    import pandapower as pp

    for kind in ("load", "sgen", "gen"):  # columns of nothing come out of JSON as numbers
        net[kind] = net[kind].iloc[:0].astype({"name": object, "type": object})
    pp.create_loads(net, net.bus.index, p_mw=0.0)


def _copy_transformers(net: Any, engine: Any) -> None:
    """Take transformers over from pandapower's own pi-equivalents.

    The converter of lightsim2grid 1.2 loses the magnetising current of a
    transformer that also has iron losses.
    """
    import pandapower as pp
    from pandapower.pypower.idx_brch import BR_B, BR_G, BR_R, BR_X

    pp.rundcpp(net)  # leaves the branches, lines first, in net._ppc
    branches = net["_ppc"]["branch"][len(net.line) :]
    r, x, b, g = (branches[:, column].real for column in (BR_R, BR_X, BR_B, BR_G))
    engine.update_trafos_parameters(r, x, g + 1j * b)


def flat_start(engine: Any) -> Any:
    """Return a flat start, with the angles of a DC load flow for phase shifts."""
    flat = np.ones(engine.total_bus(), dtype=complex)
    angles = engine.dc_pf(flat.copy(), 10, 1e-8)
    return flat * np.exp(1j * np.angle(angles)) if len(angles) else flat


def branch_ends(net: Any) -> Ints:
    """Return from and to bus of lines, then of transformers, shape (branch, 2)."""
    return np.vstack([net.line[["from_bus", "to_bus"]], net.trafo[["hv_bus", "lv_bus"]]])


def rating_ka(net: Any) -> Floats:
    """Return the rated current at both ends of lines, then of transformers."""
    lines = (net.line.max_i_ka * net.line.df).to_numpy(float)
    trafos = net.trafo[["vn_hv_kv", "vn_lv_kv"]].to_numpy(float)
    power = (net.trafo.sn_mva * net.trafo.df).to_numpy(float)[:, np.newaxis]
    return np.vstack([np.stack([lines, lines], axis=-1), power / (np.sqrt(3) * trafos)])


def _tap_changers(net: Any, engine: Any) -> TapChangers:
    """Return the on-load tap changers."""
    rows = np.flatnonzero(net.trafo.oltc.fillna(value=False).to_numpy(bool))
    trafo = net.trafo.iloc[rows]
    ratio = np.array([engine.get_trafos()[int(row)].ratio for row in rows], dtype=float)
    step = trafo.tap_step_percent.to_numpy(float) / 100
    return TapChangers(
        trafo=rows,
        bus=trafo.lv_bus.to_numpy(np.int64),
        step=step,
        lowest=trafo.tap_min.to_numpy(np.int64),
        highest=trafo.tap_max.to_numpy(np.int64),
        ratio=ratio / (1 + step * trafo.tap_pos.to_numpy(float)),
    )


def _by_bus(elements: Any, buses: int) -> Any:
    """Return the complex power of each element as a row over the buses."""
    power = np.zeros((len(elements), buses), dtype=complex)
    full = (elements.p_mw + 1j * elements.q_mvar) * elements.scaling
    power[np.arange(len(elements)), elements.bus.to_numpy(int)] = full
    return power
