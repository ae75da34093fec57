"""RULES §5.5 and §5.6: best responses, against every bid that there is."""

from itertools import permutations, product

import numpy as np
import pytest

from market.decision import decide
from market.games.best_offers import least_offers
from market.games.best_ranks import reachable, rivals_of, thresholds, within_reach
from market.games.best_response import RESPONSES, best_response, deviation_gain
from market.mechanisms import MECHANISMS
from market.mechanisms.hco import HighestCombinedOffer
from market.mechanisms.rps import RankedPreferenceSelection
from market.mechanisms.rps_pareto import ParetoPreferenceSelection
from market.mechanisms.rps_random import RandomPreferenceSelection
from market.payments import PAYMENT_RULES

BUDGET = 5
"""The most that is offered where every bid is tried."""

GAMES = 60
"""How many games are drawn for each size."""

SELFISH, COMPETITIVE, SPITEFUL, PROSOCIAL = (1.0, 0.0), (1.0, -1.0), (0.0, -1.0), (1.0, 1.0)
WHOLE = [SELFISH, COMPETITIVE, SPITEFUL, PROSOCIAL]
"""Weights that leave whole ticks whole, so that equal is equal."""

ODD = [(float(np.cos(angle)), float(np.sin(angle))) for angle in (-0.9, 0.3, 0.7)]
GIVING = [(0.0, 1.0), (0.5, 0.8), (-1.0, 0.0)]
RANKED = [RankedPreferenceSelection(), ParetoPreferenceSelection()]
SIZES = [(2, 2), (2, 3), (2, 4), (2, 5), (3, 2), (3, 3), (3, 4)]


def every_bid(rule, options):
    """Return all bids of a party, shape ``(bid, option)``."""
    if rule.form == "ranks":
        return np.array(list(permutations(range(1, options + 1))))
    return np.array(list(product(range(BUDGET + 1), repeat=options)))


def drawn(rule, parties, options):
    """Return games: all bids, worth of each option to one and to the others, holders."""
    rng = np.random.default_rng([parties, options])
    bids = rng.integers(0, 4, (GAMES, parties, options))
    if rule.form == "ranks":
        bids = rng.permuted(np.broadcast_to(np.arange(1, options + 1), bids.shape), axis=-1)
    values, others_values = rng.integers(-4, 9, (2, GAMES, options)).astype(float)
    return bids, values, others_values, rng.integers(0, parties, GAMES)


def outcomes(rule, tried, bids, seat, authority):
    """Return the option and the own payment for each bid tried, ``(game, bid)``."""
    table = np.repeat(bids[:, None], tried.shape[-2], 1)
    table[..., seat, :] = tried
    holder = np.repeat(np.asarray(authority)[:, None], tried.shape[-2], 1)
    decision = decide(rule, table, np.ones(table.shape[:-1], bool), holder)
    return decision.option, decision.payments[..., seat]


def objective(values, others_values, weights, option, paid):
    """Return what is earned, weighed, ``(game, bid)``."""
    own = np.take_along_axis(values, option, -1) - paid
    rest = np.take_along_axis(others_values, option, -1) + paid
    return weights[0] * own + weights[1] * rest


def check_best(rule, parties, options, weights, seat):
    """Try every bid; return the best worth, and whether ties went as documented."""
    bids, values, others_values, authority = drawn(rule, parties, options)
    best = best_response(
        rule, values, bids, seat, authority, weights, others_values, budget=BUDGET
    )
    option, paid = outcomes(rule, best.bids[:, None], bids, seat, authority)
    led_to = objective(values, others_values, weights, option, paid)
    np.testing.assert_array_equal(option[:, 0], best.option)
    np.testing.assert_allclose(led_to[:, 0], best.worth, atol=1e-12)

    every_option, every_paid = outcomes(rule, every_bid(rule, options), bids, seat, authority)
    worths = objective(values, others_values, weights, every_option, every_paid)
    np.testing.assert_allclose(best.worth, worths.max(-1), atol=1e-12)
    return best, paid[:, 0], worths, every_option, every_paid


