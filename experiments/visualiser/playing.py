"""What a controller drives: matches that are played, above all."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from experiments.visualiser import downloads
from experiments.visualiser.controls import Choice
from experiments.visualiser.match import Match
from experiments.visualiser.snapshot import Look, Snapshot, snapshot
from experiments.visualiser.source import Source
from experiments.visualiser.world import World


class Playing(Protocol):
    """Something with windows that are played one after another, and looked at."""

    @property
    def played(self) -> int:
        """How many windows were played."""
        ...

    @property
    def windows(self) -> int:
        """How many there are."""
        ...

    @property
    def day(self) -> int:
        """How many windows a day has."""
        ...

    def step(self) -> None:
        """Play the next window."""
        ...

    def look(self, at: Look) -> Snapshot:
        """Return what is to be seen."""
        ...

    @property
    def files(self) -> Mapping[str, Callable[[], str]]:
        """What a visitor takes home: what makes each file, by its name."""
        ...

    def close(self) -> None:
        """Let go of what only this visitor needs."""
        ...


class Live:
    """A match that is played, and its rival by another mechanism if one was chosen."""

    def __init__(self, chosen: Choice, world: World) -> None:
        scenario = chosen.scenario
        day = world.seen.cost_gbp.shape[3]
        windows = chosen.days * day
        rule = scenario.market.mechanisms[0]
        rules = [rule] if chosen.rival is None else [rule, chosen.rival]
        self.chosen, self.world = chosen, world
        self.matches = [
            Match(scenario, world, name, windows, chosen.chair if i == 0 else None)
            for i, name in enumerate(rules)
        ]
        self._sources = [Source.of(world, match.record) for match in self.matches]

    @property
    def played(self) -> int:
        """How many windows were played."""
        return self.matches[0].record.played

    @property
    def windows(self) -> int:
        """How many there are."""
        return self.matches[0].record.windows

    @property
    def day(self) -> int:
        """How many windows a day has."""
        return self.matches[0].record.day

    def step(self) -> None:
        """Play the next window, everywhere."""
        for match in self.matches:
            match.step()

    def order(self, bids: dict[int, tuple[int, ...]]) -> None:
        """Take down what a person bids, by window."""
        self.matches[0].orders.numbers.update(bids)

    @property
    def files(self) -> Mapping[str, Callable[[], str]]:
        """What a visitor takes home."""
        scenario, record = self.chosen.scenario, self.matches[0].record
        return downloads.of_match(scenario, record, self.world.neighbours)

    def look(self, at: Look) -> Snapshot:
        """Return what is to be seen."""
        source, *rivals = self._sources
        chair: dict[str, Any] | None = self.matches[0].chair_view()
        return snapshot(source, at, rivals[0] if rivals else None, chair)

    def close(self) -> None:
        """Let go of the models."""
        for match in self.matches:
            match.close()
