"""What a strategy is: a pure function from what a party may know to its bid."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from agents.draws import Draws
from market import money
from market.mechanisms.base import Form, Mechanism
from market.terms import Terms
from market.types import Bids, Floats, Mask, Options, Seats, Ticks


@dataclass(frozen=True)
class Setting:
    """What stays the same over a match, and is known to all."""

    rule: Mechanism
    """The mechanism that was agreed."""

    seat: int
    """The party's own."""

    parties: int
    """How many there are."""

    set_points: Floats
    """The middle of each option, in the unit of the element (MW), shape ``(option,)``."""

    matches: int = 1
    """How many like matches are played at once: the first axis of every array."""

    horizon: int = 1
    """How many windows a session has."""

    day: int = 48
    """How many windows a day has."""

    tick_gbp: float = 0.01
    """What a tick is worth."""

    @property
    def form(self) -> Form:
        """Whether the mechanism asks for offers or for ranks."""
        return self.rule.form

    @property
    def options(self) -> int:
        """How many options there are."""
        return len(self.set_points)


def setting(
    terms: Terms, seat: int, tick_gbp: float = 0.01, day: int = 48, matches: int = 1
) -> Setting:
    """Return what a party in a seat knows of a match under agreed terms."""
    return Setting(
        rule=terms.rule,
        seat=seat,
        parties=terms.parties,
        set_points=np.array([terms.middle(o) for o in range(len(terms.options))]) / 1000,
        matches=matches,
        horizon=terms.horizon,
        day=day,
        tick_gbp=tick_gbp,
    )


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What a party may know when it bids: never the others' present costs.

    What was bid, awarded and paid in the past reached it as `Experience`; of that it knows
    what it keeps in its memory.
    """

    setting: Setting

    windows: Options
    """The windows of the session, counted over the match, shape ``(window,)``."""

    values_gbp: Floats
    """What each option is worth to it, shape ``(match, window, option)``."""

    authority: Seats
    """Who breaks a tie, -1 where that is not known yet, shape ``(match, window)``."""

    free: Ticks
    """Its own free deposit, shape ``(match,)``."""

    memory: Any = None
    """What its strategy keeps: what `start` returned, and `think` and `learn` changed."""

    present_bids: Bids | None = None
    """What the others bid in these very windows, shape ``(match, party, window, option)``.

    Told to oracles only, which are no strategies but bounds.
    """

    @property
    def half_hours(self) -> Options:
        """The place of each window in its day, shape ``(window,)``."""
        return self.windows % self.setting.day

    def bid(self, stated_gbp: Floats) -> Bids:
        """Return values, true or not, in the form that the mechanism asks for."""
        return money.bids(stated_gbp, self.setting.form, self.setting.tick_gbp)


def before_play(of: Setting, windows: Options, costs_gbp: Floats) -> Knowledge:
    """Return what a party knows of windows when nothing has happened yet.

    Parameters
    ----------
    of : Setting
        Of one match.
    windows : ndarray of int64, shape (window,)
        Which, counted over the match.
    costs_gbp : ndarray of float, shape (window, option)
        What they cost it, in GBP.
    """
    return Knowledge(
        setting=of,
        windows=windows,
        values_gbp=money.values(costs_gbp)[np.newaxis],
        authority=np.full((1, len(windows)), -1),
        free=np.zeros(1, np.int64),
    )


@dataclass(frozen=True, eq=False)
class Experience:
    """What a party sees of a session once it is settled."""

    knowledge: Knowledge
    """What it knew when it bid."""

    bids: Bids
    """What each party bid, shape ``(match, party, window, option)``; public once revealed.

    Rows of parties that took no part are zeros.
    """

    present: Mask
    """Whose bids counted, shape ``(match, party, window)``."""

    blocked: Mask
    """Who isolated its busbar, shape ``(match, party, window)``."""

    option: Options
    """The chosen option, shape ``(match, window)``."""

    authority: Seats
    """Who held authority then, shape ``(match, window)``."""

    payments: Ticks
    """What each party paid, shape ``(match, party, window)``."""

    penalties: Ticks
    """What each party lost over the session, shape ``(match, party)``."""

    earned_gbp: Floats
    """Its own payoff: what was delivered is worth, less payment, ``(match, window)``.

    Penalties are taken from the last window.
    """

    @property
    def own_bids(self) -> Bids:
        """What it bid itself, shape ``(match, window, option)``."""
        return self.bids[:, self.knowledge.setting.seat]


@dataclass(frozen=True)
class Conduct:
    """How a party behaves at the contract, whatever it bids."""

    sends: Literal["in time", "late", "never"] = "in time"
    """When its bids arrive."""

    reveals: bool = True
    """Whether it reveals what it sealed."""

    deposit: float = 1.0
    """What it keeps in its account, as a share of the usual working balance."""


@dataclass(frozen=True)
class Strategy:
    """How a party turns what its options are worth into a bid.

    A strategy is a frozen dataclass with pure methods on arrays: every one has an axis of
    like matches first. What changes with experience is its memory, which it is handed and
    returns, and never writes in place. Only `bid` must be written.
    """

    meaning: ClassVar[str]
    """What it does, in a sentence about the party."""

    @property
    def conduct(self) -> Conduct:
        """How it behaves at the contract."""
        return Conduct()

    @property
    def oracle(self) -> bool:
        """Whether it is told what the others bid now: no party can know, so it is a bound."""
        return False

    def start(self, setting: Setting) -> Any:
        """Return the memory that a match starts with."""
        return None

    def think(self, knowledge: Knowledge, draws: Draws) -> Any:
        """Return the memory that a session is bid with, such as an intention."""
        return knowledge.memory

    def bid(self, knowledge: Knowledge, draws: Draws) -> Bids:
        """Return offers in ticks, or ranks, shape of ``knowledge.values_gbp``."""
        raise NotImplementedError

    def blocks(self, knowledge: Knowledge, option: Options) -> Mask:
        """Return in which windows it isolates its busbar, shape of `option`.

        Asked once it knows what was chosen, shape ``(match, window)``.
        """
        return np.zeros(option.shape, bool)

    def learn(self, experience: Experience) -> Any:
        """Return the memory after a session."""
        return experience.knowledge.memory
