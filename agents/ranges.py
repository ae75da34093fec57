"""What numbers the parameters of strategies and learning rules may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

KEY: Final = "range"


@dataclass(frozen=True)
class Range:
    """Numbers between two ends, which belong to it unless it is open below."""

    least: float = 0.0
    most: float = inf
    open: bool = False
    """Whether the least itself is left out."""

    def holds(self, number: float) -> bool:
        """Return whether a number is one of them."""
        return number <= self.most and (
            number > self.least if self.open else number >= self.least
        )

    def __str__(self) -> str:
        """Return what is wanted.

        >>> str(Range(0, 1)), str(Range()), str(Range(open=True))
        ('0 to 1', '0 or more', 'more than 0')
        """
        if self.most < inf:
            return f"{self.least:g} to {self.most:g}"
        return f"more than {self.least:g}" if self.open else f"{self.least:g} or more"


def ranged(default: float, least: float = 0.0, most: float = inf, *, open: bool = False) -> Any:  # noqa: A002
    """Return a field of a dataclass that takes numbers of a range."""
    return field(default=default, metadata={KEY: Range(least, most, open)})


def range_of(metadata: Mapping[str, Any]) -> Range | None:
    """Return the range of a field, if it has one."""
    found: Range | None = metadata.get(KEY)
    return found
