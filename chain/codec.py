"""Between Python values and the bytes that contracts take and return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import (
    collapse_if_tuple,
    event_abi_to_log_topic,
    function_abi_to_4byte_selector,
)


@dataclass(frozen=True)
class Log:
    """An event as the chain keeps it."""

    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class Message:
    """A call to a contract, in words and in bytes."""

    function: str
    arguments: tuple[Any, ...]
    data: bytes
    """The calldata."""


@dataclass(frozen=True)
class Deployment:
    """A contract with the arguments of its constructor."""

    abi: tuple[dict[str, Any], ...]
    bytecode: bytes
    arguments: tuple[Any, ...]

    @property
    def data(self) -> bytes:
        """Return what the transaction carries."""
        (entry,) = _entries(self.abi, "constructor")
        return self.bytecode + encode(_types(entry["inputs"]), self.arguments)


@dataclass(frozen=True)
class Interface:
    """A contract's interface, ready to encode calls and decode events and errors."""

    abi: tuple[dict[str, Any], ...]

    def call(self, function: str, *arguments: Any) -> Message:
        """Return a call; a list is an array there, and a tuple a struct."""
        selector, types = self._functions[function]
        return Message(function, arguments, selector + encode(types, arguments))

    def answer(self, function: str, data: bytes) -> tuple[Any, ...]:
        """Return what a view returned."""
        (entry,) = (e for e in _entries(self.abi, "function") if e["name"] == function)
        return decode(_types(entry["outputs"]), data)

    def event(self, name: str, logs: Sequence[Log]) -> dict[str, Any]:
        """Return the arguments of the one event of that name."""
        topic, indexed, plain = self._events[name]
        (log,) = (log for log in logs if log.topics[0] == topic)
        found = dict(zip(plain, decode(list(plain.values()), log.data), strict=True))
        for (argument, kind), word in zip(indexed.items(), log.topics[1:], strict=True):
            (found[argument],) = decode([kind], word)
        return found

    def topic(self, name: str) -> bytes:
        """Return what the logs of an event begin with."""
        return self._events[name][0]

    def error(self, data: bytes) -> tuple[str, tuple[Any, ...]] | None:
        """Return name and arguments of a custom error, or None if it is not ours."""
        if data[:4] not in self._errors:
            return None
        name, types = self._errors[data[:4]]
        return name, decode(types, data[4:])

    @cached_property
    def _functions(self) -> Mapping[str, tuple[bytes, list[str]]]:
        return {
            entry["name"]: (function_abi_to_4byte_selector(entry), _types(entry["inputs"]))
            for entry in _entries(self.abi, "function")
        }

    @cached_property
    def _events(self) -> Mapping[str, tuple[bytes, dict[str, str], dict[str, str]]]:
        return {
            entry["name"]: (
                event_abi_to_log_topic(entry),
                {i["name"]: i["type"] for i in entry["inputs"] if i["indexed"]},
                {i["name"]: i["type"] for i in entry["inputs"] if not i["indexed"]},
            )
            for entry in _entries(self.abi, "event")
        }

    @cached_property
    def _errors(self) -> Mapping[bytes, tuple[str, list[str]]]:
        return {
            function_abi_to_4byte_selector(entry): (entry["name"], _types(entry["inputs"]))
            for entry in _entries(self.abi, "error")
        }


def _entries(abi: Sequence[dict[str, Any]], kind: str) -> list[Any]:
    return [entry for entry in abi if entry["type"] == kind]


def _types(inputs: Sequence[Any]) -> list[str]:
    return [collapse_if_tuple(entry) for entry in inputs]
