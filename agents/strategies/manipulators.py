"""Untrue bids against what the others seem to want."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.strategies.watchful import Watchful
from market.types import Floats, Options


@dataclass(frozen=True)
class Pivotal(Watchful):
    """Offer for each option what it is worth beyond the one that the others would choose.

    It claims a say only where that changes something for it, as one who is asked for the
    harm it does by being there [1]_: nothing for the others' choice, and nothing for what
    it likes less. Ranks stay true, since all values are lowered alike.

    References
    ----------
    .. [1] E. H. Clarke, "Multipart pricing of public goods", Public Choice 11, 1971.
    """

    meaning: ClassVar[str] = "offers what an option gains it over what the others would choose"

    def stated_gbp(self, own: Floats, wanted: Floats) -> Floats:
        """Lower every value by that of the others' favourite."""
        return own - np.take_along_axis(own, _favourite(wanted), -1)


@dataclass(frozen=True)
class AntiRanking(Watchful):
    """Rank its own favourite first, and then the others' wishes upside down [1]_.

    Of all orders with its favourite first this one helps the rivals of that option least.
    Under offers, where a rival is best helped by nothing, it is a bid for its favourite
    alone.

    References
    ----------
    .. [1] M. Zuckerman, A. D. Procaccia and J. S. Rosenschein, "Algorithms for the coalitional
       manipulation problem", Artificial Intelligence 173(2), 2009.
    """

    meaning: ClassVar[str] = "puts its favourite first, and what the others want last"

    def stated_gbp(self, own: Floats, wanted: Floats) -> Floats:
        """Turn the others' wants round, but for its favourite."""
        favourite = np.arange(own.shape[-1]) == _favourite(own)
        return np.where(favourite, own, -wanted)


@dataclass(frozen=True)
class Burying(Watchful):
    """Tell the truth, but put the others' favourite at the very bottom.

    The oldest trick against Borda's count, who meant his scheme "only for honest men" [1]_.
    What it wants most itself it does not bury.

    References
    ----------
    .. [1] D. Black, *The Theory of Committees and Elections*, Cambridge University Press,
       1958, part II.
    """

    meaning: ClassVar[str] = "tells the truth, but puts the others' favourite last"

    def stated_gbp(self, own: Floats, wanted: Floats) -> Floats:
        """State less than nothing for the others' favourite."""
        theirs = _favourite(wanted)
        liked = np.take_along_axis(own, theirs, -1) == own.max(-1, keepdims=True)
        buried = (np.arange(own.shape[-1]) == theirs) & ~liked
        return np.where(buried, -1.0, own)


def _favourite(worth: Floats) -> Options:
    """Return the option that is worth most, the lowest index first, shape ``(…, 1)``."""
    return worth.argmax(-1)[..., np.newaxis]
