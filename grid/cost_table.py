"""Costs in CSV: a user's own, or those of the paper's supplement.

Long form, one row a cell, in any order::

    network,scenario,day,window,option,cost_gbp
    network-1,N,0,0,0,41.7
    network-1,N,0,0,no-link,27.9

``day`` and ``window`` count from 0, and ``day`` may be left out where there is one;
``option`` is an index from 0, ascending in the set-point, or ``no-link``. Networks
are in seat order and scenarios in the order of their first rows. Every combination
has exactly one row; those without a link may be left out, but all together.
"""

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from grid.case import Floats
from grid.errors import CostTableRefused

COLUMNS = ("network", "scenario", "day", "window", "option", "cost_gbp")
NO_LINK = "no-link"


class _Cell(NamedTuple):
    """Which cost a row is about."""

    network: str
    scenario: str
    day: int
    window: int

    option: int
    """-1 without the link."""


@dataclass(frozen=True, eq=False)
class CostTable:
    """What each option costs each network."""

    networks: tuple[str, ...]
    scenarios: tuple[str, ...]

    cost_gbp: Floats
    """Shape (network, scenario, day, window, option)."""

    no_link_gbp: Floats | None
    """Without the link, shape (network, scenario, day, window); None if not known."""


def read_cost_table(path: Path) -> CostTable:
    """Read a cost table, refusing it unless each cell is there once and a number."""
    cells: dict[_Cell, tuple[int, float]] = {}
    for line, row in _rows(path):
        cell = _cell(path, line, row)
        if cell in cells:
            raise CostTableRefused(
                path, f"row {line}: {_words(cell)} again, as in row {cells[cell][0]}"
            )
        cells[cell] = line, _cost(path, line, row["cost_gbp"])
    if not cells:
        raise CostTableRefused(path, "no rows, wanted one for each cell")
    return _table(path, {cell: cost for cell, (_, cost) in cells.items()})


def write_cost_table(path: Path, table: CostTable) -> None:
    """Write a cost table in the form that `read_cost_table` reads, to the last digit."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for index in np.ndindex(table.cost_gbp.shape[:4]):
            key = table.networks[index[0]], table.scenarios[index[1]], *index[2:]
            for option, cost in enumerate(table.cost_gbp[index].tolist()):
                writer.writerow([*key, option, repr(cost)])
            if table.no_link_gbp is not None:
                writer.writerow([*key, NO_LINK, repr(float(table.no_link_gbp[index]))])


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line number and cells of each row."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restkey="", restval="", strict=True)
            header = reader.fieldnames or []
            lacking = set(COLUMNS) - set(header) - {"day"}
            if lacking or set(header) - set(COLUMNS):
                wanted = ",".join(COLUMNS)
                raise CostTableRefused(
                    path, f"first row {','.join(header)!r}, wanted {wanted!r}"
                )
            for row in reader:
                if "" in row:
                    raise CostTableRefused(
                        path, f"row {reader.line_num}: more cells than columns"
                    )
                yield reader.line_num, {"day": "0"} | row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CostTableRefused(path, f"cannot be read: {error}") from error


def _cell(path: Path, line: int, row: dict[str, str]) -> _Cell:
    """Return which cell a row is about."""
    for name in ("network", "scenario"):
        if not row[name].strip():
            raise CostTableRefused(path, f"row {line}, column {name!r}: empty, wanted a name")
    day, window = (_index(path, line, name, row[name]) for name in ("day", "window"))
    text = row["option"].strip()
    option = -1 if text == NO_LINK else _index(path, line, "option", text)
    return _Cell(row["network"].strip(), row["scenario"].strip(), day, window, option)


def _index(path: Path, line: int, name: str, text: str) -> int:
    """Return a day, window or option."""
    if not (text.isascii() and text.isdigit()):
        also = " or 'no-link'" if name == "option" else ""
        reason = f"row {line}, column {name!r}: {text!r}, wanted a whole number from 0{also}"
        raise CostTableRefused(path, reason)
    return int(text)


def _cost(path: Path, line: int, text: str) -> float:
    """Return a cost."""
    try:
        cost = float(text)
    except ValueError:
        cost = math.nan
    if not math.isfinite(cost):
        raise CostTableRefused(
            path, f"row {line}, column 'cost_gbp': {text!r}, wanted a number"
        )
    return cost


def _table(path: Path, cells: dict[_Cell, float]) -> CostTable:
    """Return the cells as arrays, refusing the table if one is missing."""
    networks = tuple(dict.fromkeys(cell.network for cell in cells))
    scenarios = tuple(dict.fromkeys(cell.scenario for cell in cells))
    days, windows, count = (
        1 + max(getattr(cell, name) for cell in cells) for name in ("day", "window", "option")
    )
    if len(networks) < 2 or count < 2:
        raise CostTableRefused(path, "wanted two networks and two options or more")
    with_no_link = any(cell.option == -1 for cell in cells)
    options = [*range(count), -1] if with_no_link else range(count)
    shape = len(networks), len(scenarios), days, windows, len(options)
    axes = networks, scenarios, range(days), range(windows), options
    if math.prod(shape) != len(cells):
        raise CostTableRefused(path, f"no row for {_words(_missing(cells, axes))}")
    costs = np.array([cells[_Cell(*place)] for place in product(*axes)]).reshape(shape)
    no_link = costs[..., -1] if with_no_link else None
    return CostTable(networks, scenarios, costs[..., :count], no_link)


def _missing(cells: dict[_Cell, float], axes: tuple[Iterable[Any], ...]) -> _Cell:
    """Return the first cell that is not there, without a list of all of them."""
    networks, scenarios, days, windows, options = axes
    every = (
        _Cell(network, scenario, day, window, option)
        for network in networks
        for scenario in scenarios
        for day in days
        for window in windows
        for option in options
    )
    return next(cell for cell in every if cell not in cells)


def _words(cell: _Cell) -> str:
    """Return a cell in words."""
    option = NO_LINK if cell.option == -1 else f"option {cell.option}"
    return f"{cell.network}, {cell.scenario}, day {cell.day}, window {cell.window}, {option}"
