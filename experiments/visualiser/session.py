"""A visitor's session: what is asked for, and the clock that plays it."""

from collections.abc import Callable, Mapping
from typing import Any

import solara

from experiments.scenario import Scenario
from experiments.visualiser import downloads
from experiments.visualiser.controller import Controller, Frame
from experiments.visualiser.controls import choice, defaults, parameters
from experiments.visualiser.opening import Opening
from experiments.visualiser.playing import Live, Playing
from experiments.visualiser.replay import Replay
from experiments.visualiser.world import World, world


class Session:
    """Everything of one visitor; two share what the grid says, and nothing else."""

    def __init__(self, opened: Opening, show: Callable[[Frame], None]) -> None:
        self.opened = opened
        self.replay = opened.results is not None
        grid = world(opened.scenario)
        seen = grid.seen
        self.spec = {} if self.replay else parameters(opened.scenario, seen)
        self.spec_list = [{"name": name, **entry} for name, entry in self.spec.items()]
        self.values: solara.Reactive[dict[str, Any]] = solara.reactive(defaults(self.spec))
        self.pace: solara.Reactive[str] = solara.reactive("5 a second")
        self.plans = plans_json(grid)
        middles = [(low + high) / 2000 for low, high in seen.options]
        self.options = [f"{mw:+g}" if mw else "0" for mw in middles]
        self.rating_mw = max(abs(end) for option in seen.options for end in option) / 1000
        self.day = int(seen.cost_gbp.shape[3])
        kind = "replay of a run" if self.replay else "live"
        self.title = f"{opened.scenario.name}, {kind}"
        self.controller = Controller(self._make, self.values.value, show)

    def change(self, changed: Mapping[str, Any]) -> None:
        """Begin again with a parameter changed."""
        self.values.set({**self.values.value, **changed})
        self.controller.reset(self.values.value)

    def download(self, name: str, playing: Playing, number: int) -> dict[str, Any]:
        """Return a file: its name, its content, and a number of its own."""
        scenario, record = _shown(playing)
        stem = f"gridpact-{scenario.name}"
        if name == "scenario":
            text = downloads.scenario_toml(scenario, max(record.played, 1))
            return {"file": f"{stem}.toml", "text": text, "number": number}
        text = downloads.TABLES[name](record)
        return {"file": f"{stem}-{name}.csv", "text": text, "number": number}

    def close(self) -> None:
        """End the clock."""
        self.controller.close()

    def _make(self, values: Mapping[str, Any]) -> Playing:
        scenario, results = self.opened.scenario, self.opened.results
        if results is not None:
            return Replay(results, scenario, world(scenario))
        parties = world(scenario).seen.parties
        asked = choice(scenario, values, parties)
        return Live(asked, world(asked.scenario))


def plans_json(grid: World) -> list[dict[str, Any]]:
    """Return how the networks are drawn, as plain JSON."""
    return [
        {
            "name": plan.name,
            "buses": [
                {"name": name, "x": round(float(x), 4), "y": round(float(y), 4)}
                for name, (x, y) in zip(plan.buses, plan.xy, strict=True)
            ],
            "terminal": plan.terminal,
            "share": plan.share,
            "lines": [list(ends) for ends in plan.lines],
            "supplies": list(plan.supplies),
        }
        for plan in grid.plans
    ]


def _shown(playing: Playing) -> tuple[Scenario, Any]:
    if isinstance(playing, Replay):
        return playing.scenario, playing.record
    if isinstance(playing, Live):
        return playing.chosen.scenario, playing.matches[0].record
    raise TypeError(f"{type(playing).__name__} has no record, wanted one that has")
