"""A user's own network, as pandapower writes it in JSON.

Supported are buses, lines, two-winding transformers, one external grid, loads,
static generators and shunts. An on-load tap changer is a transformer with
``oltc`` true, ``tap_changer_type`` "Ratio" and ``tap_side`` "hv"; it holds the
voltage of its low side. The converter of the link is no part of the file. What is
out of service is left out; all else is refused by name, never passed over.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grid.errors import NetworkRefused

SUPPORTED = ("bus", "line", "trafo", "ext_grid", "load", "sgen", "shunt", "switch")


def read_network(path: Path, terminal: str | int) -> tuple[Any, int]:
    """Return the pandapower network of a file, and its terminal.

    Parameters
    ----------
    path : Path
        The file.
    terminal : str or int
        Name, or index in the file, of the bus where the converter stands.

    Returns
    -------
    net : pandapower network
        Only what is in service; buses and elements are numbered from 0.
    terminal : int
        Index of the bus in `net`.
    """
    import pandapower as pp
    from pandapower import toolbox

    text = _text(path)
    try:
        net = pp.from_json_string(text)
    except (ValueError, KeyError, TypeError, AttributeError, ImportError, UserWarning) as error:
        raise NetworkRefused(path, f"pandapower cannot read it: {error}") from error
    _refuse(path, _elements(net))
    toolbox.drop_out_of_service_elements(net)
    _refuse(path, _switches(net))
    _refuse(path, _slack(net))
    _refuse(path, _branches(net))
    _refuse(path, _loads(net))
    _refuse(path, _islands(net))
    found = _find_bus(path, net, terminal)
    net.switch = net.switch.iloc[:0]
    renumbered = toolbox.create_continuous_bus_index(net)
    toolbox.create_continuous_elements_index(net)
    _take_neutral_taps(net)
    return net, int(renumbered[found])


def _find_bus(path: Path, net: Any, wanted: str | int) -> int:
    """Return the index of the bus with a name or an index of the file's."""
    named = net.bus.index[net.bus.name.astype(str) == str(wanted)].tolist()
    if len(named) > 1:
        raise NetworkRefused(path, f"terminal {wanted!r}: {len(named)} buses of that name")
    if not named and isinstance(wanted, int) and wanted in net.bus.index:
        named = [wanted]
    if not named:
        some = ", ".join(map(repr, net.bus.name.astype(str).tolist()[:5]))
        raise NetworkRefused(path, f"terminal {wanted!r}: no such bus, wanted one of {some}, …")
    if named[0] == net.ext_grid.bus.iloc[0]:
        raise NetworkRefused(path, f"terminal {wanted!r}: is the slack, wanted another bus")
    return int(named[0])


def _text(path: Path) -> str:
    """Return the text of a file that holds a pandapower network."""
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except OSError as error:
        raise NetworkRefused(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise NetworkRefused(path, f"malformed JSON: {error}") from error
    if not (isinstance(content, dict) and content.get("_class") == "pandapowerNet"):
        raise NetworkRefused(
            path, "no pandapower network, wanted what pandapower.to_json writes"
        )
    return text


def _refuse(path: Path, reasons: Iterator[str]) -> None:
    """Refuse the file for the first of the reasons, if there is any."""
    for reason in reasons:
        raise NetworkRefused(path, reason)


def _elements(net: Any) -> Iterator[str]:
    """Yield kinds of elements that are not supported."""
    for kind, table in net.items():
        if (
            kind not in SUPPORTED
            and "in_service" in getattr(table, "columns", ())
            and len(table)
        ):
            wanted = ", ".join(SUPPORTED)
            yield f"{kind} {table.index[0]}: not supported, wanted only {wanted}"


def _switches(net: Any) -> Iterator[str]:
    """Yield switches that change what is connected to what."""
    for index, switch in net.switch.iterrows():
        if switch.et == "b" or not switch.closed:
            kind = "joins two buses" if switch.et == "b" else "is open"
            yield f"switch {index}: {kind}, wanted closed switches at lines and transformers"


def _slack(net: Any) -> Iterator[str]:
    """Yield what is wrong with the external grid."""
    if len(net.ext_grid) != 1:
        yield f"ext_grid: {len(net.ext_grid)} in service, wanted one slack"


def _branches(net: Any) -> Iterator[str]:
    """Yield branches without a rating, in parallel, or with taps of another kind."""
    for kind, rating in (("line", "max_i_ka"), ("trafo", "sn_mva")):
        for index, branch in net[kind].iterrows():
            if not branch[rating] > 0:
                yield f"{kind} {index}: {rating} is {branch[rating]}, wanted a rating above 0"
            if branch.parallel != 1:
                yield f"{kind} {index}: parallel is {branch.parallel}, wanted one row a unit"
    for index, trafo in net.trafo[_on_load(net)].iterrows():
        if (trafo.tap_changer_type, trafo.tap_side) != ("Ratio", "hv"):
            found = f"{trafo.tap_changer_type!r} at {trafo.tap_side!r}"
            yield f"trafo {index}: on-load tap changer {found}, wanted 'Ratio' at 'hv'"
        if (
            not trafo.tap_min <= trafo.tap_neutral <= trafo.tap_max
            or not trafo.tap_step_percent > 0
        ):
            yield f"trafo {index}: wanted tap_min <= tap_neutral <= tap_max and a step above 0"


def _on_load(net: Any) -> Any:
    """Return which transformers have an on-load tap changer."""
    if "oltc" not in net.trafo:
        net.trafo["oltc"] = False
    net.trafo["oltc"] = net.trafo.oltc.fillna(value=False).astype(bool)
    return net.trafo.oltc


def _loads(net: Any) -> Iterator[str]:
    """Yield loads that depend on the voltage."""
    for column in [name for name in net.load if name.startswith("const_")]:
        for index in net.load.index[net.load[column].fillna(0) != 0]:
            yield f"load {index}: {column} is {net.load[column][index]}, wanted constant power"


def _islands(net: Any) -> Iterator[str]:
    """Yield buses that the slack does not reach."""
    from pandapower.topology import unsupplied_buses

    for bus in sorted(unsupplied_buses(net)):
        yield f"bus {bus} ({net.bus.name[bus]}): an island, wanted a path to the slack"


def _take_neutral_taps(net: Any) -> None:
    """Count tap positions from neutral; where pandapower ignores them, they are."""
    trafo = net.trafo
    neutral = trafo.tap_neutral.fillna(0)
    for column in ("tap_pos", "tap_min", "tap_max"):
        trafo[column] = trafo[column].fillna(neutral) - neutral
    trafo["tap_neutral"] = 0
    trafo.loc[trafo.tap_changer_type != "Ratio", "tap_pos"] = 0
    for column in ("tap_step_percent", "tap_step_degree"):
        trafo[column] = trafo[column].fillna(0.0)
    trafo["tap_side"] = trafo.tap_side.fillna("hv")
