"""Best-response dynamics: where it settles nobody gains, and where it circles it says so."""

import numpy as np
import pytest

from market.games.best_response import deviation_gain
from market.games.dynamics import best_response_dynamics
from market.mechanisms import MECHANISMS
from market.money import ranks


def started(mechanism, seed, count=300, parties=2, options=4):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 12, (count, parties, options)).astype(float)
    rule = MECHANISMS[mechanism]("difference")
    bids = values.astype(np.int64) if rule.form == "offers" else ranks(values)
    authority = rng.integers(0, parties, count)
    return rule, values, bids, authority


@pytest.mark.parametrize("parties", [2, 3])
@pytest.mark.parametrize("mechanism", ["hco", "rps", "rps-pareto"])
def test_where_it_settles_nobody_gains_and_where_it_moves_somebody_does(mechanism, parties):
    rule, values, bids, authority = started(mechanism, 1, parties=parties)

    found = best_response_dynamics(rule, values, bids, authority)

    gains = np.max(
        [
            deviation_gain(rule, values[:, seat], found.bids, seat, authority)
            for seat in range(parties)
        ],
        axis=0,
    )
    np.testing.assert_array_equal(found.epsilon, gains)
    assert (gains[found.settled] == 0).all()
    assert found.settled.any()
    assert not (found.settled & found.circling).any()


def test_a_circle_is_found_and_never_settles_however_long_it_goes_on():
    rule, values, bids, authority = started("rps", 2)
    found = best_response_dynamics(rule, values, bids, authority, rounds=40)
    assert found.circling.any()

    longer = best_response_dynamics(rule, values, bids, authority, rounds=160)

    assert not longer.settled[found.circling].any()
    assert (longer.settled | longer.circling).all()


def test_one_who_starts_in_an_equilibrium_stays_there():
    rule, values, bids, authority = started("rps", 3)
    first = best_response_dynamics(rule, values, bids, authority)
    at = first.settled

    again = best_response_dynamics(rule, values[at], first.bids[at], authority[at])

    np.testing.assert_array_equal(again.bids, first.bids[at])
    assert again.rounds == 1


def test_windows_are_answered_each_by_itself():
    rule, values, bids, authority = started("hco", 4, count=20)
    together = best_response_dynamics(rule, values, bids, authority)

    for i in range(20):
        alone = best_response_dynamics(rule, values[i], bids[i], authority[i])
        assert bool(alone.settled) == bool(together.settled[i])
        if alone.settled:
            np.testing.assert_array_equal(alone.bids, together.bids[i])
