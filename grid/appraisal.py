"""What every option of a case means for every network: all load flows, solved once."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from grid.batch import demand_mw, solve_points
from grid.cache import Arrays, default_folder, load, physics_key, save
from grid.case import Case, Floats, Option
from grid.cost import cost_gbp
from grid.model import build_model
from grid.scores import Physics

Progress = Callable[[int, int], None]
"""Called with how many load flows are done, and how many there are."""


@dataclass(frozen=True, eq=False)
class Scores(Physics):
    """Outcomes of load flows, and what they cost."""

    cost_gbp: Floats
    """Operating cost of the window; the value of lost load where none converged."""


@dataclass(frozen=True, eq=False)
class Appraisal(Scores):
    """Scores of shape (network, scenario, day, window, option); arrays are read-only."""

    networks: tuple[str, ...]
    scenarios: tuple[str, ...]
    options_mw: tuple[Option, ...]

    bus_names: tuple[tuple[str, ...], ...]
    """Names of the buses in `vm_pu`, by network."""

    vm_pu: tuple[Floats, ...]
    """Voltages by network, shape (scenario, day, window, option, bus)."""

    no_link: Scores
    """The same without converters, shape (network, scenario, day, window)."""


def score(physics: Physics, demand: Floats, case: Case) -> Scores:
    """Return physics with its cost added; shapes broadcast.

    Parameters
    ----------
    physics : Physics
        Outcomes.
    demand : ndarray of float
        Demand in the window, MW.
    case : Case
        For its prices.
    """
    arrays = {f.name: np.asarray(getattr(physics, f.name)) for f in fields(Physics)}
    indexes = physics.losses_mw, physics.line_utilisation, physics.voltage_index
    cost = cost_gbp(indexes, demand, physics.converged, case.prices)
    for array in (*arrays.values(), cost):
        array.flags.writeable = False
    return Scores(**arrays, cost_gbp=cost)


def appraise(
    case: Case, cache: Path | None = None, progress: Progress | None = None
) -> Appraisal:
    """Return the scores of every option of a case, and those without the link.

    Solved once, with each option at its middle, and kept on disk.

    Parameters
    ----------
    case : Case
        The case.
    cache : Path, optional
        Folder of the cache; `grid.cache.default_folder` unless given.
    progress : callable, optional
        Told how many load flows are done, and how many there are.
    """
    path = (cache or default_folder()) / f"{physics_key(case, with_options=True)}.npz"
    arrays = load(path, _names(case))
    if arrays is None:
        arrays = _solve_all(case, progress or _silent)
        save(path, arrays)
    return _appraisal(case, arrays)


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _names(case: Case) -> list[str]:
    """Return the names of all arrays that are kept on disk."""
    seats = range(len(case.networks))
    by_seat = [f"{kind}_{seat}" for kind in ("vm_pu", "buses") for seat in seats]
    return [*(f.name for f in fields(Physics)), "demand_mw", *by_seat]


def _solve_all(case: Case, progress: Progress) -> Arrays:
    """Return physics of shape (network, scenario, day, window, option and no link)."""
    solved = [_solve_network(case, seat, progress) for seat in range(len(case.networks))]
    arrays = {name: np.stack([one[name] for one in solved]) for name in solved[0].keys() - _OWN}
    return arrays | {
        f"{name}_{seat}": one[name] for seat, one in enumerate(solved) for name in _OWN
    }


_OWN = frozenset({"vm_pu", "buses"})  # differ in shape from network to network


def _solve_network(case: Case, seat: int, progress: Progress) -> Arrays:
    """Solve scenario by scenario and day by day; the last option is no link at all."""
    model = build_model(case.networks[seat], case.controls)
    points = np.append(case.middles_mw, np.nan)
    shape = (len(case.scenarios), case.days, case.windows, len(points))
    size = int(np.prod(shape))
    physics, voltages = [], []
    for chunk in np.split(np.arange(size), shape[0] * shape[1]):
        *places, option = np.unravel_index(chunk, shape)
        part, vm_pu = solve_points(case, model, seat, places, points[option])
        physics.append(part)
        voltages.append(vm_pu)
        progress(seat * size + int(chunk[-1]) + 1, size * len(case.networks))
    arrays = {
        f.name: np.concatenate([getattr(part, f.name) for part in physics]).reshape(shape)
        for f in fields(Physics)
    }
    return arrays | {
        "demand_mw": demand_mw(case, model, seat),
        "vm_pu": np.concatenate(voltages).reshape(*shape, -1),
        "buses": np.array(model.bus_names)[model.scored],
    }


def _appraisal(case: Case, arrays: Arrays) -> Appraisal:
    """Return kept arrays as an appraisal, with the costs that follow from them."""
    physics = Physics(**{f.name: arrays[f.name] for f in fields(Physics)})
    scores = score(physics, arrays["demand_mw"][..., np.newaxis], case)
    options, no_link = scores[..., :-1], scores[..., -1]
    seats = range(len(case.networks))
    vm_pu = tuple(arrays[f"vm_pu_{seat}"][..., :-1, :] for seat in seats)
    for array in vm_pu:
        array.flags.writeable = False
    return Appraisal(
        **{f.name: getattr(options, f.name) for f in fields(Scores)},
        networks=tuple(network.name for network in case.networks),
        scenarios=tuple(case.scenarios),
        options_mw=case.options_mw,
        bus_names=tuple(tuple(arrays[f"buses_{seat}"].tolist()) for seat in seats),
        vm_pu=vm_pu,
        no_link=no_link,
    )
