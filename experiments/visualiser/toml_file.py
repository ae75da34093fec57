"""A scenario as TOML: what ``gridpact simulate`` reads and plays again."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from experiments.scenario import Scenario

PATHS: Final = ("grid.networks", "grid.profiles", "grid.costs", "community.feeder")
"""Keys that name files relative to the scenario's own."""


def to_toml(scenario: Scenario, remark: str = "") -> str:
    """Return a scenario as a file that reads back as the same.

    Paths become absolute, so that the file works wherever it is saved.

    Examples
    --------
    >>> from experiments.scenario import Scenario
    >>> print(to_toml(Scenario(), "how to run it").splitlines()[0])
    # how to run it
    """
    lines = [f"# {remark}"] if remark else []
    lines.append("schema = 1")
    parts = []
    for name, value in _entries(scenario):
        if is_dataclass(value):
            parts += ["", f"[{name}]", *_part(name, value, scenario.folder)]
        else:
            lines.append(f"{name} = {_text(value)}")
    return "\n".join([*lines, *parts]) + "\n"


def _part(name: str, part: Any, folder: Path) -> list[str]:
    """Return the lines of a table; tables within it come last."""
    lines, tables = [], []
    for key, value in _entries(part):
        if isinstance(value, Mapping):
            if value:
                tables += ["", f"[{name}.{key}]"]
                tables += [f"{json.dumps(k)} = {_text(v)}" for k, v in value.items()]
            continue
        lines.append(f"{key} = {_text(_absolute(f'{name}.{key}', value, folder))}")
    return lines + tables


def _entries(part: Any) -> list[tuple[str, Any]]:
    return [
        (f.name, getattr(part, f.name)) for f in fields(part) if not f.metadata.get("hidden")
    ]


def _absolute(key: str, value: Any, folder: Path) -> Any:
    if key not in PATHS or not value:
        return value
    if isinstance(value, str):
        return (folder / value).resolve().as_posix()
    return tuple((folder / path).resolve().as_posix() for path in value)


def _text(value: Any) -> str:
    """Return a value as TOML has it: JSON will do for all but lists of lists of numbers.

    >>> _text((("N", "D"), ("G", "N"))), _text(True), _text(0.1)
    ('[["N", "D"], ["G", "N"]]', 'true', '0.1')
    """
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_text, value))}]"
    return json.dumps(value, ensure_ascii=False)
