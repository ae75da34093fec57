"""A party, or a meter, as a process: look at the chain, do what is due, look again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from chain.agreement import Agreement, Contract
from chain.errors import ChainError
from chain.evm import Receipt
from chain.follower import Follower
from chain.node import Node
from chain.reverts import reverts_as_market_errors
from chain.standing import Standing
from experiments.interrupts import Interrupted
from experiments.operator.bids import planned
from experiments.operator.duties import (
    Action,
    Duty,
    has_ended,
    steps,
)
from experiments.operator.journal import Journal
from market.bids import Bid
from market.errors import MarketError

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
OWN: Final = 0  # the operator's account on its node

WRITTEN: Final = "written into the journal"
"""What is said of a plan."""


class Role(Protocol):
    """Whom a process acts for, and what it does."""

    @property
    def agreement(self) -> Contract:
        """The contract."""
        ...

    def due(self, standing: Standing, now: int) -> Iterator[Action]:
        """Yield what can be done now, the most urgent first."""
        ...

    def ended(self, standing: Standing) -> bool:
        """Return whether nothing is left to do."""
        ...

    def prepare(self, action: Action) -> str:
        """Do what is done here and not on the chain; say what it was."""
        ...


@dataclass(frozen=True)
class Party:
    """A party's process: what it is there for, and what it bids."""

    duty: Duty[Agreement]
    bids: tuple[Bid | None, ...]
    journal: Journal

    @property
    def agreement(self) -> Agreement:
        """The contract."""
        return self.duty.agreement

    def due(self, standing: Standing, now: int) -> Iterator[Action]:
        """Yield what can be done now."""
        agreed, seat = self.duty.agreement, self.duty.seat
        plans = self.journal.entries(agreed.chain_id, agreed.address, seat)
        return steps(self.duty, standing, plans, now)

    def ended(self, standing: Standing) -> bool:
        """Return whether nothing is left to do."""
        return has_ended(self.duty, standing)

    def prepare(self, action: Action) -> str:
        """Write into the journal what is bid for a session."""
        assert action.session is not None, "plans are for sessions"
        horizon = self.duty.agreement.terms.horizon
        bids = self.bids[action.session * horizon : (action.session + 1) * horizon]
        self.journal.write(planned(self.duty.agreement, self.duty.seat, action.session, bids))
        return WRITTEN


@dataclass
class Operator:
    """Does what is due for a party or a meter, again and again.

    What fails is set aside for a pause that doubles each time, so that it keeps nothing else
    from being done. That somebody else was faster is no failure: the chain is looked at again.
    """

    role: Role
    node: Node
    say: Callable[[str], None]
    """Where log lines go."""

    interrupted: Interrupted
    _aside: dict[tuple[str, int | None], tuple[float, float]] = field(default_factory=dict)
    """Until when what has failed is set aside, and for how long; in seconds."""

    _acted: int = 0
    """The block of its last transaction; an older view of the chain would make it act twice."""

    _unsure: bool = True
    """Whether something may be on its way that it does not know of."""

    _pause_s: float = FIRST_PAUSE_S
    """How long it waits if it cannot see the chain."""

    def run(self, once: bool = False) -> None:
        """Go on until all is settled and withdrawn; or, once, until nothing can be done now."""
        follower = Follower(self.node, self.role.agreement)
        poll_s = min(max(self.role.agreement.terms.period / 40, 0.1), 5.0)
        while not self.interrupted():
            seen = self._look(follower)
            if seen is None:
                continue
            action = next(filter(self._may, self.role.due(*seen)), None)
            if action is not None:
                self._try(action)
            elif once or self.role.ended(seen[0]):
                return
            else:
                self._sleep(poll_s)

    def _look(self, follower: Follower) -> tuple[Standing, int] | None:
        """Return where the market stands, and the time; or None, after a pause."""
        try:
            if self._unsure:
                self.node.wait_for_own(OWN)
                self._unsure = False
            if self.node.head < self._acted:  # asked another machine, or a reorganisation
                self._acted -= 1
                self._sleep(FIRST_PAUSE_S)
                return None
            seen = follower.look()
        except ChainError as error:
            self.say(f"cannot look: {error}; again in {self._pause_s:g} s")
            self._sleep(self._pause_s)
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
            return None
        self._pause_s = FIRST_PAUSE_S
        return seen

    def _may(self, action: Action) -> bool:
        until, _ = self._aside.get((action.stage, action.session), (0.0, 0.0))
        return time.monotonic() >= until

    def _try(self, action: Action) -> None:
        name = action.stage, action.session
        place = "" if action.session is None else f"session {action.session}: "
        about = place + action.stage
        try:
            self.say(f"{about}: {self._perform(action)}")
            self._aside.pop(name, None)
        except (ChainError, MarketError) as error:
            _, before = self._aside.get(name, (0.0, FIRST_PAUSE_S / 2))
            pause_s = min(2 * before, LONGEST_PAUSE_S)
            self._aside[name] = time.monotonic() + pause_s, pause_s
            self.say(f"{about}: not done, {error}; again in {pause_s:g} s if still due")
            self._unsure = self._unsure or isinstance(error, ChainError)

    def _perform(self, action: Action) -> str:
        if action.stage in {"plan", "deliver"}:
            return self.role.prepare(action)
        agreed = self.role.agreement
        arguments = action.arguments
        if action.stage == "report":
            session, _, *seen = arguments
            signature = agreed.signature(self.node.key(OWN), session, *seen)
            arguments = (*arguments, signature)
        message = agreed.interface.call(action.stage, *arguments)
        with reverts_as_market_errors(agreed.interface, action.stage):
            value = action.ticks * agreed.tick_wei
            receipt = self.node.send(OWN, agreed.address, message, value)
        self._acted = receipt.block or 0
        return _shown(receipt)

    def _sleep(self, seconds: float) -> None:
        """Sleep, but not through an interruption."""
        end = time.monotonic() + seconds
        while not self.interrupted() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))


def _shown(receipt: Receipt) -> str:
    return f"done in block {receipt.block}, {receipt.transaction}, {receipt.gas:,} gas"
