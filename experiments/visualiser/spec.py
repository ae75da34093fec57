"""Mesa's spec of parameters: what each type needs, and beside it what the parameter means.

Mesa reads ``type``, ``label``, ``value`` and what the type needs, and passes by the rest::

    {"type": "Select", "label": "Mechanism", "value": "hco", "values": ["hco", "rps"], …}
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from experiments.errors import InputRefused

Spec: TypeAlias = dict[str, dict[str, Any]]


def select(label: str, value: str, values: Iterable[str], meaning: str) -> dict[str, Any]:
    """Return a parameter that is one of several."""
    return {
        "type": "Select",
        "label": label,
        "value": value,
        "values": list(values),
        "meaning": meaning,
    }


def slider(label: str, value: int, ends: tuple[int, int], meaning: str) -> dict[str, Any]:
    """Return a parameter that is a whole number between two ends."""
    return {
        "type": "SliderInt",
        "label": label,
        "value": value,
        "min": ends[0],
        "max": ends[1],
        "step": 1,
        "meaning": meaning,
    }


def number(label: str, value: int, meaning: str) -> dict[str, Any]:
    """Return a parameter that is any whole number, typed in."""
    return {"type": "InputText", "label": label, "value": str(value), "meaning": meaning}


def defaults(spec: Spec) -> dict[str, Any]:
    """Return the value of every parameter that a visitor finds.

    >>> defaults({"seed": {"type": "InputText", "value": "0"}})
    {'seed': '0'}
    """
    return {name: entry["value"] for name, entry in spec.items()}


def whole(name: str, value: Any) -> int:
    """Return what was set as a whole number.

    Raises
    ------
    InputRefused
        If it is none, or below 0.
    """
    try:
        found = int(value)
    except (TypeError, ValueError):
        found = -1
    if not 0 <= found < 2**63:
        raise InputRefused(name, f"is {value!r}, wanted a whole number, 0 or more")
    return found
