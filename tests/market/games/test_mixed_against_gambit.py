"""Nash equilibria against known answers, against Gambit's, and against the definition."""

import numpy as np
import pygambit
import pytest

from market.games.mixed import nash_equilibria
from tests.market.games.catalogue import GAMES, LARGE, SMALL
from tests.market.games.oracle import among, gains_by_hand, gambit_profiles

RNG_SEED = 20260701


def rounded(profiles):
    return {tuple(tuple(round(p, 9) + 0.0 for p in own) for own in one) for one in profiles}


def exactly_gambits(payoffs):
    """Check that all extreme equilibria are Gambit's, and each is an equilibrium."""
    found = nash_equilibria(payoffs)
    profiles = [one.profile for one in found.equilibria]
    assert found.complete
    assert len(rounded(profiles)) == len(profiles)
    assert rounded(profiles) == rounded(gambit_profiles(payoffs, "enummixed_solve"))
    for one in found.equilibria:
        assert one.gains == pytest.approx(gains_by_hand(payoffs, one.profile), abs=1e-12)
        assert one.epsilon <= 1e-12 * np.ptp(payoffs)


def no_worse_than_gambit(payoffs):
    """Check that Gambit finds no equilibrium that is not found here, and all are."""
    found = nash_equilibria(payoffs)
    profiles = [one.profile for one in found.equilibria]
    assert profiles
    pure = [one.profile for one in found.equilibria if one.pure]
    assert rounded(pure) == rounded(gambit_profiles(payoffs, "enumpure_solve"))
    for one in found.equilibria:
        assert max(gains_by_hand(payoffs, one.profile)) <= 1e-9 * max(1.0, np.ptp(payoffs))
    return profiles


def test_the_catalogue_has_thirty_games_and_more():
    assert len({game.name for game in GAMES}) >= 30


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_named_games_have_the_answers_of_the_literature(game):
    found = nash_equilibria(game.payoffs)

    profiles = [one.profile for one in found.equilibria]
    assert len(profiles) == game.count
    for known in game.some:
        assert among(known, profiles, 1e-9)
    if game.components is not None:
        assert len(found.components) == game.components
    assert found.complete or game in LARGE


@pytest.mark.parametrize(
    "game", [g for g in SMALL if len(g.payoffs) == 2], ids=lambda game: game.name
)
def test_named_games_of_two_have_gambits_equilibria(game):
    exactly_gambits(game.payoffs)


@pytest.mark.parametrize("game", LARGE, ids=lambda game: game.name)
def test_named_games_of_more_have_gambits_equilibria(game):
    profiles = no_worse_than_gambit(game.payoffs)

    if game.whole:
        for one in gambit_profiles(game.payoffs, "enumpoly_solve"):
            assert among(one, profiles, 1e-5)


@pytest.mark.parametrize("name", pygambit.catalog.games()["Game"])
def test_games_of_gambits_own_catalogue(name):
    game = pygambit.catalog.load(name)
    payoffs = np.array([own.astype(float) for own in game.to_arrays(dtype=float)])
    if len(payoffs) == 2:
        exactly_gambits(payoffs)
    elif len(payoffs) > 2:
        no_worse_than_gambit(payoffs)


@pytest.mark.parametrize("seed", range(130))
def test_random_games_of_two_with_ties(seed):
    rng = np.random.default_rng([RNG_SEED, seed])
    shape = rng.integers(1, 6, 2)
    exactly_gambits(rng.integers(0, rng.integers(1, 7), (2, *shape)).astype(float))


@pytest.mark.parametrize("seed", range(40))
def test_random_games_of_three_with_ties(seed):
    rng = np.random.default_rng([RNG_SEED, 3, seed])
    shape = rng.integers(1, 4, 3)
    no_worse_than_gambit(rng.integers(-3, 4, (3, *shape)).astype(float))


@pytest.mark.parametrize("seed", range(30))
def test_random_games_of_three_and_four_without_ties(seed):
    rng = np.random.default_rng([RNG_SEED, 4, seed])
    shape = rng.integers(2, 4, 3) if seed % 3 else (2, 2, 2, 2)
    payoffs = rng.normal(size=(len(shape), *shape)).round(3)

    profiles = no_worse_than_gambit(payoffs)

    assert len(profiles) % 2 == 1  # Wilson 1971: Gambit 16.7 misses some here
    for one in gambit_profiles(payoffs, "enumpoly_solve"):
        if max(gains_by_hand(payoffs, one)) < 1e-6:
            assert among(one, profiles, 1e-4)
