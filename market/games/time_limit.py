"""A limit on what a computation may take, by a clock that never goes back."""

from dataclasses import dataclass
from math import inf
from time import monotonic


@dataclass(frozen=True)
class Deadline:
    """A moment after which a solver returns what it has."""

    at: float
    """In seconds of the clock of `time.monotonic`."""

    @property
    def passed(self) -> bool:
        """Whether time is up."""
        return monotonic() >= self.at

    @property
    def left(self) -> float:
        """Seconds left, never less than none."""
        return max(0.0, self.at - monotonic())

    def part(self, share: float) -> "Deadline":
        """Return the moment when a share of the time left is over."""
        return Deadline(monotonic() + share * self.left)

    def check(self) -> None:
        """Stop a computation that has no time left.

        Raises
        ------
        TimeUp
            If time is up.
        """
        if self.passed:
            raise TimeUp


class TimeUp(Exception):
    """A computation was stopped at its time limit."""


def deadline(seconds: float | None) -> Deadline:
    """Return the moment that lies some seconds ahead; never, if there is no limit.

    Raises
    ------
    ValueError
        If a limit is no positive number.

    Examples
    --------
    >>> deadline(None).passed, deadline(60).passed
    (False, False)
    """
    if seconds is None:
        return Deadline(inf)
    if not seconds > 0:
        raise ValueError(f"time limit is {seconds:g} s, wanted more than 0")
    return Deadline(monotonic() + seconds)
