"""The day-ahead game: each household plans its stores against what the others plan.

One store of each community has its turn at a time, and takes its exact best response if that
gains it more than epsilon, until nobody gains more in a whole sweep: an equilibrium up to
epsilon, in pure plans. The first slot of every household has its turn first, then the second,
and so on. Communities know nothing of each other, and are reckoned together.

Where a household has several stores, each is planned against what the others do, as if it
were a player of its own: two that would gain only by changing together do not.

Such play ends for certain where the game has a potential, which every move lowers [1]_. It
has an exact one

* where nobody trades and all weigh bills alike: for those that look to themselves, all bills
  at the tariff and half the network's charge on what the community takes, squared, and on
  what each household takes, squared (compare [2]_, where the bill is shared otherwise);
* where each minds the others' bills as its own: the bill of all.

Under a rule of sharing, households that look to themselves have none that is known here: play
may end, or come back to plans it has left. Which it did is told.

References
----------
.. [1] D. Monderer and L. S. Shapley, "Potential games", Games and Economic Behavior 14(1),
   1996.
.. [2] A.-H. Mohsenian-Rad et al., "Autonomous demand-side management based on game-theoretic
   energy consumption scheduling for the future smart grid", IEEE Transactions on Smart Grid
   1(3), 2010.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.prosumers.best_response import CostToGo, steps_of
from agents.prosumers.billing import Attitudes, Billing
from agents.prosumers.stores import Levels, Stores
from market.trading.tariff import TICK_GBP
from market.types import Floats, Mask, WattHours

EPSILON_GBP: Final = 0.001
"""A gain for the day that nobody moves for: a tenth of a penny."""

SWEEPS: Final = 30
"""After how many sweeps play that has not ended is left as it is."""


@dataclass(frozen=True, eq=False)
class Households:
    """What is planned: households of communities that are like in number."""

    base_wh: WattHours
    """What each takes if no store deviates, shape ``(community, household, window)``.

    Demand less generation, and what its car and its heat pump would draw anyway.
    """

    stores: Stores
    """Of leading axes ``(community, household, slot)``."""

    def net_wh(self, steps: Levels) -> WattHours:
        """Return what each takes by a plan, shape ``(community, household, window)``.

        Parameters
        ----------
        steps : ndarray of int64, shape (community, household, slot, window)
            By how many levels each store rises.
        """
        return self.base_wh + self.stores.energy_wh(steps).sum(-2)


@dataclass(frozen=True, eq=False)
class Turn:
    """A store each, of different communities: its place among those of `Households`."""

    community: Levels
    household: Levels
    slot: Levels

    @property
    def place(self) -> tuple[Levels, Levels, Levels]:
        """An index into the leading axes of stores."""
        return self.community, self.household, self.slot

    def among(self, playing: Mask) -> "Turn":
        """Return the stores of the communities that still play."""
        kept = playing[self.community]
        return Turn(self.community[kept], self.household[kept], self.slot[kept])


def turns(movable: Mask) -> list[Turn]:
    """Return who has a turn in a sweep, and with whom: slot by slot, in order of households.

    Parameters
    ----------
    movable : ndarray of bool, shape (community, household, slot)
        Which stores can deviate; others have no turn.
    """
    order = np.argsort(~movable, axis=1, kind="stable")
    count = movable.sum(1)
    found = []
    for slot in range(movable.shape[2]):
        for place in range(count[:, slot].max()):
            (there,) = np.nonzero(count[:, slot] > place)
            found.append(Turn(there, order[there, place, slot], np.full(len(there), slot)))
    return found


@dataclass(frozen=True, eq=False)
class Schedule:
    """What households plan for a day, and how they came to it."""

    steps: Levels
    """By how many levels each store rises, ``(community, household, slot, window)``."""

    net_wh: WattHours
    """What each household takes, ``(community, household, window)``."""

    sweeps: Levels
    """How many sweeps were played, shape ``(community,)``."""

    converged: Mask
    """Whether nobody gained more than epsilon in the last, shape ``(community,)``."""

    cycle: Levels
    """After how many sweeps plans came back that had been left, 0 if none, ``(community,)``."""

    epsilon_gbp: Floats
    """The most that any store would gain by another plan for the day, ``(community,)``.

    Reckoned at the end for every store by itself, as its household weighs bills. What a
    household would gain by changing two of its stores at once is not in it.
    """

    cost_gbp: Floats
    """What each community expects to pay, before all sweeps and after each.

    Shape ``(sweep + 1, community)``.
    """

    potential_gbp: Floats | None
    """The exact potential, the same shape; None unless every community's game has one."""


