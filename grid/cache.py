"""Solved load flows on disk, under a hash of everything that they follow from.

A file is written beside its place and then renamed, so that there is never half a
file; one that cannot be read is solved anew. Prices are no part of the hash: only
physics is kept, and costs follow from it.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from grid.case import Case

SCHEMA = 1
"""To be raised with every change to what load flows or scores mean."""

Arrays = dict[str, NDArray[Any]]


def default_folder() -> Path:
    """Return $GRIDPACT_CACHE, or gridpact's folder in the user's cache."""
    if chosen := os.environ.get("GRIDPACT_CACHE"):
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "gridpact"


def physics_key(case: Case, *, with_options: bool) -> str:
    """Return a SHA-256 of all that the load flows of a case follow from.

    Parameters
    ----------
    case : Case
        The case.
    with_options : bool
        Whether the options are part of it; exact points do not depend on them.
    """
    digest = hashlib.sha256()
    versions = [version(package) for package in ("lightsim2grid", "pandapower")]
    options = case.options_mw if with_options else ()
    settings = [SCHEMA, versions, list(case.scenarios.items()), options, astuple(case.controls)]
    digest.update(json.dumps(settings).encode())
    for network in case.networks:
        text = [network.name, network.pandapower_json, network.terminal, network.link_share]
        digest.update(json.dumps(text).encode())
        for profile in (network.demand, network.generation):
            digest.update(f"{profile.shape}".encode())
            digest.update(np.ascontiguousarray(profile, dtype="<f8").tobytes())
    return digest.hexdigest()


def load(path: Path, wanted: Iterable[str]) -> Arrays | None:
    """Return the wanted arrays of a file, or None if it is not there or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in wanted}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def save(path: Path, arrays: Arrays) -> None:
    """Write arrays to a file, whole or not at all; not at all if there is no room.

    A cache that cannot be written costs time, not the run.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        Path(name).replace(path)
    except OSError:
        return
    finally:
        Path(name).unlink(missing_ok=True)
