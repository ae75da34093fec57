"""Whether a strategy alone among many takes over: Moran's process in finite populations.

Each seat has a population whose members play the same strategy but for one; the others'
populations stay as they are. See `market.games.evolution`.
"""

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from experiments.tournament.empirical import EmpiricalGame
from market.games.evolution import moran_fixation_between

POPULATION: Final = 100
"""How many there are of each seat, the invader among them."""

STEEP: Final = 10.0
"""Over the widest range of a party's payoffs, fitness grows by e to this power."""

HONEST: Final = "truthful"
"""The strategy that is invaded first."""


@dataclass(frozen=True)
class Invasion:
    """The invader that most probably takes a population over."""

    mechanism: str
    residents: dict[str, str]
    """The strategy of every population, by party."""

    party: str
    """Whose population is invaded."""

    strategy: str
    """The invader's."""

    probability: float
    """That it takes over in the end."""

    neutral: float
    """The same if it earned what residents earn: one over the population."""

    efold_gbp: float
    """What more a day multiplies fitness by e."""


def invasions(game: EmpiricalGame) -> tuple[tuple[Invasion, ...], ...]:
    """Return the strongest invaders of truth, and of an equilibrium or what is nearest to one.

    A tuple for each population of residents, with an invasion for each party.
    """
    if len(game.strategies) == 1:
        return ()
    truth = [name == HONEST for name in game.strategies]
    honest = [(truth.index(True),) * len(game.parties)] if any(truth) else []
    last = (game.equilibria or (game.nearest,))[0].actions
    return tuple(_strongest(game, actions) for actions in dict.fromkeys([*honest, last]))


def invasion_records(game: EmpiricalGame) -> list[dict[str, object]]:
    """Return the strongest invaders as JSON takes them."""
    return [asdict(found) for group in invasions(game) for found in group]


def invasion_words(game: EmpiricalGame) -> tuple[str, ...]:
    """Say in a sentence with which probability single invaders take over."""
    groups = invasions(game)
    if not groups:
        return ()
    first = groups[0][0]
    told = "; ".join(
        f"among {_residents(group[0])} residents "
        + " and ".join(
            f"{one.party}'s {one.strategy} {_chance(one.probability)}" for one in group
        )
        for group in groups
    )
    return (
        f"A single invader of {POPULATION} residents takes over (Moran's process; "
        f"GBP {first.efold_gbp:,.0f} a day more multiply fitness by e) with these "
        f"probabilities at most, {first.neutral:g} if it were neutral: {told}.",
    )


def _strongest(game: EmpiricalGame, residents: tuple[int, ...]) -> tuple[Invasion, ...]:
    """Return the strongest invader of each population."""
    axes = tuple(range(1, game.payoffs.ndim))
    efold = float(np.ptp(game.payoffs, axis=axes).max()) / STEEP or 1.0
    found = []
    chances = moran_fixation_between(game.payoffs, residents, POPULATION, 1.0 / efold)
    for party, own, chance in zip(game.parties, residents, chances, strict=True):
        others = np.where(np.arange(len(chance)) == own, -1.0, chance)
        best = int(others.argmax())
        found.append(
            Invasion(
                mechanism=game.mechanism,
                residents={
                    name: game.strategies[action]
                    for name, action in zip(game.parties, residents, strict=True)
                },
                party=party,
                strategy=game.strategies[best],
                probability=float(others[best]),
                neutral=1.0 / POPULATION,
                efold_gbp=efold,
            )
        )
    return tuple(found)


def _residents(one: Invasion) -> str:
    """Return residents in words, by party unless all are alike.

    >>> _residents(Invasion("hco", {"a": "flat", "b": "flat"}, "a", "x", 0.5, 0.01, 1.0))
    'flat'
    """
    names = tuple(one.residents.values())
    return names[0] if len(set(names)) == 1 else " and ".join(names)


def _chance(probability: float) -> str:
    """Return a probability in words.

    >>> _chance(0.01234), _chance(1e-50)
    ('0.012', 'under 0.001')
    """
    return f"{probability:.2g}" if probability >= 0.001 else "under 0.001"
