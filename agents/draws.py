"""Chances: each match draws from a stream of its own, however many are played at once."""

from collections.abc import Sequence

import numpy as np

from market.types import Floats

BLOCK = 2048
"""How many numbers a stream gives at a time."""


class Draws:
    """Uniform and normal numbers for a batch of matches.

    A match finds the same numbers alone as in a batch of any size, because every stream
    is asked for as many numbers, whatever the others need.

    Parameters
    ----------
    seeds : sequence of numpy.random.SeedSequence
        One for each stream.
    where : sequence of int, optional
        The stream of each match; each has its own, in order, unless given. Matches on the
        same stream meet the same chances.

    Examples
    --------
    >>> seeds = np.random.SeedSequence(7).spawn(3)
    >>> together, alone = Draws(seeds), Draws(seeds[2:])
    >>> together.uniform(4).shape, alone.uniform(4).shape
    ((3, 4), (1, 4))
    >>> bool((together.normal(2)[2] == alone.normal(2)[0]).all())
    True
    """

    def __init__(
        self, seeds: Sequence[np.random.SeedSequence], where: Sequence[int] | None = None
    ) -> None:
        self._streams = [np.random.default_rng(seed) for seed in seeds]
        self._where = np.arange(len(seeds)) if where is None else np.asarray(where)
        self._kept = np.empty((len(seeds), 0))

    def uniform(self, *tail: int) -> Floats:
        """Return numbers from 0 up to 1, shape ``(match, *tail)``."""
        count = int(np.prod(tail, dtype=np.int64))
        while self._kept.shape[1] < count:
            fresh = np.stack([stream.random(BLOCK) for stream in self._streams])
            self._kept = np.concatenate([self._kept, fresh], axis=1)
        taken, self._kept = self._kept[:, :count], self._kept[:, count:]
        return taken[self._where].reshape(-1, *tail)

    def normal(self, *tail: int) -> Floats:
        """Return numbers from the standard normal distribution, shape ``(match, *tail)``.

        By Box and Muller, which takes two uniform numbers for each.
        """
        radius, angle = np.moveaxis(self.uniform(2, *tail), 1, 0)
        return np.sqrt(-2.0 * np.log1p(-radius)) * np.cos(2.0 * np.pi * angle)


def chances(
    seed: int | Sequence[int], parties: int
) -> tuple[list[np.random.SeedSequence], list[bytes]]:
    """Return the seed of each party's draws, and the secret that its salts come from.

    Examples
    --------
    >>> seeds, secrets = chances(0, parties=2)
    >>> len(seeds), [len(secret) for secret in secrets]
    (2, [32, 32])
    """
    source = np.random.SeedSequence(seed)
    bids, salts = (source.spawn(parties) for _ in range(2))
    return bids, [np.random.default_rng(salt).bytes(32) for salt in salts]
