"""A person's seat: bids that somebody wrote into a file, in the place of a strategy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np

from agents.draws import Draws
from agents.strategies.base import Knowledge, Setting, Strategy
from experiments.errors import InputRefused
from market.terms import Terms
from market.types import Bids

SUFFIX: Final = ".json"
"""What the name of a file of bids ends in."""


@dataclass(frozen=True)
class FromFile(Strategy):
    """Bid what a file says, window by window, whatever happens.

    Its form is that of ``operator``: ``{"bids": [[10, 4, 0], …]}``, offers in ticks or ranks.
    """

    meaning: ClassVar[str] = "bids what its file says"

    path: str = ""

    def start(self, setting: Setting) -> Any:
        """Read the bids, shape (window, option)."""
        middles = np.rint(setting.set_points * 1000).astype(int).tolist()
        terms = Terms(
            parties=setting.parties,
            options=tuple((middle, middle) for middle in middles),
            mechanism="hco" if setting.form == "offers" else "rps",
        )
        return seat_bids(self.path, terms, setting.seat)

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Look the windows up; all like matches get the same."""
        check_length(self.path, knowledge.memory, int(knowledge.windows[-1]) + 1)
        numbers = knowledge.memory[knowledge.windows]
        return np.broadcast_to(numbers, knowledge.values_gbp.shape)


def seat_bids(path: str, terms: Terms, seat: int) -> Bids:
    """Read what a seat bids in every window, shape (window, option).

    Raises
    ------
    InputRefused
        Naming the place of what is wrong. Null, and set-points, are for ``operator`` alone.
    """
    from experiments.operator.bids import read_bids  # which sees the chain

    bids = read_bids(Path(path), terms, seat)
    for window, bid in enumerate(bids):
        if bid is None:
            raise InputRefused(path, f"bids[{window}] is null, wanted a bid for every window")
        if bid.points is not None:
            raise InputRefused(path, f"points_mw[{window}] is not null, wanted the middles")
    rows = [bid.numbers for bid in bids if bid is not None]
    return np.array(rows, np.int64).reshape(len(rows), len(terms.options))


def check_length(path: str, bids: Bids, windows: int) -> None:
    """Refuse bids for fewer windows than there are."""
    if len(bids) < windows:
        raise InputRefused(path, f"bids has length {len(bids)}, wanted {windows} windows")
