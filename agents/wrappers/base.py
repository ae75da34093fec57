"""What a wrapper is: a strategy made of another, which it passes everything on to."""

from dataclasses import dataclass, replace
from typing import Any

from agents.draws import Draws
from agents.strategies.base import Conduct, Experience, Knowledge, Setting, Strategy
from market.types import Bids, Mask, Options


@dataclass(frozen=True)
class Wrapper(Strategy):
    """Do as another strategy does; its memory is that one's memory."""

    inner: Strategy
    """Whose bids these are."""

    @property
    def conduct(self) -> Conduct:
        """As the other behaves."""
        return self.inner.conduct

    @property
    def oracle(self) -> bool:
        """Whether the other is one."""
        return self.inner.oracle

    def start(self, setting: Setting) -> Any:
        """Start the other."""
        return self.inner.start(setting)

    def think(self, knowledge: Knowledge, draws: Draws) -> Any:
        """Have the other think."""
        return self.inner.think(knowledge, draws)

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Bid as the other does."""
        return self.inner.bid(knowledge, draws)

    def blocks(self, knowledge: Knowledge, option: Options) -> Mask:
        """Block where the other does."""
        return self.inner.blocks(knowledge, option)

    def learn(self, experience: Experience) -> Any:
        """Have the other learn."""
        return self.inner.learn(experience)


@dataclass(frozen=True, eq=False)
class Both:
    """What a wrapper remembers, beside what the strategy in it does."""

    own: Any
    inner: Any


@dataclass(frozen=True)
class Remembering(Wrapper):
    """Do as another strategy does on what it is told, and keep a memory of its own."""

    def start(self, setting: Setting) -> Any:
        """Start both."""
        return Both(self.begin(setting), self.inner.start(setting))

    def think(self, knowledge: Knowledge, draws: Draws) -> Any:
        """Have the other think, on what it is told."""
        told = self.told(knowledge)
        return replace(knowledge.memory, inner=self.inner.think(told, draws))

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Bid as the other does, on what it is told."""
        return self.inner.bid(self.told(knowledge), draws)

    def blocks(self, knowledge: Knowledge, option: Options) -> Mask:
        """Block where the other does, by what it was told."""
        return self.inner.blocks(self.told(knowledge), option)

    def learn(self, experience: Experience) -> Any:
        """Have the other learn by what it was told, and what it really earned."""
        told = replace(experience, knowledge=self.told(experience.knowledge))
        return Both(self.keep(experience), self.inner.learn(told))

    def told(self, knowledge: Knowledge) -> Knowledge:
        """Return what the other is told: the truth, and its own memory."""
        return replace(knowledge, memory=knowledge.memory.inner)

    def begin(self, setting: Setting) -> Any:
        """Return its own memory at the start of a match."""
        raise NotImplementedError

    def keep(self, experience: Experience) -> Any:
        """Return its own memory after a session."""
        return experience.knowledge.memory.own