def check_whole(rule, parties, options, weights, seat):
    """Also check that of equal bids the cheapest is taken, then the lowest option."""
    best, paid, worths, every_option, every_paid = check_best(
        rule, parties, options, weights, seat
    )
    equal = worths == worths.max(-1, keepdims=True)
    cheapest = np.where(equal, every_paid, 99).min(-1, keepdims=True)
    np.testing.assert_array_equal(paid, cheapest[:, 0])
    lowest = np.where(equal & (every_paid == cheapest), every_option, 99).min(-1)
    np.testing.assert_array_equal(best.option, lowest)


@pytest.mark.parametrize("payment", PAYMENT_RULES)
@pytest.mark.parametrize("weights", WHOLE + ODD)
@pytest.mark.parametrize(("parties", "options"), [(2, 2), (2, 3), (2, 4), (3, 2), (3, 3)])
def test_no_offers_do_better(payment, weights, parties, options):
    check = check_whole if weights in WHOLE else check_best
    for seat in range(parties):
        check(HighestCombinedOffer(payment), parties, options, weights, seat)


@pytest.mark.parametrize("rule", RANKED)
@pytest.mark.parametrize("weights", WHOLE + ODD + GIVING)
@pytest.mark.parametrize(("parties", "options"), SIZES)
def test_no_ranks_do_better(rule, weights, parties, options):
    check = check_best if weights in ODD else check_whole
    for seat in range(parties):
        check(rule, parties, options, weights, seat)


@pytest.mark.parametrize("options", [2, 3, 4, 5])
@pytest.mark.parametrize("weights", [SELFISH, PROSOCIAL, *ODD, *GIVING])
@pytest.mark.parametrize("seat", [0, 1])
def test_no_ranks_draw_better(options, weights, seat):
    rule = RandomPreferenceSelection()
    bids, values, others_values, authority = drawn(rule, 2, options)
    best = best_response(rule, values, bids, seat, authority, weights, others_values)
    worth = weights[0] * values + weights[1] * others_values

    def draws(tried):
        table = np.repeat(bids[:, None], tried.shape[-2], 1)
        table[..., seat, :] = tried
        return rule.candidates(table, np.ones(table.shape[:-1], bool))

    def mean(left):
        return np.repeat(worth[:, None], left.shape[1], 1).mean(-1, where=left)

    own = draws(best.bids[:, None])
    np.testing.assert_allclose(mean(own)[:, 0], best.worth, atol=1e-12)
    np.testing.assert_allclose(
        mean(draws(every_bid(rule, options))).max(-1), best.worth, atol=1e-12
    )
    np.testing.assert_array_equal(np.where(own[:, 0], worth, -np.inf).argmax(-1), best.option)


@pytest.mark.parametrize("parties", [2, 3])
@pytest.mark.parametrize("payment", PAYMENT_RULES)
def test_the_least_offer_wins_and_less_does_not(parties, payment):
    """Every option, every bid: RULES §5.5, and payments that never fall as offers rise."""
    rule = HighestCombinedOffer(payment)
    bids, _, _, authority = drawn(rule, parties, 3)
    for seat in range(parties):
        enough = least_offers(bids, seat, authority)
        option, paid = outcomes(rule, every_bid(rule, 3), bids, seat, authority)
        for target in range(3):
            offered = every_bid(rule, 3)[:, target]
            wins = option == target
            assert not (wins & (offered < enough[:, target, None])).any()
            alone = np.zeros((GAMES, 1, 3), np.int64)
            alone[:, 0, target] = enough[:, target]
            won, least_paid = outcomes(rule, alone, bids, seat, authority)
            assert (won == target).all()
            assert (np.where(wins, paid, 99) >= least_paid).all()


def test_two_parties_pay_what_they_offer_more_than_the_other():
    rule = HighestCombinedOffer()
    bids, values, _, authority = drawn(rule, 2, 4)
    best = best_response(rule, values, bids, 0, authority)
    offered, theirs = best.bids.sum(-1), bids[np.arange(GAMES), 1, best.option]
    np.testing.assert_array_equal(
        best.worth, values[np.arange(GAMES), best.option] - (offered - theirs)
    )
    assert (np.count_nonzero(best.bids, axis=-1) <= 1).all()


