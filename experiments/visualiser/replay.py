"""A finished run of ``gridpact simulate``, looked through from its files: nothing is played."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.errors import ExperimentError, InputRefused
from experiments.scenario import Scenario, make_scenario
from experiments.visualiser import downloads
from experiments.visualiser.record import Record, Told
from experiments.visualiser.snapshot import Look, Snapshot, snapshot
from experiments.visualiser.source import Source
from experiments.visualiser.told_venue import more, pounds, signed_mw
from experiments.visualiser.world import World
from experiments.wiring import terms

TABLES = ("windows", "payments", "bids", "calls", "learning")
"""The tables of a run that are read."""


class Replay:
    """Windows that were played before; every one is there from the start."""

    def __init__(self, folder: Path, scenario: Scenario, world: World) -> None:
        self.world, self.scenario = world, scenario
        self.record = read_record(folder, scenario, world)
        self._source = Source.of(world, self.record)
        self._at = 0

    @property
    def played(self) -> int:
        """How many windows have been shown."""
        return self._at

    @property
    def windows(self) -> int:
        """How many there are."""
        return self.record.windows

    @property
    def day(self) -> int:
        """How many windows a day has."""
        return self.record.day

    def step(self) -> None:
        """Go on to the next window."""
        self._at += 1

    def look(self, at: Look) -> Snapshot:
        """Return what is to be seen; looking at a window goes there."""
        if at.window is not None:
            self._at = min(at.window, self.windows)
        return snapshot(self._source, Look(self._at, at.stage, at.who))

    @property
    def files(self) -> Mapping[str, Callable[[], str]]:
        """What a visitor takes home."""
        return downloads.of_match(self.scenario, self.record)

    def close(self) -> None:
        """Let go of nothing: there is no model."""


def read_scenario_of(folder: Path) -> Scenario:
    """Return the scenario that a run was made from.

    Raises
    ------
    InputRefused
        If the folder holds no run of ``gridpact simulate``.
    """
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputRefused(str(folder), "holds no manifest.json of a run") from error
    if not isinstance(content, dict) or content.get("command") != "simulate":
        wanted = "wanted one of gridpact simulate"
        raise InputRefused(str(folder), f"is no run that can be looked through, {wanted}")
    beside = Path(content.get("scenario_folder", ""))
    found = make_scenario(content["scenario"], beside, str(folder))
    if found.grid.case != "community" and found.community.prosumers:
        wanted = "wanted networks or communities, not both: windows of both are not kept"
        raise InputRefused(str(folder), f"is no run that can be looked through, {wanted}")
    return found


def unplayed(scenario: Scenario) -> Scenario:
    """Return a scenario that needs no strategies, whose files may be gone by now."""
    nobody = ("truthful",) * len(scenario.play.seats)
    return scenario.with_changes("play", seats=nobody, strategies=("truthful",))


def read_record(folder: Path, scenario: Scenario, world: World) -> Record:
    """Return what happened in a run, from its tables.

    Raises
    ------
    InputRefused
        If a table is missing, or says what this version does not read.
    """
    try:
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
        return _record(tables, scenario, world)
    except ExperimentError:
        raise
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise InputRefused(str(folder), f"cannot be read as a run: {error}") from error


def _record(tables: dict[str, pd.DataFrame], scenario: Scenario, world: World) -> Record:
    windows = tables["windows"]
    agreed = terms(scenario, world.seen, scenario.market.mechanisms[0])
    record = Record.empty(
        scenario=scenario.name,
        parties=world.seen.parties,
        terms=agreed,
        pair=scenario.play.pair,
        seats=scenario.play.seats,
        tick_gbp=scenario.market.tick_gbp,
        day=world.seen.cost_gbp.shape[3],
        windows=len(windows),
    )
    record.option[:] = windows["option"]
    record.set_point_mw[:] = windows["set_point_mw"]
    record.stopped[:] = windows["stopped"]
    record.authority[:] = windows["authority"]
    record.used[:] = windows["authority_used"]
    paid, bids, learnt = tables["payments"], tables["bids"], tables["learning"]
    at = paid["seat"].to_numpy(), paid["window"].to_numpy()
    record.cost_gbp[at] = paid["cost_gbp"]
    record.paid_gbp[at] = paid["paid_gbp"]
    record.free_gbp[at] = paid["free_gbp"]
    seats = {party: seat for seat, party in enumerate(record.parties)}
    bids = bids[bids["window"] < record.windows]
    where = bids["party"].map(seats), bids["window"], bids["option"]
    record.bids[tuple(column.to_numpy(int) for column in where)] = bids["number"]
    at = learnt["party"].map(seats).to_numpy(int), learnt["window"].to_numpy(int)
    record.gain_gbp[at] = learnt["gain_gbp"]
    record.regret_gbp[at] = learnt["regret_gbp"]
    _write_calls(record, tables["calls"])
    record.played = record.windows
    return record


def _write_calls(record: Record, calls: pd.DataFrame) -> None:
    """Put every call beside the window that it was made in.

    Money comes in before the bids of a session, and goes out after its settlement.
    """
    horizon, window, settled = record.terms.horizon, 0, False
    for call in calls.astype(object).where(calls.notna(), None).to_dict("records"):
        if call["stage"] == "deposit" and settled:
            window, settled = window + horizon, False
        if call["session"] is not None:
            window = call["session"] * horizon
            settled = call["stage"] in {"report", "settle"}
        said = _said(record, call, window)
        record.calls.append(
            Told(
                window=window,
                stage=call["stage"],
                seat=call["seat"],
                arguments=said,
                gas=call["gas"],
                transaction=call["transaction"],
                block=call["block"],
            )
        )
        record.called[min(window, record.windows - 1) :] = len(record.calls)


def _said(record: Record, call: Mapping[Any, Any], window: int) -> str:
    """Return what a call said, as far as the tables tell."""
    stage, seat = call["stage"], call["seat"]
    if call["ticks"] is not None:
        return pounds(call["ticks"] * record.tick_gbp)
    if window >= record.windows:
        return ""
    rest = more(min(record.terms.horizon, record.windows - window))
    if seat is not None and stage in {"reveal", "submit"}:
        numbers = record.bids[seat, window]
        return " ".join(map(str, numbers.tolist())) + rest if numbers.min() >= 0 else ""
    if stage in {"decide", "report"}:
        return signed_mw(float(record.set_point_mw[window])) + rest
    return {"commit": "sealed"}.get(stage, "")
