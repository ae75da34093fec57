"""A case of a user's own: pandapower networks in JSON, profiles in CSV."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from grid.batch import drawn_mva
from grid.case import Case, Network
from grid.errors import NetworkRefused, ProfileRefused, SharesRefused
from grid.load_flow import Asked, solve
from grid.model import build_model
from grid.own_network import read_network
from grid.profiles import Profiles, read_profiles, stack
from grid.reference import build_reference, solve_by_reference

AGREEMENT_PU = 1e-6


def own_case(
    networks: Sequence[Path],
    terminals: Sequence[str | int],
    profiles: Path | Sequence[Path],
    shares: Sequence[float] = (-1.0, 1.0),
    **changes: Any,
) -> Case:
    """Return the case of a user's own networks, refusing what cannot be modelled.

    Parameters
    ----------
    networks : sequence of Path
        pandapower networks in seat order (`grid.own_network`).
    terminals : sequence of str or int
        Name or index of the bus of each where the converter stands.
    profiles : Path or sequence of Path
        A profile file for all networks, or one for each (`grid.profiles`).
    shares : sequence of float
        What each terminal receives for a MW of set-point; they sum to zero.
    **changes
        Fields of `Case` that differ from the paper's, such as ``scenarios``.
    """
    if not len(networks) == len(terminals) == len(shares):
        raise SharesRefused(
            tuple(shares), f"one share and terminal for each of {len(networks)}"
        )
    files = [profiles] * len(networks) if isinstance(profiles, Path) else list(profiles)
    read = {path: read_profiles(path) for path in dict.fromkeys(files)}
    used: dict[Path, set[str]] = {path: set() for path in read}
    built = []
    for path, file, terminal, share in zip(networks, files, terminals, shares, strict=True):
        network, columns = _network(path, terminal, (file, read[file]), share)
        used[file] |= columns
        built.append(network)
    built = _told_apart(built)
    _check_columns(read, used)
    _check_shapes(files, built)
    case = Case(networks=tuple(built), **changes)
    for seat, path in enumerate(networks):
        _check_base(case, seat, path)
    return case


def _network(
    path: Path, terminal: str | int, profiles: tuple[Path, Profiles], share: float
) -> tuple[Network, set[str]]:
    """Return a network, and the columns of the profiles that it uses."""
    import pandapower as pp

    net, bus = read_network(path, terminal)
    loads = [
        (f"load {name!r}", (f"load:{name}", "demand")) for name in net.load.name.astype(str)
    ]
    sgens = [
        (f"sgen {name!r}", (f"sgen:{name}", str(kind), "generation"))
        for name, kind in zip(net.sgen.name.astype(str), net.sgen.type, strict=True)
    ]
    demand, load_columns = stack(*profiles, loads)
    generation, sgen_columns = stack(*profiles, sgens)
    network = Network(
        name=path.stem,
        pandapower_json=pp.to_json(net),
        terminal=bus,
        link_share=share,
        demand=demand,
        generation=generation,
    )
    return network, load_columns | sgen_columns


def _told_apart(networks: list[Network]) -> list[Network]:
    """Return the networks with numbers if two of their files have one name."""
    if len({network.name for network in networks}) == len(networks):
        return networks
    return [replace(one, name=f"{one.name}-{k}") for k, one in enumerate(networks, start=1)]


def _check_columns(read: dict[Path, Profiles], used: dict[Path, set[str]]) -> None:
    """Refuse columns that are about no element."""
    for path, profiles in read.items():
        if unknown := profiles.keys() - used[path]:
            wanted = "wanted 'demand', 'generation', a generator's type, 'load:…' or 'sgen:…'"
            raise ProfileRefused(path, f"column {min(unknown)!r}: no element for it, {wanted}")


def _check_shapes(files: list[Path], networks: list[Network]) -> None:
    """Refuse profile files of different lengths."""
    first = networks[0].demand.shape[:2]
    for path, network in zip(files, networks, strict=True):
        days, windows = network.demand.shape[:2]
        if (days, windows) != first:
            wanted = f"wanted {first[0]} of {first[1]} as for the first network"
            raise ProfileRefused(path, f"{days} days of {windows} windows, {wanted}")


def _check_base(case: Case, seat: int, path: Path) -> None:
    """Refuse a network without a solution before the link, or that the engines differ on."""
    network, zero = case.networks[seat], np.zeros(1, dtype=np.int64)
    try:
        model = build_model(network, case.controls)
    except RuntimeError as error:
        raise NetworkRefused(path, f"lightsim2grid cannot model it: {error}") from error
    drawn = drawn_mva(case, model, seat, zero, zero, zero)
    asked = Asked(drawn, np.zeros(1), np.zeros(1, dtype=bool))
    flows = solve(model, asked, case.controls)
    if not flows.converged[0]:
        where = f"day 0, window 0, scenario {next(iter(case.scenarios))}"
        raise NetworkRefused(path, f"no load flow without the link in {where}, wanted one")
    net = build_reference(network, case.controls)
    oracle = solve_by_reference(net, asked, case.controls)
    apart = np.abs(np.abs(flows.voltage[0]) - np.abs(oracle.voltage[0]))
    if not apart.max() <= AGREEMENT_PU:
        bus = model.bus_names[int(apart.argmax())]
        reason = f"bus {bus!r}: {apart.max():.1e} p.u. from pandapower's voltage"
        raise NetworkRefused(path, f"{reason}, wanted at most {AGREEMENT_PU:g}")