@pytest.mark.parametrize("weights", GIVING)
@pytest.mark.parametrize("parties", [2, 3])
def test_who_gives_offers_what_the_option_is_worth_to_it(weights, parties):
    rule = HighestCombinedOffer()
    bids, values, others_values, authority = drawn(rule, parties, 3)
    enough = least_offers(bids, 0, authority)
    best = best_response(
        rule, values, bids, 0, authority, weights, others_values, budget=BUDGET
    )
    option, paid = outcomes(rule, best.bids[:, None], bids, 0, authority)
    np.testing.assert_array_equal(option[:, 0], best.option)
    np.testing.assert_allclose(
        objective(values, others_values, weights, option, paid)[:, 0], best.worth
    )
    games = np.arange(GAMES)
    wanted = np.maximum(
        enough[games, best.option], np.minimum(values[games, best.option], BUDGET)
    )
    np.testing.assert_array_equal(best.bids[games, best.option], wanted)


@pytest.mark.parametrize("options", [3, 4, 5, 6])
def test_authority_reaches_every_option_and_the_other_all_but_one(options):
    theirs = np.random.default_rng(options).permuted(np.arange(1, options + 1))
    bids = np.stack([np.zeros_like(theirs), theirs])
    assert reachable(thresholds(bids, 0, np.array(0))).all()
    confined = reachable(thresholds(bids, 0, np.array(1)))
    np.testing.assert_array_equal(confined, theirs < options)


@pytest.mark.parametrize("options", [3, 4, 5])
def test_every_option_within_reach_is_one_that_some_ranks_reach(options):
    rule = RankedPreferenceSelection()
    bids, _, _, authority = drawn(rule, 3, options)
    option, _ = outcomes(rule, every_bid(rule, options), bids, 0, authority)
    reached = (option[..., None] == np.arange(options)).any(1)
    np.testing.assert_array_equal(reachable(thresholds(bids, 0, authority)), reached)
    assert not reached[authority == 0].all(), "with three parties authority can be confined"


@pytest.mark.parametrize("rule", [HighestCombinedOffer(), *RANKED])
@pytest.mark.parametrize("parties", [2, 3])
def test_unknown_authority_gets_no_less_than_promised(rule, parties):
    bids, values, _, _ = drawn(rule, parties, 4)
    unknown = np.full(GAMES, -1)
    best = best_response(rule, values, bids, 1, unknown)
    worst = np.full(GAMES, np.inf)
    for holder in range(parties):
        known = np.full(GAMES, holder)
        option, paid = outcomes(rule, best.bids[:, None], bids, 1, known)
        got = objective(values, values, SELFISH, option, paid)[:, 0]
        assert (got >= best.worth).all()
        assert (best.worth <= best_response(rule, values, bids, 1, known).worth).all()
        worst = np.minimum(worst, got)
    np.testing.assert_array_equal(worst, best.worth)


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_batch_is_its_windows_one_at_a_time(name):
    rule = MECHANISMS[name]("difference")
    bids, values, others_values, authority = drawn(rule, 2, 5)
    together = best_response(rule, values, bids, 1, authority, PROSOCIAL, others_values)
    gains = deviation_gain(rule, values, bids, 1, authority)
    for game in range(GAMES):
        alone = best_response(
            rule, values[game], bids[game], 1, authority[game], PROSOCIAL, others_values[game]
        )
        np.testing.assert_array_equal(alone.bids, together.bids[game])
        assert alone.option == together.option[game]
        assert alone.worth == together.worth[game]
        assert deviation_gain(rule, values[game], bids[game], 1, authority[game]) == gains[game]


