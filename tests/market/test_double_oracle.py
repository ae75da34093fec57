"""The double oracle: where it ends, nobody gains by any bid that there is."""

from itertools import product

import numpy as np
import pytest

from market.games.bid_game import bid_game
from market.games.bid_profile import bid_profile
from market.games.double_oracle import ROUNDS, double_oracle
from market.games.equilibria import pure_equilibria
from market.mechanisms import MECHANISMS
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from market.mechanisms.rps_random import RandomPreferenceSelection
from market.money import bids as stated
from market.payments import PAYMENT_RULES
from tests.market.bid_games import every_bid, expected

WORTH = 6
"""What an option is worth at most where every bid is tried."""

PAID = [HighestCombinedOffer("difference"), HighestCombinedOffer("equal-split")]
RANKED = [MECHANISMS[name]("none") for name in ("rps", "rps-pareto", "rps-random")]


def drawn(rule, seed, parties=2, options=3):
    """Return what each option is worth, whole ticks, true bids as a start, and authority."""
    rng = np.random.default_rng([seed, parties, options])
    values = rng.integers(0, WORTH + 1, (parties, options)).astype(float)
    return values, stated(values, rule.form, 1.0)[np.newaxis], int(rng.integers(0, parties))


def largest_gain(rule, values, found, authority):
    """Return what the party gains that gains most, by trying every bid."""
    gains = []
    for seat, own in enumerate(values):
        played = [
            [(bid, share) for bid, share in zip(menu, mixture, strict=True) if share > 0]
            for menu, mixture in zip(found.menus, found.profile, strict=True)
        ]
        played[seat] = [(np.zeros_like(own, int), 1.0)]
        profiles = list(product(*played))
        others = np.array([[bid for bid, _ in one] for one in profiles])
        chances = np.array([np.prod([share for _, share in one]) for one in profiles])
        tried = every_bid(rule, len(own), most=int(others.max()) * (len(values) - 1) + 2)
        earns = expected(rule, own, tried, others, chances, seat, authority)
        gains.append(earns.max() - found.payoffs[seat])
    return max(gains)


@pytest.mark.parametrize("rule", PAID + RANKED, ids=str)
@pytest.mark.parametrize("options", [2, 3])
def test_nobody_gains_by_any_bid_where_two_ended(rule, options):
    for seed in range(12):
        values, truth, authority = drawn(rule, seed, options=options)
        found = double_oracle(rule, values, truth, authority)

        assert found.converged
        assert found.exact
        assert found.epsilon <= 1e-6
        assert largest_gain(rule, values, found, authority) <= 1e-6
        assert found.history[-1] == found.epsilon
        assert (found.ended == "pure") == bool(found.equilibria)


@pytest.mark.parametrize("rule", [*PAID, *RANKED[:2]], ids=str)
def test_nobody_gains_by_any_bid_where_three_ended(rule):
    ended = []
    for seed in range(6):
        values, truth, authority = drawn(rule, seed, parties=3)
        found = double_oracle(rule, values, truth, authority, rounds=30)

        assert largest_gain(rule, values, found, authority) <= found.at_most + 1e-6
        if found.converged:
            assert found.at_most <= 1e-6
        ended.append(found.ended)
    assert "pure" in ended


def test_rankings_that_have_no_pure_equilibrium_are_mixed():
    rule, mixed = RankedPreferenceSelection(), 0
    menu = every_bid(rule, 3)
    for seed in range(30):
        values, truth, authority = drawn(rule, seed)
        pure = pure_equilibria(bid_game(rule, values, (menu, menu), np.array(authority)))
        found = double_oracle(rule, values, truth, authority)

        assert (found.ended == "mixed") <= (not pure)
        mixed += found.ended == "mixed"
    assert mixed


def test_its_pure_equilibria_are_equilibria_of_the_whole_game():
    rule = HighestCombinedOffer()
    for seed in range(10):
        values, truth, authority = drawn(rule, seed)
        found = double_oracle(rule, values, truth, authority)

        for actions in found.equilibria:
            chosen = tuple(
                menu[a : a + 1] for menu, a in zip(found.menus, actions, strict=True)
            )
            again = bid_profile(rule, values, chosen, [(1.0,)] * 2, authority)
            assert again.at_most == 0.0


def test_the_truth_is_an_equilibrium_where_authority_dictates():
    rule = RANKED[1]
    values, truth, authority = drawn(rule, 1)
    found = double_oracle(rule, values, truth, authority)

    assert found.ended == "pure"
    assert found.rounds == 1
    assert [menu.tolist() for menu in found.menus] == [[own.tolist()] for own in truth[0]]


