"""Payment rules: what each party pays for the chosen option, in whole ticks that sum to zero.

Each rule states exact payments as fractions with one divisor a window (RULES §2.3).
They are rounded down, and the odd ticks go, one each, to the lowest seats among
those that were rounded, so that a window neither makes nor loses money and
nobody pays more than it offered.
"""

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from market.types import Mask, Ticks

_Kind = TypeVar("_Kind", bound=np.generic)

PaymentRule: TypeAlias = Callable[[Ticks, Mask], Ticks]
"""``(offers, present)`` to payments, all of shape ``(…, party)``: the offers at the
chosen option, and who takes part. Where fewer than two do, nobody pays."""


def difference(offers: Ticks, present: Mask) -> Ticks:
    """Each pays its own offer less the mean of the others' offers.

    For two parties the higher offer pays the lower the difference (the paper, p. 5).

    >>> everybody, first_two = np.array([True, True, True]), np.array([True, True, False])
    >>> difference(np.array([9, 0, 0]), everybody).tolist()
    [9, -4, -5]
    >>> difference(np.array([4, 7, 5]), first_two).tolist()
    [-3, 3, 0]
    """
    return _less_share(offers, present, but=1)


def equal_split(offers: Ticks, present: Mask) -> Ticks:
    """Each pays its own offer less an equal share of all offers.

    >>> equal_split(np.array([4, 7, 5]), np.array([True, True, False])).tolist()
    [-1, 1, 0]
    """
    return _less_share(offers, present, but=0)


def none(offers: Ticks, present: Mask) -> Ticks:  # noqa: ARG001  every rule is told who takes part
    """Nobody pays.

    >>> none(np.array([4, 7]), np.array([True, True])).tolist()
    [0, 0]
    """
    return np.zeros_like(offers)


PAYMENT_RULES: Final[dict[str, PaymentRule]] = {
    "difference": difference,
    "equal-split": equal_split,
    "none": none,
}


def _less_share(offers: Ticks, present: Mask, but: int) -> Ticks:
    """Return ``(n·o - S) / (n - but)`` in whole ticks that sum to zero.

    Rounded down, and the odd ticks to the lowest seats that were rounded.
    """
    offers, present = _parties_outermost(offers), _parties_outermost(present)
    count = present.sum(-1, keepdims=True)
    offers = offers * (present & (count > 1))
    numerators = (count * offers - offers.sum(-1, keepdims=True)) * present
    divisor = np.maximum(count - but, 1)
    paid = numerators // divisor
    rounded = np.not_equal(paid * divisor, numerators)
    if not rounded.any():
        return paid
    odd = -paid.sum(-1, keepdims=True)
    return paid + (rounded & (rounded.cumsum(-1) <= odd))


def _parties_outermost(of_each: NDArray[_Kind]) -> NDArray[_Kind]:
    """Return the same array as it is summed fastest: in memory, its short last axis first."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(of_each, -1, 0)), 0, -1)
