"""What a sweep varies: a list of values, a range, or several keys together.

A factor takes a share from 0 to 1 and says what its keys are there; so one factor serves
every design, those that list values and those that draw points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, log, prod
from typing import Any, Final

from experiments.errors import ScenarioRefused

Values = tuple[tuple[str, Any], ...]
"""Keys and what they are."""

SCALES: Final = ("linear", "log")

RANGE: Final = frozenset({"low", "high", "count", "scale", "whole"})
"""The keys of a range."""

MOST_CELLS: Final = 10_000_000


@dataclass(frozen=True)
class Factor:
    """Keys that vary together, and the values that they take."""

    keys: tuple[str, ...]

    levels: tuple[tuple[Any, ...], ...] = ()
    """For each level a value for each key; none for a range that is not divided."""

    low: float = 0.0
    high: float = 0.0

    scale: str = "linear"
    """Of a range: ``linear`` or ``log``."""

    whole: bool = False
    """Whether a range is one of whole numbers."""

    @property
    def name(self) -> str:
        """What the factor is called."""
        return " & ".join(self.keys)

    def at(self, share: float) -> Values:
        """Return what the keys are at a share of the way from the first value to the last.

        >>> Factor(("chain.gas_price_gwei",), low=1.0, high=100.0, scale="log").at(0.5)
        (('chain.gas_price_gwei', 10.0),)
        >>> Factor(("grid.options",), ((3,), (7,), (13,))).at(0.5)
        (('grid.options', 7),)
        """
        if self.levels:
            place = min(int(share * len(self.levels)), len(self.levels) - 1)
            return tuple(zip(self.keys, self.levels[place], strict=True))
        return ((self.keys[0], self._point(share)),)

    def _point(self, share: float) -> float:
        if self.scale == "log":
            start, end = log(self.low), log(self.high)
            value = exp((1 - share) * start + share * end)
        else:
            value = self.low + share * (self.high - self.low)
        return round(value) if self.whole else float(f"{value:.12g}")


def read_factors(table: Mapping[str, Any], source: str) -> tuple[Factor, ...]:
    """Return the factors of a sweep's file: ``[factors]``, and then each ``[[linked]]``.

    Raises
    ------
    ScenarioRefused
        Naming the factor, and what was wanted.
    """
    single = [_factor(key, said, source) for key, said in table.get("factors", {}).items()]
    linked = [_linked(said, source) for said in table.get("linked", [])]
    found = (*single, *linked)
    if not found:
        raise ScenarioRefused(source, "no factors, wanted [factors] or [[linked]]")
    keys = [key for factor in found for key in factor.keys]
    for key in keys:
        if keys.count(key) > 1:
            raise ScenarioRefused(source, f"factor {key!r} stands twice")
    return found


def _factor(key: str, said: Any, source: str) -> Factor:
    if isinstance(said, list):
        if not said:
            raise ScenarioRefused(source, f"factors.{key} is empty, wanted one value or more")
        return Factor((key,), tuple((frozen(value),) for value in said))
    wanted = "a list of values, or {low, high} with count, scale and whole if need be"
    if not isinstance(said, dict) or not {"low", "high"} <= set(said) <= RANGE:
        reason = f"factors.{key} is {said!r}, wanted {wanted}"
        if isinstance(said, dict) and any(isinstance(v, dict | list) for v in said.values()):
            reason += "; a key with a dot stands in quotes"
        raise ScenarioRefused(source, reason)
    return _range(key, said, source)


def _range(key: str, said: Mapping[str, Any], source: str) -> Factor:
    low, high, scale = said["low"], said["high"], said.get("scale", "linear")
    whole, count = said.get("whole", False), said.get("count")
    ordered = _number(low) and _number(high) and low < high
    if not ordered or scale not in SCALES or (scale == "log" and low <= 0):
        wanted = "numbers low < high, scale linear, or log with low > 0"
        raise ScenarioRefused(source, f"factors.{key} is {dict(said)!r}, wanted {wanted}")
    if type(whole) is not bool:
        raise ScenarioRefused(source, f"factors.{key}.whole is {whole!r}, wanted true or false")
    ends = Factor((key,), (), float(low), float(high), scale, whole)
    if count is None:
        return ends
    if type(count) is not int or not 2 <= count <= MOST_CELLS:
        raise ScenarioRefused(source, f"factors.{key}.count is {count!r}, wanted 2 or more")
    points = [ends.at(i / (count - 1))[0][1] for i in range(count)]
    return Factor((key,), tuple((point,) for point in dict.fromkeys(points)))


def _number(value: Any) -> bool:
    """Return whether a value is a number that floating point holds."""
    return type(value) in {int, float} and abs(value) < 1e300


def _linked(said: Any, source: str) -> Factor:
    lengths = {len(v) if isinstance(v, list) else 0 for v in said.values()}
    if len(lengths) != 1 or lengths == {0}:
        wanted = "lists of one length, a value of each for every level"
        raise ScenarioRefused(source, f"linked is {said!r}, wanted {wanted}")
    columns = [[frozen(value) for value in values] for values in said.values()]
    return Factor(tuple(said), tuple(zip(*columns, strict=True)))


def frozen(value: Any) -> Any:
    """Return a value with tuples for lists, so that it can be compared and counted.

    >>> frozen([1, ["truthful", "shaded"]])
    (1, ('truthful', 'shaded'))
    """
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def all_levels(factors: Sequence[Factor], source: str) -> list[Values]:
    """Return every combination of levels, the last factor changing fastest.

    Raises
    ------
    ScenarioRefused
        If a range is not divided into levels, or there are too many combinations.
    """
    for factor in factors:
        if not factor.levels:
            reason = f"factors.{factor.name} has no count, wanted one in a factorial design"
            raise ScenarioRefused(source, reason)
    count = prod(len(factor.levels) for factor in factors)
    if count > MOST_CELLS:
        reason = f"{count:,} combinations, wanted at most {MOST_CELLS:,}"
        raise ScenarioRefused(source, reason)
    levels = [[tuple(zip(f.keys, level, strict=True)) for level in f.levels] for f in factors]
    return [tuple(pair for part in parts for pair in part) for parts in product(*levels)]
