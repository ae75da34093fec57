"""A TOML table as a dataclass: every key known, every value of its field's type."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any, get_args, get_origin, get_type_hints

from experiments.errors import ScenarioRefused, nearest


def read_table(kind: type, table: Mapping[str, Any], source: str, place: str) -> Any:
    """Make a dataclass of a TOML table, refusing keys and types that it does not have.

    Parameters
    ----------
    kind : type
        A dataclass; fields whose metadata say ``hidden`` are no keys.
    table : mapping
        As TOML reads it.
    source, place : str
        What errors call the file, and where in it the table stands.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    hints = get_type_hints(kind)
    known = [f.name for f in fields(kind) if not f.metadata.get("hidden")]
    values = {}
    for key, value in table.items():
        at = f"{place}.{key}".lstrip(".")
        if key not in known:
            raise ScenarioRefused(source, f"unknown key {at!r}, {nearest(key, known)}")
        values[key] = _value(hints[key], value, source, at)
    return kind(**values)


def _value(hint: Any, value: Any, source: str, at: str) -> Any:
    """Return a value of the wanted type; lists become tuples, integers floats."""
    if isinstance(value, dict) and isinstance(hint, type) and is_dataclass(hint):
        return read_table(hint, value, source, at)
    if isinstance(value, dict) and get_origin(hint) is Mapping:
        inner = get_args(hint)[1]
        return {key: _value(inner, one, source, f"{at}.{key}") for key, one in value.items()}
    if isinstance(value, list | tuple) and get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return tuple(_value(inner, one, source, f"{at}[{i}]") for i, one in enumerate(value))
    fits = type(value) is hint or (hint is float and type(value) is int)
    if not fits or (hint in {int, float} and not _in_range(value)):
        raise ScenarioRefused(source, f"{at} is {value!r}, wanted {_wanted(hint)}")
    return float(value) if hint is float else value


def _in_range(value: float) -> bool:
    """Return whether a number is one, and fits 64 bits."""
    return isfinite(value) if isinstance(value, float) else abs(value) < 2**63


def _wanted(hint: Any) -> str:
    """Return a type in words."""
    words = {
        str: "a text",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        tuple: "a list",
    }
    return words.get(get_origin(hint) or hint, "a table")
