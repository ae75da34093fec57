"""What a user's network must be for its load flows to mean something.

Each check yields reasons to refuse the network; the first one counts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grid.case import Bools, Floats

SUPPORTED = ("bus", "line", "trafo", "ext_grid", "load", "sgen", "shunt", "switch")


@dataclass(frozen=True)
class _Wanted:
    """What the numbers of a column must be."""

    words: str
    holds: Callable[[Floats], Bools]


_NUMBER = _Wanted("a number", np.isfinite)
_ABOVE = _Wanted("a number above 0", lambda x: (x > 0) & np.isfinite(x))
_FROM = _Wanted("a number of 0 or more", lambda x: (x >= 0) & np.isfinite(x))
_ONE = _Wanted("one row a unit", lambda x: x == 1)

_POWER = {"p_mw": _NUMBER, "q_mvar": _NUMBER, "scaling": _FROM}
COLUMNS: dict[str, dict[str, _Wanted]] = {
    "bus": {"vn_kv": _ABOVE},
    "line": {
        "length_km": _ABOVE,
        "r_ohm_per_km": _FROM,
        "x_ohm_per_km": _ABOVE,
        "c_nf_per_km": _FROM,
        "g_us_per_km": _FROM,
        "max_i_ka": _ABOVE,
        "df": _ABOVE,
        "parallel": _ONE,
    },
    "trafo": {
        "sn_mva": _ABOVE,
        "vn_hv_kv": _ABOVE,
        "vn_lv_kv": _ABOVE,
        "vk_percent": _ABOVE,
        "vkr_percent": _FROM,
        "pfe_kw": _FROM,
        "i0_percent": _FROM,
        "shift_degree": _NUMBER,
        "df": _ABOVE,
        "parallel": _ONE,
    },
    "ext_grid": {"vm_pu": _ABOVE, "va_degree": _NUMBER},
    "load": _POWER,
    "sgen": _POWER,
    "shunt": {
        "p_mw": _NUMBER,
        "q_mvar": _NUMBER,
        "vn_kv": _ABOVE,
        "step": _FROM,
    },
}

ENDS = {
    "line": ("from_bus", "to_bus"),
    "trafo": ("hv_bus", "lv_bus"),
    "ext_grid": ("bus",),
    "load": ("bus",),
    "sgen": ("bus",),
    "shunt": ("bus",),
}

DEPENDENCIES = (("trafo", "tap_dependency_table"), ("shunt", "step_dependency_table"))
TAPS = ("tap_pos", "tap_neutral", "tap_min", "tap_max", "tap_step_percent", "tap_step_degree")


def elements(net: Any) -> Iterator[str]:
    """Yield elements that are not supported, or stand at no bus."""
    for kind, table in net.items():
        if (
            kind not in SUPPORTED
            and "in_service" in getattr(table, "columns", ())
            and len(table)
        ):
            wanted = ", ".join(SUPPORTED)
            yield f"{kind} {table.index[0]}: not supported, wanted only {wanted}"
    for kind in COLUMNS:
        for index in net[kind].index[~net[kind].in_service.isin([True, False])]:
            yield _words(net, kind, index, "in_service", "true or false")
    for kind, columns in ENDS.items():
        for column in columns:
            for index in net[kind].index[~net[kind][column].isin(net.bus.index)]:
                yield _words(net, kind, index, column, "the index of a bus")


def numbers(net: Any) -> Iterator[str]:
    """Yield numbers that are missing or out of range."""
    import pandas as pd

    for kind, columns in COLUMNS.items():
        for column, wanted in columns.items():
            if column not in net[kind]:
                yield f"{kind}: no column {column!r}, wanted {wanted.words}"
            values = pd.to_numeric(net[kind][column], errors="coerce").to_numpy(float)
            for index in net[kind].index[~wanted.holds(values)]:
                yield _words(net, kind, index, column, wanted.words)


def characteristics(net: Any) -> Iterator[str]:
    """Yield elements whose numbers depend on tables."""
    for kind, column in DEPENDENCIES:
        if column in net[kind]:
            values = net[kind][column]
            for index in net[kind].index[~(values.isna() | values.isin([False]))]:
                yield _words(net, kind, index, column, "false")


def structure(net: Any) -> Iterator[str]:
    """Yield what is wrong with switches, slack and loads, and islands."""
    from pandapower.topology import unsupplied_buses

    for index, switch in net.switch.iterrows():
        if switch.et == "b" or not switch.closed:
            kind = "joins two buses" if switch.et == "b" else "is open"
            yield f"switch {index}: {kind}, wanted closed switches at lines and transformers"
    if len(net.ext_grid) != 1:
        yield f"ext_grid: {len(net.ext_grid)} in service, wanted one slack"
    for column in [name for name in net.load if name.startswith("const_")]:
        for index in net.load.index[net.load[column].fillna(0) != 0]:
            yield _words(net, "load", index, column, "constant power")
    for bus in sorted(unsupplied_buses(net)):
        yield f"bus {bus} ({net.bus.name[bus]}): an island, wanted a path to the slack"


def tap_changers(net: Any) -> Iterator[str]:
    """Yield tap changers of another kind, or without a range."""
    import pandas as pd

    for column in TAPS:
        odd = (
            pd.to_numeric(net.trafo[column], errors="coerce").isna() & net.trafo[column].notna()
        )
        for index in net.trafo.index[odd]:
            yield _words(net, "trafo", index, column, "a number")
    kinds = net.trafo.tap_changer_type.dropna()
    for index in kinds.index[kinds != "Ratio"]:
        yield f"trafo {index}: tap changer {kinds[index]!r}, wanted 'Ratio'"
    for index, trafo in net.trafo[net.trafo.oltc].iterrows():
        if (trafo.tap_changer_type, trafo.tap_side) != ("Ratio", "hv"):
            found = f"{trafo.tap_changer_type!r} at {trafo.tap_side!r}"
            yield f"trafo {index}: on-load tap changer {found}, wanted 'Ratio' at 'hv'"
        ordered = trafo.tap_min <= trafo.tap_neutral <= trafo.tap_max
        if not (ordered and trafo.tap_step_percent > 0):
            yield f"trafo {index}: wanted tap_min <= tap_neutral <= tap_max and a step above 0"


def _words(net: Any, kind: str, index: int, column: str, wanted: str) -> str:
    """Return that a value is not what was wanted."""
    return f"{kind} {index}: {column} is {net[kind][column][index]!s}, wanted {wanted}"
