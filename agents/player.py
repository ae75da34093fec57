"""A strategy in a seat, in any number of like matches, with what it remembers of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from agents.draws import Draws
from agents.strategies.base import Experience, Knowledge, Setting, Strategy
from market.types import Bids, Mask, Options


class StrategyFailed(Exception):
    """A strategy raised an error, or bid what is no bid: which one, and what happened."""

    def __init__(self, strategy: Strategy, seat: int, reason: str) -> None:
        super().__init__(f"{type(strategy).__name__} in seat {seat}: {reason}")
        self.strategy, self.seat, self.reason = strategy, seat, reason


class Player:
    """Keep the memory of a strategy, and hand it what it may know.

    Parameters
    ----------
    strategy : Strategy
        How it bids.
    setting : Setting
        What all know of the match; also its seat.
    draws : Draws
        Its own chances, one stream for each match.
    where : ndarray of int, optional
        The places of its matches among those of the floor; all unless given.
    """

    def __init__(
        self,
        strategy: Strategy,
        setting: Setting,
        draws: Draws,
        where: NDArray[np.int64] | slice = slice(None),
    ) -> None:
        self.strategy, self.setting, self.where = strategy, setting, where
        self._draws = draws
        self.memory = strategy.start(setting)
        self.knowledge: Knowledge | None = None
        """What it last bid upon."""
        self.experience: Experience | None = None
        """What last became of it, if it learns."""

    @property
    def seat(self) -> int:
        """Its seat at the venue."""
        return self.setting.seat

    @property
    def learns(self) -> bool:
        """Whether experience can change it."""
        return type(self.strategy).learn is not Strategy.learn

    @property
    def may_block(self) -> bool:
        """Whether it ever isolates its busbar."""
        return type(self.strategy).blocks is not Strategy.blocks

    def bid(self, knowledge: Knowledge) -> Bids:
        """Return its bids for a session, shape ``(match, window, option)``.

        Raises
        ------
        StrategyFailed
            If the strategy does, or bids anything but whole numbers, one an option.
        """
        known = replace(knowledge, memory=self.memory)
        with self._blamed("think"):
            self.memory = self.strategy.think(known, self._draws)
        self.knowledge = replace(known, memory=self.memory)
        with self._blamed("bid"):
            bids = self.strategy.bid(self.knowledge, self._draws)
        wanted = knowledge.values_gbp.shape
        if getattr(bids, "shape", None) != wanted or bids.dtype != np.int64:
            told = f"bid {type(bids).__name__} of {getattr(bids, 'shape', 'no shape')}"
            reason = f"{told}, wanted int64 of {wanted}"
            raise StrategyFailed(self.strategy, self.seat, reason)
        return bids

    def blocks(self, option: Options) -> Mask:
        """Return in which windows it isolates its busbar."""
        if self.knowledge is None:
            raise ValueError("blocks is asked after bid")
        with self._blamed("blocks"):
            return self.strategy.blocks(self.knowledge, option)

    def learn(self, experience: Experience) -> None:
        """Remember what became of a session."""
        self.experience = experience
        with self._blamed("learn"):
            self.memory = self.strategy.learn(experience)

    @contextmanager
    def _blamed(self, method: str) -> Iterator[None]:
        """Tell which strategy an error comes from: it may be a user's."""
        try:
            yield
        except Exception as error:
            reason = f"raised {type(error).__name__} in {method}: {error}"
            raise StrategyFailed(self.strategy, self.seat, reason) from error