@pytest.mark.parametrize("name", MECHANISMS)
def test_leading_axes_are_spread(name):
    """Many values against one set of bids, and one pointer for all."""
    rule = MECHANISMS[name]("difference")
    bids, values, _, _ = drawn(rule, 2, 3)
    grid = values.reshape(4, -1, 3)
    authority = np.array(1)
    spread = best_response(rule, grid, bids[0], 0, authority)
    many = best_response(rule, values, np.repeat(bids[:1], GAMES, 0), 0, np.full(GAMES, 1))
    np.testing.assert_array_equal(spread.bids, many.bids.reshape(grid.shape))
    np.testing.assert_array_equal(spread.worth.ravel(), many.worth)
    gains = deviation_gain(rule, grid, bids[0], 0, authority)
    assert gains.shape == grid.shape[:-1]


@pytest.mark.parametrize("name", MECHANISMS)
def test_the_own_row_is_not_read(name):
    rule = MECHANISMS[name]("difference")
    bids, values, _, authority = drawn(rule, 2, 4)
    best = best_response(rule, values, bids, 0, authority)
    before = bids.copy()
    bids[:, 0] = -(2**62)
    again = best_response(rule, values, bids, 0, authority)
    np.testing.assert_array_equal(best.bids, again.bids)
    np.testing.assert_array_equal(best.worth, again.worth)
    np.testing.assert_array_equal(before[:, 1], bids[:, 1])


@pytest.mark.parametrize("name", MECHANISMS)
def test_who_responds_best_has_nothing_to_gain(name):
    rule = MECHANISMS[name]("equal-split")
    bids, values, _, authority = drawn(rule, 2, 4)
    gains = deviation_gain(rule, values, bids, 0, authority)
    assert (gains >= 0).all()
    assert (gains > 0).any()
    bids[:, 0] = best_response(rule, values, bids, 0, authority).bids
    np.testing.assert_array_equal(deviation_gain(rule, values, bids, 0, authority), 0)


def test_the_gain_is_the_best_less_what_the_own_bid_led_to():
    rule = HighestCombinedOffer()
    bids, values, _, authority = drawn(rule, 3, 3)
    best = best_response(rule, values, bids, 2, authority).worth
    own = every_bid(rule, 3)
    option, paid = outcomes(rule, own, bids, 2, authority)
    worths = objective(values, values, SELFISH, option, paid)
    for index in range(0, len(own), 7):
        bids[:, 2] = own[index]
        gains = deviation_gain(rule, values, bids, 2, authority)
        np.testing.assert_array_equal(gains, best - worths[:, index])


def test_every_mechanism_has_a_response():
    assert set(RESPONSES) == set(MECHANISMS.values())


def test_a_lottery_of_three_has_no_known_response():
    rule = RandomPreferenceSelection()
    bids, values, _, authority = drawn(rule, 3, 3)
    with pytest.raises(ValueError, match="two parties"):
        best_response(rule, values, bids, 0, authority)


def test_a_budget_of_nothing_is_refused():
    rule = HighestCombinedOffer()
    bids, values, _, authority = drawn(rule, 2, 3)
    with pytest.raises(ValueError, match="budget"):
        best_response(rule, values, bids, 0, authority, budget=0)


def test_a_gain_wants_authority_known():
    rule = HighestCombinedOffer()
    bids, values, _, authority = drawn(rule, 2, 3)
    with pytest.raises(ValueError, match="breaks ties"):
        deviation_gain(rule, values, bids, 0, authority - 2)


@pytest.mark.parametrize("holder", [-1, 0, 1, 2])
@pytest.mark.parametrize("parties", [2, 3])
def test_the_closed_form_for_two_parties_is_the_general_one(parties, holder):
    rng = np.random.default_rng(parties)
    shape = (200, parties, 5)
    bids = rng.permuted(np.broadcast_to(np.arange(1, 6), shape), axis=-1)
    authority = np.full(200, min(holder, parties - 1))
    general = thresholds(bids, 0, authority)

    np.testing.assert_array_equal(within_reach(bids, 0, authority), reachable(general))
    for option in range(5):
        row = rivals_of(np.full(200, option), bids, 0, authority)
        np.testing.assert_array_equal(row, general[:, option])
