"""What a household expects to pay, and what the others do, by what it takes and gives."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from market.trading.base import TradingRule, anticipated_bill
from market.trading.tariff import Tariff
from market.types import Floats, Mask


@dataclass(frozen=True, eq=False)
class Attitudes:
    """How households weigh bills: arrays of any one shape, mostly (community, household)."""

    own: Floats
    """What a pound of its own is worth to a household."""

    others: Floats
    """What a pound of the others' is worth to it."""

    heeds: Mask
    """Whether it heeds the community; if not, it plans against its tariff alone."""

    def __getitem__(self, place: Any) -> Self:
        """Return the attitudes of some of the households."""
        return type(self)(self.own[place], self.others[place], self.heeds[place])


@dataclass(frozen=True)
class Billing:
    """What is paid for: energy by a tariff, trade by a rule, and use of the network.

    The network's charge stands for losses and congestion. Per watt-hour it is in proportion
    to what the whole community takes, and each household pays for what it takes, so one that
    takes less while others take more relieves all of them [1]_.

    References
    ----------
    .. [1] A.-H. Mohsenian-Rad et al., "Autonomous demand-side management based on
       game-theoretic energy consumption scheduling for the future smart grid", IEEE
       Transactions on Smart Grid 1(3), 2010.
    """

    tariff: Tariff

    rule: TradingRule | None = None
    """Which trades inside the community; nobody trades if there is none."""

    charge: float = 0.0
    """Of the network: ticks for a watt-hour, for each watt-hour that the community takes."""

    def own(self, own_wh: Floats, others_supply: Floats, others_demand: Floats) -> Floats:
        """Return what a household expects to pay, in ticks.

        Parameters
        ----------
        own_wh : ndarray of float, shape (…)
            What it takes, negative if it gives.
        others_supply, others_demand : ndarray of float, broadcasting to (…)
            What the other households give and take, both positive.
        """
        bill = self.alone(own_wh)
        if self.rule is not None:
            bill = anticipated_bill(
                self.rule, self.tariff, own_wh, others_supply, others_demand
            )
        if not self.charge:
            return bill
        return bill + self.charge * own_wh * (own_wh + others_demand - others_supply)

    def alone(self, own_wh: Floats) -> Floats:
        """Return what a household pays if nobody trades, and the network is free."""
        return self.tariff.bill(own_wh)

    def total(self, supply_wh: Floats, demand_wh: Floats) -> Floats:
        """Return what all households expect to pay together, in ticks, of any shape.

        What they pay each other sums to zero, so it is what the tariff charges for what is
        not traded.
        """
        traded = 0.0 if self.rule is None else np.minimum(supply_wh, demand_wh)
        bought, sold = demand_wh - traded, supply_wh - traded
        load = demand_wh - supply_wh
        return self.tariff.buy * bought - self.tariff.sell * sold + self.charge * load**2

    def weighed(
        self, of: Attitudes, own_wh: Floats, others_supply: Floats, others_demand: Floats
    ) -> Floats:
        """Return what a household minimises, in whole ticks, so that sums of it are exact.

        Its own bill and the others', as it weighs them. Shapes as for `own`; those of the
        attitudes broadcast to them.

        Examples
        --------
        One that minds others' bills as its own sees what the community pays:

        >>> from market.trading.sharing import MidMarketRate
        >>> billing = Billing(Tariff(buy=2500, sell=500), MidMarketRate())
        >>> fair = Attitudes(np.array(1.0), np.array(1.0), np.array(True))
        >>> billing.weighed(fair, np.array([0.0, 8.0]), np.array(10.0), np.array(8.0)).tolist()
        [-1000.0, 15000.0]
        """
        cost = (of.own - of.others) * self.own(own_wh, others_supply, others_demand)
        if of.others.any():
            supply = others_supply + np.maximum(-own_wh, 0.0)
            demand = others_demand + np.maximum(own_wh, 0.0)
            cost = cost + of.others * self.total(supply, demand)
        if not of.heeds.all():
            cost = np.where(of.heeds, cost, self.alone(own_wh))
        return np.rint(cost)
