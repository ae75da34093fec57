"""What a meter read: a file that the sensor's software appends to, one JSON object a line.

::

    {"window": 0, "flow_mw": 4.2, "blocked": []}
    {"window": 1, "flow_mw": 0, "blocked": [1]}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import InputRefused
from experiments.json_input import Reader


@dataclass(frozen=True)
class Reading:
    """What one window did."""

    flow: int
    """In thousandths of the unit, positive from party 0 to party 1."""

    blocked: tuple[int, ...] = ()
    """The seats that made the transfer impossible."""


def read_readings(path: Path, parties: int) -> Mapping[int, Reading]:
    """Return the readings of a file by window, the last one of each.

    A last line without its end is still being written, and left for the next time.

    Raises
    ------
    InputRefused
        Naming the line, and what is wrong with it.
    """
    return dict(_reading(path, n, line, parties) for n, line in whole_lines(path))


def whole_lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a file with their numbers, but not one that lacks its end.

    Raises
    ------
    InputRefused
        If it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputRefused(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputRefused(str(path), f"is not text: {error.reason}") from error
    lines = text.splitlines(keepends=True)
    return list(enumerate((line for line in lines if line.endswith("\n")), start=1))


def _reading(path: Path, number: int, line: str, parties: int) -> tuple[int, Reading]:
    reader, at = Reader(str(path)), f"line {number}"
    try:
        value: Any = json.loads(line)
    except ValueError as error:
        raise InputRefused(str(path), f"{at} is not JSON: {error}") from error
    table = reader.table(at, value, ("window", "flow_mw"), ("blocked",))
    window = reader.whole(f"{at}, window", table["window"], 0, 2**63 - 1)
    flow = reader.thousandths(f"{at}, flow_mw", table["flow_mw"], -(2**31), 2**31 - 1)
    seats = table.get("blocked", [])
    if not isinstance(seats, list):
        reader.refuse_value(f"{at}, blocked", seats, "a list of seats")
    blocked = tuple(reader.whole(f"{at}, blocked", seat, 0, parties - 1) for seat in seats)
    return window, Reading(flow, blocked)