def test_two_who_want_opposite_options_end_where_the_other_offers_just_less():
    """Seat 0 gains 9 by the first option, seat 1 only 4 by the second, and is outbid."""
    values = np.array([[9.0, 0.0], [0.0, 4.0]])
    truth = values.astype(np.int64)[np.newaxis]

    for authority, price in ((0, 4), (1, 5)):
        found = double_oracle(HighestCombinedOffer(), values, truth, authority)

        assert found.ended == "pure"
        assert found.payoffs == (9.0 - price, price)
        assert found.epsilon == 0.0


@pytest.mark.parametrize("rounds", [24, 25], ids=["the best was earlier", "the best is last"])
def test_where_nobody_pays_they_outbid_each_other_until_it_is_given_up(rounds):
    values = np.array([[9.0, 0.0], [0.0, 4.0]])
    truth = values.astype(np.int64)[np.newaxis]

    found = double_oracle(HighestCombinedOffer("none"), values, truth, 0, rounds=rounds)

    assert found.ended == "rounds"
    assert found.rounds == rounds
    assert found.epsilon == min(found.history) > 0
    assert not found.converged
    assert found.equilibria == ()


def test_a_game_that_grows_too_large_is_given_up():
    rule = HighestCombinedOffer("none")
    values = np.array([[9.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 5.0]])
    truth = values.astype(np.int64)[np.newaxis]

    found = double_oracle(rule, values, truth, 0)

    assert found.ended == "rounds"
    assert found.rounds < ROUNDS


def test_starts_join_the_menus_and_a_tolerance_ends_it_sooner():
    values = np.array([[9.0, 0.0], [0.0, 4.0]])
    truth = values.astype(np.int64)[np.newaxis]
    known = np.concatenate([truth, [[[4, 0], [0, 4]]]])

    at_once = double_oracle(HighestCombinedOffer(), values, known, 0)
    content = double_oracle(HighestCombinedOffer(), values, truth, 0, tolerance=5.0)

    assert (at_once.rounds, at_once.ended) == (1, "pure")
    assert (content.rounds, content.epsilon) == (1, 5.0)


def test_of_several_equilibria_among_the_menus_it_takes_the_one_that_is_left_for_least():
    """The first that it finds is left for a bid that is on no menu, another for none."""
    values = np.array([[0.0, 3.0], [4.0, 1.0]])
    starts = np.array([[[0, 0], [2, 0]], [[0, 1], [0, 3]]])

    found = double_oracle(HighestCombinedOffer(), values, starts, 0)

    assert (found.rounds, found.ended, found.payoffs) == (1, "pure", (2.0, 2.0))


def test_where_answers_may_not_be_the_best_it_says_so():
    rule, unproved = RandomPreferenceSelection(), 0
    for seed in range(6):
        values, truth, authority = drawn(rule, seed, options=7)
        found = double_oracle(rule, values + np.arange(7) / 10, truth, authority)

        assert found.epsilon <= found.at_most
        if found.ended == "unproved":
            assert found.at_most > 1e-6
            assert not found.converged
            unproved += 1
    assert unproved


@pytest.mark.parametrize("payment", PAYMENT_RULES)
def test_epsilon_of_any_profile_is_what_the_best_of_all_bids_gains(payment):
    rule = HighestCombinedOffer(payment)
    rng = np.random.default_rng(4)
    for seed in range(8):
        values, _, authority = drawn(rule, seed)
        menus = tuple(rng.integers(0, 5, (2, 3, 3)))
        profile = [tuple(own) for own in rng.dirichlet(np.ones(3), 2)]

        found = bid_profile(rule, values, menus, profile, authority)

        game = bid_game(rule, values, menus, np.array(authority))
        earned = [
            float(np.einsum("ab,a,b->", game[seat], *map(np.array, profile))) for seat in (0, 1)
        ]
        best = [
            expected(
                rule,
                values[seat],
                every_bid(rule, 3),
                np.repeat(menus[1 - seat][:, np.newaxis], 2, 1),
                np.array(profile[1 - seat]),
                seat,
                authority,
            ).max()
            for seat in (0, 1)
        ]
        assert found.payoffs == pytest.approx(earned)
        assert found.epsilon == found.at_most
        assert found.epsilon == pytest.approx(max(0.0, *np.subtract(best, earned)))


def test_no_rounds_are_refused():
    values, truth, authority = drawn(RANKED[0], 1)

    with pytest.raises(ValueError, match="0 rounds"):
        double_oracle(RANKED[0], values, truth, authority, rounds=0)
