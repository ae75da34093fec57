"""Where it ends if all parties look for better bids, not only one: the game of bids itself.

A double oracle follows it from the truth in a sample of windows. Offers are whole steps, of
which the most that an option is worth to anybody is a hundred; in single ticks parties would
outbid each other for thousands of rounds. One step is also the gain that moves nobody. What is
reached is then judged again with bids in single ticks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from experiments.audit.contenders import PIVOTAL, Contender
from experiments.audit.outcomes import outcome
from experiments.audit.trials import Trial
from experiments.audit.world import World
from experiments.wiring import Progress
from market import money
from market.games.bid_game import every_profile
from market.games.bid_profile import BidProfile, bid_profile
from market.games.double_oracle import DoubleOracle, double_oracle
from market.types import Bids, Floats

WINDOWS: Final = 9
"""So many windows of each mechanism are followed."""

STEPS: Final = 100
"""Steps to the most that an option of the window is worth to a party."""

ROUNDS: Final = MappingProxyType({"offers": 125, "ranks": 40})
"""After which a window is given up, by the form of bids: who outbid each other take a step at
a time, and rankings are mixed of more and more."""

LOOKS: Final = 200
"""After which a search for a best response to a mixture is given up."""

GOLDEN: Final = 0.6180339887498949
"""Parts of the golden ratio never fall together on the same half-hours."""


@dataclass(frozen=True, eq=False)
class BidGame:
    """Where the bid game of one window ended."""

    contender: Contender
    world: World

    window: int
    """Counted over all days of the world."""

    reached: DoubleOracle
    """Reckoned in steps."""

    judged: BidProfile
    """What was reached, with bids in single ticks."""

    chances: Floats
    """Of each option there, shape (option,)."""

    truthful: Floats
    """Of each option if all are truthful, shape (option,)."""

    @property
    def costs_gbp(self) -> Floats:
        """What each option costs all together, shape (option,)."""
        return self.world.costs_gbp[:, self.window].sum(0)


def bid_games(
    trials: Sequence[Trial], tick_gbp: float, told: Progress | None = None
) -> tuple[BidGame, ...]:
    """Follow the bid games of a sample of windows, the same under every mechanism.

    Left out are the pivotal mechanism, under which the truth serves every party best whatever
    the others bid, and lotteries of more than two parties, of which no exact best response is
    known.

    Parameters
    ----------
    trials : sequence of Trial
        All worlds of a contender one after another.
    tick_gbp : float
        What a tick is worth.
    told : callable, optional
        Told how many mechanisms are done, and how many there are.
    """
    followed: list[BidGame] = []
    contenders = list(dict.fromkeys(trial.contender for trial in trials))
    for done, contender in enumerate(contenders, start=1):
        own = [trial for trial in trials if trial.contender == contender]
        if contender.mechanism != PIVOTAL and own[0].attacks:
            places = sample([len(trial.authority) for trial in own])
            followed += [_followed(own[trial], window, tick_gbp) for trial, window in places]
        if told is not None:
            told(done, len(contenders))
    return tuple(followed)


def sample(lengths: Sequence[int], count: int = WINDOWS) -> list[tuple[int, int]]:
    """Return places in some series that are spread over all of them and over the day.

    Parameters
    ----------
    lengths : sequence of int
        How many windows each series has.
    count : int
        How many places are wanted at most; all, if there are no more.

    Returns
    -------
    list of tuple of int
        Series and window.

    Examples
    --------
    >>> sample([48, 48], count=4), sample([2], count=4)
    ([(0, 0), (0, 38), (1, 5), (1, 44)], [(0, 0), (0, 1)])
    """
    total = sum(lengths)
    part = np.arange(min(count, total))
    spread = (part + part * GOLDEN % 1) * total / len(part)
    flat = np.unique(spread.astype(int)) if total > count else part
    ends = np.cumsum(lengths)
    series = np.searchsorted(ends, flat, side="right")
    starts = ends - lengths
    return list(zip(series.tolist(), (flat - starts[series]).tolist(), strict=True))


def _followed(trial: Trial, window: int, tick_gbp: float) -> BidGame:
    """Follow the bid game of a window from the truth to its end."""
    contender, world = trial.contender, trial.world
    rule, authority = contender.rule, int(trial.authority[window])
    values_gbp = money.values(world.costs_gbp[:, window])
    values = money.offers(values_gbp, tick_gbp).astype(float)
    step = max(1, int(np.ceil(values.max() / STEPS)))
    scale = step if rule.form == "offers" else 1
    truth = money.bids(values_gbp, rule.form, tick_gbp * step)[np.newaxis]
    reached = double_oracle(
        rule, values / step, truth, authority, 1.0, ROUNDS[rule.form], LOOKS
    )
    menus = tuple(menu * scale for menu in reached.menus)
    judged = bid_profile(rule, values, menus, reached.profile, authority, LOOKS)
    return BidGame(
        contender=contender,
        world=world,
        window=window,
        reached=reached,
        judged=judged,
        chances=_chances(contender, judged, authority, tick_gbp),
        truthful=trial.truthful.chances[window],
    )


def _chances(contender: Contender, found: BidProfile, holder: int, tick_gbp: float) -> Floats:
    """Return how likely each option is under a mixed profile of bids."""
    played = [
        menu[np.flatnonzero(own)] for menu, own in zip(found.menus, found.mixtures, strict=True)
    ]
    bids: Bids = every_profile(played)
    each = bids.reshape(-1, *bids.shape[-2:])
    likely = np.ones(1)
    for own in found.mixtures:
        shares = np.asarray(own)
        likely = np.multiply.outer(likely, shares[shares > 0]).ravel()
    plan = outcome(contender, each, np.full(len(each), holder), tick_gbp)
    return likely @ plan.chances
