"""Every bid that there is in a small game, and what each earns, straight from `decide`."""

from itertools import permutations, product

import numpy as np

from market.decision import decide


def every_bid(rule, options, most=6):
    """Return all bids of a party, shape ``(bid, option)``; offers up to `most`."""
    if rule.form == "ranks":
        return np.array(list(permutations(range(1, options + 1))))
    return np.array(list(product(range(most + 1), repeat=options)))


def expected(rule, values, tried, others, chances, seat, authority):
    """Return what each bid tried earns against a mixture, shape ``(bid,)``."""
    table = np.repeat(others[np.newaxis], len(tried), 0)
    table[:, :, seat] = tried[:, np.newaxis]
    present = np.ones(table.shape[:-1], bool)
    if rule.lottery:
        left = rule.candidates(table, present)
        return (left * values).sum(-1) / left.sum(-1) @ chances
    found = decide(rule, table, present, np.full(table.shape[:2], authority))
    return (values[found.option] - found.payments[..., seat]) @ chances
