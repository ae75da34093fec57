"""A network that feeds one more load: what hangs on a bus of it and is modelled elsewhere."""

from dataclasses import replace
from typing import Any

import numpy as np

from grid.case import Floats, Network
from grid.errors import NoSuchBus


def fed(network: Network, bus: str, name: str, drawn_mw: Floats) -> Network:
    """Return a network with one more load.

    A scenario's factor on demand counts for it as for all loads: with three times the demand
    there are three times as many of what it stands for.

    Parameters
    ----------
    network : Network
        As it is.
    bus : str
        The name of the bus that feeds the load.
    name : str
        Of the load.
    drawn_mw : ndarray of float, shape (day, window)
        What it draws, negative if it gives.

    Raises
    ------
    NoSuchBus
        If there is no such bus.
    """
    import pandapower as pp

    net: Any = pp.from_json_string(network.pandapower_json)
    names = net.bus.name.astype(str).tolist()
    if bus not in names:
        raise NoSuchBus(network.name, bus, names)
    pp.create_load(net, net.bus.index[names.index(bus)], p_mw=1.0, name=name)
    demand = np.concatenate([network.demand, drawn_mw[..., np.newaxis]], axis=-1)
    return replace(network, pandapower_json=pp.to_json(net), demand=demand)
