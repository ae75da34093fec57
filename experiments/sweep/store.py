"""Results of cells on disk: each a file named by the hash of what determines it.

A file is written aside, and takes its place at once when it is safe on the disk; it begins with
the hash of its content. So whatever happens to the process, the disk or the power, a finished
cell is there whole, and half a file is never taken for a result.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.whole_file import write_whole

Result = Mapping[str, Any]
"""``scores``, by name; or ``error``, why there are none."""


class Store:
    """Results in a folder.

    Parameters
    ----------
    folder : Path
        Made when the first result is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Result | None:
        """Return a result, or None if it is not there or damaged."""
        try:
            text = (self.folder / key[:2] / key).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        told, _, content = text.partition("\n")
        return json.loads(content) if told == _sha256(content) else None

    def put(self, key: str, result: Result) -> None:
        """Keep a result; raise OSError if it cannot be kept, and leave nothing behind."""
        content = json.dumps(result)
        text = f"{_sha256(content)}\n{content}".encode()
        write_whole(self.folder / key[:2] / key, lambda aside: aside.write_bytes(text))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
