"""A finished run of ``gridpact simulate`` of communities, looked through from its trades."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.community.world import World
from experiments.community.world import world as communities_of
from experiments.errors import InputRefused
from experiments.scenario import Scenario
from experiments.visualiser import downloads
from experiments.visualiser.communities.controls import MEANINGS, described
from experiments.visualiser.communities.neighbours import Beside, Neighbours
from experiments.visualiser.snapshot import Look, Snapshot, community_snapshot
from experiments.visualiser.spec import Spec, select
from market.trading.rules import TRADING_RULES

TRADES = "trades.parquet"


class CommunalReplay:
    """Half-hours that were played before, under one of a run's rules; all are there at once.

    Parameters
    ----------
    folder : Path
        Of the run.
    scenario : Scenario
        That it was made from; its first rule is shown.

    Raises
    ------
    InputRefused
        If the folder does not say what this version reads.
    """

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        self.scenario = scenario
        world = communities_of(scenario)
        days = read_days(folder, world, scenario.community.rules[0])
        self.neighbours = Neighbours(scenario, world, days)
        self.neighbours.day(0)
        self._at = 0

    @property
    def played(self) -> int:
        """How many half-hours have been shown."""
        return self._at

    @property
    def windows(self) -> int:
        """How many there are."""
        return self.neighbours.world.days * self.day

    @property
    def day(self) -> int:
        """How many a day has."""
        return self.neighbours.world.windows

    def step(self) -> None:
        """Go on to the next half-hour."""
        self._at += 1

    def look(self, at: Look) -> Snapshot:
        """Return what is to be seen; looking at a half-hour goes there."""
        if at.window is not None:
            self._at = min(at.window, self.windows)
        here = Look(self._at, feeder=at.feeder)
        return community_snapshot(self.neighbours, None, here, self._at, self.windows)

    @property
    def files(self) -> Mapping[str, Callable[[], str]]:
        """What a visitor takes home."""
        return downloads.of_communities(self.scenario, self.neighbours, self._at)

    def close(self) -> None:
        """Let go of nothing: there is no model."""


def parameters(scenario: Scenario) -> Spec:
    """Return what a visitor may set: which of the rules is shown."""
    rules = scenario.community.rules
    entry = select("Trading rule", rules[0], rules, MEANINGS["trading"])
    return {"trading": described(entry, {name: TRADING_RULES[name].meaning for name in rules})}


def read_days(folder: Path, world: World, rule: str) -> Iterator[Beside]:
    """Yield the days of a run under a rule, each read when it is asked for.

    Raises
    ------
    InputRefused
        If the table is missing, or does not hold what it should.
    """
    for day in range(world.days):
        asked = [("rule", "==", rule), ("day", "==", day)]
        try:
            yield _beside(pd.read_parquet(folder / TRADES, filters=asked), world)
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise InputRefused(str(folder), f"cannot be read as a run: {error}") from error


def _beside(trades: pd.DataFrame, world: World) -> Beside:
    keys = ("community", "household", "window")
    at = tuple(trades[key].to_numpy(int) for key in keys)
    wanted = int(world.present.sum()) * world.windows
    if len(trades) != wanted:
        raise ValueError(f"{TRADES} has {len(trades)} rows of a day, wanted {wanted}")

    def spread(name: str) -> np.ndarray:
        column = trades[name].to_numpy()
        found = np.zeros((*world.present.shape, world.windows), column.dtype)
        found[at] = column
        return found

    metered, traded = spread("metered_wh"), spread("traded_wh")
    return Beside(
        metered_wh=metered,
        traded_wh=traded,
        cut=spread("cut"),
        price=spread("price").max(1),
        bill=world.tariff.bill(metered - traded) + spread("paid_ticks"),
        alone_wh=spread("alone_wh").astype(float),
        trades=lambda: trades.drop(columns=["rule", "day"]),
    )
