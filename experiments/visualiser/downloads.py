"""What a visitor takes home: tables as CSV, and the scenario that plays the same again."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from experiments.scenario import Scenario
from experiments.visualiser.record import Record
from experiments.visualiser.toml_file import to_toml


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


def scenario_toml(scenario: Scenario, windows: int) -> str:
    """Return a scenario with the command that plays as many windows again."""
    named = replace(scenario, name=f"{scenario.name}-from-page")
    command = f"gridpact simulate THIS_FILE --windows {windows}"
    return to_toml(named, f"Plays again what the page showed: {command}")


TABLES: Final[dict[str, Callable[[Record], str]]] = {
    "windows": windows_csv,
    "bids": bids_csv,
    "calls": calls_csv,
}
"""Every table that can be had."""


def _csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()
