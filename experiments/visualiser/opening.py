"""What the page opens with: set once by the command, before the first visitor comes."""

from dataclasses import dataclass
from pathlib import Path

from experiments.scenario import Scenario


@dataclass(frozen=True)
class Opening:
    """What a visitor finds: a scenario to play, or the folder of a run to look through."""

    scenario: Scenario
    results: Path | None = None


_opening: list[Opening] = []


def open_with(opening: Opening) -> None:
    """Have every visitor from now on find this."""
    _opening[:] = [opening]


def opening() -> Opening:
    """Return what a visitor finds; the shipped scenario unless another was set."""
    return _opening[0] if _opening else Opening(Scenario())
