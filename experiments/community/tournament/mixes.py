"""Who lives beside whom: every mix of strategies over groups of households, each in all turns.

Households are divided by chance into groups of one strategy each, the same for every mix. In
the turns of a mix the strategies move on by one group, until each has been in every seat: so
each strategy of each mix is followed by all households equally often, and what it earns
depends on what it does, not on who has a battery.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agents.prosumers.community import Names
from experiments.community.world import World
from market.games.heuristic_counts import Counts
from market.types import Options


@dataclass(frozen=True)
class Seating:
    """Which strategy each group follows."""

    profile: int
    """The mix: a row of the counts."""

    replicate: int
    """Which draw of groups."""

    turn: int
    """By how many groups the strategies have moved on."""

    strategies: tuple[int, ...]
    """By group, the place of its strategy among all."""


def seatings(counts: Counts, replicates: int) -> Iterator[Seating]:
    """Yield the turns of every mix that are not alike, for every draw of groups.

    Parameters
    ----------
    counts : ndarray of int, shape (profile, strategy)
        How many groups follow each strategy.
    replicates : int
        How often groups are drawn.

    Examples
    --------
    >>> [one.strategies for one in seatings(np.array([[2, 0], [1, 1]]), replicates=1)]
    [(0, 0), (0, 1), (1, 0)]
    """
    for replicate in range(replicates):
        for profile, row in enumerate(counts):
            for turn, strategies in enumerate(_turns(row)):
                yield Seating(profile, replicate, turn, strategies)


def turns_of(counts: Counts) -> int:
    """Return how many seatings there are for a draw of groups.

    >>> turns_of(np.array([[2, 0], [1, 1]]))
    3
    """
    return sum(len(_turns(row)) for row in counts)


def groups_of(world: World, groups: int, replicate: int, seed: int) -> Options:
    """Return the group of each household, -1 where there is none, (community, household).

    Groups are drawn by the seed, and differ by one household at most.

    Examples
    --------
    >>> from experiments.community.world import world
    >>> from experiments.scenario import CommunityPart, Scenario
    >>> ten = world(Scenario(community=CommunityPart(prosumers=10)))
    >>> np.bincount(groups_of(ten, 3, replicate=0, seed=0)[0])
    array([4, 3, 3])
    """
    found = np.full(world.present.shape, -1)
    for community, there in enumerate(world.present):
        rng = np.random.default_rng([seed, replicate, community])
        order = rng.permutation(np.flatnonzero(there))
        found[community, order] = np.arange(len(order)) * groups // len(order)
    return found


def names_of(
    played: Sequence[Seating], groups: Sequence[Options], strategies: Sequence[str]
) -> Names:
    """Return who follows which strategy, shape (seating x community, household).

    Parameters
    ----------
    played : sequence of Seating
        Each of all communities.
    groups : sequence of ndarray of int64
        By replicate, as `groups_of` returns them.
    strategies : sequence of str
        As users write them.
    """
    names = np.array(strategies)
    return np.concatenate(
        [names[np.array(one.strategies)[groups[one.replicate]]] for one in played]
    )


def _turns(row: Counts) -> list[tuple[int, ...]]:
    """Return the strategies of the groups in each turn of a mix, each once."""
    kinds = np.repeat(np.arange(len(row)), row)
    turns = [tuple(np.roll(kinds, turn).tolist()) for turn in range(len(kinds))]
    return list(dict.fromkeys(turns))
