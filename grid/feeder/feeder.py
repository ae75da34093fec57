"""A low-voltage feeder: where households connect, and what load flows need of it.

`read_feeder()` gives SimBench's rural feeder 1: a transformer of 160 kVA, 13 cables
and 13 connection points. A user's own feeder is a pandapower file of what
`grid.own_network` supports, radial or meshed, whose loads mark the connection points:
their own powers and all static generators are put aside, since households bring theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from grid.case import Floats, Ints
from grid.errors import NetworkRefused
from grid.feeder.extract import FEEDER
from grid.model import branch_ends, build_engine, flat_start, put_loads, rating_ka
from grid.own_network import number_anew, read_supported


@dataclass(frozen=True, eq=False)
class Feeder:
    """A feeder as arrays; branches are its lines, then its transformers."""

    name: str

    engine: Any = field(repr=False)
    """The lightsim2grid model, with one load at each bus."""

    start: Any = field(repr=False)
    """Voltages that every load flow starts from, complex p.u., shape (bus,)."""

    points: Ints = field(repr=False)
    """Bus of each connection point, ascending, shape (point,)."""

    point_names: tuple[str, ...]
    """Names of these buses."""

    line_names: tuple[str, ...] = field(repr=False)
    transformer_names: tuple[str, ...]

    bus_kv: Floats = field(repr=False)
    """Nominal voltage between phases, shape (bus,)."""

    slack: int
    """Bus of the external grid: the head of the feeder."""

    ends: Ints = field(repr=False)
    """From and to bus of lines, high and low of transformers, shape (branch, 2)."""

    rating_ka: Floats = field(repr=False)
    """Rated current at both ends, shape (branch, 2)."""

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.line_names)

    @property
    def rating_kva(self) -> Floats:
        """Rated power at nominal voltage, shape (branch,)."""
        power = np.sqrt(3) * self.rating_ka * self.bus_kv[self.ends] * 1000
        return power.min(axis=-1)


def read_feeder(path: Path = FEEDER) -> Feeder:
    """Return the feeder of a pandapower file.

    Parameters
    ----------
    path : Path
        The file; left out, SimBench's rural feeder 1.

    Raises
    ------
    NetworkRefused
        If it is no network, holds what is not supported, has an island without
        supply, no external grid, no transformer or no load, or changes taps.

    Examples
    --------
    >>> feeder = read_feeder()
    >>> len(feeder.points), feeder.lines, feeder.rating_kva[-1].round()
    (13, 13, np.float64(160.0))
    """
    import pandapower as pp

    net = read_supported(path)
    for reason in _unfit(net):
        raise NetworkRefused(path, reason)
    number_anew(net)
    points = np.unique(net.load.bus.to_numpy(np.int64))
    bare = pp.pandapowerNet(net)
    put_loads(bare)
    engine = build_engine(bare)
    return Feeder(
        name=path.stem,
        engine=engine,
        start=flat_start(engine),
        points=points,
        point_names=tuple(net.bus.name.astype(str).iloc[points]),
        line_names=tuple(net.line.name.astype(str)),
        transformer_names=tuple(net.trafo.name.astype(str)),
        bus_kv=net.bus.vn_kv.to_numpy(float),
        slack=int(net.ext_grid.bus.iloc[0]),
        ends=branch_ends(net),
        rating_ka=rating_ka(net),
    )


def _unfit(net: Any) -> Iterator[str]:
    """Yield why a supported network is no feeder."""
    if not len(net.trafo):
        yield "trafo: none in service, wanted one that supplies the feeder"
    if not len(net.load):
        yield "load: none in service, wanted one at each connection point"
    for index in net.trafo.index[net.trafo.oltc]:
        yield f"trafo {index}: on-load tap changer, wanted fixed taps"
    for index in net.load.index[net.load.bus == net.ext_grid.bus.iloc[0]]:
        yield f"load {index}: stands at the external grid, wanted it on the feeder"
