"""What one bid can win at once, against every bid that there is."""

from itertools import product

import numpy as np
import pytest

from market.decision import decide
from market.games.targets import least_offers_for, margins, ranks_for
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from tests.market.bid_games import every_bid

MOST = 4


def drawn(rule, parties, options, profiles, seed):
    rng = np.random.default_rng([seed, parties, options, profiles])
    others = rng.integers(0, MOST, (profiles, parties, options))
    if rule.form == "ranks":
        every = np.broadcast_to(np.arange(1, options + 1), others.shape)
        others = rng.permuted(every, axis=-1)
    return others, int(rng.integers(0, parties))


def won(rule, tried, others, seat, authority):
    """Return what each bid tried wins against each profile, shape ``(bid, profile)``."""
    table = np.repeat(others[np.newaxis], len(tried), 0)
    table[:, :, seat] = tried[:, np.newaxis]
    holders = np.full(table.shape[:2], authority)
    return decide(rule, table, np.ones(table.shape[:-1], bool), holders).option


@pytest.mark.parametrize(
    ("parties", "options", "profiles"), [(2, 3, 2), (2, 3, 4), (2, 4, 2), (3, 3, 3)]
)
def test_offers_win_what_any_offers_win_and_none_win_it_with_less(parties, options, profiles):
    rule = HighestCombinedOffer()
    tried = every_bid(rule, options, most=2 * MOST if options < 4 else MOST + 2)
    for seed, seat in product(range(4), range(parties)):
        others, authority = drawn(rule, parties, options, profiles, seed)
        led_to = won(rule, tried, others, seat, authority)
        needed = margins(rule, others, seat, authority)

        for targets in product(range(options), repeat=profiles):
            found = least_offers_for(targets, needed)
            same = tried[(led_to == targets).all(-1)]
            if found is None:
                assert not len(same)
            else:
                assert won(rule, found[None], others, seat, authority)[0].tolist() == [*targets]
                assert (found <= same).all()
                assert len(same) or found.max() > tried.max()


@pytest.mark.parametrize(
    ("parties", "options", "profiles"),
    [(2, 2, 2), (2, 3, 3), (2, 4, 3), (2, 5, 3), (3, 3, 3), (3, 4, 3)],
)
def test_ranks_win_what_any_ranks_win(parties, options, profiles):
    rule = RankedPreferenceSelection()
    tried = every_bid(rule, options)
    for seed, seat in product(range(6), range(parties)):
        others, authority = drawn(rule, parties, options, profiles, seed)
        led_to = set(map(tuple, won(rule, tried, others, seat, authority).tolist()))
        needed = margins(rule, others, seat, authority)

        for targets in product(range(options), repeat=profiles):
            found = ranks_for(targets, needed)
            assert (found is not None) == (targets in led_to)
            if found is not None:
                assert sorted(found) == list(range(1, options + 1))
                assert won(rule, found[None], others, seat, authority)[0].tolist() == [*targets]
