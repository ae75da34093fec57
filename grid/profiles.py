"""A user's own profiles in CSV.

One row a window, in any order, with the columns ``day`` and ``window`` (from 0),
and for every load and static generator of the network a column that says what
share of its full size is drawn or running, 0 or more. The first of these that is
there counts:

=====================  ====================================
for a load             for a static generator
=====================  ====================================
``load:<its name>``    ``sgen:<its name>``
``demand``             its pandapower ``type``, such as ``wind``
..                     ``generation``
=====================  ====================================

All days have the same number of windows: 48, or 46 or 50 where clocks change.
"""

import csv
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from grid.case import Floats
from grid.errors import ProfileRefused

WINDOWS = (46, 48, 50)

Profiles = dict[str, Floats]
"""Shares by column, each of shape (day, window)."""


def read_profiles(path: Path) -> Profiles:
    """Read a profile file, refusing it unless it has a number for each window."""
    rows = list(_rows(path))
    if not rows:
        raise ProfileRefused(path, "no rows, wanted one for each window")
    windows = _windows(path, rows)
    days = len(rows) // windows
    columns = [name for name in rows[0][1] if name not in {"day", "window"}]
    profiles = {name: np.empty((days, windows)) for name in columns}
    for line, row in rows:
        place = _index(path, line, row, "day"), _index(path, line, row, "window")
        for name in columns:
            profiles[name][place] = _share(path, line, name, row[name])
    return profiles


def stack(
    path: Path, profiles: Profiles, elements: Iterable[tuple[str, tuple[str, ...]]]
) -> tuple[Floats, set[str]]:
    """Return the shares of elements and the columns used.

    Parameters
    ----------
    path : Path
        The file, for errors.
    profiles : dict of str to ndarray of float, shape (day, window)
        What it holds.
    elements : iterable of (str, tuple of str)
        What each element is called, and its columns, the first that is there counts.

    Returns
    -------
    shares : ndarray of float, shape (day, window, element)
    used : set of str
    """
    shape = next(iter(profiles.values()), np.empty((0, 0))).shape
    shares, used = [np.empty((*shape, 0))], set()
    for element, names in elements:
        column = next((name for name in names if name in profiles), None)
        if column is None:
            raise ProfileRefused(
                path, f"nothing for {element}, wanted a column {_either(names)}"
            )
        shares.append(profiles[column][..., np.newaxis])
        used.add(column)
    return np.concatenate(shares, axis=-1), used


def _either(names: tuple[str, ...]) -> str:
    """Return names as a choice in words."""
    return " or ".join(map(repr, names))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line number and cells of each row."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restkey="", restval="", strict=True)
            header = reader.fieldnames or []
            if lacking := {"day", "window"} - set(header):
                raise ProfileRefused(path, f"no column {min(lacking)!r} in the first row")
            if len(set(header)) < len(header):
                raise ProfileRefused(path, "two columns of one name")
            for row in reader:
                if "" in row:
                    raise ProfileRefused(
                        path, f"row {reader.line_num}: more cells than columns"
                    )
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ProfileRefused(path, f"cannot be read: {error}") from error


def _windows(path: Path, rows: list[tuple[int, dict[str, str]]]) -> int:
    """Return the windows of a day, refusing days that differ, gaps and repeats."""
    places: dict[tuple[int, int], int] = {}
    for line, row in rows:
        place = _index(path, line, row, "day"), _index(path, line, row, "window")
        if place in places:
            reason = f"row {line}: day {place[0]}, window {place[1]} again, as in row "
            raise ProfileRefused(path, f"{reason}{places[place]}")
        places[place] = line
    windows = 1 + max(window for _, window in places)
    if windows not in WINDOWS:
        raise ProfileRefused(path, f"{windows} windows a day, wanted 46, 48 or 50")
    for day in range(1 + max(day for day, _ in places)):
        for window in range(windows):
            if (day, window) not in places:
                raise ProfileRefused(path, f"no row for day {day}, window {window}")
    return windows


def _index(path: Path, line: int, row: dict[str, str], name: str) -> int:
    """Return a day or window."""
    text = row[name].strip()
    if not (text.isascii() and text.isdigit()):
        raise ProfileRefused(
            path, f"row {line}, column {name!r}: {text!r}, wanted a whole number from 0"
        )
    return int(text)


def _share(path: Path, line: int, name: str, text: str) -> float:
    """Return a share of full size."""
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not (math.isfinite(share) and share >= 0):
        wanted = "wanted a number of 0 or more"
        raise ProfileRefused(path, f"row {line}, column {name!r}: {text.strip()!r}, {wanted}")
    return share
