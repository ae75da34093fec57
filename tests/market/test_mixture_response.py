"""Best responses to mixtures, against every bid that there is."""

from itertools import permutations, product

import numpy as np
import pytest

from market.games.best_response import best_response
from market.games.mixture_response import RESPONSES, mixture_response
from market.mechanisms import MECHANISMS
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from market.mechanisms.rps_random import RandomPreferenceSelection
from market.payments import PAYMENT_RULES
from tests.market.bid_games import every_bid, expected

HIGHEST = 4
"""The most that the others offer where every bid is tried."""

RULES = [
    *(HighestCombinedOffer(payment) for payment in PAYMENT_RULES),
    *(MECHANISMS[name]("none") for name in ("rps", "rps-pareto")),
]


def drawn(rule, parties, options, profiles, seed):
    """Return what options are worth, what the others may bid, chances and authority."""
    rng = np.random.default_rng([seed, parties, options, profiles])
    others = rng.integers(0, HIGHEST + 1, (profiles, parties, options))
    if rule.form == "ranks":
        others = rng.permuted(np.broadcast_to(np.arange(1, options + 1), others.shape), axis=-1)
    values = rng.integers(-2, 9, options).astype(float)
    return values, others, rng.dirichlet(np.ones(profiles)), int(rng.integers(0, parties))


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize(
    ("parties", "options", "profiles"),
    [(2, 2, 2), (2, 3, 1), (2, 3, 2), (2, 3, 4), (2, 4, 3), (3, 2, 3), (3, 3, 2), (3, 3, 4)],
)
def test_no_bid_of_all_that_there_are_earns_more(rule, parties, options, profiles):
    most = HIGHEST * (parties - 1) + 2
    tried = every_bid(rule, options, most)
    for seed, seat in product(range(3 if options > 3 else 8), range(parties)):
        values, others, chances, authority = drawn(rule, parties, options, profiles, seed)
        found = mixture_response(rule, values, others, chances, seat, authority)

        earns = expected(rule, values, tried, others, chances, seat, authority)
        led_to = expected(rule, values, found.bids[None], others, chances, seat, authority)
        assert found.exact
        assert found.worth == pytest.approx(earns.max())
        assert found.worth == pytest.approx(led_to[0])


@pytest.mark.parametrize("options", [5, 6])
@pytest.mark.parametrize("profiles", [2, 3, 5])
@pytest.mark.parametrize("mechanism", ["rps", "rps-random"])
def test_no_ranking_of_more_options_earns_more(mechanism, profiles, options):
    rule = MECHANISMS[mechanism]("none")
    for seed in range(4):
        values, others, chances, authority = drawn(rule, 2, options, profiles, seed)
        found = mixture_response(rule, values, others, chances, 0, authority)

        tried = every_bid(rule, options)
        earns = expected(rule, values, tried, others, chances, 0, authority)
        assert found.exact
        assert found.worth == pytest.approx(earns.max())


def test_of_many_options_swapped_rankings_are_bounded_by_what_no_ranking_exceeds():
    rule = RandomPreferenceSelection()
    tried = np.array(list(permutations(range(1, 8))))
    exact = 0
    for seed in range(6):
        values, others, chances, authority = drawn(rule, 2, 7, 3, seed)
        found = mixture_response(rule, values, others, chances, 0, authority)

        best = expected(rule, values, tried, others, chances, 0, authority).max()
        assert found.worth <= best + 1e-9 <= found.at_most + 2e-9
        assert found.worth >= 0.97 * best
        exact += found.exact
    assert exact < 6


@pytest.mark.parametrize("name", MECHANISMS)
def test_against_one_profile_it_is_the_best_response(name):
    rule = MECHANISMS[name]("difference")
    for seed in range(20):
        values, others, chances, authority = drawn(rule, 2, 13, 1, seed)
        best = best_response(rule, values, others[0], 1, np.array(authority))

        found = mixture_response(rule, values, others, chances, 1, authority)

        assert found.exact
        assert found.worth == pytest.approx(float(best.worth))


def test_a_search_that_is_given_up_says_what_no_bid_can_exceed():
    for rule, seed in product([HighestCombinedOffer(), RankedPreferenceSelection()], range(5)):
        values, others, chances, authority = drawn(rule, 2, 4, 4, seed)
        full = mixture_response(rule, values, others, chances, 0, authority)

        cut = mixture_response(rule, values, others, chances, 0, authority, looks=4)

        assert cut.worth <= full.worth + 1e-9 <= cut.at_most + 2e-9


def test_profiles_without_a_chance_are_not_looked_at():
    rule = HighestCombinedOffer()
    values, others, _, authority = drawn(rule, 2, 3, 2, 1)
    alone = mixture_response(rule, values, others[:1], np.array([1.0]), 0, authority)

    found = mixture_response(rule, values, others, np.array([1.0, 0.0]), 0, authority)

    assert found.bids.tolist() == alone.bids.tolist()
    assert found.worth == alone.worth


def test_thirteen_options_and_six_profiles_are_answered_exactly():
    for rule in (HighestCombinedOffer(), RankedPreferenceSelection()):
        values, others, chances, authority = drawn(rule, 2, 13, 6, 1)

        assert mixture_response(rule, values, others, chances, 0, authority).exact


def test_a_lottery_of_three_is_refused_and_every_mechanism_has_an_answer():
    rule = RandomPreferenceSelection()
    values, others, chances, authority = drawn(rule, 3, 3, 2, 1)

    with pytest.raises(ValueError, match="two parties"):
        mixture_response(rule, values, others, chances, 0, authority)
    assert set(RESPONSES) == set(MECHANISMS.values())
