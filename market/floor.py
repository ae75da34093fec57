"""The port through which whole sessions are held, in any number of like markets at once.

A venue takes the calls of one market one by one; a floor takes what every party does about a
session, and holds it: in arrays (`market.local_floor`), or on a venue, call by call
(`market.venue_floor`). Every array has an axis of matches first: markets under the same terms
that know nothing of each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from market.terms import Terms
from market.types import Bids, Mask, Options, Seats, Ticks


@dataclass(frozen=True, eq=False)
class Acts:
    """What every party does about a session."""

    bids: Bids
    """Offers in ticks, or ranks, shape (match, party, window, option); points: the middles.

    Fewer windows than a session has if the run ends within it.
    """

    sends: Mask
    """Whether it sends its bids in time, shape (match, party)."""

    late: Mask
    """Whether it sends them after they closed, which no venue takes, shape (match, party)."""

    reveals: Mask
    """Whether it reveals what it sealed, shape (match, party)."""

    keeps: Ticks
    """What it keeps in its account, shape (match, party)."""


@dataclass(frozen=True, eq=False)
class Negotiated:
    """What became of the windows of a session."""

    option: Options
    """The chosen option, shape (match, window)."""

    set_point: Options
    """What the element is told, in thousandths of its unit, shape (match, window)."""

    payments: Ticks
    """What each pays, negative if it receives, shape (match, party, window)."""

    present: Mask
    """Whose bids counted, shape (match, party, window)."""

    authority: Seats
    """Who held authority when the window was decided, shape (match, window)."""

    used: Mask
    """Whether authority broke a tie, shape (match, window)."""


class Floor(Protocol):
    """Where sessions are held, in order, under fixed terms."""

    terms: Terms

    @property
    def matches(self) -> int:
        """How many markets there are."""
        ...

    @property
    def free(self) -> Ticks:
        """What each seat could withdraw now, in ticks, shape (match, party)."""
        ...

    @property
    def authority(self) -> Seats:
        """The seat that breaks the next tie, shape (match,)."""
        ...

    def negotiate(self, session: int, acts: Acts) -> Negotiated:
        """Take deposits and bids, decide every window, and instruct."""
        ...

    def settle(self, blocked: Mask) -> Ticks:
        """Meter the session that was negotiated, settle it, and let parties withdraw.

        Parameters
        ----------
        blocked : ndarray of bool, shape (match, party, window)
            Who made the transfer impossible; only participants can.

        Returns
        -------
        ndarray of int64, shape (match, party)
            What each lost in penalties in ticks, negative if it gained, over the session.
        """
        ...


@dataclass(frozen=True)
class Salts:
    """The salts of all seals: each a hash of a party's secret and the session."""

    secrets: Sequence[Sequence[bytes]]
    """By match and seat."""

    def of(self, match: int, seat: int, session: int) -> bytes:
        """Return the 32 bytes that a party seals its bids for a session with.

        >>> salts = Salts([[b"one", b"other"]])
        >>> salts.of(0, 0, session=5).hex()[:8], len(salts.of(0, 1, session=5))
        ('ccb5da66', 32)
        """
        return sha256(self.secrets[match][seat] + session.to_bytes(8, "big")).digest()
