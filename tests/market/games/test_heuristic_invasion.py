"""Invasions of a group by a few who do otherwise."""

from itertools import product

import numpy as np
import pytest

from market.games.heuristic import HeuristicTable, payoffs_of, tabulated
from market.games.heuristic_invasion import invasion, invasion_barrier
from tests.market.games.heuristic_games import DILEMMA, STAGS, public_goods

FIRST, SECOND = (1.0, 0.0), (0.0, 1.0)


@pytest.mark.parametrize("invaders", [1, 2, 3, 4])
def test_pure_groups_earn_what_the_table_says(invaders):
    table = public_goods(5, 2.0)

    found = invasion(table, FIRST, SECOND, invaders)

    there, before = payoffs_of(table, (5 - invaders, invaders)), payoffs_of(table, (5, 0))
    assert found.residents_earn == pytest.approx(there[0])
    assert found.invaders_earn == pytest.approx(there[1])
    assert found.before == pytest.approx(before[0])
    assert found.spreads
    assert found.residents == 5 - invaders


def test_who_takes_all_places_leaves_no_residents():
    found = invasion(DILEMMA, FIRST, SECOND, 2)

    assert found.invaders_earn == 1
    assert np.isnan(found.residents_earn)
    assert not found.spreads
    assert not found.pays


def test_harm_may_spread_at_a_loss():
    spite = tabulated(lambda c: (10 - 6 * c[1], 9 - 4 * c[1]), ("plain", "spiteful"), 4)

    found = invasion(spite, FIRST, SECOND)

    assert (found.invaders_earn, found.residents_earn, found.before) == (5, 4, 10)
    assert (found.spreads, found.pays) == (True, False)


@pytest.mark.parametrize(("invaders", "seed"), [(1, 0), (2, 1), (3, 2)])
def test_mixtures_are_averaged_over_all_draws(invaders, seed):
    rng = np.random.default_rng(seed)
    table = tabulated(lambda _: rng.normal(size=3), ("a", "b", "c"), 4)
    old, new = rng.dirichlet(np.ones(3)), np.array([0.5, 0.0, 0.5])

    found = invasion(table, old, new, invaders)

    earned = np.zeros(4)
    mixtures = [new] * invaders + [old] * (4 - invaders)
    for actions in product(range(3), repeat=4):
        chance = np.prod([m[a] for m, a in zip(mixtures, actions, strict=True)])
        if chance:
            row = payoffs_of(table, np.bincount(actions, minlength=3).tolist())
            earned += chance * row[list(actions)]
    assert found.invaders_earn == pytest.approx(earned[0])
    assert found.residents_earn == pytest.approx(earned[-1])


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7])
def test_noise_does_not_spread(share):
    table = tabulated(lambda _: (0.1, 0.1, 0.1), ("a", "b", "c"), 7)

    found = invasion(table, (share, 1 - share, 0), (0.2, 0.3, 0.5), 3)

    assert (found.spreads, found.pays) == (False, False)


def test_a_thousand_residents_meet_a_few():
    table = tabulated(lambda c: (c[0] / 1000, 2 * c[1] / 1000), ("a", "b"), 1000)

    found = invasion(table, (0.5, 0.5), SECOND, 5)

    assert found.invaders_earn == pytest.approx(2 * (5 + 995 / 2) / 1000)


def test_a_barrier_is_where_the_new_begins_to_spread():
    table = tabulated(lambda c: (1.0, 0.3 * c[1]), ("old", "new"), 9)

    assert invasion_barrier(table, FIRST, SECOND) == 4
    assert invasion_barrier(table, SECOND, FIRST) == 6
    assert invasion_barrier(STAGS, SECOND, FIRST) is None


@pytest.mark.parametrize("invaders", [0, 3])
def test_there_are_only_so_many_players(invaders):
    with pytest.raises(ValueError, match="invaders of 2 players"):
        invasion(DILEMMA, FIRST, SECOND, invaders)


@pytest.mark.parametrize("mixture", [(1.0,), (0.0, 0.0), (2.0, -1.0)])
def test_what_is_no_mixture_is_refused(mixture):
    with pytest.raises(ValueError, match="mixture is none"):
        invasion(DILEMMA, mixture, SECOND)


def test_what_the_table_does_not_hold_is_refused():
    table = public_goods(4, 2.0)
    some = HeuristicTable(table.counts[[3, 4]], table.payoffs[[3, 4]], table.strategies)

    assert invasion(some, FIRST, SECOND).spreads
    with pytest.raises(ValueError, match="not in the table"):
        invasion(some, FIRST, (0.5, 0.5), 2)
    with pytest.raises(ValueError, match="not in the table"):
        invasion(some, SECOND, FIRST)
