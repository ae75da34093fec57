"""A visitor's session: what is asked for, and the clock that plays it."""

from collections.abc import Callable, Mapping
from typing import Any

import solara

from experiments.visualiser.controller import Controller, Frame
from experiments.visualiser.opening import Opening
from experiments.visualiser.playing import Playing
from experiments.visualiser.scene import scene
from experiments.visualiser.spec import defaults


class Session:
    """Everything of one visitor; two share what the grid says, and nothing else."""

    def __init__(self, opened: Opening, show: Callable[[Frame], None]) -> None:
        self.name, self.replay = opened.scenario.name, opened.results is not None
        self.title = f"{self.name}, {'replay of a run' if self.replay else 'live'}"
        self.scene = scene(opened)
        self.spec_list = [{"name": name, **entry} for name, entry in self.scene.spec.items()]
        self.values: solara.Reactive[dict[str, Any]] = solara.reactive(
            defaults(self.scene.spec)
        )
        self.pace: solara.Reactive[str] = solara.reactive("5 a second")
        self.controller = Controller(self.scene.make, self.values.value, show)

    def change(self, changed: Mapping[str, Any]) -> None:
        """Begin again with a parameter changed."""
        self.values.set({**self.values.value, **changed})
        self.controller.reset(self.values.value)

    def download(self, name: str, playing: Playing) -> dict[str, Any]:
        """Return a file: its name and its content."""
        return {"file": f"gridpact-{self.name}-{name}", "text": playing.files[name]()}

    def close(self) -> None:
        """End the clock."""
        self.controller.close()
