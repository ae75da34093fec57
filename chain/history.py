"""What a community traded and what its meters showed, read back from a contract's events."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from chain.follower import first_block, logs_between
from chain.market_agreement import MarketAgreement
from chain.node import Node
from chain.trades import unpack_cleared, unpack_readings
from market.types import Mask, Prices, Ticks, WattHours


@dataclass(frozen=True, eq=False)
class History:
    """All sessions that were cleared, oldest first, window after window."""

    traded_wh: WattHours
    """What each party takes from the others, negative if it gives, ``(party, window)``."""

    payments: Ticks
    """What each pays the others, the same shape."""

    price: Prices
    """In ticks for a watt-hour, ``(window,)``; see `Trade.price`."""

    metered_wh: WattHours
    """What each took, ``(party, window)``; its trade where no meter has reported."""

    metered: Mask
    """Whether a meter has reported, ``(window,)``."""


def read_history(node: Node, agreed: MarketAgreement) -> History:
    """Return what happened in a marketplace up to the latest block."""
    parties, horizon = agreed.terms.parties, agreed.terms.horizon
    first = first_block(node, agreed.opening)
    said = defaultdict(list)
    for log in logs_between(node, agreed.address, first, node.head):
        for name in ("SessionCleared", "FlowsMetered"):
            if log.topics[0] == agreed.interface.topic(name):
                said[name].append(agreed.interface.event(name, [log]))
    cleared = [
        unpack_cleared(parties, horizon, event["outcome"], event["payments"])
        for event in said["SessionCleared"]
    ]
    seen = {
        event["session"]: unpack_readings(parties, horizon, event["metered"])
        for event in said["FlowsMetered"]
    }
    none = np.zeros((parties, 0), np.int64)
    reported = [session in seen for session in range(len(cleared))]
    metered = [seen.get(session, found.traded_wh) for session, found in enumerate(cleared)]
    return History(
        traded_wh=np.concatenate([none, *(found.traded_wh for found in cleared)], -1),
        payments=np.concatenate([none, *(found.payments for found in cleared)], -1),
        price=np.concatenate([none[0], *(found.price for found in cleared)]),
        metered_wh=np.concatenate([none, *metered], -1),
        metered=np.repeat(np.array(reported, bool), horizon),
    )
