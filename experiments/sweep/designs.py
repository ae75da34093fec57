"""Which points of the factors a sweep plays: all combinations, or a design that SALib draws."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from experiments.errors import ScenarioRefused, nearest
from experiments.sweep.factors import MOST_CELLS, Factor, Values, all_levels

FACTORIAL: Final = "factorial"


@dataclass(frozen=True)
class Design:
    """How points are chosen: ``[design]``."""

    kind: str = FACTORIAL
    """``factorial``, ``latin-hypercube``, ``sobol`` or ``morris``."""

    samples: int = 0
    """Latin hypercube: points; Sobol: base samples, a power of two; Morris: trajectories."""

    levels: int = 4
    """Morris: into how many levels each factor is divided."""

    seed: int = 0


def read_design(table: Mapping[str, Any], source: str) -> Design:
    """Return the design of a sweep's file.

    Raises
    ------
    ScenarioRefused
        Naming the key, and what was wanted.
    """
    said = dict(table.get("design", {}))
    for key, value in said.items():
        if key not in Design.__dataclass_fields__:
            known = list(Design.__dataclass_fields__)
            raise ScenarioRefused(source, f"unknown key design.{key}, {nearest(key, known)}")
        if key != "kind" and type(value) is not int:
            raise ScenarioRefused(source, f"design.{key} is {value!r}, wanted a whole number")
    design = Design(**said)
    kinds = [FACTORIAL, *SAMPLERS]
    if design.kind not in kinds:
        reason = f"design.kind is {design.kind!r}, {nearest(str(design.kind), kinds)}"
        raise ScenarioRefused(source, reason)
    for key, holds, wanted in _numbers(design):
        if not holds:
            reason = f"design.{key} is {getattr(design, key)}, wanted {wanted}"
            raise ScenarioRefused(source, reason)
    return design


def _numbers(design: Design) -> Iterator[tuple[str, bool, str]]:
    """Yield which numbers of a design hold, and what is wanted of them."""
    samples, drawn = design.samples, design.kind != FACTORIAL
    most = 1 <= samples <= MOST_CELLS
    yield "samples", not drawn or most, f"1 to {MOST_CELLS:,} for {design.kind}"
    if design.kind == "sobol":
        yield "samples", samples & (samples - 1) == 0, "a power of two for sobol"
    if design.kind == "morris":
        even = design.levels % 2 == 0 and 2 <= design.levels <= 1000
        yield "levels", even, "an even number from 2 to 1,000"
    yield "seed", 0 <= design.seed < 2**32, "0 to 2**32 - 1"


def shares(design: Design, factors: Sequence[Factor]) -> Any:
    """Return the points of a drawn design, each factor from 0 to 1, shape (point, factor)."""
    return SAMPLERS[design.kind](design, problem(factors))


def problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """Return the factors as SALib takes them: all from 0 to 1."""
    names = [factor.name for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def points(design: Design, factors: Sequence[Factor], source: str) -> list[Values]:
    """Return what the keys of all factors are at each point of a design, in order."""
    if design.kind == FACTORIAL:
        return all_levels(factors, source)
    return [
        tuple(pair for f, share in zip(factors, row, strict=True) for pair in f.at(share))
        for row in shares(design, factors).tolist()
    ]


def _latin(design: Design, of: dict[str, Any]) -> Any:
    from SALib.sample import latin

    return latin.sample(of, design.samples, seed=design.seed)


def _sobol(design: Design, of: dict[str, Any]) -> Any:
    from SALib.sample import sobol

    return sobol.sample(of, design.samples, calc_second_order=False, seed=design.seed)


def _morris(design: Design, of: dict[str, Any]) -> Any:
    from SALib.sample import morris

    return morris.sample(of, design.samples, num_levels=design.levels, seed=design.seed)


SAMPLERS: Final[dict[str, Callable[[Design, dict[str, Any]], Any]]] = {
    "latin-hypercube": _latin,
    "sobol": _sobol,
    "morris": _morris,
}
"""What draws the points of a design, by its name."""
