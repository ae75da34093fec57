"""All that the page shows at one moment: plain numbers and words, of bounded size."""

from dataclasses import dataclass
from typing import Any

from experiments.visualiser import panels, telling
from experiments.visualiser.communities.neighbours import Neighbours
from experiments.visualiser.communities.panel import community
from experiments.visualiser.communities.told_market import ToldMarket
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

    feeder: int = 0
    """Which community is shown, of several."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the page shows; every field is plain JSON, made once and never written."""

    shown: int
    """How many windows are shown."""

    played: int
    windows: int
    community: dict[str, Any] | None = None
    """One of the communities, if there are any."""

    ledger: dict[str, Any] | None = None
    """The newest calls to the contract, where they are known."""


@dataclass(frozen=True, kw_only=True)
class LinkSnapshot(Snapshot):
    """What it shows of a match about a link."""

    totals: dict[str, Any]
    stages: list[dict[str, Any]]
    accounts: list[dict[str, Any]]
    flow: dict[str, Any]
    heat: dict[str, Any]
    costs: dict[str, Any]
    learning: dict[str, Any]

    comparison: dict[str, Any] | None = None
    """Beside the same by another mechanism."""

    chair: dict[str, Any] | None = None
    """What a person in a seat may know, and has earned."""


def snapshot(
    source: Source,
    look: Look,
    rival: Source | None = None,
    chair: dict[str, Any] | None = None,
) -> LinkSnapshot:
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
    shown = shown_of(look, record.played)
    neighbours = source.world.neighbours
    return LinkSnapshot(
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
        ledger=telling.ledger(
            record.calls_until(shown), record.parties, record.day, look.stage, look.who
        ),
        comparison=None if rival is None else comparison(source, rival, shown),
        chair=chair,
        community=None if neighbours is None else community(neighbours, shown, look.feeder),
    )


def community_snapshot(
    neighbours: Neighbours, market: ToldMarket | None, look: Look, played: int, windows: int
) -> Snapshot:
    """Return what the page shows of communities by themselves.

    Parameters
    ----------
    neighbours : Neighbours
        All of them.
    market : ToldMarket or None
        That of the first, if it is known.
    look : Look
        Where the visitor looks.
    played, windows : int
        How many half-hours were played, and how many there are.
    """
    shown = shown_of(look, played)
    seen = community(neighbours, shown, look.feeder)
    ledger = None
    if market is not None:
        calls = market.told[: market.called[shown - 1]] if shown else []
        day = neighbours.world.windows
        ledger = telling.ledger(calls, market.parties, day, look.stage, look.who)
    return Snapshot(shown=shown, played=played, windows=windows, community=seen, ledger=ledger)


def shown_of(look: Look, played: int) -> int:
    """Return how many windows a visitor sees, of those that were played."""
    return played if look.window is None else min(look.window, played)
