"""Entries and rows of tables at indices that differ from window to window.

They are what ``np.take_along_axis`` returns, in a fraction of the time.
"""

from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from market.types import Options, Seats

_Kind = TypeVar("_Kind", np.int64, np.float64, np.bool_)


def at(of_each: NDArray[_Kind], index: Options) -> NDArray[_Kind]:
    """Return the entry of the last axis that each index names.

    >>> at(np.array([[5, 6], [7, 8]]), np.array([1, 0])).tolist()
    [6, 7]
    """
    first = np.arange(0, of_each.size, of_each.shape[-1]).reshape(of_each.shape[:-1])
    return of_each.ravel().take(first + index)


def row_of(seat: Seats, tables: NDArray[_Kind]) -> NDArray[_Kind]:
    """Return the row of each table, shape ``(…, party, option)``, that a seat names.

    >>> row_of(np.array([1, 0]), np.array([[[5, 6], [7, 8]], [[1, 2], [3, 4]]])).tolist()
    [[7, 8], [1, 2]]
    """
    *lead, parties, options = tables.shape
    rows = tables.reshape(-1, options)
    first = np.arange(0, len(rows), parties).reshape(lead)
    return rows.take(first + seat, 0)


def highest(of_each: NDArray[_Kind]) -> NDArray[_Kind]:
    """Return the highest entry of the last axis, which stays.

    >>> highest(np.array([[5, 6], [8, 7]])).tolist()
    [[6], [8]]
    """
    return at(of_each, of_each.argmax(-1))[..., np.newaxis]


def summed_but(tables: NDArray[_Kind], seat: int) -> NDArray[_Kind]:
    """Return the sum of all rows but one, from shape ``(…, party, option)``.

    >>> summed_but(np.array([[9, 9], [5, 6], [1, 2]]), 0).tolist()
    [6, 8]
    """
    others = (tables[..., party, :] for party in range(tables.shape[-2]) if party != seat)
    return reduce(np.add, others)
