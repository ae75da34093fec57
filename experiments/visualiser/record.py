"""What happened in a match so far: one row a window, and every call to the venue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from market.terms import Terms
from market.types import Bids, Floats, Mask, Options, Seats


class Told(NamedTuple):
    """A call to the venue, as the ledger shows it."""

    window: int
    """The first of its session; for payments in and out, the window they were made in."""

    stage: str

    seat: int | None
    """None for what anyone may call."""

    arguments: str
    gas: int
    transaction: str | None
    block: int | None


@dataclass(eq=False)
class Record:
    """A match as far as it came; arrays have room for all of it.

    Read by `snapshot` alone, written by a match that is played or a folder that is read.
    """

    scenario: str
    parties: tuple[str, ...]
    mechanism: str
    pair: tuple[str, ...]
    seats: tuple[str, ...]
    terms: Terms
    tick_gbp: float
    day: int
    """How many windows a day has."""

    option: Options
    set_point_mw: Floats
    stopped: Mask
    authority: Seats
    used: Mask
    """Whether authority broke a tie."""

    cost_gbp: Floats
    """Shape (party, window); so the next five."""

    paid_gbp: Floats
    free_gbp: Floats
    gain_gbp: Floats
    """What the best response would have added, with the first window of its session."""

    regret_gbp: Floats
    """Of learners: what the best fixed action would have earned more since the start."""

    bids: Bids
    """Shape (party, window, option); -1 where none was sent."""

    called: Options
    """How many calls there were by the end of each window."""

    played: int = 0
    calls: list[Told] = field(default_factory=list)

    @classmethod
    def empty(
        cls,
        scenario: str,
        parties: Sequence[str],
        terms: Terms,
        pair: Sequence[str],
        seats: Sequence[str],
        tick_gbp: float,
        day: int,
        windows: int,
    ) -> Self:
        """Return the record of a match that has not begun."""
        by_party = (len(parties), windows)

        def unknown() -> Floats:
            return np.full(by_party, np.nan)

        return cls(
            scenario=scenario,
            parties=tuple(parties),
            mechanism=terms.mechanism,
            pair=tuple(pair),
            seats=tuple(seats),
            terms=terms,
            tick_gbp=tick_gbp,
            day=day,
            option=np.full(windows, -1, np.int64),
            set_point_mw=np.zeros(windows),
            stopped=np.zeros(windows, bool),
            authority=np.full(windows, -1, np.int64),
            used=np.zeros(windows, bool),
            cost_gbp=np.zeros(by_party),
            paid_gbp=np.zeros(by_party),
            free_gbp=unknown(),
            gain_gbp=unknown(),
            regret_gbp=unknown(),
            bids=np.full((*by_party, len(terms.options)), -1, np.int64),
            called=np.zeros(windows, np.int64),
        )

    @property
    def windows(self) -> int:
        """How many windows there will be."""
        return len(self.option)

    def calls_until(self, shown: int) -> list[Told]:
        """Return the calls made in so many windows."""
        return self.calls[: int(self.called[shown - 1])] if shown else []

    def calls_of(self, window: int) -> list[Told]:
        """Return the calls made while a window was played."""
        before = int(self.called[window - 1]) if window else 0
        return self.calls[before : int(self.called[window])]
