"""Where does cooperation collapse? Payoffs of every disposition against every other.

Each party plays the exact best response to the other's last bids, for its own angle of
social value orientation; all pairs of angles are played, as a tournament.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from agents.disposition import Disposition
from experiments.scenario import Scenario
from experiments.tournament.empirical import EmpiricalGame, empirical_games
from experiments.tournament.play import Tournament, play_all
from experiments.wiring import Progress, Study
from market.types import Floats

ANGLES: Final = tuple(range(-90, 91, 15))
"""From sacrificing itself to harm the others, through indifference to them, to altruism."""


@dataclass(frozen=True, eq=False)
class Dial:
    """What two parties earn under a mechanism for every pair of dispositions."""

    mechanism: str
    parties: tuple[str, ...]
    angles: tuple[int, ...]
    """Degrees, the axis of either party."""

    net_cost_gbp: Floats
    """Own net cost in GBP a day, shape (party, angle, angle)."""

    system_ratio: Floats
    """Operating cost of both over that without the link, shape (angle, angle)."""

    @property
    def best_replies(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The angle with the least own net cost against each angle of the other."""
        first = self.net_cost_gbp[0].argmin(0)
        second = self.net_cost_gbp[1].argmin(1)
        return (
            tuple(self.angles[i] for i in first.tolist()),
            tuple(self.angles[i] for i in second.tolist()),
        )

    def ratio(self, first: int, second: int) -> float:
        """Return the system's cost ratio at a pair of angles."""
        return float(self.system_ratio[self.angles.index(first), self.angles.index(second)])


def expression(angle: int) -> str:
    """Return the strategy of an angle as `agents.lookup` reads it.

    >>> expression(-45)
    'best-response(disposition=-45)'
    """
    return f"best-response(disposition={angle})"


def play_dispositions(
    scenario: Scenario, seen: Study, progress: Progress, workers: int | None = None
) -> tuple[Tournament, tuple[Dial, ...]]:
    """Play every pair of angles, in memory, under every mechanism of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Its mechanisms, loadings and days; two parties.
    seen : Study
        What the grid says.
    progress : callable
        Told how many runs are done, and how many there are.
    workers : int, optional
        How many processes.
    """
    strategies = tuple(expression(angle) for angle in ANGLES)
    asked = replace(scenario, chain=replace(scenario.chain, venue="local"))
    asked = asked.with_changes("play", strategies=strategies, profiles=len(ANGLES) ** 2)
    played = play_all(asked, seen, progress, workers)
    return played, tuple(_dial(game) for game in empirical_games(played))


def sentences(dial: Dial) -> tuple[str, ...]:
    """Say where cooperation holds under a mechanism, where it collapses, and where it ends."""
    first, second = dial.best_replies
    at = dial.angles.index(0)
    return (
        *_of_both(dial),
        f"Against a neighbour at 0° it is cheapest for {dial.parties[0]} to play at "
        f"{first[at]}°, and for {dial.parties[1]} at {second[at]}°.",
    )


def _of_both(dial: Dial) -> tuple[str, ...]:
    """Say what equal dispositions cost; nothing if costs without the link are not known."""
    both = {angle: dial.ratio(angle, angle) for angle in dial.angles}
    if np.isnan(list(both.values())).any():
        return ()
    worse = [angle for angle, ratio in both.items() if ratio > 1.0]
    harm = "With equal dispositions the link never does harm."
    if worse:
        harm = (
            f"With equal dispositions the link does harm at {_angles(worse)}: there "
            "cooperation has collapsed."
        )
    return (
        f"If both are cooperative (45°) the networks cost {both[45]:.3f} times what they cost "
        f"without the link; if both look to themselves (0°) {both[0]:.3f}; if both are "
        f"adversarial (-45°) {both[-45]:.3f}.",
        harm,
    )


def _angles(angles: list[int]) -> str:
    names = [f"{angle}° ({Disposition(angle).name})" if angle in {-45, 0, 45, 90} else
             f"{angle}°" for angle in angles]  # fmt: skip
    return ", ".join(names)


def _dial(game: EmpiricalGame) -> Dial:
    ratio = game.ratios.get("system_cost_ratio")
    shape = game.payoffs.shape[1:]
    return Dial(
        mechanism=game.mechanism,
        parties=game.parties,
        angles=ANGLES,
        net_cost_gbp=-game.payoffs,
        system_ratio=np.full(shape, np.nan) if ratio is None else ratio,
    )