def schedule(
    households: Households,
    attitudes: Attitudes,
    billing: Billing,
    *,
    epsilon_gbp: float = EPSILON_GBP,
    sweeps: int = SWEEPS,
) -> Schedule:
    """Return what households plan, after best responses in turn.

    Parameters
    ----------
    households : Households
        Who plans.
    attitudes : Attitudes
        How they weigh bills, shape ``(community, household)``.
    billing : Billing
        What they expect to pay.
    epsilon_gbp : float
        A gain for the day that nobody moves for, as a household weighs bills.
    sweeps : int
        The most.
    """
    play = Planning(households, attitudes, billing)
    order = turns(households.stores.movable)
    count = len(households.base_wh)
    playing, converged = np.ones(count, bool), np.zeros(count, bool)
    played, cycle = np.zeros(count, np.int64), np.zeros(count, np.int64)
    seen = [{one.tobytes(): 0} for one in play.steps]
    costs, potentials = [play.cost], [play.potential]
    for sweep in range(1, sweeps + 1):
        moved = np.zeros(count, bool)
        for turn in order:
            moved |= play.respond(turn.among(playing), epsilon_gbp)
        costs.append(play.cost)
        potentials.append(play.potential)
        played[playing] = sweep
        converged |= playing & ~moved
        playing &= moved
        for community in np.flatnonzero(playing):
            since = seen[community].setdefault(play.steps[community].tobytes(), sweep)
            cycle[community] = sweep - since
        playing &= cycle == 0
        if not playing.any():
            break
    return Schedule(
        steps=play.steps,
        net_wh=play.net_wh,
        sweeps=played,
        converged=converged,
        cycle=cycle,
        epsilon_gbp=play.largest_gain_gbp(order),
        cost_gbp=np.stack(costs) * TICK_GBP,
        potential_gbp=np.stack(potentials) * TICK_GBP if play.has_potential.all() else None,
    )


class Planning:
    """Plans as they change, turn by turn; all stores begin without deviation.

    Parameters
    ----------
    households : Households
        Who plans.
    attitudes : Attitudes
        How they weigh bills, shape ``(community, household)``.
    billing : Billing
        What they expect to pay.
    """

    def __init__(self, households: Households, attitudes: Attitudes, billing: Billing) -> None:
        self.households, self.attitudes, self.billing = households, attitudes, billing
        self.steps = np.zeros_like(households.stores.low)
        self.net_wh = households.net_wh(self.steps)
        self._supply = np.maximum(-self.net_wh, 0).sum(1)
        self._demand = np.maximum(self.net_wh, 0).sum(1)

    def respond(self, turn: Turn, epsilon_gbp: float) -> Mask:
        """Give stores a turn; return in which communities it was taken, ``(community,)``."""
        moved = np.zeros(len(self.net_wh), bool)
        if not len(turn.community):
            return moved
        answer = self.answer(turn)
        gains = self._gain_gbp(turn, answer) > epsilon_gbp
        moved[turn.community] = gains
        self._take(turn.among(moved), answer.best(np.flatnonzero(gains)))
        return moved

    def answer(self, turn: Turn) -> CostToGo:
        """Return what every plan of some stores costs, given all others' plans."""
        stores, who = self.households.stores[turn.place], turn.place[:2]
        now = self.net_wh[who]
        still = now - stores.energy_wh(self.steps[turn.place])
        supply = self._supply[turn.community] - np.maximum(-now, 0)
        demand = self._demand[turn.community] - np.maximum(now, 0)
        costs = self.billing.weighed(
            self.attitudes[who],
            _by_window(still) + stores.energy_wh(steps_of(stores)).T,
            _by_window(supply),
            _by_window(demand),
        )
        return CostToGo.of(stores, costs)

    def _take(self, turn: Turn, plans: Levels) -> None:
        """Change plans to better ones, shape ``(store, window)``."""
        stores, who, where = self.households.stores[turn.place], turn.place[:2], turn.community
        before = self.net_wh[who]
        after = before + stores.energy_wh(plans) - stores.energy_wh(self.steps[turn.place])
        self._supply[where] += np.maximum(-after, 0) - np.maximum(-before, 0)
        self._demand[where] += np.maximum(after, 0) - np.maximum(before, 0)
        self.net_wh[who] = after
        self.steps[turn.place] = plans

    def largest_gain_gbp(self, order: list[Turn]) -> Floats:
        """Return the most that any store gains by its best response, ``(community,)``."""
        largest = np.zeros(len(self.net_wh))
        for turn in order:
            gain = self._gain_gbp(turn, self.answer(turn))
            largest[turn.community] = np.maximum(largest[turn.community], gain)
        return largest

    def _gain_gbp(self, turn: Turn, answer: CostToGo) -> Floats:
        return (answer.cost(self.steps[turn.place]) - answer.least) * TICK_GBP

    @property
    def cost(self) -> Floats:
        """What each community expects to pay for the day, in ticks, ``(community,)``."""
        return self.billing.total(self._supply.astype(float), self._demand.astype(float)).sum(
            -1
        )

    @property
    def has_potential(self) -> Mask:
        """Which communities play a game of which an exact potential is known."""
        of = self.attitudes
        alike = (of.own == of.own[:, :1]) & (of.others == of.others[:, :1]) & of.heeds
        alone = self.billing.rule is None
        return np.asarray((alike & (alone | (of.own == of.others))).all(-1))

    @property
    def potential(self) -> Floats:
        """The potential in ticks, shape ``(community,)``; means nothing where there is none."""
        net = self.net_wh.astype(float)
        squares = net.sum(1) ** 2 + (net**2).sum(1)
        tariff = self.billing.alone(net).sum((1, 2))
        alone = tariff + self.billing.charge / 2 * squares.sum(-1)
        own, others = self.attitudes.own[:, 0], self.attitudes.others[:, 0]
        return (own - others) * alone + others * self.cost


def _by_window(of_stores: WattHours) -> Floats:
    """Return an array (store, window) as (window, 1, store)."""
    return of_stores.T[:, np.newaxis].astype(float)
