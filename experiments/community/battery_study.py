"""What a battery is worth that neighbours share, by who decides on it."""

from typing import Final

import numpy as np
import pandas as pd

from experiments.community.shared_battery import (
    SharedBattery,
    by_one_controller,
    each_its_share,
    negotiated,
)
from experiments.community.world import World
from market.trading.tariff import TICK_GBP
from market.types import Floats

PARTIES: Final = 5

BIDDERS: Final = {
    "all truthful": ("truthful",) * PARTIES,
    "one adversarial": ("truthful",) * (PARTIES - 1) + ("adversarial",),
    "all adversarial": ("adversarial",) * PARTIES,
}
"""Who bids, by what tables call them."""

NONE, SHARES, CONTROLLER = "no battery", "each its own share", "one controller"
"""Ways to run it without a negotiation."""


def battery_table(world: World, seed: int = 0) -> pd.DataFrame:
    """Return what a day costs the first households of the first community together.

    A row for each way to decide and each day: ``mechanism`` (empty without a negotiation),
    ``bidders``, ``day``, ``bill_gbp`` of all parties, ``worst_gbp`` of the party that saves
    least against no battery, payments included, and ``paid_gbp``, what moves among them.
    """
    battery = SharedBattery(parties=min(PARTIES, int(world.present[0].sum())))
    net = np.stack([world.base_wh(day)[0, : battery.parties] for day in range(world.days)])
    none = world.tariff.bill(net).sum(-1) * TICK_GBP
    tables = [
        _rows("", NONE, none, none),
        _rows("", SHARES, each_its_share(battery, net, world.tariff), none),
        _rows("", CONTROLLER, by_one_controller(battery, net, world.tariff).bill_gbp, none),
    ]
    for mechanism in ("hco", "rps"):
        for bidders, names in BIDDERS.items():
            playing = names[-battery.parties :]
            found = negotiated(battery, net, world.tariff, mechanism, playing, seed)
            tables.append(_rows(mechanism, bidders, found.bill_gbp, none, found.payments_gbp))
    return pd.concat(tables, ignore_index=True)


def _rows(
    mechanism: str,
    bidders: str,
    bill_gbp: Floats,
    none_gbp: Floats,
    paid_gbp: Floats | float = 0.0,
) -> pd.DataFrame:
    paid = np.broadcast_to(paid_gbp, bill_gbp.shape)
    return pd.DataFrame(
        {
            "mechanism": mechanism,
            "bidders": bidders,
            "day": np.arange(len(bill_gbp)),
            "bill_gbp": bill_gbp.sum(-1),
            "worst_gbp": (none_gbp - bill_gbp - paid).min(-1),
            "paid_gbp": np.maximum(paid, 0).sum(-1),
        }
    )
