"""All that the page shows at one moment: plain numbers and words, of bounded size."""

from dataclasses import dataclass
from typing import Any

from experiments.visualiser import panels, telling
from experiments.visualiser.compare import comparison
from experiments.visualiser.source import Source


@dataclass(frozen=True)
class Look:
    """Where a visitor looks."""

    window: int | None = None
    """How many windows are shown; all that were played unless given."""

    stage: str = ""
    """The calls of which stage the ledger shows; all if empty."""

    who: str = ""
    """Whose calls the ledger shows; all if empty."""


@dataclass(frozen=True)
class Snapshot:
    """What the page shows; every field is plain JSON, made once and never written."""

    shown: int
    """How many windows are shown."""

    played: int
    windows: int
    totals: dict[str, Any]
    stages: list[dict[str, Any]]
    accounts: list[dict[str, Any]]
    flow: dict[str, Any]
    heat: dict[str, Any]
    costs: dict[str, Any]
    learning: dict[str, Any]
    ledger: dict[str, Any]

    comparison: dict[str, Any] | None = None
    """Beside the same by another mechanism."""

    chair: dict[str, Any] | None = None
    """What a person in a seat may know, and has earned."""


def snapshot(
    source: Source,
    look: Look,
    rival: Source | None = None,
    chair: dict[str, Any] | None = None,
) -> Snapshot:
    """Return what the page shows of a record.

    Parameters
    ----------
    source : Source
        What is shown.
    look : Look
        Where the visitor looks.
    rival : Source, optional
        The same by another mechanism, to be shown beside it.
    chair : dict, optional
        What a person in a seat may know.
    """
    record = source.record
    shown = record.played if look.window is None else min(look.window, record.played)
    return Snapshot(
        shown=shown,
        played=record.played,
        windows=record.windows,
        totals=telling.totals(source, shown),
        stages=telling.stages(source, shown),
        accounts=telling.accounts(source, shown),
        flow=panels.flow(source, shown),
        heat=panels.heat(source, shown),
        costs=panels.costs(source, shown),
        learning=panels.learning(source, shown),
        ledger=telling.ledger(source, shown, look.stage, look.who),
        comparison=None if rival is None else comparison(source, rival, shown),
        chair=chair,
    )
