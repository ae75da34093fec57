"""What an operator must not forget when it is killed: its bids and their salts, on disk.

A file of JSON lines, only ever added to, and synced before a commitment is sent. The first
entry for a session counts. A last line that was torn by a crash is dropped: what it held was
not sent.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, Self

from chain.packing import Packed
from experiments.errors import InputRefused, OutputRefused
from experiments.results import SCHEMA

SECRET: Final = 0o600
"""Others cannot read a journal: sealed bids are secret until they are revealed."""


@dataclass(frozen=True)
class Entry:
    """What a party bids for a session."""

    chain_id: int
    contract: str
    seat: int
    session: int
    covered: int
    """A bit for each window that it bids for; none if it stays out."""

    caps: str
    """Hex, as are the next two; all as they are sent."""

    bids: str
    salt: str
    locks: int
    """What the contract locks for them, in ticks."""

    @property
    def packed(self) -> Packed:
        """Return what is revealed."""
        return Packed(self.covered, *map(bytes.fromhex, (self.caps, self.bids, self.salt)))


class Journal:
    """A file that one process holds at a time.

    Parameters
    ----------
    path : Path
        Made if it is not there.

    Raises
    ------
    OutputRefused
        If it cannot be written to, or another process holds it.
    InputRefused
        Naming the line that is no entry.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, SECRET)
            self._file: IO[bytes] = os.fdopen(handle, "a+b")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sync_folder(path.parent)
        except BlockingIOError as error:
            raise OutputRefused(path, "is held by another process") from error
        except OSError as error:
            raise OutputRefused(path, f"cannot be written to: {error.strerror}") from error
        self._entries: dict[tuple[int, str, int, int], Entry] = {}
        self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def entries(self, chain_id: int, contract: str, seat: int) -> dict[int, Entry]:
        """Return what a seat of a contract planned, by session."""
        return {
            entry.session: entry
            for entry in self._entries.values()
            if (entry.chain_id, entry.contract, entry.seat) == (chain_id, contract, seat)
        }

    def write(self, entry: Entry) -> None:
        """Keep an entry for good, before anything is sent."""
        line = json.dumps({"schema": SCHEMA} | asdict(entry)) + "\n"
        self._file.write(line.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._keep(entry)

    def _keep(self, entry: Entry) -> None:
        key = entry.chain_id, entry.contract, entry.seat, entry.session
        self._entries.setdefault(key, entry)

    def _read(self) -> None:
        self._file.seek(0)
        whole, _, torn = self._file.read().rpartition(b"\n")
        if torn:
            self._file.truncate(len(whole) + 1 if whole else 0)
        for number, line in enumerate(whole.splitlines(), start=1):
            self._keep(self._parse(line, number))

    def _parse(self, line: bytes, number: int) -> Entry:
        try:
            table: dict[str, Any] = json.loads(line)
            if table.pop("schema") != SCHEMA:
                raise InputRefused(
                    str(self.path), f"line {number}: this version reads {SCHEMA}"
                )
            entry = Entry(**table)
            _ = entry.packed
        except (KeyError, TypeError, ValueError) as error:
            raise InputRefused(str(self.path), f"line {number} is no entry: {error}") from error
        return entry


def _sync_folder(folder: Path) -> None:
    """Let a new file be found after a crash of the machine."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
