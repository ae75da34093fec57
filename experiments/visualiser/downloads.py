"""What a visitor takes home: tables as CSV, and the scenario that plays the same again."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd

from experiments.scenario import Scenario
from experiments.visualiser.communities.neighbours import Neighbours
from experiments.visualiser.record import Record
from experiments.visualiser.toml_file import to_toml

WITH_COMMUNITIES: Final = "gridpact simulate THIS_FILE, all its days, beside other neighbours"
"""Plays scenarios with communities again."""


def windows_csv(record: Record) -> str:
    """Return one row a window and party: what was chosen, what it cost, what was paid."""
    names = "window,day,half_hour,party,strategy,option,set_point_mw,stopped,cost_gbp,paid_gbp"
    rows = (
        (
            window,
            window // record.day,
            window % record.day,
            party,
            record.seats[seat],
            int(record.option[window]),
            float(record.set_point_mw[window]),
            bool(record.stopped[window]),
            float(record.cost_gbp[seat, window]),
            round(float(record.paid_gbp[seat, window]), 6),
        )
        for window in range(record.played)
        for seat, party in enumerate(record.parties)
    )
    return _csv(names.split(","), rows)


def bids_csv(record: Record) -> str:
    """Return one row a window, party and option: the offer in ticks, or the rank."""
    rows = (
        (window, party, option, int(number))
        for window in range(record.played)
        for seat, party in enumerate(record.parties)
        for option, number in enumerate(record.bids[seat, window])
        if number >= 0
    )
    return _csv(("window", "party", "option", "number"), rows)


def calls_csv(record: Record) -> str:
    """Return one row a call to the venue."""
    rows = (
        (
            number,
            call.window,
            call.stage,
            "anyone" if call.seat is None else record.parties[call.seat],
            call.arguments,
            call.gas,
            call.transaction or "",
            "" if call.block is None else call.block,
        )
        for number, call in enumerate(record.calls)
    )
    names = ("number", "window", "stage", "from", "arguments", "gas", "transaction", "block")
    return _csv(names, rows)


def trades_csv(neighbours: Neighbours, windows: int) -> str:
    """Return one row a household and half-hour: its order, its trade, its meter."""
    day = neighbours.world.windows
    tables = []
    for number in range(-(-windows // day)):
        table = neighbours.day(number).trades()
        rows = table[table["window"] < windows - number * day].assign(day=number)
        homes = rows["community"].to_numpy(), rows["household"].to_numpy()
        tables.append(rows.assign(strategy=neighbours.names[homes]))
    return pd.concat(tables).to_csv(index=False, lineterminator="\n") if tables else ""


def scenario_toml(scenario: Scenario, command: str) -> str:
    """Return a scenario with the command that plays it again."""
    named = replace(scenario, name=f"{scenario.name}-from-page")
    return to_toml(named, f"Plays again what the page showed: {command}")


def of_match(
    scenario: Scenario, record: Record, neighbours: Neighbours | None = None
) -> dict[str, Callable[[], str]]:
    """Return what makes each file of a match, by its name."""
    files: dict[str, Callable[[], str]] = {
        "windows.csv": partial(windows_csv, record),
        "bids.csv": partial(bids_csv, record),
        "calls.csv": partial(calls_csv, record),
    }
    command = f"gridpact simulate THIS_FILE --windows {max(record.played, 1)}"
    if neighbours is not None:
        files["trades.csv"] = partial(trades_csv, neighbours, record.played)
        command = WITH_COMMUNITIES
    return files | {"scenario.toml": partial(scenario_toml, scenario, command)}


def of_communities(
    scenario: Scenario, neighbours: Neighbours, played: int
) -> dict[str, Callable[[], str]]:
    """Return what makes each file of communities by themselves, by its name."""
    return {
        "trades.csv": partial(trades_csv, neighbours, played),
        "scenario.toml": partial(scenario_toml, scenario, WITH_COMMUNITIES),
    }


def _csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()
