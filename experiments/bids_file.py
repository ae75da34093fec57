"""A negotiation from a file: who bids what on which options (DESIGN §4)."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from experiments.errors import chosen
from experiments.json_input import Reader
from market.bids import HIGHEST_OFFER, Bid
from market.mechanisms import MECHANISMS
from market.payments import PAYMENT_RULES
from market.terms import MOST_OPTIONS, MOST_PARTIES, MOST_TICKS, Terms, middle_option

Intervals = tuple[tuple[int, int], ...]
Salts = tuple[bytes, ...]

SALT: Final = 32
"""Bytes of a salt."""

REVEALING: Final = 300
"""Seconds to reveal in, for a lottery, which needs sealed bids."""


@dataclass(frozen=True)
class Party:
    """A party of the file."""

    name: str
    deposit: int
    """What it pays in, in ticks."""

    bids: tuple[Bid | None, ...]
    """For each window; None where it does not bid."""


@dataclass(frozen=True)
class Question:
    """What would be decided if these parties bid so under these terms."""

    terms: Terms
    parties: tuple[Party, ...]

    salts: tuple[Salts, ...]
    """For each party and window; used where bids are sealed."""

    @property
    def windows(self) -> int:
        """How many windows there are."""
        return len(self.parties[0].bids)


def read_question(path: Path, mechanism: str, payment: str) -> Question:
    """Read a file of bids.

    Parameters
    ----------
    path : Path
        JSON as DESIGN §4 shows it.
    mechanism, payment : str
        Keys into `MECHANISMS` and `PAYMENT_RULES`.

    Raises
    ------
    InputRefused
        Naming the place of what is wrong.
    Unknown
        If there is no such mechanism or payment rule.
    """
    rule = chosen("mechanism", mechanism, MECHANISMS)(payment)
    chosen("payment rule", payment, PAYMENT_RULES)
    reader = Reader(str(path))
    optional = ("authority", "bond", "default", "salts")
    table = reader.table("the file", reader.load(), ("parties", "options_mw"), optional)
    options = _options(reader, table["options_mw"])
    read = _PartyReader(reader, rule.form == "ranks", options)
    parties = reader.items("parties", table["parties"], "a list of parties", read.party)
    _check_parties(reader, parties)
    salts = _salts(reader, table.get("salts"), parties, rule.lottery)
    last_option, last_seat = len(options) - 1, len(parties) - 1
    default = table.get("default", middle_option(options))
    try:
        terms = Terms(
            parties=len(parties),
            options=options,
            mechanism=mechanism,
            payment=payment,
            default=reader.whole("default", default, 0, last_option),
            bond=reader.whole("bond", table.get("bond", 0), 0, MOST_TICKS),
            authority=reader.whole("authority", table.get("authority", 0), 0, last_seat),
            revealing=REVEALING if rule.lottery else 0,
        )
    except ValueError as error:
        reader.refuse(str(error))
    return Question(terms, parties, salts)


@dataclass(frozen=True)
class _PartyReader:
    """Reads parties that bid on given options."""

    reader: Reader
    ranked: bool
    """Whether bids are ranks."""

    options: Intervals

    def party(self, at: str, value: Any) -> Party:
        """Return a party with its bids."""
        required = ("name", "deposit", "bids")
        table = self.reader.table(at, value, required, ("points_mw",))
        name = self.reader.text(f"{at}.name", table["name"])
        deposit = self.reader.whole(f"{at}.deposit", table["deposit"], 0, MOST_TICKS)
        wanted = "a list of bids, one for each window"
        numbers = self.reader.items(f"{at}.bids", table["bids"], wanted, self._numbers)
        given = table.get("points_mw", [None] * len(numbers))
        points = self.reader.row(f"{at}.points_mw", given, len(numbers), self._points)
        bids = (
            None if n is None else Bid(n, None if self.ranked else p)
            for n, p in zip(numbers, points, strict=True)
        )
        return Party(name, deposit, tuple(bids))

    def _numbers(self, at: str, value: Any) -> tuple[int, ...] | None:
        """Return offers or ranks, or None for no bid."""
        if value is None:
            return None
        count = len(self.options)
        low, high = (1, count) if self.ranked else (0, HIGHEST_OFFER)
        read = partial(self.reader.whole, low=low, high=high)
        numbers = self.reader.row(at, value, count, read)
        for option, number in enumerate(numbers):
            if self.ranked and number in numbers[:option]:
                wanted = f"each rank from 1 to {count} once"
                self.reader.refuse_value(f"{at}[{option}]", number, wanted)
        return numbers

    def _points(self, at: str, value: Any) -> tuple[int, ...] | None:
        """Return an exact set-point for each option, or None for the middles."""
        if value is None:
            return None
        row = self.reader.row(at, value, len(self.options), lambda place, item: (place, item))
        return tuple(
            self.reader.thousandths(place, item, *ends)
            for (place, item), ends in zip(row, self.options, strict=True)
        )


def _options(reader: Reader, value: Any) -> Intervals:
    """Return the options in thousandths."""
    end = partial(reader.thousandths, low=-(2**31), high=2**31 - 1)

    def interval(at: str, item: Any) -> tuple[int, int]:
        low, high = reader.row(at, item, 2, end)
        if low > high:
            reader.refuse_value(at, item, "the lower end first")
        return low, high

    options = reader.items("options_mw", value, "a list of [low, high]", interval)
    if not 2 <= len(options) <= MOST_OPTIONS:
        reader.refuse(f"options_mw has length {len(options)}, wanted 2 to {MOST_OPTIONS}")
    return options


def _check_parties(reader: Reader, parties: tuple[Party, ...]) -> None:
    """Refuse too few parties, names that stand twice, and windows without an end for some."""
    if not 2 <= len(parties) <= MOST_PARTIES:
        reader.refuse(f"parties has length {len(parties)}, wanted 2 to {MOST_PARTIES}")
    names = [party.name for party in parties]
    wanted = len(parties[0].bids) or 1
    for seat, party in enumerate(parties):
        if party.name in names[:seat]:
            reader.refuse_value(f"parties[{seat}].name", party.name, "a name of its own")
        if len(party.bids) != wanted:
            found = f"parties[{seat}].bids has length {len(party.bids)}"
            reader.refuse(f"{found}, wanted {wanted}: a bid or null for each window")


def _salts(
    reader: Reader, value: Any, parties: tuple[Party, ...], needed: bool
) -> tuple[Salts, ...]:
    """Return `salts[party][window]` in 32 bytes, zeros where there are none."""
    windows = len(parties[0].bids)
    if value is None and needed:
        reader.refuse("has no key 'salts', by which this mechanism draws")
    if value is None:
        return ((bytes(SALT),) * windows,) * len(parties)

    def salt(at: str, item: Any) -> bytes:
        fits = isinstance(item, str) and re.fullmatch(r"(0x)?([0-9a-fA-F]{2}){1,32}", item)
        if item is not None and not fits:
            reader.refuse_value(at, item, "up to 32 bytes in hex")
        return bytes.fromhex((item or "").removeprefix("0x")).rjust(SALT, b"\0")

    def row(at: str, item: Any) -> Salts:
        return reader.row(at, item, windows, salt)

    return reader.row("salts", value, len(parties), row)
