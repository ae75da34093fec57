"""Strategies by what users write: a name, with parameters, or one inside another.

::

    shaded
    shaded(share=0.7)
    best-response(disposition=adversarial, belief=smoothed)
    tremble(noise(shaded, size=0.2), chance=0.1)

A parameter is a field of the strategy's dataclass. What a field may hold by name stands in
`NAMED`: beliefs, dispositions, learning rules, menus. These may have parameters in turn, as
in ``belief=smoothed(newest=0.5)``.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from math import isfinite
from typing import Any, Final, NoReturn, TypeAlias, get_type_hints

from agents.beliefs import LAST, MEAN_BY_HALF_HOUR, Belief
from agents.disposition import DISPOSITIONS, Disposition
from agents.learning import LEARNING_RULES
from agents.learning.base import LearningRule
from agents.ranges import range_of
from agents.strategies import STRATEGIES
from agents.strategies.base import Strategy
from agents.strategies.learner import MENUS
from agents.wrappers import WRAPPERS

Maker: TypeAlias = Callable[..., Any]
"""A class, or a function without arguments, that makes what a name stands for."""

Elsewhere: TypeAlias = Callable[[str], Maker | None]
"""From a name that is not listed here to what makes the strategy, or to None."""

BELIEFS: Final[Mapping[str, Belief]] = {
    "last": LAST,
    "mean": MEAN_BY_HALF_HOUR,
    "smoothed": Belief(newest=0.3),
}
"""What a party may expect of the others: their last bids, their mean, or fading ones."""


class NotAStrategy(ValueError):
    """What was written makes no strategy."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text!r}: {reason}")
        self.text, self.reason = text, reason


