"""Checks of JSON that somebody wrote by hand: whatever is wrong is named with its place."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from experiments.errors import InputRefused, nearest

Item = TypeVar("Item")


@dataclass(frozen=True)
class Reader:
    """Reads values of one file, and refuses them by their place in it."""

    source: str
    """What the user called the file."""

    def load(self) -> Any:
        """Return the content of the file."""
        try:
            text = Path(self.source).read_text(encoding="utf-8-sig")
            return json.loads(text, object_pairs_hook=self._once)
        except OSError as error:
            self.refuse(f"cannot be read: {error.strerror}")
        except (ValueError, RecursionError) as error:
            self.refuse(f"is not JSON: {error}")

    def refuse(self, reason: str) -> NoReturn:
        """Refuse the file."""
        raise InputRefused(self.source, reason)

    def refuse_value(self, at: str, value: Any, wanted: str) -> NoReturn:
        """Refuse a value by its place."""
        shown = json.dumps(value)
        shown = shown if len(shown) <= 40 else f"{shown[:37]}..."
        self.refuse(f"{at} is {shown}, wanted {wanted}")

    def table(
        self, at: str, value: Any, required: Collection[str], optional: Collection[str]
    ) -> dict[str, Any]:
        """Return an object that has every required key, and no unknown one."""
        if not isinstance(value, dict):
            self.refuse_value(at, value, f"an object with {', '.join(required)}")
        known = [*required, *optional]
        place = f"{at} has" if at != "the file" else "has"
        for key in value:
            if key not in known:
                self.refuse(f"{place} the unknown key {key!r}, {nearest(key, known)}")
        for key in required:
            if key not in value:
                self.refuse(f"{place} no key {key!r}, wanted {', '.join(required)}")
        return value

    def items(
        self, at: str, value: Any, wanted: str, read: Callable[[str, Any], Item]
    ) -> tuple[Item, ...]:
        """Return a list, each item read with its place."""
        if not isinstance(value, list):
            self.refuse_value(at, value, wanted)
        return tuple(read(f"{at}[{i}]", item) for i, item in enumerate(value))

    def row(
        self, at: str, value: Any, length: int, read: Callable[[str, Any], Item]
    ) -> tuple[Item, ...]:
        """Return a list of a given length, each item read with its place."""
        wanted = f"a list of {length}"
        if isinstance(value, list) and len(value) != length:
            self.refuse(f"{at} has length {len(value)}, wanted {length}")
        return self.items(at, value, wanted, read)

    def whole(self, at: str, value: Any, low: int, high: int) -> int:
        """Return a whole number within a range; true is none, nor is 1.0."""
        if type(value) is not int or not low <= value <= high:
            self.refuse_value(at, value, f"{low} to {high}")
        return value

    def thousandths(self, at: str, value: Any, low: int, high: int) -> int:
        """Return a number with three decimals at most, and in a range, in thousandths."""
        if type(value) not in {int, float}:
            self.refuse_value(at, value, "a number")
        if not low - 0.5 <= value * 1000 <= high + 0.5:  # NaN is in no range
            self.refuse_value(at, value, f"{low / 1000:.10g} to {high / 1000:.10g}")
        if round(value, 3) != value:
            self.refuse_value(at, value, "whole thousandths")
        return round(value * 1000)

    def text(self, at: str, value: Any) -> str:
        """Return a text that is not empty."""
        if not isinstance(value, str) or not value.strip():
            self.refuse_value(at, value, "a text")
        return value

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return an object, refusing a key that stands twice in it."""
        table = dict(pairs)
        if len(table) < len(pairs):
            keys = [key for key, _ in pairs]
            self.refuse(f"has the key {max(keys, key=keys.count)!r} twice in one object")
        return table
