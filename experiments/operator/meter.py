"""A meter as a process: it signs what was delivered, and brings it to the contract."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chain.agreement import Contract
from chain.standing import Standing
from experiments.operator.duties import Action, MeterDuty, is_over


@dataclass(frozen=True)
class Meter:
    """A meter's process."""

    duty: MeterDuty[Contract]

    reports: Callable[[Any, Standing, int], Iterator[Action]]
    """What yields the reports that are due: `meter_steps`, or `market_meter_steps`."""

    @property
    def agreement(self) -> Contract:
        """The contract."""
        return self.duty.agreement

    def due(self, standing: Standing, now: int) -> Iterator[Action]:
        """Yield the reports that are due."""
        return self.reports(self.duty, standing, now)

    def ended(self, standing: Standing) -> bool:
        """Return whether nothing is left to report."""
        return is_over(self.duty.until, standing)

    def prepare(self, action: Action) -> str:
        """Refuse: a meter plans nothing."""
        raise ValueError(f"a meter does not {action.stage}")
