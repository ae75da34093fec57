"""What a cell is asked, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from experiments.errors import InputRefused
from experiments.scenario import Scenario

Scores: TypeAlias = dict[str, float]
"""Numbers by name."""

ASKED: Final = "ask."
"""What keys begin with that are no scenario's, but for what answers."""


@dataclass(frozen=True, eq=False)
class Question:
    """What a cell is."""

    scenario: Scenario | None
    """None if the sweep names none."""

    factors: Mapping[str, Any]
    """What each factor's keys are, and what the sweep asks of every cell."""

    seed: int
    """Of the replicate."""

    def asked(self, name: str, default: Any) -> Any:
        """Return what ``ask.name`` is.

        >>> Question(None, {"ask.half_hours": 4}, 0).asked("half_hours", 1)
        4
        """
        return self.factors.get(f"{ASKED}{name}", default)

    @property
    def played(self) -> Scenario:
        """The scenario, where one is needed."""
        if self.scenario is None:
            raise InputRefused("scores", "no scenario, wanted one to play")
        return self.scenario
