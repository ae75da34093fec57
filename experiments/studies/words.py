"""Numbers as findings say them."""

from collections.abc import Sequence
from math import isfinite, nan, sqrt
from typing import Any, TypeAlias

import numpy as np

Table: TypeAlias = Any
"""A sweep's table in pandas, whose stubs cannot know what its columns hold."""


def gbp(value: float) -> str:
    """Return an amount of money; small ones with pence.

    >>> gbp(-1234.4), gbp(0.724)
    ('-GBP 1,234', 'GBP 0.72')
    """
    sign, size = "-" if value < 0 else "", abs(value)
    return f"{sign}GBP {size:,.0f}" if size >= 10 else f"{sign}GBP {size:.2f}"


def interval(error: float, count: int) -> float:
    """Return the half width of a 95 % interval of a mean by Student's t.

    >>> round(interval(1.0, 4), 2)
    3.18
    """
    from scipy.stats import t

    return float(error * t.ppf(0.975, count - 1)) if count > 1 and isfinite(error) else nan


def about(value: float, half: float) -> str:
    """Return an amount with its interval.

    >>> about(12.0, 3.0)
    'GBP 12 ± 3.00'
    """
    return f"{gbp(value)} ± {gbp(half).removeprefix('GBP ')}" if isfinite(half) else gbp(value)


def mean_within(values: Sequence[float]) -> str:
    """Return the mean of amounts, with its interval.

    >>> mean_within([1.0, 3.0])
    'GBP 2.00 ± 13'
    """
    found = np.array(values, float)
    error = found.std(ddof=1) / sqrt(len(found)) if len(found) > 1 else nan
    return about(float(found.mean()), interval(float(error), len(found)))


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
