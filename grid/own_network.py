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

from grid import own_checks
from grid.errors import NetworkRefused

_CHECKS = (
    own_checks.numbers,
    own_checks.characteristics,
    own_checks.structure,
    own_checks.tap_changers,
)
NO_NETWORK = "no pandapower network, wanted what pandapower.to_json writes"


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
    net = read_supported(path)
    found = _find_bus(path, net, terminal)
    return net, int(number_anew(net)[found])


def read_supported(path: Path) -> Any:
    """Return what is in service of a pandapower network, or refuse it by name.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    NetworkRefused
        If it is no network, or holds what is not supported.
    """
    import pandapower as pp
    from pandapower import toolbox

    text = _text(path)
    try:
        net = pp.from_json_string(text)
    except (ValueError, KeyError, TypeError, AttributeError, ImportError, UserWarning) as error:
        raise NetworkRefused(path, f"pandapower cannot read it: {error}") from error
    if not isinstance(net, pp.pandapowerNet):
        raise NetworkRefused(path, NO_NETWORK)
    _refuse(path, own_checks.elements(net))
    net.trafo["oltc"] = net.trafo.get("oltc", default=False) == True  # noqa: E712
    toolbox.drop_out_of_service_elements(net)
    for check in _CHECKS:
        _refuse(path, check(net))
    return net


def number_anew(net: Any) -> dict[int, int]:
    """Renumber buses and elements from 0, and return the new index of each bus.

    Switches go, all being closed, and tap positions count from neutral.
    """
    from pandapower import toolbox

    net.switch = net.switch.iloc[:0]
    net.ext_grid["slack_weight"] = 1.0
    for kind, column in own_checks.DEPENDENCIES:
        net[kind][column] = False
    renumbered = toolbox.create_continuous_bus_index(net)
    toolbox.create_continuous_elements_index(net)
    _take_neutral_taps(net)
    return dict(renumbered)


def _find_bus(path: Path, net: Any, wanted: str | int) -> int:
    """Return the index of the bus with a name or an index of the file's."""
    named = net.bus.index[net.bus.name.astype(str) == str(wanted)].tolist()
    if len(named) > 1:
        raise NetworkRefused(path, f"terminal {wanted!r}: {len(named)} buses of that name")
    if not named and isinstance(wanted, int) and wanted in net.bus.index:
        named = [wanted]
    if not named:
        some = ", ".join(map(repr, net.bus.name.astype(str).tolist()[:5]))
        raise NetworkRefused(
            path, f"terminal {wanted!r}: no such bus, wanted one such as {some}"
        )
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


def _take_neutral_taps(net: Any) -> None:
    """Count tap positions from neutral; without a type pandapower ignores them."""
    trafo = net.trafo
    neutral = trafo.tap_neutral.fillna(0)
    for column in ("tap_pos", "tap_min", "tap_max"):
        trafo[column] = trafo[column].fillna(neutral) - neutral
    trafo["tap_neutral"] = 0
    trafo.loc[trafo.tap_changer_type.isna(), "tap_pos"] = 0
    for column in ("tap_step_percent", "tap_step_degree"):
        trafo[column] = trafo[column].fillna(0.0)
    trafo["tap_side"] = trafo.tap_side.fillna("hv")