class UnknownName(NotAStrategy):
    """Something in it has a name that is not known."""

    def __init__(self, text: str, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        one_of = "one of " if len(self.known) > 1 else ""
        wanted = f"wanted {one_of}{', '.join(self.known)}"
        super().__init__(text, f"unknown {kind} {name!r}, {wanted}")


@dataclass(frozen=True)
class Call:
    """A name, and what stands in brackets behind it."""

    name: str

    inner: tuple["Call", ...] = ()
    """What has no key."""

    keys: Mapping[str, "Call"] = field(default_factory=dict)


def nowhere(name: str) -> Maker | None:  # noqa: ARG001
    """Know no name."""
    return None


def find(text: str, elsewhere: Elsewhere = nowhere) -> Strategy:
    """Return the strategy that a text stands for.

    Parameters
    ----------
    text : str
        A name, with parameters in brackets or without.
    elsewhere : callable, optional
        Asked for names that are not listed.

    Raises
    ------
    NotAStrategy
        Naming what is wrong, and what was wanted.

    Examples
    --------
    >>> find("shaded(share=0.7)").share
    0.7
    >>> find("noise(best-response(disposition=-30))").inner.disposition.name
    '-30°'
    >>> find("shaded(sahre=1)")
    Traceback (most recent call last):
    agents.lookup.UnknownName: 'shaded(sahre=1)': unknown key of shaded 'sahre', wanted share
    """
    return _Reading(text, elsewhere).strategy(parse(text))


def parse(text: str) -> Call:
    """Return how a text is built, whatever its names mean.

    Examples
    --------
    >>> parse("noise(shaded, size=0.1)").inner
    (Call(name='shaded', inner=(), keys={}),)
    """
    tokens = deque(t for part in re.split(r"([(),=])", text) if (t := part.strip()))
    call = _call(text, tokens) if tokens else Call("")
    if tokens:
        raise NotAStrategy(text, f"{tokens[0]!r} stands after its end")
    return call


def _call(text: str, tokens: deque[str]) -> Call:
    """Take a name off the tokens, and its brackets if it has any."""
    found = tokens[0] if tokens else "the end"
    if found in {"(", ")", ",", "=", "the end"}:
        raise NotAStrategy(text, f"{found} stands where a name was wanted")
    name = tokens.popleft()
    return Call(name, *_brackets(text, tokens)) if tokens and tokens[0] == "(" else Call(name)


def _brackets(text: str, tokens: deque[str]) -> tuple[tuple[Call, ...], dict[str, Call]]:
    """Take brackets off the tokens: what has no key, and what has one."""
    tokens.popleft()
    inner: list[Call] = []
    keys: dict[str, Call] = {}
    while tokens and tokens[0] != ")":
        part = _call(text, tokens)
        if not tokens or tokens[0] != "=":
            inner.append(part)
        elif part.name in keys or part != Call(part.name):
            raise NotAStrategy(text, f"{part.name!r} stands where a new key was wanted")
        else:
            tokens.popleft()
            keys[part.name] = _call(text, tokens)
        if tokens and tokens[0] == ",":
            tokens.popleft()
        elif tokens and tokens[0] != ")":
            raise NotAStrategy(text, f"{tokens[0]} stands where , or ) was wanted")
    if not tokens:
        raise NotAStrategy(text, "a ) is missing")
    tokens.popleft()
    return tuple(inner), keys


@dataclass(frozen=True)
class _Reading:
    """Makes things of the names in a text."""

    text: str
    elsewhere: Elsewhere

    def strategy(self, call: Call) -> Strategy:
        listed = STRATEGIES | WRAPPERS
        maker = listed.get(call.name) or self.elsewhere(call.name)
        if maker is None:
            raise UnknownName(self.text, "strategy", call.name, listed)
        made = self.made(maker, call)
        if not isinstance(made, Strategy):
            self.refuse(f"{call.name} makes a {type(made).__name__}, wanted a Strategy")
        return made

    def made(self, maker: Maker, call: Call) -> Any:
        """Return what a maker makes with the parameters of a call."""
        default = None if isinstance(maker, type) else maker()
        kind = maker if isinstance(maker, type) else type(default)
        hints = get_type_hints(kind) if is_dataclass(kind) else {}
        known = {f.name: hints[f.name] for f in fields(kind)} if hints else {}
        ranges = {f.name: range_of(f.metadata) for f in fields(kind)} if hints else {}
        wraps = known.pop("inner", None) is not None
        if len(call.inner) != wraps:
            wanted = f"one strategy, as in {call.name}(truthful)" if wraps else "key=value"
            self.refuse(
                f"{call.name} has {len(call.inner)} values without a key, wanted {wanted}"
            )
        values: dict[str, Any] = {"inner": self.strategy(call.inner[0])} if wraps else {}
        for key, value in call.keys.items():
            if key not in known:
                self.refuse_key(call.name, key, known)
            place, taken = f"{key} of {call.name}", ranges[key]
            values[key] = self.value(place, known[key], value)
            if taken is not None and not taken.holds(values[key]):
                self.refuse(f"{place} is {value.name}, wanted {taken}")
        if default is None:
            return maker(**values)
        return replace(default, **values) if values else default

    def value(self, place: str, hint: Any, call: Call) -> Any:
        """Return a value of the type that a field has."""
        if hint is Disposition and (degrees := _number(call.name)) is not None:
            return Disposition(degrees)
        if hint in NAMED:
            kind, makers = NAMED[hint]
            if call.name not in makers:
                known = (*makers, "degrees") if hint is Disposition else makers
                raise UnknownName(self.text, kind, call.name, known)
            return self.made(makers[call.name], call)
        if hint is Strategy:
            return self.strategy(call)
        wanted, read = PLAIN.get(hint, ("a text", _plain))
        found = read(call.name) if call == Call(call.name) else None
        if found is None:
            self.refuse(f"{place} is {call.name!r}, wanted {wanted}")
        return found

    def refuse(self, reason: str) -> NoReturn:
        raise NotAStrategy(self.text, reason)

    def refuse_key(self, name: str, key: str, known: Iterable[str]) -> NoReturn:
        if not known:
            self.refuse(f"{name} has no keys, found {key!r}")
        raise UnknownName(self.text, f"key of {name}", key, known)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _whole(text: str) -> int | None:
    number = _number(text)
    return None if number is None or number % 1 else int(number)


def _truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _plain(text: str) -> bool | int | float | str:
    """Return what a text looks like, for a field of which nothing else is known."""
    found = (read(text) for read in (_truth, _whole, _number))
    return next((value for value in found if value is not None), text)


PLAIN: Final[Mapping[Any, tuple[str, Callable[[str], Any]]]] = {
    bool: ("true or false", _truth),
    int: ("a whole number", _whole),
    float: ("a number", _number),
    str: ("a text", str),
}
"""Type of a field to what it is called, and how it is read."""


def _given(known: Mapping[str, Any]) -> dict[str, Maker]:
    return {name: partial(_itself, thing) for name, thing in known.items()}


def _itself(thing: Any) -> Any:
    return thing


NAMED: Final[Mapping[Any, tuple[str, Mapping[str, Maker]]]] = {
    Belief: ("belief", _given(BELIEFS)),
    Disposition: ("disposition", _given(DISPOSITIONS)),
    LearningRule: ("learning rule", LEARNING_RULES),
    tuple[Strategy, ...]: ("menu", _given(MENUS)),
}
"""Type of a field to what it is called, and what makes each of its names."""
