"""RULES §5.5: what the best response to known offers is worth, against brute force."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from market.decision import decide
from market.mechanisms.hco import HighestCombinedOffer

MOST = 5
"""One more than the other ever offers: enough to win any option."""

small_offers = st.lists(st.integers(0, MOST - 1), min_size=2, max_size=3)


def worths(values, theirs, bids, authority):
    """Return the option and what is earned with each bid, by a party in seat 0."""
    table = np.stack([bids, np.broadcast_to(theirs, bids.shape)], -2)
    present, seats = np.ones(table.shape[:-1], bool), np.full(len(bids), authority)
    decision = decide(HighestCombinedOffer(), table, present, seats)
    return decision.option, np.array(values)[decision.option] - decision.payments[:, 0]


@settings(max_examples=200)
@given(theirs=small_offers, authority=st.integers(0, 1), data=st.data())
def test_the_best_response_offers_just_enough_at_one_option(theirs, authority, data):
    count = len(theirs)
    values = data.draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    every_bid = np.array(list(product(range(MOST + 1), repeat=count)))

    _, best = worths(values, theirs, every_bid, authority)

    targeted = []
    for target in range(count):
        bids = np.arange(MOST + 1)[:, None] * np.eye(count, dtype=np.int64)[target]
        option, earned = worths(values, theirs, bids, authority)
        enough = int(np.flatnonzero(option == target)[0])
        assert earned[enough] == values[target] - (enough - theirs[target])
        assert enough - (max(theirs) - theirs[target]) in {0, 1}, "one more where ties are lost"
        targeted.append(earned[enough])
    assert best.max() == max(targeted)
