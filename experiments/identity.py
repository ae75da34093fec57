"""What determines a result, as a hash: what was asked, and the sources and data that answer."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

PACKAGES: Final = ("agents", "experiments", "grid", "market", "chain")
"""Whose sources and data determine a result."""

PATTERNS: Final = ("**/*.py", "artifacts/*.json", "data/*", "scenarios/*.toml")
"""Where they stand in a package."""


def key_of(**what: Any) -> str:
    """Return the name of a result: the hash of what determines it, sources included.

    >>> key_of(seed=0) == key_of(seed=0), key_of(seed=0) == key_of(seed=1)
    (True, False)
    """
    text = json.dumps(what, sort_keys=True, default=str)
    return hashlib.sha256(f"{text} {sources_sha256()}".encode()).hexdigest()


@cache
def sources_sha256() -> str:
    """Return a hash of every source file of ours, of the contracts, and of the data."""
    root, found = Path(__file__).parents[1], hashlib.sha256()
    for package in PACKAGES:
        folder = root / package
        paths = {path for pattern in PATTERNS for path in folder.glob(pattern)}
        for path in sorted(p for p in paths if p.is_file() and "node_modules" not in p.parts):
            found.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def file_sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
