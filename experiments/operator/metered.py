"""What the meters of a community showed: a file that households' meters append to.

One JSON object a line, of energy through the meter, negative where the household gave::

    {"seat": 0, "window": 0, "metered_wh": 410}
    {"seat": 1, "window": 0, "metered_wh": -390}
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.errors import InputRefused, OutputRefused
from experiments.json_input import Reader
from experiments.operator.readings import whole_lines
from market.trading.base import HIGHEST_QUANTITY

PUBLIC = 0o644


def read_flows(path: Path, parties: int) -> Mapping[tuple[int, int], int]:
    """Return watt-hours by seat and window, the last line of each.

    A last line without its end is still being written, and left for the next time; so is a
    file that is not there, since the first meter to show something makes it.

    Raises
    ------
    InputRefused
        Naming the line, and what is wrong with it.
    """
    lines = whole_lines(path) if path.exists() else []
    return dict(_flow(path, n, line, parties) for n, line in lines)


def append_flows(path: Path, seat: int, first: int, metered_wh: Sequence[int]) -> None:
    """Append what a household's meter showed, in one write, so that lines never mix.

    Parameters
    ----------
    path : Path
        Of the file, made if it is not there; others append to it too.
    seat : int
        Whose meter it is.
    first : int
        The window of the first reading.
    metered_wh : sequence of int
        Window by window.

    Raises
    ------
    OutputRefused
        If it cannot be written to.
    """
    rows = [
        {"seat": seat, "window": first + place, "metered_wh": energy}
        for place, energy in enumerate(metered_wh)
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PUBLIC)
        os.write(handle, text.encode())
        os.fsync(handle)
        os.close(handle)
    except OSError as error:
        raise OutputRefused(path, f"cannot be written to: {error.strerror}") from error


def sessions_shown(path: Path, parties: int, seat: int, horizon: int) -> set[int]:
    """Return the sessions of which a seat's meter shows every window."""
    windows = {window for of, window in read_flows(path, parties) if of == seat}
    sessions = {window // horizon for window in windows}
    return {
        session
        for session in sessions
        if windows.issuperset(range(session * horizon, (session + 1) * horizon))
    }


def _flow(path: Path, number: int, line: str, parties: int) -> tuple[tuple[int, int], int]:
    reader, at = Reader(str(path)), f"line {number}"
    try:
        value: Any = json.loads(line)
    except ValueError as error:
        raise InputRefused(str(path), f"{at} is not JSON: {error}") from error
    table = reader.table(at, value, ("seat", "window", "metered_wh"), ())
    most = HIGHEST_QUANTITY
    seat = reader.whole(f"{at}, seat", table["seat"], 0, parties - 1)
    window = reader.whole(f"{at}, window", table["window"], 0, 2**63 - 1)
    energy = reader.whole(f"{at}, metered_wh", table["metered_wh"], -most, most)
    return (seat, window), energy
