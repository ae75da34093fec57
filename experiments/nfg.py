"""Games in files of Gambit's strategic form (``.nfg``), read and written.

Both versions of the format are read: payoffs one after the other, and outcomes that several
profiles may share. In either the first player's strategy moves fastest [1]_. What is written
is the first version, which every release of Gambit reads; numbers keep all their digits.

References
----------
.. [1] Gambit, "Game representation formats", https://gambitproject.readthedocs.io.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import numpy as np

from experiments.errors import InputRefused, OutputRefused
from market.games.mixed import HUGE
from market.types import Floats

Item = TypeVar("Item")

TOKEN: Final = re.compile(
    r"""\s*(?:(?P<text>"(?:\\"|\\(?!")|[^"\\])*")|(?P<mark>[{},])|(?P<word>[^\s{},"]+)|(?P<end>\Z)|(?P<bad>.))""",
    re.DOTALL,
)
"""What a file is made of: a text in quotes, a mark, or a word such as a number."""

WHOLE: Final = re.compile(r"\d{1,9}")

DECIMAL: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")

RATIONAL: Final = re.compile(r"([+-]?\d{1,4000})/(\d{1,4000})")


@dataclass(frozen=True, eq=False)
class StrategicGame:
    """A game in strategic form, with the names of everything."""

    title: str
    players: tuple[str, ...]

    strategies: tuple[tuple[str, ...], ...]
    """By player."""

    payoffs: Floats
    """Shape (player, *actions)."""

    comment: str = ""


@dataclass(frozen=True)
class _Token:
    """A piece of a file, and where it begins."""

    kind: str
    text: str
    start: int

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 30 else f"{self.text[:27]}..."
        return shown if self.kind != "end" else "the end of the file"


def read_nfg(path: Path) -> StrategicGame:
    """Return the game in a file.

    Raises
    ------
    InputRefused
        If it cannot be read or is no game; with line, column and what was wanted there.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputRefused(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputRefused(str(path), f"is not UTF-8: byte {error.start}") from error
    return parse_nfg(text, str(path))


def parse_nfg(text: str, source: str = "game") -> StrategicGame:
    """Return the game that a text describes.

    Parameters
    ----------
    text : str
        The content of a file.
    source : str
        What the user calls it.

    Examples
    --------
    The sample of Gambit's documentation, from Selten's paper of 1975:

    >>> game = parse_nfg('''NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
    ... { "Player 1" "Player 2" } { 3 2 }
    ... 1 1 0 2 0 2 1 1 0 3 2 0''')
    >>> game.payoffs[:, 1, 1].tolist(), game.strategies
    ([0.0, 3.0], (('1', '2', '3'), ('1', '2')))
    """
    reader = _Reader(text, source)
    reader.word("NFG", "1", "R or D")
    title = reader.text() if reader.peek.kind == "text" else ""
    players = reader.braces("the name of a player", reader.text)
    strategies = reader.braces("the number of strategies, or their names", reader.strategies)
    if len(strategies) != len(players):
        reader.refuse_last(f"strategies of {len(players)} players", f"of {len(strategies)}")
    comment = reader.text() if reader.peek.kind == "text" else ""
    counts = tuple(map(len, strategies))
    body = reader.outcomes if reader.peek.text == "{" else reader.payoffs
    flat = body(len(players), prod(counts))
    reader.finish()
    payoffs = np.array(flat).reshape((len(players), *counts), order="F")
    return StrategicGame(title, players, strategies, payoffs, comment)


def write_nfg(path: Path, game: StrategicGame) -> None:
    """Write a game into a file, in place of what is there.

    Raises
    ------
    OutputRefused
        If the file cannot be written, or a name ends in what the format cannot hold.
    """
    try:
        path.write_text(format_nfg(game), encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutputRefused(path, f"cannot be written: {reason}") from error


def format_nfg(game: StrategicGame) -> str:
    r"""Return a game as text, every payoff in as few digits as keep it exactly.

    Examples
    --------
    >>> coin = StrategicGame("coin", ("me",), (("heads", "tails"),), np.array([[1.0, 0.1]]))
    >>> print(format_nfg(coin), end="")
    NFG 1 R "coin"
    { "me" }
    { { "heads" "tails" } }
    ""
    <BLANKLINE>
    1
    0.1
    """
    names = " ".join(f"{{ {' '.join(map(_quoted, own))} }}" for own in game.strategies)
    profiles = game.payoffs.reshape(-1, order="F").reshape(-1, len(game.players)).tolist()
    lines = [" ".join(repr(payoff).removesuffix(".0") for payoff in row) for row in profiles]
    head = [
        f"NFG 1 R {_quoted(game.title)}",
        f"{{ {' '.join(map(_quoted, game.players))} }}",
        f"{{ {names} }}",
        _quoted(game.comment),
        "",
    ]
    return "\n".join([*head, *lines, ""])


def _quoted(text: str) -> str:
    """Return a text in quotes; a backslash has a meaning before a quote alone."""
    if re.search(r'\\("|$)', text):
        raise ValueError(f"a backslash in {text!r} would hide a quote")
    return '"{}"'.format(text.replace('"', '\\"'))


class _Reader:
    """Takes one piece of a text after the other, and refuses what was not wanted."""

    def __init__(self, text: str, source: str) -> None:
        self.whole, self.source = text, source
        self.tokens = (
            _Token(kind, found[kind], found.start(kind))
            for found in TOKEN.finditer(text)
            if (kind := found.lastgroup)
        )
        self.last = self.peek = next(self.tokens)

    def take(self) -> _Token:
        """Return the next piece, and move on."""
        self.last, self.peek = self.peek, next(self.tokens, self.peek)
        return self.last

    def refuse(self, token: _Token, wanted: str) -> NoReturn:
        """Refuse a piece by its place."""
        before = self.whole[: token.start]
        line, column = before.count("\n") + 1, token.start - before.rfind("\n")
        reason = f"{token}, wanted {wanted}"
        raise InputRefused(f"{self.source}: line {line}, column {column}", reason)

    def refuse_last(self, wanted: str, found: str) -> NoReturn:
        """Refuse what ended with the last piece."""
        self.refuse(_Token("word", found, self.last.start), wanted)

    def word(self, *wanted: str) -> None:
        """Take words that must stand there."""
        for one in wanted:
            token = self.take()
            if token.kind != "word" or token.text not in one.split(" or "):
                self.refuse(token, one)

    def text(self) -> str:
        """Take a text in quotes."""
        token = self.take()
        if token.kind != "text":
            self.refuse(token, "a text in quotes")
        return token.text[1:-1].replace('\\"', '"')

    def whole_number(self, wanted: str, least: int, most: int) -> int:
        """Take a whole number within a range."""
        token = self.take()
        if not WHOLE.fullmatch(token.text) or not least <= int(token.text) <= most:
            self.refuse(token, wanted)
        return int(token.text)

    def number(self) -> float:
        """Take a decimal or a rational number."""
        token = self.take()
        value = _number(token.text)
        if value is None:
            self.refuse(token, "a payoff: a number such as -1.5, 1e-3 or 2/3")
        return value

    def braces(self, wanted: str, item: Callable[[], Item]) -> tuple[Item, ...]:
        """Take a list in braces that has one item or more."""
        self.mark("{")
        found: list[Item] = []
        while self.peek.text != "}" or not found:
            if self.peek.kind in {"end", "bad"} or self.peek.text in {"}", ","}:
                self.refuse(self.peek, f"{wanted} or }}" if found else wanted)
            found.append(item())
        self.mark("}")
        return tuple(found)

    def mark(self, mark: str) -> None:
        """Take a brace."""
        token = self.take()
        if token.kind != "mark" or token.text != mark:
            self.refuse(token, mark)

    def strategies(self) -> tuple[str, ...]:
        """Take the strategies of a player: their names in braces, or how many there are."""
        if self.peek.text == "{":
            return self.braces("the name of a strategy", self.text)
        count = self.whole_number("a number of strategies, 1 or more", 1, len(self.whole))
        return tuple(str(number + 1) for number in range(count))

    def payoffs(self, players: int, profiles: int) -> list[float]:
        """Take a payoff for each profile and player."""
        flat: list[float] = []
        for _ in range(profiles * players):
            if self.peek.kind == "end":
                wanted = f"{profiles * players} payoffs, found {len(flat)}"
                self.refuse(self.peek, wanted)
            flat.append(self.number())
        return flat

    def outcomes(self, players: int, profiles: int) -> list[float]:
        """Take outcomes, and the number of one for each profile; 0 pays nothing."""
        known = [[0.0] * players, *self.braces("an outcome", lambda: self.outcome(players))]
        wanted = (
            f"the number of an outcome, 0 to {len(known) - 1}, for each of {profiles} profiles"
        )
        flat: list[float] = []
        for _ in range(profiles):
            flat += known[self.whole_number(wanted, 0, len(known) - 1)]
        return flat

    def outcome(self, players: int) -> list[float]:
        """Take an outcome: a name, and a payoff for each player; commas may part them."""
        self.mark("{")
        self.text()
        found: list[float] = []
        for _ in range(players):
            if self.peek.text == ",":
                self.take()
            found.append(self.number())
        self.mark("}")
        return found

    def finish(self) -> None:
        """Refuse what comes after the end."""
        if self.peek.kind != "end":
            self.refuse(self.peek, "the end of the file")


def _number(text: str) -> float | None:
    """Return a number whose differences to others a float can hold, or None.

    >>> _number("-.5"), _number("1/3"), _number("1/0"), _number("1e999")
    (-0.5, 0.3333333333333333, None, None)
    """
    try:
        if found := RATIONAL.fullmatch(text):
            return float(Fraction(int(found[1]), int(found[2])))
        value = float(text) if DECIMAL.fullmatch(text) else float("nan")
    except (ZeroDivisionError, OverflowError):
        return None
    return value if abs(value) <= HUGE else None  # NaN is not
