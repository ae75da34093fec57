"""What chosen options mean for a day on the grid (DESIGN §6), and what no link would mean."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from experiments.wiring import Study
from market.types import Floats, Mask, Options

if TYPE_CHECKING:
    from grid.appraisal import Scores
    from grid.scores import Physics

WINDOW_HOURS: Final = 0.5
"""How long an option stays in force."""


@dataclass(frozen=True, eq=False)
class DayPhysics:
    """A day of load flows; NaN where one of them did not converge.

    All have the shape (…, party).
    """

    exchange_mwh: Floats
    """Absolute exchange at the grid supply points, summed over windows."""

    losses_mwh: Floats
    """What lines and transformers lost."""

    line_utilisation: Floats
    """Mean line utilisation index."""

    voltage_index: Floats
    """Mean voltage profile index, p.u."""

    breaches: Floats
    """Windows with a voltage or loading limit exceeded, or without a solution."""

    def as_lists(self) -> dict[str, list[float]]:
        """Return every score by name, as JSON takes it."""
        return {f.name: getattr(self, f.name).tolist() for f in fields(self)}

    @classmethod
    def of(cls, physics: "Physics") -> Self:
        """Sum up outcomes of shape (…, party, window)."""
        return cls(
            exchange_mwh=np.abs(physics.exchange_mw).sum(-1) * WINDOW_HOURS,
            losses_mwh=physics.losses_mw.sum(-1) * WINDOW_HOURS,
            line_utilisation=physics.line_utilisation.mean(-1),
            voltage_index=physics.voltage_index.mean(-1),
            breaches=physics.breaches.sum(-1).astype(float),
        )


@dataclass(frozen=True, eq=False)
class DayScores:
    """What a day cost each network, with the physics beside it if there is any."""

    cost_gbp: Floats
    """Operating cost of the day, shape (…, party)."""

    physics: DayPhysics | None
    """None where costs come from a table."""


def day_scores(
    seen: Study, pair: tuple[str, ...], day: int, option: Options, stopped: Mask | None = None
) -> DayScores:
    """Return the scores of a day with an option chosen for each window.

    Parameters
    ----------
    seen : Study
        What the grid says.
    pair : tuple of str
        The loading of each network.
    day : int
        Which day.
    option : ndarray of int, shape (…, window)
        The chosen options, each at its middle.
    stopped : ndarray of bool, shape (…, window), optional
        Windows in which a party isolated its busbar: as without the link.
    """
    party = np.array(seen.seats)[:, np.newaxis]
    place = np.array(seen.places(pair))[:, np.newaxis]
    window = np.arange(option.shape[-1])
    index = party, place, day, window, option[..., np.newaxis, :]
    cost = seen.cost_gbp[index]
    physics = None
    if seen.appraisal is not None:
        physics = physics_at(seen.appraisal, index, stopped, seen.appraisal.no_link)
    if stopped is not None:
        cost = np.where(stopped[..., np.newaxis, :], seen.isolated_gbp(pair, day), cost)
    return DayScores(cost_gbp=cost.sum(-1), physics=physics)


def no_link_scores(seen: Study, pair: tuple[str, ...], day: int) -> DayScores | None:
    """Return the scores of a day without the link, shape (party,); None if not known."""
    if seen.no_link_gbp is None:
        return None
    index = seen.seats, seen.places(pair), day
    physics = None if seen.appraisal is None else physics_at(seen.appraisal.no_link, index)
    return DayScores(cost_gbp=seen.no_link_gbp[index].sum(-1), physics=physics)


def optimum_gbp(seen: Study, pair: tuple[str, ...], day: int) -> float:
    """Return the least operating cost of all networks together: one controller of both."""
    return float(seen.costs_gbp(pair, day).sum(axis=0).min(-1).sum())


def physics_at(
    scores: "Scores", index: Any, stopped: Mask | None = None, otherwise: "Scores | None" = None
) -> DayPhysics:
    """Return the physics at an index that leads to the shape (…, party, window).

    Parameters
    ----------
    scores : Scores
        With the link at every option, or without it.
    index : tuple
        Into its arrays.
    stopped : ndarray of bool, shape (…, window), optional
        Where `otherwise`, at the index without its option, takes the place of `scores`.
    otherwise : Scores, optional
        Without the link.
    """
    from grid.scores import Physics

    def chosen(name: str) -> Any:
        found = getattr(scores, name)[index]
        if stopped is None or otherwise is None:
            return found
        without = getattr(otherwise, name)[index[:-1]]
        return np.where(stopped[..., np.newaxis, :], without, found)

    return DayPhysics.of(Physics(**{f.name: chosen(f.name) for f in fields(Physics)}))
