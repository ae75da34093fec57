"""Scores at exact set-points off an option's middle: load flows, never interpolated."""

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from grid.appraisal import Scores, score
from grid.batch import demand_mw, solve_points
from grid.cache import Arrays, default_folder, load, physics_key, save
from grid.case import Case, Controls, Floats, Ints, Network
from grid.errors import SetPointOutOfRange, SetPointTooFine
from grid.model import Model, build_model
from grid.scores import Physics


def appraise_points(
    case: Case,
    network: ArrayLike,
    scenario: ArrayLike,
    day: ArrayLike,
    window: ArrayLike,
    p_mw: ArrayLike,
    cache: Path | None = None,
) -> Scores:
    """Return the scores at any set-points, each solved at most once.

    Parameters
    ----------
    case : Case
        The case; its options do not matter here.
    network, scenario, day, window : array of int
        Indexes that broadcast with each other and with `p_mw`.
    p_mw : array of float
        Set-points in MW, whole thousandths, within the rating of the link.
    cache : Path, optional
        Folder of the cache; `grid.cache.default_folder` unless given.

    Returns
    -------
    Scores
        Arrays of the shape that the arguments broadcast to.
    """
    p_kw = _whole_kilowatts(case, np.asarray(p_mw, dtype=float))
    index = np.broadcast_arrays(network, scenario, day, window, p_kw)
    wanted, position = np.unique(
        np.stack([part.ravel() for part in index], axis=-1), axis=0, return_inverse=True
    )
    kept = _solved(case, wanted, (cache or default_folder()))
    rows = _find(kept["place"], wanted)[position.ravel()].reshape(index[0].shape)
    physics = Physics(**{f.name: kept[f.name][rows] for f in fields(Physics)})
    return score(physics, kept["demand_mw"][rows], case)


def _whole_kilowatts(case: Case, p_mw: Floats) -> Ints:
    """Return set-points in kW, refusing those that are finer or out of range."""
    p_kw = np.round(p_mw * 1000)
    rating = case.controls.rating_mva
    for p in p_mw[~(np.abs(p_mw) <= rating)]:
        raise SetPointOutOfRange(float(p), rating)
    for p in p_mw[np.abs(p_mw * 1000 - p_kw) > 1e-6]:
        raise SetPointTooFine(float(p))
    return p_kw.astype(np.int64)


def _solved(case: Case, wanted: Ints, folder: Path) -> Arrays:
    """Return the kept points, after solving and keeping those that are missing."""
    path = folder / f"{physics_key(case, with_options=False)}-points.npz"
    kept = load(path, _nothing()) or _nothing()
    missing = wanted[_find(kept["place"], wanted) < 0]
    if len(missing):
        for new in _solve(case, missing):
            kept = {name: np.concatenate([kept[name], new[name]]) for name in kept}
        save(path, kept)
    return kept


def _nothing() -> Arrays:
    """Return no points; `place` is network, scenario, day, window and kW."""
    columns = {f.name: np.zeros(0) for f in fields(Physics)}
    return columns | {
        "converged": np.zeros(0, dtype=bool),
        "demand_mw": np.zeros(0),
        "place": np.zeros((0, 5), dtype=np.int64),
    }


def _find(places: Ints, wanted: Ints) -> Ints:
    """Return the row of each wanted place among `places`, or -1; shape (wanted,)."""
    rows = {place: row for row, place in enumerate(map(tuple, places.tolist()))}
    return np.array([rows.get(tuple(place), -1) for place in wanted.tolist()], dtype=np.int64)


def _solve(case: Case, places: Ints) -> Iterator[Arrays]:
    """Solve points network by network."""
    for network in np.unique(places[:, 0]).tolist():
        model = _model(case.networks[network], case.controls)
        rows = places[places[:, 0] == network]
        _, scenario, day, window, p_kw = rows.T
        physics, _ = solve_points(case, model, network, (scenario, day, window), p_kw / 1000)
        demand = demand_mw(case, model, network)[scenario, day, window]
        columns = {f.name: getattr(physics, f.name) for f in fields(Physics)}
        yield columns | {"place": rows, "demand_mw": demand}


@lru_cache(maxsize=8)
def _model(network: Network, controls: Controls) -> Model:
    """Return the model of a network, the same for every call of a run."""
    return build_model(network, controls)
