"""The negotiation of one window: from bids to option, payments and authority (RULES §4)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from market.mechanisms.base import Mechanism
from market.mechanisms.entries import at, row_of
from market.types import Bids, Mask, Options, Seats, Ticks


@dataclass(frozen=True)
class Decision:
    """What the mechanism decided, for any number of like windows at once."""

    option: Options
    """The chosen option, shape ``(…)``."""

    candidates: Mask
    """Between which options authority chose, shape ``(…, option)``."""

    payments: Ticks
    """What each party pays, negative if it receives, shape ``(…, party)``."""

    instructor: Seats
    """Whose exact set-point is instructed, shape ``(…)``; -1: the middle."""

    authority: Seats
    """Who holds authority in the next window, shape ``(…)``."""

    used: Mask
    """Whether authority broke a tie, shape ``(…)``."""


def decide(
    rule: Mechanism,
    bids: Bids,
    present: Mask,
    authority: Seats,
    default: int = 0,
    lots: NDArray[np.object_] | None = None,
) -> Decision:
    """Choose an option and what each party pays for it.

    Two participants or more: the mechanism runs on them. One: control reverts to
    it. None: the default option.

    Parameters
    ----------
    rule : Mechanism
        The choice rule and the payment rule.
    bids : ndarray of int64, shape (…, party, option)
        Offers in ticks, or ranks. Rows of parties that take no part are not read.
    present : ndarray of bool, shape (…, party)
        Who takes part.
    authority : ndarray of int64, shape (…)
        The seat that breaks a tie; if it takes no part, the next seat that does.
    default : int
        The option taken where nobody takes part.
    lots : ndarray of object, shape (…), optional
        Whole numbers of any size that break ties, modulo their count, in a lottery.

    Examples
    --------
    A tie, which seat 0 breaks in its favour:

    >>> from market.mechanisms.hco import HighestCombinedOffer
    >>> tie = decide(
    ...     HighestCombinedOffer(),
    ...     bids=np.array([[6, 2, 0], [0, 4, 3]]),
    ...     present=np.array([True, True]),
    ...     authority=np.array(0),
    ... )
    >>> int(tie.option), tie.payments.tolist(), int(tie.authority)
    (0, [6, -6], 1)
    """
    parties = bids.shape[-2]
    count = present.sum(-1)
    holder = _first_present(present, authority)
    merit = rule.merit(row_of(holder, bids))

    open_options = rule.candidates(bids, present) | (count == 1)[..., None]
    option = np.where(open_options, merit, np.iinfo(np.int64).min).argmax(-1)
    if rule.lottery:
        option = np.where(count > 1, _drawn(open_options, lots), option)
    option = np.where(count == 0, default, option)
    chosen = np.arange(bids.shape[-1]) == option[..., None]
    candidates = np.where((count > 1)[..., None], open_options, chosen)
    used = (candidates & ~chosen).any(-1) & (not rule.lottery)

    offers = at(bids, option[..., None])
    return Decision(
        option=option,
        candidates=candidates,
        payments=rule.charge(offers, present) * (count > 1)[..., None],
        instructor=np.where(count > 0, rule.instructor(offers, present), -1),
        authority=np.where(used, (holder + 1) % parties, authority),
        used=used,
    )


def _drawn(candidates: Mask, lots: NDArray[np.object_] | None) -> Options:
    """Return the candidate that a lot falls on, counted from the lowest."""
    if lots is None:
        raise ValueError("a lottery wants lots")
    count = np.maximum(candidates.sum(-1), 1)  # none where nobody takes part
    index = np.asarray(lots % count, dtype=np.int64)
    return (candidates.cumsum(-1) > index[..., None]).argmax(-1)


def _first_present(present: Mask, authority: Seats) -> Seats:
    """Return the first seat from `authority` on that takes part; `authority` if none."""
    parties = present.shape[-1]
    seats = (authority[..., None] + np.arange(parties)) % parties
    first = np.take_along_axis(present, seats, -1).argmax(-1)
    return (authority + first) % parties
